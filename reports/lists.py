"""The rows behind a figure, as lines of a page, a sheet or JSON: one line per row counted, whoever looks.

What a viewer may not open appears as a masked line, so that lists and tiles always agree. Which rows: reports/indicators.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from cases import kinds
from cases.models import Event, Proceeding
from cases.names import masked_name
from reports.indicators import FactIndicator, Indicator, Reading, StockIndicator
from reports.indicators.base import TAKEN_OUT, UNDATED
from reports.periods import Period
from stations import policy

PAGE = 50
CHUNK = 1000
READERS = "figure_readers"  # group of policy.toml: who reads lines of cases they may not open
MASKED = "—"


@dataclass(frozen=True)
class Line:
    """One row: `cells` by column name; `case` only where the viewer may open it."""

    id: int
    cells: dict[str, Any]
    masked: bool = False
    case: int | None = None

    def as_dict(self) -> dict[str, Any]:
        return {"id": self.id, "masked": self.masked, "case": self.case, **self.cells}


FACT_COLUMNS = {
    "number": "案号（登记号）", "kind": "办理方式", "right": "权利类型", "station": "工作站", "on": "计入日期",
    "received_on": "收到", "accepted_on": "受理（立案）", "closed_on": "结案", "state": "当前环节", "parties": "当事人",
    "reason": "归类",
}  # fmt: skip
SETS = {"numerator": "计入", "denominator": "分母", "excluded": "不计"}


def columns(indicator: Indicator) -> dict[str, str]:
    """Column name -> heading, the same on page, sheet and in JSON."""
    return dict(indicator.columns) if isinstance(indicator, StockIndicator) else FACT_COLUMNS


def set_label(indicator: Indicator, which: str) -> str:
    return SETS.get(which) or str(indicator.labels.get(which, which))


def known_set(indicator: Indicator, which: str) -> bool:
    """Can the indicator open this list?"""
    if isinstance(indicator, FactIndicator):
        return bool(indicator.buckets_of(which))
    return isinstance(indicator, StockIndicator) and which in indicator.sets


def rows(indicator: Indicator, which: str, period: Period, as_of: date) -> QuerySet[Any]:
    """The rows a number counts, by descending id."""
    reading = Reading(as_of)
    if isinstance(indicator, FactIndicator):
        return with_cases(indicator.listed(which, period, reading))
    if isinstance(indicator, StockIndicator):
        return indicator.listed(which, period, reading)
    return Event.objects.none()


def with_cases(found: QuerySet[Event]) -> QuerySet[Event]:
    """Facts with all that a line shows of their cases."""
    related = ("proceeding__station", "proceeding__parent", "case__station")
    return found.select_related(*related).prefetch_related("case__parties", "case__rights")


def lines(indicator: Indicator, found: Iterable[Any], viewer: Any, today: date) -> Iterator[Line]:
    """Lines of these rows for this viewer; a constant number of queries per thousand rows."""
    held = policy.standing(viewer, today)
    reads = bool(set(policy.policy().groups.get(READERS, ())) & held.roles)
    rest = iter(found)
    while chunk := list(islice(rest, CHUNK)):
        if isinstance(indicator, StockIndicator):
            yield from (Line(row.pk, indicator.cells(row)) for row in chunk)
            continue
        wanted = {row.proceeding_id for row in chunk}
        mine = Proceeding.objects.visible_to(viewer, today).filter(pk__in=wanted)
        seen = set(mine.order_by().values_list("pk", flat=True))
        for row in chunk:
            yield _fact_line(indicator, row, opens=row.proceeding_id in seen, reads=reads)


def _fact_line(indicator: Indicator, row: Event, *, opens: bool, reads: bool) -> Line:
    bucket = row.bucket  # type: ignore[attr-defined]
    reason = str(indicator.labels.get(bucket, bucket))
    if bucket == TAKEN_OUT and (opens or reads) and row.case.not_counted_reason:
        reason = f"{reason}：{row.case.not_counted_reason}"
    if not (opens or reads):
        return Line(row.pk, {name: MASKED for name in FACT_COLUMNS} | {"reason": reason}, masked=True)
    proceeding, case = row.proceeding, row.case
    if proceeding is None:
        raise TypeError("figures read facts of proceedings only")
    parent = proceeding.parent
    names_shown = opens or proceeding.kind not in kinds.confidential()
    parties = [masked_name(p.name, p.kind) for p in case.parties.all()] if names_shown else []
    station = proceeding.station or case.station
    cells = {
        "number": proceeding.number or (parent.number if parent else None) or str(case),
        "kind": str(proceeding.kind_label),
        "right": "、".join(dict.fromkeys(str(r.get_kind_display()) for r in case.rights.all())),
        "station": station.name if station else "",
        "on": None if bucket == UNDATED else row.occurred_on,
        "received_on": proceeding.received_on,
        "accepted_on": proceeding.accepted_on,
        "closed_on": proceeding.closed_on,
        "state": str(proceeding.outcome_label or proceeding.state_label),
        "parties": "；".join(parties) if names_shown else _("不予显示"),
        "reason": reason,
    }
    return Line(row.pk, cells, masked=not opens, case=case.pk if opens else None)


def page_of(found: QuerySet[Any], after: int | None) -> tuple[Sequence[Any], int | None]:
    """One page by key, and the key after which the next one begins."""
    if after is not None:
        found = found.filter(pk__lt=after)
    taken = list(found[: PAGE + 1])
    return taken[:PAGE], taken[PAGE - 1].pk if len(taken) > PAGE else None
