from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.db.models.signals import post_migrate, pre_migrate

from . import rules


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "案件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import (  # noqa: F401  they bind themselves
            assistance_forms,
            assistance_showing,
            assisting_forms,
            batch_registration,
            case_forms,
            filing_forms,
            guards,
            outbox_effects,
            paper_forms,
            repair_forms,
            terms_ending,
            visiting_forms,
        )
        from .imports import uploaded  # noqa: F401
        from .matters import findings, service_orders, tips, transfers, white_list  # noqa: F401

        if settings.LOCAL_RULES:
            rules.use_local(Path(settings.LOCAL_RULES))

        pre_migrate.connect(guards.drop, sender=self, dispatch_uid="guards.drop")
        post_migrate.connect(guards.install, sender=self, dispatch_uid="guards.install")
