from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "案件"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import assistance_forms, assisting_forms, case_forms, guards, outbox_effects, visiting_forms  # noqa: F401  they bind themselves
        from .imports import uploaded  # noqa: F401

        pre_migrate.connect(guards.drop, sender=self, dispatch_uid="guards.drop")
        post_migrate.connect(guards.install, sender=self, dispatch_uid="guards.install")
