"""What Django checks of an installation cannot know: demonstration users, second factor.

Settings that are wrong in themselves are refused in settings.py.
"""

from collections.abc import Sequence
from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import CheckMessage, Error, Warning
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError, connection


def demonstration_user_names() -> list[str]:
    """User names of the demonstration in this database; none when it has no tables yet.

    Raises DatabaseError when the database cannot be reached.
    """
    users = get_user_model()
    if users._meta.db_table not in connection.introspection.table_names():
        return []
    return list(users.objects.filter(is_demo=True).order_by("username").values_list("username", flat=True))


def refuse_demonstration_users() -> None:
    """Raise ImproperlyConfigured when a production start finds users of the demonstration."""
    if not settings.PRODUCTION:
        return
    if names := demonstration_user_names():
        raise ImproperlyConfigured(
            f"This database holds demonstration users ({', '.join(names)}): everybody may know their "
            "password. Point DATABASE_URL at a database of its own for ZHIHENG_MODE=production."
        )


def demonstration_users(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """`check --deploy` finds demonstration users in production."""
    if not settings.PRODUCTION:
        return []
    try:
        names = demonstration_user_names()
    except DatabaseError:
        return [Warning("The database cannot be reached, so its users are unchecked.", id="zhiheng.W001")]
    if names:
        return [
            Error(f"Demonstration users in a production database: {', '.join(names)}.", id="zhiheng.E001")
        ]
    return []


def second_factor(app_configs: Sequence[AppConfig] | None, **kwargs: Any) -> list[CheckMessage]:
    """`check --deploy` warns when staff sign in with a password alone."""
    if settings.PRODUCTION and not settings.SECOND_FACTOR:
        return [Warning("ZHIHENG_SECOND_FACTOR=none: a password alone signs staff in.", id="zhiheng.W002")]
    return []
