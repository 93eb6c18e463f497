"""What every indicator is made of: the reading of facts as of a day, buckets, figures.

An indicator sorts the rows of ONE query into disjoint buckets in SQL; tile, list, sheet and JSON take their numbers
and rows from these buckets, so they agree. Which facts and buckets: computed.py, stocks.py and their neighbours.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Any, ClassVar

from django.db import models
from django.db.models import Count, Exists, F, Func, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.calendar import office_calendar
from cases.models import Case, Event
from cases.working_days import Calendar
from reports import status
from reports.models import Delivery, Target
from reports.periods import Period, share
from reports.status import Measured

UNDATED, TAKEN_OUT = "undated", "taken_out"
OUT = {TAKEN_OUT: _("不计入统计（已登记理由）")}  # a label of every indicator over facts
COMPUTED, IMPORTED, MANUAL = "computed", "imported", "manual"
SOURCES = {COMPUTED: _("计算"), IMPORTED: _("导入"), MANUAL: _("登记")}


class Reading:
    """Facts as they were known on a day, with what a whole round of figures asks only once."""

    def __init__(self, as_of: date):
        self.as_of = as_of

    @cached_property
    def calendar(self) -> Calendar:
        return office_calendar()

    @cached_property
    def targets(self) -> Mapping[str, list[Target]]:
        found: dict[str, list[Target]] = {}
        for target in Target.objects.all():
            found.setdefault(target.code, []).append(target)
        return found

    @cached_property
    def deliveries(self) -> list[Delivery]:
        """What others delivered and what was in force on the day, the newest first."""
        return list(Delivery.objects.holding(self.as_of))

    def live(self, *facts: str) -> QuerySet[Event]:
        """Facts of these names known by the day and not corrected by it; in every case and every period.

        A correcting event that states a fact is itself one; one that states none withdraws (fact NULL).
        """
        corrected = Event.objects.filter(corrects=OuterRef("pk"), known_on__lte=self.as_of)
        found = (
            Event.objects.filter(fact__in=facts) if len(facts) > 1 else Event.objects.filter(fact=facts[0])
        )
        return found.filter(~Exists(corrected), known_on__lte=self.as_of)

    def scoped(self, *facts: str) -> QuerySet[Event]:
        """Live facts of disputes: those that enter figures, and those somebody took out, which are told apart."""
        return self.live(*facts).filter(self._counted | self.taken_out, case__category=Case.Category.DISPUTE)

    def counted(self, *facts: str) -> QuerySet[Event]:
        """Live facts of disputes that enter figures."""
        return self.live(*facts).filter(self._counted, case__category=Case.Category.DISPUTE)

    @cached_property
    def taken_out(self) -> Q:
        """Had somebody taken the case out of the figures, with a reason, as known on the day?

        A collection imported for reference alone was never in them and is not among these.
        """
        last = {case: value for case, value, known_on in self._exclusions if known_on <= self.as_of}
        return Q(case__in=[case for case, value in last.items() if value == "yes"])

    @cached_property
    def _counted(self) -> Q:
        """Was the case counted on the day? Today's column, turned back where it was turned after the day."""
        later = [row for row in self._exclusions if row[2] > self.as_of]
        first = {case: value for case, value, _known_on in reversed(later)}
        if not first:
            return Q(case__counted=True)
        since_out = [case for case, value in first.items() if value == "yes"]
        since_in = [case for case, value in first.items() if value != "yes"]
        return (Q(case__counted=True) & ~Q(case__in=since_in)) | Q(case__in=since_out)

    @cached_property
    def _exclusions(self) -> list[tuple[int, str | None, date]]:
        """Every taking out and back in, in the order of each case's record."""
        said = Event.objects.filter(fact="excluded", known_on__isnull=False).order_by("case_id", "seq")
        return list(said.values_list("case_id", "value", "known_on"))


