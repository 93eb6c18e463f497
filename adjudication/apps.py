from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AdjudicationConfig(AppConfig):
    name = "adjudication"
    verbose_name = "行政裁决"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from cases import navigation

        from . import (  # noqa: F401  effects, the case page and the desk register themselves
            forms,
            joining,
            publication,
            showing_checklist,
            showing_clock,
            showing_court,
            showing_decision,
            showing_exchange,
            showing_hearing,
            showing_request,
            showing_service,
        )

        for module in iter_modules(forms.__path__):  # they bind themselves to their steps
            import_module(f"{forms.__name__}.{module.name}")

        navigation.add("公开", "disclosures", _("裁决公开"), order=10)
        navigation.add("公开", "typical_batches", _("典型案例"), order=30)
        navigation.add("公开", "rulings_register", _("公开登记簿"), order=20)
