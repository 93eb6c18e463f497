"""Where data, files, cache and queue live: embedded by default, on services when an address is given.

Settings that do not depend on such an address belong in settings.py.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import dj_database_url
from django.core.exceptions import ImproperlyConfigured

SQLITE = "config.sqlite"  # Django's own, with a fair wait
POSTGRESQL = "django.db.backends.postgresql"
# recursive_triggers: without it INSERT OR REPLACE deletes a row past the guards on deleting
SQLITE_PRAGMAS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=20000; "
    "PRAGMA recursive_triggers=ON;"
)


def database(url: str, *, home: Path) -> dict[str, Any]:
    """The entry of DATABASES for DATABASE_URL; without one, an SQLite file under `home`.

    SQLite takes the write lock when a transaction begins (IMMEDIATE): a transaction that read first and
    wrote later would fail with "locked" however long it waits. Raises ImproperlyConfigured.
    """
    try:
        found = dict(dj_database_url.parse(url or f"sqlite:///{home / 'zhiheng.sqlite3'}"))
    except (ValueError, KeyError):
        raise ImproperlyConfigured("DATABASE_URL is not an address like postgres://user@host/name.") from None
    if found["ENGINE"] == "django.db.backends.sqlite3":
        found["ENGINE"] = SQLITE
        found["OPTIONS"] = {"transaction_mode": "IMMEDIATE", "timeout": 20, "init_command": SQLITE_PRAGMAS}
        found["CONN_MAX_AGE"] = 60  # opening a file and its pragmas take longer than most questions
        found["TEST"] = {"NAME": str(home / "test.sqlite3")}
    elif found["ENGINE"] == POSTGRESQL:
        found["CONN_MAX_AGE"] = 600
        found["CONN_HEALTH_CHECKS"] = True
    else:
        raise ImproperlyConfigured("DATABASE_URL must begin with postgres:// or sqlite://.")
    found["ATOMIC_REQUESTS"] = False
    return found


def is_sqlite(entry: dict[str, Any]) -> bool:
    """Whether this entry of DATABASES is an embedded database."""
    return entry["ENGINE"] == SQLITE


def cache(redis_url: str) -> dict[str, Any]:
    """The cache: Redis, or the memory of each process."""
    if redis_url:
        return {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": redis_url,
            "KEY_PREFIX": "zhiheng",
        }
    return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}


def broker_options(redis_url: str, *, home: Path) -> dict[str, Any]:
    """Options of the message transport; makes the folder of the embedded one."""
    if redis_url:
        return {"visibility_timeout": 3600, "global_keyprefix": "zhiheng:"}
    queue, control = home / "queue", home / "queue-control"
    for folder in (queue, control):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {
        "data_folder_in": str(queue),
        "data_folder_out": str(queue),
        "control_folder": str(control),
        "store_processed": False,
    }


def storage(url: str, *, home: Path) -> dict[str, Any]:
    """Where case files are kept: STORAGE_URL `s3://bucket?endpoint=…&region=…`, else a private folder.

    Files have no public address: only views that check permission and digest hand them out.
    Raises ImproperlyConfigured.
    """
    if not url:
        folder = home / "files"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        }
    parts = urlsplit(url)
    if parts.scheme != "s3" or not parts.hostname:
        raise ImproperlyConfigured("STORAGE_URL must be an address like s3://bucket?endpoint=https://host.")
    if not find_spec("storages"):
        raise ImproperlyConfigured(
            "STORAGE_URL needs the package django-storages[s3], which the locks do not hold: install it "
            "beside them, or leave STORAGE_URL empty to keep files on disk."
        )
    query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": parts.hostname,
            "endpoint_url": query.get("endpoint"),
            "region_name": query.get("region"),
            "default_acl": "private",
            "file_overwrite": False,
            "querystring_auth": True,
        },
    }
