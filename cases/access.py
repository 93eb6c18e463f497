"""The access log: reads of protected data, exports, sign-ins and refusals, outside any business transaction."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from stations import journal

from .models import AccessLog


def _write(**columns: Any) -> None:
    """One line, in a transaction of its own: on SQLite that one waits its turn (config/sqlite)."""
    with transaction.atomic():
        AccessLog.objects.create(**columns)


def log_read(user: Any, subject: str, *, reason: str, address: str = "") -> None:
    """Write that protected data is about to be shown; call it before showing."""
    _write(
        at=timezone.now(),
        user=user,
        act="read",
        subject=subject,
        reason=reason[:200],
        outcome="shown",
        address=address,
    )


def log_export(user: Any, subject: str, *, rows: int, address: str = "") -> None:
    """Write that a list leaves the house as a file."""
    _write(
        at=timezone.now(),
        user=user,
        act="export",
        subject=subject[:80],
        outcome=f"{rows} rows",
        address=address,
    )


def log_refusal(user: Any, subject: str, code: str, at: datetime) -> None:
    """Write that somebody was refused; after the rollback, never inside a transaction that failed."""
    _write(
        at=at,
        user=user if getattr(user, "pk", None) else None,
        act="refused",
        subject=subject[:80],
        outcome=code[:40],
    )


def reads_lately(user: Any) -> int:
    """How many protected values this person has unmasked within the last hour."""
    since = timezone.now() - timedelta(hours=1)
    return AccessLog.objects.filter(
        user=user, at__gte=since, act="read", subject__startswith="party/"
    ).count()


@journal.keep
def log_office(user: Any, act: str, subject: str, outcome: str, address: str, reason: str) -> None:
    """Write what the office did: sign-ins, grants, stand-ins (stations.journal calls it)."""
    _write(
        at=timezone.now(), user=user if getattr(user, "pk", None) else None, act=act[:40], subject=subject[:80],
        outcome=outcome[:40], address=address[:45], reason=reason[:200],
    )  # fmt: skip
