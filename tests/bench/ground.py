"""Where the bench runs: a folder and databases of its own, removed at the end. Nothing is measured here.

Imported before Django is set up; `TEST_DATABASE_URL` names a PostgreSQL server, else SQLite files are used.
"""

import atexit
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import django
import psycopg
from django.core.management import call_command
from django.db import connection

SERVER = os.environ.get("TEST_DATABASE_URL", "")
HOME = Path(tempfile.gettempdir()) / f"zhiheng-bench-{os.getpid()}"
EMPTY = "empty"  # the migrated database every other one is a copy of
_made: set[str] = set()


def lay() -> None:
    """Settings of a demonstration in the temporary folder, and the migrated empty database."""
    for name in [name for name in os.environ if name.startswith("ZHIHENG_")]:
        del os.environ[name]
    HOME.mkdir(mode=0o700)
    atexit.register(_clear, os.getpid())
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "ZHIHENG_MODE": "demo",
        "ZHIHENG_HOME": str(HOME),
        "ZHIHENG_LOG_LEVEL": "WARNING",
        "ZHIHENG_API_RATE_USER": "1000000/min",  # the limit is not what is measured
        "DATABASE_URL": address(EMPTY),
        "REDIS_URL": "",
        "STORAGE_URL": "",
    }
    if SERVER:
        _administer(f'CREATE DATABASE "{_name(EMPTY)}"')
    _made.add(EMPTY)
    django.setup()
    call_command("migrate", verbosity=0)
    connection.close()


def address(name: str) -> str:
    """DATABASE_URL of one of the bench's databases."""
    if SERVER:
        return urlsplit(SERVER)._replace(path=f"/{_name(name)}").geturl()
    return f"sqlite:///{_name(name)}"


@contextmanager
def database(name: str) -> Iterator[None]:
    """Work on this database, made from the empty one when it is first used."""
    connection.close()
    if name not in _made:
        if SERVER:
            _administer(f'CREATE DATABASE "{_name(name)}" TEMPLATE "{_name(EMPTY)}"')
        else:
            shutil.copyfile(_name(EMPTY), _name(name))
        _made.add(name)
    before = connection.settings_dict["NAME"]
    connection.settings_dict["NAME"] = _name(name)
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict["NAME"] = before


def settle() -> None:
    """What a database does by itself within a day of being filled: statistics for its planner, on PostgreSQL vacuum."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _name(name: str) -> str:
    return f"zhiheng_bench_{os.getpid()}_{name}" if SERVER else str(HOME / f"{name}.sqlite3")


def _administer(sql: str) -> None:
    with psycopg.connect(urlsplit(SERVER)._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(sql)


def _clear(owner: int) -> None:
    if os.getpid() != owner:
        return
    connection.close()
    for name in _made if SERVER else ():
        _administer(f'DROP DATABASE IF EXISTS "{_name(name)}" WITH (FORCE)')
    shutil.rmtree(HOME, ignore_errors=True)
