"""我的待办: the open proceedings a person works on, by deadline. What may be seen is decided by visible_to.

Each relation is one limited query along an index of its own; the pages are merged by (due_on, id).
"""

import heapq
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from stations import policy
from stations.policy import Standing

from . import kinds
from .models import Deadline, Interval, Participation, Proceeding
from .models.proceeding import NEVER
from .models.visibility import shut_out_q

PAGE = 50
MOST = 1000  # of each relation; counts beyond say so
STAY_LATE = ("OB-01",)  # what others owe under an agreement: shown until it is done
Key = tuple[date, int]


@dataclass(frozen=True)
class Counts:
    """How many are overdue, due within three days, due until the end of this week (each without the ones before)."""

    overdue: int = 0
    soon: int = 0
    week: int = 0
    capped: bool = False


@dataclass(frozen=True)
class Page:
    """One page of the queue in order, with the cursor of the next one ("" = the last)."""

    rows: Sequence[Proceeding]
    next: str
    counts: Counts | None = None
    paused: dict[int, Interval] = field(default_factory=dict)


def sources(held: Standing) -> list[QuerySet[Proceeding]]:
    """The relations in which open work is mine, each along one index: mine, my station's, nobody's yet, taking part."""
    rows = Proceeding.objects.filter(is_open=True)
    found = [rows.filter(handler__in=held.users)]
    hidden = shut_out_q(held)
    at_stations, unassigned = _worked_kinds(held)
    for slugs, places in at_stations:
        found.append(rows.filter(kind__in=slugs, station__in=places).exclude(hidden))
    for slugs, bodies in unassigned:
        found.append(rows.filter(kind__in=slugs, body__in=bodies, handler__isnull=True).exclude(hidden))
    parts = Participation.objects.filter(user__in=held.users, cancelled=False, to_on__isnull=True)
    found.append(rows.filter(pk__in=parts.values("proceeding")))
    return found


def _worked_kinds(
    held: Standing,
) -> tuple[list[tuple[list[str], list[int]]], list[tuple[list[str], list[int]]]]:
    """(kinds, stations) and (kinds, bodies) in which one of my roles takes a step of the kind itself."""
    stations: dict[tuple[int, ...], set[str]] = {}
    bodies: dict[tuple[int, ...], set[str]] = {}
    for slug in kinds.all_kinds():
        for name, rule in policy.policy().steps.get(slug, {}).items():
            if name.startswith("view"):
                continue
            for role in held.roles & set(rule.roles):
                if rule.roles[role] == "station":
                    stations.setdefault(tuple(held.stations(role)), set()).add(slug)
                elif rule.roles[role] in ("unassigned", "body"):
                    bodies.setdefault(tuple(held.bodies(role)), set()).add(slug)
    return (
        [(sorted(slugs), list(places)) for places, slugs in stations.items() if places],
        [(sorted(slugs), list(places)) for places, slugs in bodies.items() if places],
    )


def after(rows: QuerySet[Proceeding], cursor: Key | None) -> QuerySet[Proceeding]:
    """The rows behind a cursor, in order."""
    rows = rows.order_by("due_on", "id")
    if cursor is None:
        return rows
    return rows.filter(Q(due_on__gt=cursor[0]) | Q(due_on=cursor[0], id__gt=cursor[1])).filter(
        due_on__gte=cursor[0]
    )


def keys(
    held: Standing, *, cursor: Key | None = None, limit: int, kind: str = "", until: date | None = None
) -> list[Key]:
    """Merged (due_on, id) of my open work from a cursor on, without doubles."""
    found: list[Iterable[Key]] = []
    for rows in sources(held):
        if kind:
            rows = rows.filter(kind=kind)
        if until is not None:
            rows = rows.filter(due_on__lte=until)
        found.append(list(after(rows, cursor).values_list("due_on", "id")[:limit]))
    return list(dict.fromkeys(heapq.merge(*found)))


def _all_keys(user: Any, today: date) -> list[Key]:
    """The first keys of my work, in order, once per request."""
    held = policy.standing(user, today)
    kept = getattr(user, "_queue", None)
    if kept is None:
        kept = keys(held, limit=MOST)
        if getattr(user, "_standing", None) is not None:  # the user of a request
            user._queue = kept
    return list(kept)


def week_end(today: date) -> date:
    """Sunday of this week."""
    return today + timedelta(days=6 - today.weekday())


