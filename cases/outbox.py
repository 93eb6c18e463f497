"""Does what was promised after a commit: leases rows of the outbox, runs their effects, retries, gives up after five.

The rows are the truth; Celery is only the doorbell. What an effect does stands with whoever registered it.
"""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import structlog
from celery import current_app
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from kombu.exceptions import OperationalError

from .models import Outbox

log = structlog.get_logger()
LEASE = timedelta(minutes=5)
TRIES = 5
_effects: dict[str, Callable[..., None]] = {}


def effect(name: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register what an outbox row of this name does. It gets the row's ids and may run twice."""

    def mark(run: Callable[..., None]) -> Callable[..., None]:
        _effects[name] = run
        return run

    return mark


def ring() -> None:
    """Wake a worker. If the broker does not answer, the schedule drains the outbox a few seconds later."""
    if not settings.RING_WORKER:
        return
    try:
        current_app.send_task("cases.tasks.drain", expires=5, retry=False)
    except (OperationalError, OSError) as error:
        log.warning("worker_not_rung", error=type(error).__name__)


def lease(now: datetime) -> Outbox | None:
    """Take the next row that is due and that nobody holds."""
    with transaction.atomic():
        bury(now)
        free = Outbox.objects.filter(state=Outbox.State.WAITING, not_before__lte=now)
        free = free.exclude(leased_until__gt=now).order_by("id")
        row = free.select_for_update(skip_locked=True).first() if _skips() else free.first()
        if row is None:
            return None
        row.leased_until, row.tries = now + LEASE, row.tries + 1
        row.save(update_fields=["leased_until", "tries"])
        return row


def bury(now: datetime) -> None:
    """A row that took its worker down on every try has had its tries, too."""
    spent = Outbox.objects.filter(state=Outbox.State.WAITING, tries__gte=TRIES, leased_until__lte=now)
    if spent.update(state=Outbox.State.DEAD, leased_until=None, error="WorkerLost"):
        log.warning("effect_killed_its_worker")


def _skips() -> bool:
    return transaction.get_connection().features.has_select_for_update_skip_locked


def run(row: Outbox) -> bool:
    """Run one leased row; True if it is done."""
    try:
        _effects[row.name](**json.loads(row.payload), **_context(row))
    except Exception as error:  # whatever failed, the row is tried again and does not block the others
        row.error = type(error).__name__
        row.leased_until = None
        row.not_before = timezone.now() + timedelta(seconds=2**row.tries)
        if row.tries >= TRIES:
            row.state = Outbox.State.DEAD
        row.save()
        log.warning(
            "effect_failed", name=row.name, row=row.pk, tries=row.tries, error=row.error, exc_info=True
        )
        return False
    row.state, row.done_at, row.leased_until, row.error = Outbox.State.DONE, timezone.now(), None, ""
    row.save()
    return True


def _context(row: Outbox) -> dict[str, Any]:
    wants = getattr(_effects[row.name], "__kwdefaults__", None) or {}
    return {"key": row.key} if "key" in wants else {}


def drain(limit: int = 1000) -> int:
    """Run what is due, oldest first; how many were done."""
    done = 0
    for _turn in range(limit):
        row = lease(timezone.now())
        if row is None:
            break
        done += run(row)
    return done