def in_period(period: Period) -> Q:
    """Dated in the period; both ends belong to it."""
    return Q(occurred_on__gte=period.start, occurred_on__lte=period.end)


def dated(period: Period) -> Q:
    """Dated in the period, or not dated at all: what a figure of the period counts or leaves out."""
    return in_period(period) | Q(occurred_on__isnull=True)


def hull(periods: Sequence[Period]) -> Q:
    """Dated in any of the periods or between them, or not dated at all."""
    begin, end = min(p.start for p in periods), max(p.end for p in periods)
    return Q(occurred_on__gte=begin, occurred_on__lte=end) | Q(occurred_on__isnull=True)


class DaysFrom(Func):
    """Whole days from the first date to the second, in SQL on both engines."""

    output_field = models.IntegerField()
    arity = 2

    def as_sql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="(%(expressions)s)", arg_joiner=" - ", **extra)

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        first, second = (compiler.compile(e) for e in self.get_source_expressions())
        sql = f"CAST(julianday({first[0]}) - julianday({second[0]}) AS INTEGER)"
        return sql, [*first[1], *second[1]]


@dataclass(frozen=True, slots=True)
class Cell:
    """So many rows of one bucket on one day (None: undated); `extra` as the indicator asked for it."""

    on: date | None
    bucket: str
    extra: tuple[Any, ...]
    number: int


@dataclass(frozen=True)
class Tally:
    """What the query found for one period: rows by bucket, and the cells they came from."""

    period: Period
    buckets: Counter[str]
    cells: tuple[Cell, ...] = ()

    def of(self, names: Iterable[str]) -> int:
        return sum(self.buckets[name] for name in names)


@dataclass(frozen=True, slots=True)
class Version:
    """One wording of an indicator's formula, and why it took the place of the one before."""

    number: int
    valid_from: date
    text: Any
    why: Any


FIRST_READ = date(2026, 11, 22)  # the day the first versions were put to use
FIRST_WHY = _("方案没有给出计算公式，首次确定")


@dataclass
class Figure:
    """One indicator for one period as of one day. `as_dict` is the contract of interfaces.md; the rest is for pages."""

    code: str
    name: str
    unit: str
    target: str | int | None
    direction: str
    value: str | int | None
    numerator: int | None
    denominator: int | None
    excluded: dict[str, int]
    low: str | int | None
    high: str | int | None
    source: str
    status: str | None
    formula: str
    period: Period
    as_of: date
    text: str  # the value as a tile prints it
    measured: Measured
    parts: dict[str, Any] = field(default_factory=dict)
    target_row: Target | None = None
    is_reference: bool = False  # the target is the last one that held, not one of this period
    years: Fraction | None = None  # of a flow: years' worth of working days gone by in the period
    wanted: Fraction | None = None  # of a flow with a target: what should have been reached by then

    KEYS: ClassVar[tuple[str, ...]] = (
        "code", "name", "unit", "target", "direction", "value", "numerator", "denominator", "excluded", "low", "high",
        "source", "status", "formula",
    )  # fmt: skip

    def as_dict(self) -> dict[str, Any]:
        return {key: getattr(self, key) for key in self.KEYS}


