"""办理天数中位数: how long proceedings took from acceptance to closing, of what was closed in the period."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from django.db.models import Case, Count, F, OuterRef, QuerySet, Subquery, Value, When
from django.utils.translation import gettext_lazy as _

from cases.models import Event
from reports.periods import Period
from reports.status import Measured

from .base import OUT, TAKEN_OUT, UNDATED, Cell, DaysFrom, FactIndicator, Figure, Reading, Tally, hull
from .computed import ADJUDICATION, ASSISTANCE, MEDIATION, bucket


class MedianDays(FactIndicator):
    """Days from acceptance to closing of what was closed in the period."""

    code = "median_days"
    name = _("办理天数中位数")
    unit = _("天")
    direction = "max"
    is_count = False
    basis = _("受理与结案登记")
    definition = _("期内结案且登记了受理日期的程序，自受理日至结案日的日历天数的中位数；分办理方式另列。")
    KINDS = (ASSISTANCE, MEDIATION, ADJUDICATION)
    counts = KINDS
    base = KINDS
    leaves_out = ("acceptance_unknown", TAKEN_OUT, UNDATED)
    extra = ("days",)
    labels = {
        ASSISTANCE: _("维权援助"), MEDIATION: _("调解"), ADJUDICATION: _("行政裁决"),
        "acceptance_unknown": _("受理日期不明或者未经受理"), **OUT,
        UNDATED: _("结案日期不明"),
    }  # fmt: skip

    def rows(self, reading: Reading) -> QuerySet[Event]:
        accepted = reading.live("accepted").filter(proceeding=OuterRef("proceeding")).order_by("-pk")
        return (
            reading.scoped("closed")
            .filter(proceeding__kind__in=self.KINDS)
            .annotate(began_on=Subquery(accepted.values("occurred_on")[:1]))
            .annotate(
                days=DaysFrom(F("occurred_on"), F("began_on")),
                bucket=bucket(
                    reading,
                    When(began_on__isnull=True, then=Value("acceptance_unknown")),
                    default=F("proceeding__kind"),
                ),
            )
        )

    @staticmethod
    def _bucket(on: date | None, whose: str, days: int | None) -> str:
        if whose == TAKEN_OUT:
            return TAKEN_OUT
        if on is None:
            return UNDATED
        return whose if days is not None else "acceptance_unknown"

    def tallies(self, periods: Sequence[Period], reading: Reading) -> list[Tally]:
        """As everywhere, but a row looks up its acceptance once: `days` without a value is its bucket."""
        is_out = Case(When(reading.taken_out, then=Value(TAKEN_OUT)), default=F("proceeding__kind"))
        found = self.rows(reading).filter(hull(periods)).annotate(whose=is_out).order_by()
        told = found.values_list("occurred_on", "whose", "days").annotate(n=Count("pk"))
        cells = [Cell(on, self._bucket(on, whose, days), (days,), n) for on, whose, days, n in told]
        return [self._tally(period, cells) for period in periods]

    def figures(self, periods: Sequence[Period], reading: Reading, full: int | None = None) -> list[Figure]:
        found = []
        for tally in self.tallies(periods, reading):
            days: dict[str, Counter[int]] = {kind: Counter() for kind in self.KINDS}
            for cell in tally.cells:
                if cell.bucket in days:
                    days[cell.bucket][cell.extra[0]] += cell.number
            whole = sum(days.values(), Counter())
            medians = {
                f"{kind}_median": self.number(median(counted)) for kind, counted in days.items() if counted
            }
            found.append(
                self.figure(
                    tally.period,
                    reading,
                    Measured(median(whole), whole.total()),
                    excluded={name: tally.buckets[name] for name in self.leaves_out},
                    parts=self.parts(tally) | medians,
                )
            )
        return found


def median(counted: Counter[int]) -> Fraction | None:
    """The middle of the values, or half way between the two in the middle."""
    total = counted.total()
    if not total:
        return None
    middle = [(total - 1) // 2, total // 2]
    found, passed = [], 0
    for value in sorted(counted):
        passed += counted[value]
        while middle and middle[0] < passed:
            found.append(value)
            middle.pop(0)
    return Fraction(sum(found), 2)


__all__ = ["MedianDays", "median"]
