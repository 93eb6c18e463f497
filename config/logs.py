"""One JSON line per event on stderr, without personal data.

Who did what is the record's matter (cases), not the log's.
"""

import re
import sys
import traceback
from collections.abc import MutableMapping
from logging.config import dictConfig
from typing import Any

import structlog

PERSONAL_KEYS = frozenset(
    "name names display_name username user_name party parties id_number phone address service_address email "
    "agent firm password token secret key cookie authorization body data form post query text content".split()
)
# Identity number, credit code, mobile and bank numbers wherever they turn up in a string.
PERSONAL_TEXT = re.compile(
    r"(?<![0-9A-Za-z])(?:\d{17}[\dXx]|\d{15}|[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}|1[3-9]\d{9}|\d{16,19})(?![0-9A-Za-z])"
)
REMOVED = "[removed]"


def without_personal_data(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Remove values under names that hold personal data, and numbers of people from every string."""
    for key, value in list(event.items()):
        event[key] = REMOVED if key in PERSONAL_KEYS else _clean(value)
    return event


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return PERSONAL_TEXT.sub(REMOVED, value)
    if isinstance(value, dict):
        return {key: REMOVED if key in PERSONAL_KEYS else _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_clean(item) for item in value]
    return value


def error_without_message(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Say an error by type and place: its message may quote a row (PostgreSQL prints the failing one)."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info if isinstance(info, BaseException) else info[1] if isinstance(info, tuple) else None
    if error is not None:
        event["error"] = type(error).__qualname__
        frames = traceback.extract_tb(error.__traceback__)[-12:]
        event["trace"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    event.pop("stack_info", None)
    return event


_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
]


def settings(*, level: str) -> dict[str, Any]:
    """LOGGING: everything to stderr through one formatter; what quotes rows or sign-in names is off."""
    silent = {"handlers": [], "level": "CRITICAL", "propagate": False}
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": _shared,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    error_without_message,
                    without_personal_data,
                    # ASCII only: no line break, colour code or reversed writing reaches a terminal.
                    structlog.processors.JSONRenderer(ensure_ascii=True, sort_keys=True),
                ],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": [], "level": level, "propagate": True},
            "django.db": silent,  # statements with their values
            "django.request": {"level": "ERROR"},  # a refused address may hold anything
            "django.server": silent,
            "django.security.DisallowedHost": silent,  # a stranger's words
            "axes": silent,  # names that were tried
            "weasyprint": {"level": "ERROR"},
            "fontTools": {"level": "ERROR"},
            "celery": {"level": "WARNING"},  # a ring every few seconds is no news
            "kombu": {"level": "ERROR"},
        },
    }


def configure(conf: dict[str, Any]) -> None:
    """Set up structlog and the standard library's loggers with LOGGING."""
    dictConfig(conf)
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *_shared,
            structlog.stdlib.PositionalArgumentsFormatter(),
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
