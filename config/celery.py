"""The Celery application. Its settings and schedule stand in settings.py, its tasks in the apps."""

import os
from typing import Any

from celery import Celery, bootsteps
from kombu.transport import TRANSPORT_ALIASES

from config.checks import refuse_demonstration_users

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class RefuseDemonstrationUsers(bootsteps.StartStopStep):
    """The worker does not start in production on a database with users of the demonstration."""

    def start(self, parent: Any) -> None:
        refuse_demonstration_users()


TRANSPORT_ALIASES["filesystem"] = "config.doorbell:Transport"

app = Celery("zhiheng")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add(RefuseDemonstrationUsers)
