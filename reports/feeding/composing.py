"""Rows of the feed: each figure of a period, and its parts where they were asked for. Writers are in writing.py.

For a reader outside (`scope`) the period and the day are those of `outside`, and small cells are kept back.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _

from cases.errors import Refused
from reports import periods, splits
from reports.asking import Asked, BadQuestion
from reports.indicators import REGISTRY, FactIndicator, Figure, Indicator, Reading
from reports.indicators.base import SOURCES
from reports.models import FeedToken
from reports.periods import DAY, Period

from . import suppression

# counts of places, meetings and papers: a small one tells of nobody's case or person
PLACES = frozenset((
    "special_areas", "stations", "joint_enforcement", "overseas_pilots", "partner_centres", "briefings", "push_meetings",
    "tasks_done", "high_value_patents",
))  # fmt: skip
COLUMNS = {
    "code": "指标代码", "name": "指标", "period": "期间", "as_of": "截至日期", "split": "分组", "cell": "组别", "value": "数值",
    "numerator": "分子", "denominator": "分母", "unit": "单位", "target": "目标", "status": "状态", "source": "数据来源",
    "suppressed": "隐去", "shown": "显示",
}  # fmt: skip


NESTED = {splits.STATION, splits.AREA}  # an area is the sum of its stations: nobody outside reads both


@dataclass(frozen=True)
class Row:
    """One line of the feed, the same in every format; numbers are integers or decimals as text."""

    code: str
    name: str
    period: str
    as_of: str
    split: str
    cell: str | None
    value: str | int | None
    numerator: int | None
    denominator: int | None
    unit: str
    target: str | int | None
    status: str | None
    source: str
    suppressed: bool
    shown: str

    def as_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in COLUMNS}

    def cells(self) -> list[Any]:
        """As a person reads it in a sheet."""
        said = self.as_dict() | {
            "source": str(SOURCES[self.source]),
            "suppressed": "是" if self.suppressed else "",
        }
        said["split"] = str(splits.SPLITS[self.split]) if self.split else ""
        return list(said.values())


@dataclass(frozen=True)
class Question:
    """What is read: codes, splits, a period as known on a day; `outside`: small cells are kept back."""

    codes: Sequence[str]
    by: Sequence[str]
    asked: Asked
    outside: bool = False

    def parts(self) -> tuple[object, ...]:
        """All that an answer depends on beside the stamps."""
        return *self.codes, "|", *self.by, "|", self.asked.period.text, self.asked.as_of, self.outside


def within(question: Question, scope: FeedToken, today: date) -> Question:
    """The question cut to a token: its codes and splits, one length of period, read at the end of a month.

    Raises Refused `out_of_scope`, BadQuestion `bad_period`, `too_early`.
    """
    mine, parts = scope.may_read(), scope.may_split()
    foreign = [code for code in question.codes if code not in mine]
    if foreign and len(question.codes) < len(REGISTRY):
        words = _("令牌不含指标“%s”，请按批准的范围读取。") % "、".join(foreign)
        raise Refused("out_of_scope", words)
    if more := [name for name in question.by if name not in parts]:
        raise Refused("out_of_scope", _("令牌不含分组“%s”，请按批准的范围读取。") % "、".join(more))
    period = question.asked.period
    if period.kind != scope.grain:
        raise BadQuestion("bad_period", _("令牌只能读取%s数据。") % scope.get_grain_display())
    codes = [code for code in question.codes if code in mine]
    return replace(question, codes=codes, asked=Asked(period, cut(period, today)), outside=True)


def cut(period: Period, today: date) -> date:
    """The day a reader outside sees: the end of the last full month, and for good a month after the period ended.

    So no two answers lie a day apart, and their difference is never one case. Raises BadQuestion `too_early`.
    """
    last = today.replace(day=1) - DAY
    final = _month_end(period.end + DAY)
    found = min(last, final)
    if found < period.start:
        raise BadQuestion("too_early", _("%s的数据在当月结束后提供，请稍后读取。") % period.label)
    return found


def _month_end(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1) - DAY


def rows(question: Question) -> Iterator[Row]:
    """Figures in the order of the registry, each followed by its parts."""
    reading, period = Reading(question.asked.as_of), question.asked.period
    for code in question.codes:
        figure = REGISTRY[code].figures([period], reading)[0]
        hidden = question.outside and _hidden(figure)
        yield _row(figure, **(_kept_back(figure) if hidden else {}))
        if hidden or not splittable(REGISTRY[code]):
            continue
        if question.outside and reading.as_of < _month_end(period.end + DAY):
            continue  # parts are told once, when they no longer move
        for by in question.by:
            yield from _parts(figure, by, _cells(REGISTRY[code], by, period, reading), question.outside)


def splittable(indicator: Indicator) -> bool:
    """Only counts: a rate per station is a ranking of small samples."""
    return isinstance(indicator, FactIndicator) and not indicator.base


def _cells(indicator: Indicator, by: str, period: Period, reading: Reading) -> dict[str, int]:
    """Words of a part -> rows counted; they add up to the figure."""
    if not isinstance(indicator, FactIndicator):
        return {}
    found: dict[str, int] = {}
    for row in splits.split(indicator, by, period, reading):
        found[row.label] = found.get(row.label, 0) + row.numerator
    return {name: number for name, number in found.items() if number}


def _hidden(figure: Figure) -> bool:
    if figure.code in PLACES:
        return False
    if figure.denominator is not None:
        return suppression.hides_rate(figure.numerator if figure.unit == "%" else None, figure.denominator)
    return suppression.is_small(figure.numerator)


def _kept_back(figure: Figure) -> dict[str, Any]:
    return {
        "value": None, "numerator": None, "denominator": None, "status": None, "suppressed": True,
        "shown": suppression.LESS if figure.denominator is None else suppression.KEPT_BACK,
    }  # fmt: skip


def _parts(figure: Figure, by: str, cells: dict[str, int], outside: bool) -> Iterator[Row]:
    if not outside:
        yield from (_part(figure, by, name, number) for name, number in cells.items())
        return
    found = suppression.margin(cells)
    if found.whole:
        yield _part(figure, by, None, None, suppression.KEPT_BACK)
    for name in cells if not found.whole else ():
        yield _part(figure, by, name, found.told.get(name), found.hidden.get(name, ""))


def _part(figure: Figure, by: str, name: str | None, number: int | None, words: str = "") -> Row:
    return _row(
        figure, split=by, cell=name, value=number, numerator=number, denominator=None, target=None, status=None,
        suppressed=number is None, shown=words or str(number),
    )  # fmt: skip


def _row(figure: Figure, **other: Any) -> Row:
    said = {
        name: getattr(figure, name) for name in ("code", "name", "value", "numerator", "denominator", "unit")
    }
    said |= {"target": figure.target, "status": figure.status, "source": figure.source, "shown": figure.text}
    said |= {"period": figure.period.text, "as_of": figure.as_of.isoformat(), "split": "", "cell": None}
    return Row(**(said | {"suppressed": False} | other))


def default_period(scope: FeedToken, today: date) -> Period:
    """The last period of a token's length of which anything may be read."""
    last = today.replace(day=1) - DAY
    match scope.grain:
        case FeedToken.Grain.YEAR:
            return periods.year(last.year)
        case FeedToken.Grain.QUARTER:
            return periods.quarter(last.year, (last.month + 2) // 3)
    return periods.month(last.year, last.month)
