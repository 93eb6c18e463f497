"""What a question finds: live rulings, newest first, with counts by facet. At most four queries.

Without words the rows' own columns answer; with words the index does, up to MOST rulings of which the facets are counted.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import Any

from django.db import connection
from django.db.models import Count, Q, QuerySet

from adjudication.models.public import PublishedRuling
from adjudication.models.searching import SearchPart

from . import index
from .asking import FACETS, Question
from .keeping import MANY, slot_of
from .words import mark, wanted

MOST = 1_000  # rulings counted one by one; more are "more than"
RECENT = 10_000  # rulings looked through first where the index does not walk from the newest backwards
COLUMNS = {"year": "year", "right": "right_kind", "outcome": "outcome", "status": "status"}


@dataclass(frozen=True)
class Found:
    """A page of rulings. `total` is exact unless `more`: then there are more than that, and no facet is counted."""

    rows: list[PublishedRuling]
    total: int
    more: bool = False
    after: str = ""  # cursor of the next page, empty on the last
    counts: dict[str, dict[str, int]] = field(default_factory=dict)  # facet -> value -> rulings
    years: list[int] = field(default_factory=list)  # in which anything is public


def find(question: Question, *, after: str = "", page: int) -> Found:
    """The page behind a cursor ("2026-7": the last ruling of the page before; an unreadable one is the beginning)."""
    years = _years()
    if question.words:
        return _by_words(question, years, _slot(after), page)
    return _by_columns(question, years, _place(after), page)


def _place(cursor: str) -> tuple[int, int] | None:
    year, dash, serial = cursor.partition("-")
    readable = (
        dash and len(cursor) < 16 and (year + serial).isascii() and year.isdecimal() and serial.isdecimal()
    )
    return (int(year), int(serial)) if readable else None


def _slot(cursor: str) -> int:
    place = _place(cursor)
    return slot_of(*place) if place else index.END


def _years() -> dict[int, int]:
    """Years of live texts, the newest first, and the highest serial of each: a step of the list's index per year."""
    table = PublishedRuling._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"WITH RECURSIVE y(year) AS (SELECT max(year) FROM {table} WHERE state = 'live' UNION ALL "  # noqa: S608
            f"SELECT (SELECT max(p.year) FROM {table} p WHERE p.state = 'live' AND p.year < y.year) "
            f"FROM y WHERE y.year IS NOT NULL) SELECT year, (SELECT max(p.serial) FROM {table} p "
            f"WHERE p.state = 'live' AND p.year = y.year) FROM y WHERE year IS NOT NULL"
        )
        return dict(cursor.fetchall())


def _listed(rows: QuerySet[PublishedRuling]) -> QuerySet[PublishedRuling]:
    return rows.defer("sections", "findings", "kept", "log", "summary_english")


def _cursor(rows: list[PublishedRuling]) -> str:
    return f"{rows[-1].year}-{rows[-1].serial}"


# without words -------------------------------------------------------------------------------------------------


def _by_columns(question: Question, years: dict[int, int], place: tuple[int, int] | None, page: int) -> Found:
    live = PublishedRuling.objects.live().filter(
        **{COLUMNS[facet]: value for facet, value in question.chosen}
    )
    counts: dict[str, Counter[str]] = {facet: Counter() for facet in FACETS}
    total = 0
    for *values, number in live.order_by().values_list(*COLUMNS.values()).annotate(number=Count("*")):
        total += number
        for facet, value in zip(COLUMNS, values, strict=True):
            counts[facet][str(value)] += number
    if place:
        live = live.filter(Q(year__lt=place[0]) | Q(year=place[0], serial__lt=place[1]))
    rows = list(_listed(live).defer("text")[: page + 1])
    more = len(rows) > page
    rows = rows[:page]
    return Found(
        rows, total, False, _cursor(rows) if more else "", {f: dict(c) for f, c in counts.items()}, [*years]
    )


# by words ------------------------------------------------------------------------------------------------------


def _by_words(question: Question, years: dict[int, int], before: int, page: int) -> Found:
    hits = _hits(question, years, index.END, MOST + 1)
    total, more = min(len(hits), MOST), len(hits) > MOST
    here = [hit for hit in hits if hit[0] < before]
    if more and len(here) <= page:
        here = _hits(question, years, before, page + 1)
    shown = [hit[1] for hit in here[:page]]
    texts = _listed(PublishedRuling.objects.live()).in_bulk(shown)
    rows = [texts[pk] for pk in shown if pk in texts]
    counts = {
        facet: dict(Counter(str(hit[place]) for hit in hits)) if not more else {}
        for place, facet in enumerate(FACETS, start=2)
    }
    return Found(rows, total, more, _cursor(rows) if rows and len(here) > page else "", counts, [*years])


def _hits(question: Question, years: dict[int, int], before: int, limit: int) -> list[tuple[Any, ...]]:
    """The newest hits. An index that gives them in no order is asked for the newest years first: a common word has
    enough there, and of a rare one there are few anywhere."""
    recent = _recent(years)
    if not index.walks() and not question.value("year") and before == index.END and len(recent) < len(years):
        found = index.newest(_searches(question, recent), before=before, limit=limit)
        if len(found) == limit:
            return found
    return index.newest(_searches(question), before=before, limit=limit)


def _recent(years: dict[int, int]) -> list[int]:
    """The newest years with about RECENT rulings together."""
    sums = accumulate(years.values(), initial=0)
    return [year for year, before in zip(years, sums, strict=False) if before < RECENT]


def _searches(question: Question, years: Sequence[int] = ()) -> list[index.Search]:
    """One part holds all words; or, of a text in several parts, each word stands in one of them."""
    facets = [mark(facet, value) for facet, value in question.chosen]
    facets.append(mark("part", question.part or SearchPart.Part.TEXT))
    either = [mark("year", year) for year in years]

    def search(words: tuple[str, ...], *more: str, beside: tuple[index.Search, ...] = ()) -> index.Search:
        tokens = [token for word in words for token in wanted(word)]
        return index.Search([*tokens, *more, *facets], [w for w in words if len(w) > 2], either, beside)

    words = tuple(sorted(question.words, key=len, reverse=True))  # the longest is likely the rarest
    found = [search(words)]
    if len(words) > 1 and not question.part:
        found.append(search(words[:1], MANY, beside=tuple(search((word,), MANY) for word in words[1:])))
    return found
