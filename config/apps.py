"""Makes the checks of an installation known to Django."""

from django.apps import AppConfig
from django.core.checks import Tags, register

from config.checks import demonstration_users, second_factor


class Wiring(AppConfig):
    """The project itself, so that it can bring checks."""

    name = "config"

    def ready(self) -> None:
        register(demonstration_users, Tags.security, deploy=True)
        register(second_factor, Tags.security, deploy=True)
