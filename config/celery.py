"""The Celery application. Its settings and schedule stand in settings.py, its tasks in the apps."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("zhiheng")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
