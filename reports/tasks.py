"""Celery entry points: thin, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from .watching import keeping


@shared_task(name="reports.tasks.watch")
def watch() -> int:
    """Check the rules of watch.toml; how many notices are new."""
    return keeping.evaluate(timezone.localdate()).opened
