"""Registering over HTTP, against the bare INSERTs of the rows it leaves behind.

Ours is a request of a signed-in clerk to a gunicorn worker on the loopback address: session, CSRF, policy, form,
identifiers, encryption, chain, stamp. Beneath it the same rows go in by the driver alone, in one transaction with the
same durability, on the same database with the same guards and foreign keys.
"""

import http.client
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction
from django.test import Client
from django.utils import timezone

from tests.factories import body, clerk, registration

from . import ground
from .ratios import Ratio, side_by_side

TOKEN = "b" * 32


def measure(*, rounds: int, calls: int) -> Ratio:
    """A database of its own, so that earlier rows do not weigh on it."""
    with ground.database("registration"):
        body("centre")
        user = clerk()
        session = Client()
        session.force_login(user)
        cookie = session.cookies[settings.SESSION_COOKIE_NAME].value
        with web(ground.address("registration")) as port:
            desk = Desk(port, cookie)
            desk.register()
            before = _last_keys()
            desk.register()
            rows = _ordered(_new_rows(before))
            bare = Bare(rows)
            tables = sorted({row.model._meta.db_table for row in rows})
            found = side_by_side(
                "registering over HTTP (gunicorn worker on loopback, session cookie), against the bare INSERTs",
                desk.register, bare.insert, rounds=rounds, calls=calls,
                notes=f"{len(rows)} rows in {len(tables)} tables, one transaction each",
            )  # fmt: skip
    return found


# ours -----------------------------------------------------------------------------------------------------------


@contextmanager
def web(database_url: str) -> Iterator[int]:
    """One gunicorn worker as script/server starts it; yields its port."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
    words = ["gunicorn", "config.wsgi:application", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--threads", "4",
             "--log-level", "warning", "--no-control-socket"]  # fmt: skip
    # settings of a test run take their database from the second name
    own = {"DATABASE_URL": database_url, "TEST_DATABASE_URL": database_url}
    process = subprocess.Popen([sys.executable, "-m", *words], env=os.environ | own, cwd=settings.ROOT)
    try:
        for _attempt in range(300):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                if process.poll() is not None:
                    raise SystemExit("gunicorn ended; the lines above say why") from None
                time.sleep(0.1)
        yield port
    finally:
        process.terminate()
        process.wait(20)


class Desk:
    """A clerk's browser: one kept connection, the session's cookie."""

    def __init__(self, port: int, cookie: str):
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.body = json.dumps(registration(received_on=timezone.localdate().isoformat()))
        self.headers = {
            "Content-Type": "application/json",
            "Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={TOKEN}",
            "X-CSRFToken": TOKEN,
        }

    def register(self) -> None:
        self.line.request("POST", "/api/v1/cases/", self.body, self.headers)
        answer = self.line.getresponse()
        said = answer.read()
        if answer.status != 201:
            raise SystemExit(f"registration answered {answer.status}: {said[:500].decode(errors='replace')}")


# beneath --------------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """One row as it stands in its table; `links` are the columns that name another new row."""

    model: type[models.Model]
    key: Any
    values: dict[str, Any]
    links: dict[str, tuple[str, Any]] = field(default_factory=dict)

    @property
    def name(self) -> tuple[str, Any]:
        return self.model._meta.db_table, self.key


def _rooms() -> list[type[models.Model]]:
    """The tables of the rooms; sessions and the like are no part of a registration."""
    return [
        model
        for model in apps.get_models()
        if model._meta.app_label in settings.ROOMS and model._meta.managed
    ]


def _last_keys() -> dict[type[models.Model], set[Any]]:
    return {model: set(model._base_manager.values_list("pk", flat=True)) for model in _rooms()}


def _new_rows(before: dict[type[models.Model], set[Any]]) -> list[Row]:
    found = []
    for model, known in before.items():
        meta = model._meta
        assert meta.pk is not None
        with connection.cursor() as cursor:
            cursor.execute(f'SELECT * FROM "{meta.db_table}"')
            columns = [column[0] for column in cursor.description]
            for values in cursor.fetchall():
                row = dict(zip(columns, values, strict=True))
                if row[meta.pk.column] not in known:
                    found.append(Row(model, row[meta.pk.column], row))
    new = {row.name for row in found}
    for row in found:
        for column in row.model._meta.local_concrete_fields:
            if column.remote_field and row.values[column.column] is not None:
                target = (column.remote_field.model._meta.db_table, row.values[column.column])
                if target in new:
                    row.links[column.column] = target
    return found


def _ordered(rows: list[Row]) -> list[Row]:
    """Each row after the rows it names."""
    placed: list[Row] = []
    names: set[tuple[str, Any]] = set()
    waiting = sorted(
        rows, key=lambda row: row.model._meta.db_table == "cases_chain"
    )  # its key names the case
    while waiting:
        ready = [row for row in waiting if set(row.links.values()) <= names]
        if not ready:
            raise SystemExit("rows that name each other in a circle")
        placed += ready
        names |= {row.name for row in ready}
        waiting = [row for row in waiting if row.name not in names]
    return placed


class Bare:
    """The rows again, with keys of their own, by the driver alone."""

    def __init__(self, rows: list[Row]):
        self.rows = rows
        self.number = count(1)
        self.mark = "?" if connection.vendor == "sqlite" else "%s"
        self.statements = [self._statement(row) for row in rows]

    def _statement(self, row: Row) -> tuple[str, list[str], bool]:
        meta = row.model._meta
        assert meta.pk is not None
        counts_itself = isinstance(meta.pk, models.AutoField)
        columns = [name for name in row.values if not (counts_itself and name == meta.pk.column)]
        named = ", ".join(f'"{name}"' for name in columns)
        sql = f'INSERT INTO "{meta.db_table}" ({named}) VALUES ({", ".join([self.mark] * len(columns))})'
        return (f"{sql} RETURNING {meta.pk.column}" if counts_itself else sql), columns, counts_itself

    def insert(self) -> None:
        number = next(self.number)
        made: dict[tuple[str, Any], Any] = {}
        with transaction.atomic(durable=True):
            connection.ensure_connection()
            cursor = connection.connection.cursor()
            for row, (sql, columns, counts_itself) in zip(self.rows, self.statements, strict=True):
                values = [self._value(row, column, made, number) for column in columns]
                cursor.execute(sql, values)
                made[row.name] = cursor.fetchone()[0] if counts_itself else values[0]
            cursor.close()

    def _value(self, row: Row, column: str, made: dict[tuple[str, Any], Any], number: int) -> Any:
        if column in row.links:
            return made[row.links[column]]
        match row.model._meta.db_table, column:
            case "cases_case", "registration_no":
                return f"bare-{number}"
            case "cases_chain", "key":
                return str(next(key for (table, _old), key in made.items() if table == "cases_case"))
            case "cases_party", "uid":
                return uuid4() if isinstance(row.values[column], UUID) else uuid4().hex
        return row.values[column]
