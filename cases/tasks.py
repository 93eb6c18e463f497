"""Celery entry points: thin, ids only, safe to run twice."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from . import chain, outbox
from .models import Idempotency, Outbox


@shared_task(name="cases.tasks.drain")
def drain() -> int:
    """Do what the outbox promises."""
    return outbox.drain()


@shared_task(name="cases.tasks.seal")
def seal() -> int:
    """Seal the chains that grew."""
    now = timezone.now()
    return len(chain.seal_day(timezone.localdate(now), now))


@shared_task(name="cases.tasks.purge")
def purge() -> int:
    """Forget idempotency keys older than 24 hours, but not those of effects that may still be tried again."""
    old = Idempotency.objects.filter(at__lt=timezone.now() - timedelta(hours=24))
    old = old.exclude(key__in=Outbox.objects.filter(state=Outbox.State.WAITING).values("key"))
    return old.delete()[0]
