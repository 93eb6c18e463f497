"""Celery entry points: thin, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from .returns import opening
from .watching import keeping


@shared_task(name="reports.tasks.watch")
def watch() -> int:
    """Check the rules of watch.toml; how many notices are new."""
    return keeping.evaluate(timezone.localdate()).opened


@shared_task(name="reports.tasks.open_returns")
def open_returns() -> int:
    """Open the returns that fell due; how many were opened now."""
    return opening.open_due(timezone.localdate())