class Indicator:
    """One question to the house's own records, or to a source that is named where there is none yet."""

    code: str
    name: Any
    unit: Any
    direction: ClassVar[str] = "min"
    source: ClassVar[str] = COMPUTED
    definition: Any = ""  # the formula in words, shown under the number (计量口径)
    low_is: Any = ""  # the other accepted definitions, in words
    high_is: Any = ""
    since: ClassVar[date] = FIRST_READ  # from when this wording holds, and why it was made
    why: Any = FIRST_WHY
    earlier: ClassVar[tuple[Version, ...]] = ()  # the wordings before it, the oldest first
    is_flow = False  # a number to be reached each year; else a rate, mean or stock
    is_count = True  # whole numbers; else decimals
    basis: Any = ""  # 数据来源 in words
    labels: ClassVar[Mapping[str, Any]] = {}  # bucket or part -> what people read
    sets: ClassVar[tuple[str, ...]] = ()  # the lists it can open

    @property
    def version(self) -> int:
        return len(self.earlier) + 1

    @property
    def versions(self) -> tuple[Version, ...]:
        """Every wording, the one that holds last."""
        return (*self.earlier, Version(self.version, self.since, self.definition, self.why))

    @property
    def formula(self) -> str:
        readings = ((_("较低口径"), self.low_is), (_("较高口径"), self.high_is))
        return f"第 {self.version} 版：{self.definition}" + "".join(
            f"{n}：{text}" for n, text in readings if text
        )

    def figures(self, periods: Sequence[Period], reading: Reading, full: int | None = None) -> list[Figure]:
        """One figure per period, from one round of queries; `full`: only the first so many need every reading."""
        raise NotImplementedError

    def papers_of(self, period: Period, reading: Reading) -> list[Delivery]:
        """What others delivered and the figure is made from."""
        return []

    def ids(self, period: Period, reading: Reading) -> dict[str, list[int]]:
        """Bucket -> ids of the rows behind the figure, ascending; nothing where no list may be opened."""
        return {}

    def number(self, value: Fraction | int | None) -> str | int | None:
        """A number as the contract states it: an integer for counts, else a decimal as text; never a float."""
        if value is None:
            return None
        if self.is_count:
            return int(value)
        return status.plain(status.rounded(Fraction(value), 2))

    def target_for(self, period: Period, reading: Reading) -> tuple[Target | None, bool]:
        """The target that holds in the period, else the last before it (as reference)."""
        rows = reading.targets.get(self.code, [])
        holding = [
            t
            for t in rows
            if t.valid_from <= period.end and (t.valid_to is None or t.valid_to >= period.start)
        ]
        if holding:
            return holding[-1], False
        past = [t for t in rows if t.valid_from <= period.start]
        return (past[-1], True) if past else (None, False)

    def due_share(self, period: Period, reading: Reading) -> Fraction:
        """How many times the target is to be reached by the day of reading: years, by their working days."""
        return share(period, reading.as_of, reading.calendar)

    def figure(
        self,
        period: Period,
        reading: Reading,
        measured: Measured,
        *,
        numerator: int | None = None,
        excluded: Mapping[str, int] | None = None,
        low: Fraction | int | None = None,
        high: Fraction | int | None = None,
        parts: Mapping[str, Any] | None = None,
    ) -> Figure:
        row, is_reference = self.target_for(period, reading)
        wanted: Decimal | None = row.value if row else None
        years = self.due_share(period, reading) if self.is_flow else None
        if not period.has_begun(reading.as_of):
            state: str | None = status.NO_DATA
        elif years is not None and measured.value is not None:
            state = status.of_flow(
                int(measured.value), wanted, years=years, over=period.is_over(reading.as_of), begun=True
            )
        else:
            state = status.of_level(measured, wanted, self.direction)
        return Figure(
            code=self.code, name=str(self.name), unit=str(self.unit),
            target=self.number(Fraction(wanted)) if wanted is not None else None, direction=self.direction,
            value=None if measured.is_nothing else self.number(measured.value), numerator=numerator,
            denominator=measured.denominator, excluded=dict(excluded or {}), low=self.number(low),
            high=self.number(high), source=self.source, status=state, formula=self.formula, period=period,
            as_of=reading.as_of, text=status.shown(measured, numerator, wanted, self.direction), measured=measured,
            parts=dict(parts or {}), target_row=row, is_reference=is_reference, years=years,
            wanted=Fraction(wanted) * years if wanted is not None and years is not None else None,
        )  # fmt: skip


