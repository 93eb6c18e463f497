"""The one place where the databases differ: SQLite keeps the tokens of a part in FTS5, PostgreSQL in a tsvector under GIN.

Both have a table of this name with the parts' ids; a token is small letters only, so neither needs quoting or a
dictionary. Knows nothing of rulings' fields; which tokens a part has is said in keeping.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

TABLE = "adjudication_searchindex"
SLOT = 1_000  # parts of one text have ids slot * SLOT + n
END = 10**15  # above every slot

PUT = {
    "sqlite": f"INSERT OR REPLACE INTO {TABLE} (rowid, words) VALUES (%s, %s)",  # noqa: S608  own name
    "postgresql": f"INSERT INTO {TABLE} (id, words) VALUES (%s, strip(to_tsvector('simple', %s))) "  # noqa: S608
    "ON CONFLICT (id) DO UPDATE SET words = EXCLUDED.words",
}


def put(rows: Iterable[tuple[int, Iterable[str]]]) -> None:
    """Tokens by part; what stood there is replaced."""
    with connection.cursor() as cursor:
        cursor.executemany(PUT[connection.vendor], [(pk, " ".join(sorted(tokens))) for pk, tokens in rows])


def remove(slots: Iterable[int]) -> None:
    """Everything under these slots."""
    with connection.cursor() as cursor:
        cursor.executemany(
            f"DELETE FROM {TABLE} WHERE {_id()} BETWEEN %s AND %s",  # noqa: S608
            [(slot * SLOT, slot * SLOT + SLOT - 1) for slot in slots],
        )


def stored(first: int, last: int) -> dict[int, set[str]]:
    """Tokens as the database keeps them, by part, from id `first` to `last`."""
    words = "words" if connection.vendor == "sqlite" else "array_to_string(tsvector_to_array(words), ' ')"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_id()}, {words} FROM {TABLE} WHERE {_id()} BETWEEN %s AND %s",  # noqa: S608
            [first, last],
        )
        return {pk: set(said.split()) for pk, said in cursor.fetchall()}


def ids() -> set[int]:
    """Parts that the index knows."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_id()} FROM {TABLE}")  # noqa: S608
        return {pk for (pk,) in cursor.fetchall()}


def _id() -> str:
    return "rowid" if connection.vendor == "sqlite" else "id"


# finding -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Search:
    """Parts that have all these tokens, one of those in `either`, and hold the words, which pairs alone do not prove.

    `beside`: the text must also have a part for each of these.
    """

    tokens: Sequence[str]
    words: Sequence[str] = ()
    either: Sequence[str] = ()
    beside: Sequence["Search"] = ()


def walks() -> bool:
    """Does the index itself go from the newest part backwards, and stop when it has enough?"""
    return connection.vendor == "sqlite"


def newest(searches: Sequence[Search], *, before: int = END, limit: int) -> list[tuple[Any, ...]]:
    """(slot, public text, year, right, outcome, status) of the live texts that any search finds, newest first.

    Only slots below `before`; at most `limit`. One query.
    """
    made = [
        (_sqlite if connection.vendor == "sqlite" else _postgresql)(one, before, limit) for one in searches
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ".join(f"SELECT * FROM ({sql}) b{n}" for n, (sql, _values) in enumerate(made)),  # noqa: S608
            [value for _sql, values in made for value in values],
        )
        return sorted(cursor.fetchall(), reverse=True)[:limit]


_COLUMNS = "p.id, p.year, p.right_kind, p.outcome, p.status"
_LIVE = "adjudication_publishedruling p ON p.id = s.published_id AND p.state = 'live'"


def _sqlite(search: Search, before: int, limit: int) -> tuple[str, list[Any]]:
    holds, values = _holds(search, "instr", "s")
    return (
        f"SELECT DISTINCT s.id / {SLOT} AS slot, {_COLUMNS} FROM {TABLE} i "  # noqa: S608
        f"CROSS JOIN adjudication_searchpart s ON s.id = i.rowid CROSS JOIN {_LIVE} "
        f"WHERE i.{TABLE} MATCH %s AND i.rowid < %s{holds} ORDER BY i.rowid DESC LIMIT %s",
        [_asked(search), before * SLOT, *values, limit],
    )


def _postgresql(search: Search, before: int, limit: int) -> tuple[str, list[Any]]:
    """GIN gives ids in no order: they are sorted bare, and rows are looked up one by one until there are enough."""
    holds, values = _holds(search, "strpos", "s")
    return (
        f"WITH found AS MATERIALIZED (SELECT id, id / {SLOT} AS slot FROM {TABLE} "  # noqa: S608
        f"WHERE words @@ %s::tsquery AND id < %s) "
        f"SELECT DISTINCT ON (f.slot) f.slot, x.* FROM (SELECT * FROM found ORDER BY slot DESC, id DESC) f "
        f"CROSS JOIN LATERAL (SELECT {_COLUMNS} FROM adjudication_searchpart s JOIN {_LIVE} "
        f"WHERE s.id = f.id{holds} LIMIT 1) x ORDER BY f.slot DESC LIMIT %s",
        [_asked(search), before * SLOT, *values, limit],
    )


def _asked(search: Search) -> str:
    both, one = (" AND ", " OR ") if connection.vendor == "sqlite" else (" & ", " | ")
    return both.join([*search.tokens, *([f"({one.join(search.either)})"] if search.either else [])])


def _holds(search: Search, position: str, part: str) -> tuple[str, list[Any]]:
    """The conditions that the index does not answer, on a part of this name."""
    sql, values = f" AND {position}({part}.body, %s) > 0" * len(search.words), list(search.words)
    match, key = (f"j.{TABLE} MATCH %s", "rowid") if position == "instr" else ("j.words @@ %s::tsquery", "id")
    for other in search.beside:
        more, said = _holds(other, position, "t")
        sql += (
            f" AND {part}.published_id IN (SELECT t.published_id FROM {TABLE} j "  # noqa: S608
            f"CROSS JOIN adjudication_searchpart t WHERE t.id = j.{key} AND {match}{more})"
        )
        values += [_asked(other), *said]
    return sql, values
