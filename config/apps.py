"""Makes known to Django what belongs to the installation as a whole: its checks and its admin site."""

from django.apps import AppConfig
from django.contrib.admin.apps import AdminConfig
from django.core.checks import Tags, register

from config.checks import demonstration_users, second_factor


class Wiring(AppConfig):
    """The project itself, so that it can bring checks."""

    name = "config"

    def ready(self) -> None:
        register(demonstration_users, Tags.security, deploy=True)
        register(second_factor, Tags.security, deploy=True)


class ReferenceDataAdmin(AdminConfig):
    """Django's admin with the site of config.admin."""

    default_site = "config.admin.ReferenceDataSite"
