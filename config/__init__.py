"""Wiring only: settings, addresses, worker, entry points. No business word in here."""

from config.celery import app as celery_app

__all__ = ["celery_app"]
