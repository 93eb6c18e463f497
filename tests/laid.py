"""A start state is told through the door once; the next test that begins alike gets its rows put back.

Most tests begin with one of a few stories (a request received, filed, served, deliberated, ruled). Told through the
door each costs up to a second, and telling them all again was most of what the suite cost. So a teller marked
`@laid_once` is heard the first time in a process; what it wrote is kept under its name, its arguments, the day and
all that stood in the database before. Where all of that is the same again, the rows are put back, past the same guards
as any others, with the same answer.

A story is told anew where it may depend on something else: a case exists already, the test has changed the clock,
settings, code or the limits of the district, a row that stood before was taken away, or the database is not SQLite,
whose counters go back with a test.
"""

import functools
import io
import pickle
import sys
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import pytest
import time_machine
from django.conf import UserSettingsHolder, settings
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from cases import rules

UNHARMFUL = frozenset(
    {"default_settings", "_deleted", "SETTINGS_MODULE", "ALLOWED_HOSTS"}
)  # the live server's
SAME_FOR_ALL = frozenset({"django_migrations", "django_content_type", "auth_permission"})
CHANCE = frozenset(
    {"password", "created_at", "granted_at", "set_at"}
)  # of people and grants; no story reads them
FIRST = "cases_event"  # a guard asks for the event of a proceeding's row

Rows = dict[str, list[tuple[Any, ...]]]
P, T = ParamSpec("P"), TypeVar("T")


class _Process:
    """What has been told in this process, and what the test that runs has patched."""

    kept: dict[Any, tuple[Rows, Rows, bytes] | None] = {}
    patched: Callable[[], bool] = staticmethod(lambda: False)


@pytest.fixture(autouse=True)
def laid_in_the_common_world(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that has patched anything by now lives in a world of its own."""

    def patches() -> int:
        return len(monkeypatch._setattr) + len(monkeypatch._setitem)

    before = patches()
    _Process.patched = staticmethod(lambda: patches() != before)


def laid_once(tell: Callable[P, T]) -> Callable[P, T]:
    """Mark a function that writes a start state and answers with rows of it."""

    @functools.wraps(tell)
    def told(*args: P.args, **kwargs: P.kwargs) -> T:
        if _own_world():
            return tell(*args, **kwargs)
        before = _rows()
        key = (
            tell.__module__,
            tell.__qualname__,
            _said(args, kwargs),
            timezone.localdate(),
            _constants(tell),
            _content(before),
        )
        if key not in _Process.kept:
            answer = tell(*args, **kwargs)
            _Process.kept[key] = _laid(before, answer)
            return answer
        laid = _Process.kept[key]
        if laid is None:
            return tell(*args, **kwargs)
        _put_back(*laid[:2])
        return pickle.loads(laid[2])  # type: ignore[no-any-return]  # noqa: S301  our own

    return told


def _constants(tell: Callable[..., Any]) -> str:
    """What the module of the teller begins with; a test may have put other words there."""
    module = sys.modules[tell.__module__]
    return repr({name: value for name, value in vars(module).items() if name.isupper()})


class _Said(pickle.Pickler):
    """Arguments as part of a key. Of a row its place says enough: what stands there is part of the key, too."""

    def persistent_id(self, thing: Any) -> tuple[str, Any] | None:
        return (thing._meta.label, thing.pk) if isinstance(thing, Model) else None


def _said(*arguments: Any) -> bytes:
    written = io.BytesIO()
    _Said(written).dump(arguments)
    return written.getvalue()


def _own_world() -> bool:
    if (
        rules._local
        or _Process.patched()
        or connection.vendor != "sqlite"
        or time_machine.escape_hatch.is_travelling()
    ):
        return True
    if isinstance(settings._wrapped, UserSettingsHolder) and vars(settings._wrapped).keys() - UNHARMFUL:
        return True
    with connection.cursor() as cursor:
        return bool(cursor.execute("SELECT EXISTS (SELECT 1 FROM cases_case)").fetchone()[0])


@functools.cache
def _tables() -> dict[str, tuple[str, ...]]:
    """Table -> its columns, a table of events first. A virtual table stands for the tables that carry it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        listed = dict(cursor.fetchall())
        carried = tuple(f"{name}_" for name, sql in listed.items() if sql.startswith("CREATE VIRTUAL"))
        names = [name for name in listed if not name.startswith(carried) and name not in SAME_FOR_ALL]
        found = {}
        for name in sorted(names, key=lambda name: (name != FIRST, name)):
            cursor.execute(f"SELECT name FROM pragma_table_info('{name}')")
            found[name] = ("rowid", *(column for (column,) in cursor.fetchall()))
    return found


def _rows() -> Rows:
    """Everything that stands in the database."""
    connection.ensure_connection()
    ask = connection.connection.execute
    # "+": as it is stored, past the converters of Django, which do not all lead back
    read = {
        name: f'SELECT +{_listed(columns).replace(", ", ", +")} FROM "{name}"'
        for name, columns in _tables().items()
    }
    return {name: rows for name, sql in read.items() if (rows := ask(sql).fetchall())}


def _listed(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _content(rows: Rows) -> int:
    """A digest of what stands there, but for what chance alone decides."""
    tables = _tables()
    seen = []
    for name, some in rows.items():
        chance = [place for place, column in enumerate(tables[name]) if column in CHANCE]
        if chance:
            some = [tuple(v for place, v in enumerate(row) if place not in chance) for row in some]
        seen.append((name, tuple(some)))
    return hash(tuple(seen))


def _laid(before: Rows, answer: Any) -> tuple[Rows, Rows, bytes] | None:
    """What was added and what was changed; None if anything that stood before was taken away."""
    added: Rows = {}
    changed: Rows = {}
    after = _rows()
    for name in before.keys() | after.keys():
        stood = {row[0]: row for row in before.get(name, ())}
        stands = after.get(name, [])
        if stood.keys() - {row[0] for row in stands}:
            return None
        if fresh := [row for row in stands if row[0] not in stood]:
            added[name] = fresh
        if other := [row for row in stands if row[0] in stood and row != stood[row[0]]]:
            changed[name] = other
    return added, changed, pickle.dumps(answer)


def _put_back(added: Rows, changed: Rows) -> None:
    with transaction.atomic():
        put = connection.connection.executemany
        for name, columns in _tables().items():
            if name in added:
                places = ", ".join("?" * len(columns))
                put(f'INSERT INTO "{name}" ({_listed(columns)}) VALUES ({places})', added[name])
            if name in changed:
                rowid, *others = columns
                to = ", ".join(f'"{column}" = ?' for column in others)
                rows = [(*row[1:], row[0]) for row in changed[name]]
                put(f'UPDATE "{name}" SET {to} WHERE {rowid} = ?', rows)
