"""Work of the schedule for users; everything about cases is in cases.tasks."""

from celery import shared_task
from django.contrib.sessions.backends.db import SessionStore


@shared_task(name="stations.tasks.clear_sessions")
def clear_sessions() -> None:
    """Delete what is left of sessions that have ended (GB/T 22239 8.1.4.10, residual information)."""
    SessionStore.clear_expired()
