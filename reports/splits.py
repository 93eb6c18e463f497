"""One figure by station, area, right, source or industry: the same rows as the tile, grouped; the rows add up to it.

What is not known is a row of its own. Rows stand in the order of codes, never of numbers: no ranking.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import CharField, Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Event, Party, Right
from reports import status
from reports.indicators import FactIndicator, Indicator, Reading
from reports.indicators.base import dated
from reports.indicators.durations import MedianDays
from reports.periods import Period
from stations.industries import Industry
from stations.models import Area, Enterprise, Station

UNKNOWN = ""
STATION, AREA, RIGHT, SOURCE, INDUSTRY = "station", "area", "right", "source", "industry"
SPLITS = {
    STATION: _("工作站"), AREA: _("区域"), RIGHT: _("权利类型"), SOURCE: _("案源"), INDUSTRY: _("行业"),
}  # fmt: skip
HOW = {
    STATION: _("按登记的工作站。"), AREA: _("按工作站所在的统计区域。"), RIGHT: _("一案有几项权利的，按首项。"),
    SOURCE: _("按登记的案源。"), INDUSTRY: _("按企业登记中申请人的行业门类；未登记的企业和自然人为未知。"),
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """One part of a split: numerator, denominator (None: the figure is a count) and what is left out."""

    key: str
    label: str
    numerator: int
    denominator: int | None
    excluded: int

    @property
    def text(self) -> str:
        """The value as a tile would print it."""
        if self.denominator is None:
            return str(self.numerator)
        measured = status.rate(self.numerator, self.denominator)
        shown = status.shown(measured, self.numerator)
        return shown if measured.is_nothing or measured.is_small else f"{shown}%"


def can_split(indicator: Indicator) -> bool:
    """Counts and rates over facts; a median of parts says nothing of the whole."""
    return isinstance(indicator, FactIndicator) and not isinstance(indicator, MedianDays)


def split(indicator: FactIndicator, by: str, period: Period, reading: Reading) -> list[Row]:
    """The rows, every known part first in the order of its list; two queries whatever there is to count."""
    labels = _labels(by)
    groups = {key: dict.fromkeys((*indicator.labels,), 0) for key in (*labels, UNKNOWN)}
    for key, bucket, number in _counted(indicator, by, period, reading):
        group = groups[key] if key in groups else groups[UNKNOWN]
        group[bucket] = group.get(bucket, 0) + number
    found = [_row(indicator, key, labels.get(key, str(_("未知"))), group) for key, group in groups.items()]
    return [row for row in found if row.numerator or row.denominator or row.excluded]


def total(rows: Sequence[Row], indicator: FactIndicator) -> Row:
    """All of them together: the tile."""
    base = sum(row.denominator or 0 for row in rows) if indicator.base else None
    return Row(
        "", str(_("合计")), sum(row.numerator for row in rows), base, sum(row.excluded for row in rows)
    )


def _row(indicator: FactIndicator, key: str, label: str, group: Mapping[str, int]) -> Row:
    def of(names: Sequence[str]) -> int:
        return sum(group.get(name, 0) for name in names)

    base = of(indicator.base) if indicator.base else None
    return Row(key, label, of(indicator.counts), base, of(indicator.leaves_out))


def _counted(
    indicator: FactIndicator, by: str, period: Period, reading: Reading
) -> list[tuple[str, str, int]]:
    """(key, bucket, number); industries are looked up by the blind index of the credit code."""
    rows = indicator.rows(reading).filter(dated(period)).order_by()
    if by == INDUSTRY:
        section_of = _industries()
        found = _by_applicant(rows, list(section_of)).values_list("part", "bucket").annotate(n=Count("pk"))
        return [(section_of.get(key, UNKNOWN), bucket, n) for key, bucket, n in found]
    found = grouped(rows, by).values_list("part", "bucket").annotate(n=Count("pk"))
    return [(key or UNKNOWN, bucket, n) for key, bucket, n in found]


def grouped(rows: QuerySet[Event], by: str) -> QuerySet[Event]:
    """The rows with the part they belong to, as text; not by industry."""
    station = Coalesce("proceeding__station", "case__station")
    first_right = Right.objects.filter(case=OuterRef("case")).order_by("position", "pk").values("kind")[:1]
    parts: dict[str, Any] = {
        STATION: Cast(station, CharField()),
        AREA: Cast(Coalesce("proceeding__station__area", "case__station__area"), CharField()),
        RIGHT: Subquery(first_right),
        SOURCE: F("case__source"),
    }
    return rows.annotate(part=parts[by])


def _by_applicant(rows: QuerySet[Event], known: list[str]) -> QuerySet[Event]:
    """The rows with the index of their first applicant among these."""
    applicants = Party.objects.filter(
        case=OuterRef("case"), role=Party.Role.APPLICANT, id_number_index__in=known
    )
    return rows.annotate(part=Subquery(applicants.order_by("position", "pk").values("id_number_index")[:1]))


def _industries() -> dict[str, str]:
    """Blind index of a credit code -> section, of the enterprises whose section is registered."""
    rows = Enterprise.objects.exclude(industry="").order_by().values_list("credit_code", "industry")
    return {Party.id_number.index_of(code): section for code, section in rows}


def _labels(by: str) -> dict[str, str]:
    """Key -> name of every part that may come up, in order."""
    match by:
        case "station":
            return {str(pk): name for pk, name in Station.objects.order_by("code").values_list("pk", "name")}
        case "area":
            return {str(pk): name for pk, name in Area.objects.order_by("code").values_list("pk", "name")}
        case "right":
            return {value: str(label) for value, label in Right.Kind.choices}
        case "source":
            return {value: str(label) for value, label in Case.Source.choices}
    return {value: str(label) for value, label in Industry.choices}
