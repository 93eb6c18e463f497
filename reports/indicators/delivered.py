"""Indicators whose numbers a court, a patent office or a statistics office delivers; each opens to its paper or rows.

A period's value joins the stamped totals that lie wholly inside it with the listed cases closed on its other days.
"""

from collections.abc import Sequence
from fractions import Fraction
from statistics import median
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from reports import status
from reports.models import CourtCase, Delivery
from reports.periods import Period
from reports.status import Measured

from .base import IMPORTED, Figure, Reading
from .stocks import StockIndicator

ROWS, TOTALS, PAPERS = "rows", "totals", "papers"


def totals_within(period: Period, reading: Reading) -> list[Delivery]:
    """Stamped totals of the court that lie wholly inside the period."""
    return [
        one for one in reading.deliveries
        if one.kind == Delivery.Kind.COURT_TOTALS and period.start <= one.start and one.end <= period.end
    ]  # fmt: skip


def listed_cases(reading: Reading) -> QuerySet[CourtCase]:
    """The court's cases as they were listed by the day."""
    sheets = [one.pk for one in reading.deliveries if one.kind == Delivery.Kind.COURT_ROWS]
    return CourtCase.objects.filter(delivery__in=sheets) if sheets else CourtCase.objects.none()


class CourtIndicator(StockIndicator):
    """A figure from the court's list and totals. What its list opens to are the listed cases."""

    source = IMPORTED
    is_count = False
    basis = _("法院案件清单或者盖章汇总数据（导入）")
    labels = {ROWS: _("清单案件"), TOTALS: _("法院汇总数据")}
    sets = (ROWS,)
    model = CourtCase
    columns: ClassVar = {
        "case_no": "案号", "filed": "立案日期", "closed": "结案日期", "excluded_days": "扣除天数", "days": "审限（天）",
        "result": "结案方式", "appealed": "上诉", "source": "来源",
    }  # fmt: skip

    def wanted(self, rows: QuerySet[CourtCase]) -> QuerySet[CourtCase]:
        """The cases the figure is about."""
        return rows

    def listed(self, which: str, period: Period, reading: Reading) -> QuerySet[Any]:
        found = self.wanted(listed_cases(reading)).filter(
            closed__gte=period.start, closed__lte=period.cut(reading.as_of)
        )
        for one in totals_within(period, reading):
            found = found.exclude(closed__gte=one.start, closed__lte=one.end)
        return found.select_related("delivery").order_by("-pk") if which == ROWS else found.none()

    def cells(self, row: CourtCase) -> dict[str, Any]:
        return {
            "case_no": row.case_no, "filed": row.filed, "closed": row.closed, "excluded_days": row.excluded_days,
            "days": row.days, "result": str(row.get_result_display()),
            "appealed": {True: "是", False: "否"}.get(row.appealed, ""),  # type: ignore[arg-type]
            "source": row.delivery.source_ref or row.delivery.paper_name,
        }  # fmt: skip

    def figures(self, periods: Sequence[Period], reading: Reading, full: int | None = None) -> list[Figure]:
        hull = self.wanted(listed_cases(reading)).filter(
            closed__gte=min(p.start for p in periods), closed__lte=max(p.cut(reading.as_of) for p in periods)
        )
        columns = ("closed", "filed", "excluded_days", "appealed", "result")
        rows = list(hull.order_by("closed").values_list(*columns))
        return [self._of_period(period, reading, rows) for period in periods]

    def _of_period(self, period: Period, reading: Reading, rows: list[tuple[Any, ...]]) -> Figure:
        totals = totals_within(period, reading)
        covered = [(one.start, one.end) for one in totals]
        last = period.cut(reading.as_of)
        mine = [
            row for row in rows
            if period.start <= row[0] <= last and not any(begin <= row[0] <= end for begin, end in covered)
        ]  # fmt: skip
        return self.told(period, reading, mine, [one.told() for one in totals])

    def papers_of(self, period: Period, reading: Reading) -> list[Delivery]:
        """The stamped totals of the period, and the lists that name a case of it."""
        listed = set(
            self.listed(ROWS, period, reading).order_by().values_list("delivery", flat=True).distinct()
        )
        return totals_within(period, reading) + [one for one in reading.deliveries if one.pk in listed]

    def told(
        self, period: Period, reading: Reading, rows: list[tuple[Any, ...]], totals: list[dict[str, Any]]
    ) -> Figure:
        raise NotImplementedError


