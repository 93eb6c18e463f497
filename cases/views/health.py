"""For monitors: alive, and ready to work (database, guards, broker, storage). Says which part is not."""

from collections.abc import Callable
from pathlib import Path

import structlog
from celery import current_app
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection
from django.http import HttpRequest, JsonResponse

from cases import guards

log = structlog.get_logger()


def healthz(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


def _database() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _guards() -> bool:
    return not guards.missing()


def _broker() -> bool:
    """Redis answers, or the folders of the embedded queue can be written."""
    if settings.REDIS_URL:
        with current_app.connection_for_read(connect_timeout=2) as broker:  # type: ignore[call-arg]
            broker.ensure_connection(max_retries=1, timeout=2)
        return True
    folders = [v for k, v in settings.CELERY_BROKER_TRANSPORT_OPTIONS.items() if "_folder" in k]
    return bool(folders) and all(Path(folder).is_dir() for folder in folders)


def _storage() -> bool:
    return not default_storage.exists("files/ready/never-there")


CHECKS: dict[str, Callable[[], bool]] = {
    "database": _database, "guards": _guards, "broker": _broker, "storage": _storage,
}  # fmt: skip


def readyz(request: HttpRequest) -> JsonResponse:
    """200 when everything needed is there, else 503 naming what is not; reasons go to the log only."""
    found: dict[str, str] = {}
    for name, check in CHECKS.items():
        try:
            found[name] = "ok" if check() else "failed"
        except Exception as error:  # a monitor wants an answer whatever broke
            log.warning("not_ready", part=name, error=type(error).__name__)
            found[name] = "failed"
    ready = all(value == "ok" for value in found.values())
    return JsonResponse({"status": "ok" if ready else "failed", **found}, status=200 if ready else 503)