def pressing(user: Any, today: date, *, limit: int) -> int:
    """How many are overdue or due within three days, counted up to a limit: the badge of every page."""
    soon = today + timedelta(days=3)
    found = getattr(user, "_queue", None)
    if found is None:
        found = keys(policy.standing(user, today), limit=limit, until=soon)
    return sum(due <= soon for due, _id in found[:limit])


def _counted(found: list[Key], today: date) -> Counts:
    soon, week = today + timedelta(days=3), max(week_end(today), today + timedelta(days=3))
    overdue = sum(due < today for due, _id in found)
    near = sum(today <= due <= soon for due, _id in found)
    rest = sum(soon < due <= week for due, _id in found)
    return Counts(overdue, near, rest, capped=len(found) >= MOST and found[-1][0] <= week)


def page(
    user: Any, today: date, *, cursor: str = "", due: str = "", kind: str = "", limit: int = PAGE
) -> Page:
    """One page of my work. `due`: overdue, soon, week or "" (all); `kind`: slug of a kind or ""."""
    held = policy.standing(user, today)
    begin = parse_cursor(cursor)
    figures = None
    first = [] if kind else _all_keys(user, today)
    if not kind and (begin is None or len(first) < MOST or begin < first[-1]):
        figures = _counted(first, today)
        found = [key for key in first if begin is None or key > begin]
    else:
        found = keys(held, cursor=begin, limit=max(limit + 1, MOST if due else 0), kind=kind)
    found = [key for key in found if _within(key[0], due, today)]
    shown, rest = found[:limit], found[limit:]
    ids = [pk for _due, pk in shown]
    visible = (
        Proceeding.objects.visible_to(user, today)
        .filter(pk__in=ids)
        .select_related("case", "station", "handler", "body")
        .prefetch_related("case__parties", "case__rights")
    )
    by_id = {row.pk: row for row in visible}
    rows = [by_id[pk] for pk in ids if pk in by_id]
    paused = {
        i.proceeding_id: i
        for i in Interval.objects.filter(proceeding__in=ids, to_on__isnull=True, cancelled=False)
    }
    last = f"{shown[-1][0].isoformat()}.{shown[-1][1]}" if rest and shown else ""
    return Page(rows, last, figures, paused)


def _within(due_on: date, due: str, today: date) -> bool:
    soon = today + timedelta(days=3)
    match due:
        case "overdue":
            return due_on < today
        case "soon":
            return today <= due_on <= soon
        case "week":
            return soon < due_on <= max(week_end(today), soon)
        case _:
            return True


def after_the_end(user: Any, today: date, *, limit: int = 8) -> list[Deadline]:
    """Limits that still run on my closed work: suing, judicial confirmation, service. A lapsed one is history.

    An obligation of a party is not: unperformed, it stays as late, the longest overdue first, in half of the places.
    """
    held = policy.standing(user, today)
    # from the few closed rows with a limit, not along all limits that run: those of a whole house are many
    closed = Proceeding.objects.filter(is_open=False, handler__in=held.users, due_on__lt=NEVER)
    mine = Deadline.objects.filter(
        proceeding__in=list(closed.order_by().values_list("pk", flat=True)), met_on__isnull=True, cancelled=False,
    )  # fmt: skip
    mine = mine.select_related("proceeding__case").order_by("due_on", "id")
    late = list(mine.filter(due_on__lt=today, rule__in=STAY_LATE)[: limit // 2])
    return late + list(mine.filter(due_on__gte=today)[: limit - len(late)])


def parse_cursor(text: str) -> Key | None:
    """`2026-11-20.17`; anything else is the start."""
    day, _dot, pk = text.partition(".")
    try:
        return date.fromisoformat(day), int(pk)
    except ValueError:
        return None


def words(due_on: date, today: date, paused: Interval | None = None) -> tuple[str, str]:
    """(words, tone) of a deadline: 逾期 n 日, 今日到期, 剩 n 日, 中止 n 日; "" when none runs."""
    if due_on == NEVER:
        if paused is not None:
            return _("中止 %(n)d 日") % {"n": max((today - paused.from_on).days, 0)}, "paused"
        return "", ""
    days = (due_on - today).days
    if days < 0:
        return _("逾期 %(n)d 日") % {"n": -days}, "hot"
    if days == 0:
        return _("今日到期"), "warn"
    return _("剩 %(n)d 日") % {"n": days}, "warn" if days <= 3 else ""