class TrialDays(CourtIndicator):
    code = "trial_days"
    name = _("司法案件平均审限")
    unit = _("天")
    direction = "max"
    definition = _(
        "期内审结的法院案件：（结案日－立案日－扣除天数，重叠区间合并）的平均数，另列中位数；法院盖章的汇总数据按结案数加权，注明“法院汇总数据”。"
    )

    def told(
        self, period: Period, reading: Reading, rows: list[tuple[Any, ...]], totals: list[dict[str, Any]]
    ) -> Figure:
        days = [(closed - filed).days - excluded for closed, filed, excluded, *_more in rows]
        closed_elsewhere = sum(one["closed"] for one in totals)
        summed = Fraction(sum(days)) + sum(
            (Fraction(one["mean_days"]) * one["closed"] for one in totals), Fraction(0)
        )
        number = len(days) + closed_elsewhere
        parts: dict[str, Any] = {ROWS: len(days), TOTALS: closed_elsewhere}
        if days and not totals:
            parts["median"] = status.plain(status.rounded(Fraction(median(map(Fraction, days))), 1))
        measured = Measured(summed / number if number else None, number)
        return self.figure(period, reading, measured, numerator=round(summed), parts=parts)


class FirstInstanceAccepted(CourtIndicator):
    code = "first_instance_accepted"
    name = _("民事案件一审服判息诉率")
    unit = "%"
    definition = _("1－上诉案件数 ÷ 期内审结的一审民事案件数；清单未写明是否上诉的列入不计。")
    low_is = high_is = _("仅计判决结案的案件（高低视结果而定）。")
    labels = {**CourtIndicator.labels, "appealed": _("上诉"), "unknown": _("是否上诉不明")}

    def wanted(self, rows: QuerySet[CourtCase]) -> QuerySet[CourtCase]:
        return rows.filter(instance=CourtCase.Instance.FIRST, kind=CourtCase.Kind.CIVIL)

    def told(
        self, period: Period, reading: Reading, rows: list[tuple[Any, ...]], totals: list[dict[str, Any]]
    ) -> Figure:
        said = [(appealed, result) for *_days, appealed, result in rows if appealed is not None]
        stamped = [one for one in totals if one["first_instance_civil_closed"] is not None]
        elsewhere = sum(one["first_instance_civil_closed"] for one in stamped)
        appeals = sum(a for a, _r in said) + sum(one["appealed"] or 0 for one in stamped)
        number = len(said) + elsewhere
        judged = [a for a, result in said if result == CourtCase.Result.JUDGMENT]
        other = status.rate(len(judged) - sum(judged), len(judged)).value if not stamped else None
        parts = {ROWS: len(said), TOTALS: elsewhere, "appealed": appeals}
        measured = status.rate(number - appeals, number)
        lower = other is not None and measured.value is not None and other < measured.value
        return self.figure(
            period, reading, measured, numerator=number - appeals, excluded={"unknown": len(rows) - len(said)},
            low=other if lower else None, high=None if lower else other, parts=parts,
        )  # fmt: skip


class HighValuePatents(StockIndicator):
    code = "high_value_patents"
    name = _("每万人口高价值发明专利拥有量")
    unit = _("件")
    source = IMPORTED
    is_count = False
    basis = _("专利统计与常住人口数据（导入）")
    definition = _(
        "期末有效的高价值发明专利件数 ÷ 常住人口 × 10000；符合多项条件的专利计一次。取期末以前最近的数据。"
    )
    labels = {"patents": _("高价值发明专利"), "population": _("常住人口"), PAPERS: _("数据来源")}
    sets = (PAPERS,)
    model = Delivery
    columns: ClassVar = {"name": "内容", "value": "数值", "on": "时点", "source": "文号或者来源"}

    def cells(self, row: Delivery) -> dict[str, Any]:
        return {
            "name": str(row.get_kind_display()), "value": row.told()["value"], "on": row.end, "source": row.source_ref,
        }  # fmt: skip

    def _latest(self, period: Period, reading: Reading) -> dict[str, Delivery]:
        """Of each number the newest by the end of the period."""
        found: dict[str, Delivery] = {}
        for one in reading.deliveries:
            if one.kind in Delivery.STOCKS and one.end <= period.cut(reading.as_of):
                found.setdefault(one.kind, one)
        return found

    def papers_of(self, period: Period, reading: Reading) -> list[Delivery]:
        return list(self._latest(period, reading).values())

    def listed(self, which: str, period: Period, reading: Reading) -> QuerySet[Any]:
        used = self._latest(period, reading).values() if which == PAPERS else ()
        return Delivery.objects.filter(pk__in=[one.pk for one in used]).order_by("-pk")

    def figures(self, periods: Sequence[Period], reading: Reading, full: int | None = None) -> list[Figure]:
        return [self._figure(period, reading) for period in periods]

    def _figure(self, period: Period, reading: Reading) -> Figure:
        used = self._latest(period, reading)
        told = {kind: int(one.told()["value"]) for kind, one in used.items()}
        patents, people = told.get(Delivery.Kind.PATENTS), told.get(Delivery.Kind.POPULATION)
        value = Fraction(patents * 10_000, people) if patents is not None and people else None
        parts = {kind: told[kind] for kind in told}
        return self.figure(
            period, reading, Measured(value, people if people else 0), numerator=patents, parts=parts
        )