class FactIndicator(Indicator):
    """An indicator over facts. `rows` sorts every fact of its scope into one bucket, in SQL."""

    counts: ClassVar[tuple[str, ...]] = ()  # buckets of the numerator
    base: ClassVar[tuple[str, ...]] = ()  # buckets of the denominator; () = the figure is a count
    leaves_out: ClassVar[tuple[str, ...]] = (TAKEN_OUT, UNDATED)  # buckets that are excluded, each a reason
    extra: ClassVar[tuple[str, ...]] = ()  # further columns of the histogram
    sets = ("numerator", "denominator", "excluded")

    def rows(self, reading: Reading) -> QuerySet[Event]:
        """The facts of the indicator, annotated with `bucket`; undated ones are in the bucket `undated`."""
        raise NotImplementedError

    def buckets_of(self, which: str) -> tuple[str, ...]:
        """The buckets a list opens: numerator, denominator, excluded, or one bucket by name."""
        if which == "denominator":
            return self.base or self.counts
        named = {"numerator": self.counts, "excluded": self.leaves_out}
        return named[which] if which in named else (which,) if which in self.labels else ()

    def listed(self, which: str, period: Period, reading: Reading) -> QuerySet[Event]:
        """The very rows a number counts."""
        names = self.buckets_of(which)
        return self.rows(reading).filter(dated(period), bucket__in=names).order_by("-id")

    def ids(self, period: Period, reading: Reading) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for name, pk in self.rows(reading).filter(dated(period)).order_by("pk").values_list("bucket", "pk"):
            found.setdefault(name, []).append(pk)
        return found

    def tallies(self, periods: Sequence[Period], reading: Reading) -> list[Tally]:
        """One query: rows by day, bucket and what else is asked; then summed by period."""
        columns = ("occurred_on", "bucket", *self.extra)
        found = (
            self.rows(reading).filter(hull(periods)).order_by().values_list(*columns).annotate(n=Count("pk"))
        )
        cells = [Cell(on, bucket, tuple(more), n) for on, bucket, *more, n in found]
        return [self._tally(period, cells) for period in periods]

    @staticmethod
    def _tally(period: Period, cells: list[Cell]) -> Tally:
        within = tuple(c for c in cells if c.on is None or period.start <= c.on <= period.end)
        buckets: Counter[str] = Counter()
        for cell in within:
            buckets[cell.bucket] += cell.number
        return Tally(period, buckets, within)

    def measure(self, tally: Tally) -> Measured:
        if self.base:
            return status.rate(tally.of(self.counts), tally.of(self.base))
        return Measured(Fraction(tally.of(self.counts)))

    def readings(self, tally: Tally) -> tuple[Fraction | None, Fraction | None]:
        """`low` and `high`: the value under the other accepted definitions."""
        return None, None

    def parts(self, tally: Tally) -> dict[str, Any]:
        """What is told beside the number."""
        return {name: tally.buckets[name] for name in self.labels}

    def figures(self, periods: Sequence[Period], reading: Reading, full: int | None = None) -> list[Figure]:
        found = []
        for tally in self.tallies(periods, reading):
            low, high = self.readings(tally)
            found.append(
                self.figure(
                    tally.period,
                    reading,
                    self.measure(tally),
                    numerator=tally.of(self.counts),
                    low=low,
                    high=high,
                    excluded={name: tally.buckets[name] for name in self.leaves_out},
                    parts=self.parts(tally),
                )
            )
        return found


def having(reading: Reading, *facts: str, **more: Any) -> Exists:
    """Does the fact's own proceeding have a live fact of this name?"""
    return Exists(reading.live(*facts).filter(proceeding=OuterRef("proceeding"), **more))


__all__ = [
    "COMPUTED", "IMPORTED", "MANUAL", "OUT", "SOURCES", "TAKEN_OUT", "UNDATED", "Cell", "DaysFrom", "F", "FactIndicator",
    "Figure", "Indicator", "Reading", "Tally", "Version", "dated", "having", "hull", "in_period",
]  # fmt: skip
