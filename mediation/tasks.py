"""Celery entry points: thin, safe to run twice."""

import structlog
from celery import shared_task
from django.utils import timezone

from cases.errors import DomainError

from . import sampling

log = structlog.get_logger()


@shared_task(name="mediation.tasks.draw_sample")
def draw_sample() -> int:
    """Draw last month's sample; 1 if it was drawn now. Not yet sealed: the next day's run draws it."""
    now = timezone.now()
    today = timezone.localdate(now)
    try:
        _sample, new = sampling.draw(sampling.month_before(today), today=today, at=now)
    except DomainError as error:
        log.warning("sample_not_drawn", code=error.code)
        return 0
    return int(new)
