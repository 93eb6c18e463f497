"""Rows as lines of JSON and back, alike on both databases. The schema is named by the migrations that made it."""

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps as current_apps
from django.db import connections, models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.utils import load_backend

LEFT_OUT = {"sessions.session"}  # whoever holds a copy must not be signed in by it
FILLED_BY_MIGRATIONS = {"stations.area", "reports.target", "contenttypes.contenttype", "auth.permission"}
PART_BYTES = 4 * 1024 * 1024

Model = type[models.Model]
Migrations = list[tuple[str, str]]
Rebuild = Callable[[], object]
DERIVED: dict[str, Rebuild] = {}  # model -> what makes its rows anew from those a backup holds


def derived(model: str) -> Callable[[Rebuild], Rebuild]:
    """Register how a room makes the rows of a model of its own after a restore; no backup holds them."""

    def mark(rebuild: Rebuild) -> Rebuild:
        DERIVED[model] = rebuild
        return rebuild

    return mark


def kept(apps: Any = current_apps) -> list[Model]:
    """The models whose rows a backup holds, by table; of `apps` as they are or as migrations once made them."""
    every = apps.get_models(include_auto_created=True)
    left_out = LEFT_OUT | DERIVED.keys()
    ours = [m for m in every if m._meta.managed and not m._meta.proxy and m._meta.label_lower not in left_out]
    return sorted(ours, key=lambda model: str(model._meta.db_table))


def fields(model: Model) -> list[Any]:
    """The columns of the model's own table; a parent's stand in the parent's."""
    return list(model._meta.local_concrete_fields)


def columns(model: Model) -> list[str]:
    """Their names, in the order in which `parts` writes them: the order in a class may change without a migration."""
    return [field.column for field in fields(model)]


def applied(connection: BaseDatabaseWrapper) -> Migrations:
    """The migrations this database has seen; none if it is new."""
    return sorted(MigrationRecorder(connection).applied_migrations())


def known(connection: BaseDatabaseWrapper) -> Migrations:
    """The migrations this release brings."""
    return sorted(MigrationLoader(connection).disk_migrations)


@contextmanager
def snapshot(alias: str = "default") -> Iterator[BaseDatabaseWrapper]:
    """A connection of its own that sees one moment of the database, whatever others write meanwhile, and stops nobody."""
    settings = deepcopy(connections[alias].settings_dict)
    settings["OPTIONS"].pop("transaction_mode", None)  # SQLite: a reader does not take the writer's place
    connection: BaseDatabaseWrapper = load_backend(settings["ENGINE"]).DatabaseWrapper(settings, alias)
    try:
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                connection.set_autocommit(False)
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            else:
                cursor.execute("BEGIN")
            cursor.execute("SELECT COUNT(*) FROM django_migrations")  # the moment is now
        yield connection
    finally:
        connection.close()


# out ----------------------------------------------------------------------------------------------------------


def parts(model: Model, connection: BaseDatabaseWrapper) -> Iterator[tuple[int, bytes]]:
    """The table in parts of a few MiB: number of rows, and their lines."""
    names = [field.attname for field in fields(model)]
    query = model._base_manager.order_by("pk").values_list(*names).query
    lines, size = [], 0
    for row in query.get_compiler(connection=connection).results_iter(chunked_fetch=True):
        line = json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":"))
        lines.append(line)
        size += len(line)
        if size > PART_BYTES:
            yield len(lines), "\n".join(lines).encode()
            lines, size = [], 0
    if lines:
        yield len(lines), "\n".join(lines).encode()


def _plain(value: Any) -> Any:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal() | UUID():
            return str(value)
        case bytes() | memoryview():
            return b64encode(bytes(value)).decode()  # as BinaryField reads it back
    return value


# in -----------------------------------------------------------------------------------------------------------


def put(model: Model, written: Sequence[str], lines: Iterable[bytes], connection: BaseDatabaseWrapper) -> int:
    """Write rows as they were, past the models, from lines of the columns `written`; how many.

    Raises KeyError for a column the table does not have, and what the database raises.
    """
    known = {field.column: field for field in fields(model)}
    ours = [known[name] for name in written]
    quote = connection.ops.quote_name
    names = ", ".join(quote(name) for name in written)
    marks = ", ".join(["%s"] * len(ours))
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({names}) VALUES ({marks})"  # noqa: S608  names of our models
    rows = [
        [
            field.get_db_prep_save(field.to_python(value), connection)
            for field, value in zip(ours, json.loads(line), strict=True)
        ]
        for line in lines
    ]
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)
    return len(rows)


def count(model: Model, connection: BaseDatabaseWrapper) -> int:
    """How many rows the table has."""
    with connection.cursor() as cursor:
        table = connection.ops.quote_name(model._meta.db_table)
        cursor.execute(f"SELECT COUNT(*) FROM {table}")  # noqa: S608  a name of our models
        return int(cursor.fetchone()[0])


def chain_ends(connection: BaseDatabaseWrapper) -> list[list[Any]]:
    """Kind, key, length and head of every chain."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT kind, key, length, head FROM cases_chain ORDER BY kind, key")
        ends = [list(row) for row in cursor.fetchall()]
    return sorted(ends)


def counters(connection: BaseDatabaseWrapper) -> list[list[Any]]:
    """Series, year and last number given."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT series, year, last FROM cases_counter")
        return sorted(list(row) for row in cursor.fetchall())
