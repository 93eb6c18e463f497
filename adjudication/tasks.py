"""Celery entry points: thin, ids only, safe to run twice."""

from celery import shared_task
from django.utils import timezone

from . import publication
from .models import PublishedRuling

OPEN = ("unserved", "suable", "sued")  # legal statuses that a day alone can change


@shared_task(name="adjudication.tasks.refresh_public")
def refresh_public() -> int:
    """Suing periods ran out at midnight: the rulings concerned say so, and what the calendar will say next is made ahead."""
    today = timezone.localdate()
    open_ones = PublishedRuling.objects.live().filter(status__in=OPEN).values_list("ruling", flat=True)
    return sum(publication.refresh(ruling, today) for ruling in list(open_ones))
