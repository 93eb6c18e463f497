from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "mediation"
    verbose_name = "调解"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from . import (  # noqa: F401  they bind and register themselves
            following,
            forms,
            reaching,
            sampling,
            showing,
            showing_court,
            showing_sittings,
        )
