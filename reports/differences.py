"""What has changed since figures were frozen: the value then and now, and the very rows that came, went or moved."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Event
from reports import lists
from reports.indicators import REGISTRY, FactIndicator, Figure, Indicator, Reading, StockIndicator
from reports.models import Frozen

Moves = Mapping[
    int, tuple[str, str]
]  # id of a row -> bucket then, bucket now; "" = it was not, or is not, there


@dataclass(frozen=True)
class Difference:
    """One figure of a round against the same question asked again."""

    code: str
    then: dict[str, Any]
    now: Figure
    moves: Moves

    @property
    def changed(self) -> bool:
        return bool(self.moves) or self.then["text"] != self.now.text


def moves(then: Mapping[str, Iterable[int]], now: Mapping[str, Iterable[int]]) -> dict[int, tuple[str, str]]:
    """Every row that stands in another bucket than before, the newest first."""
    before = {pk: name for name, ids in then.items() for pk in ids}
    after = {pk: name for name, ids in now.items() for pk in ids}
    changed = [pk for pk in {*before, *after} if before.get(pk) != after.get(pk)]
    return {pk: (before.get(pk, ""), after.get(pk, "")) for pk in sorted(changed, reverse=True)}


def of_round(row: Frozen, as_of: date) -> list[Difference]:
    """Every figure of a round against what is known on a day; one reading for all."""
    reading, period = Reading(as_of), row.of_period
    kept = {one.code: one.ids() for one in row.rows.all()}
    return [
        Difference(
            code, told, REGISTRY[code].figures([period], reading)[0],
            moves(kept.get(code, {}), REGISTRY[code].ids(period, reading)),
        )
        for code, told in row.figures.items() if code in REGISTRY
    ]  # fmt: skip


def of_figure(row: Frozen, code: str, as_of: date) -> Difference:
    """One figure of a round against what is known on a day. KeyError: the round has it not."""
    indicator, reading, period = REGISTRY[code], Reading(as_of), row.of_period
    kept = row.rows.get(code=code).ids()
    figure = indicator.figures([period], reading)[0]
    return Difference(code, row.figure(code), figure, moves(kept, indicator.ids(period, reading)))


# the rows, as lines of a list ---------------------------------------------------------------------------------------


def columns(indicator: Indicator) -> dict[str, str]:
    """What a list of the indicator shows, and the change with its cause at the end."""
    own = {name: heading for name, heading in lists.columns(indicator).items() if name != "reason"}
    return own | {"change": _("变化"), "cause": _("原因")}


def lines(found: Difference, ids: list[int], viewer: Any, today: date) -> Iterator[lists.Line]:
    """Lines of these rows, masked as every list is; a constant number of queries for a page."""
    indicator = REGISTRY[found.code]
    rows = list(_rows(indicator, ids))
    causes = _causes(indicator, ids)
    for row in rows:
        then, now = found.moves[row.pk]
        row.bucket = now or then
    for line in lists.lines(indicator, rows, viewer, today):
        cells = {name: value for name, value in line.cells.items() if name != "reason"}
        cells |= {"change": change_text(indicator, *found.moves[line.id]), "cause": causes.get(line.id, "")}
        yield lists.Line(line.id, cells, masked=line.masked, case=line.case)


def change_text(indicator: Indicator, then: str, now: str) -> str:
    """“新增（达成协议）”, “减少（达成协议）”, “调整：调解不成 → 达成协议”."""

    def named(bucket: str) -> str:
        return str(lists.set_label(indicator, bucket))

    if not then:
        return _("新增（%s）") % named(now)
    if not now:
        return _("减少（%s）") % named(then)
    return _("调整：%(then)s → %(now)s") % {"then": named(then), "now": named(now)}


def _rows(indicator: Indicator, ids: list[int]) -> Any:
    if isinstance(indicator, FactIndicator):
        return lists.with_cases(Event.objects.filter(pk__in=ids)).order_by("-pk")
    if isinstance(indicator, StockIndicator):
        return indicator.known(ids)
    return Event.objects.none()


def _causes(indicator: Indicator, ids: list[int]) -> dict[int, str]:
    """What happened to a fact: entered on a day, corrected on a later one."""
    if not isinstance(indicator, FactIndicator):
        return {}
    origins = dict(Event.Origin.choices)
    entered = Event.objects.filter(pk__in=ids).order_by().values_list("pk", "at", "origin", "corrects")
    found = {
        pk: _("%(day)s %(how)s") % {"day": _day(at), "how": _("更正") if corrects else origins[origin]}
        for pk, at, origin, corrects in entered
    }
    later = Event.objects.filter(corrects__in=ids).order_by("pk").values_list("corrects", "at")
    for pk, at in later:
        found[pk] += _("；%s 更正") % _day(at)
    return found


def _day(at: Any) -> str:
    return timezone.localtime(at).date().isoformat()
