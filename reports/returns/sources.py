"""Where the cells of a return come from: indicators, facts, registers, and lists with a line per case.

A station's return asks the same questions as the district's, of its own cases (`UnitReading`). Nothing is written here.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from cases.models import Activity, Case, Consultation, Event, Overseas, Party, Proceeding
from cases.names import masked_name
from reports.indicators import REGISTRY, Figure, Reading
from reports.indicators.base import in_period
from reports.indicators.computed import MediationSuccess
from reports.periods import Period
from stations.models import Station

from .definitions import Definition, Item, year_to

Value = int | str | None
Measure = Callable[["UnitReading", Period], Value]
Row = Mapping[str, Value]
Lines = Callable[["UnitReading", Period], Iterable[tuple[str, Row]]]
_measures: dict[str, Measure] = {}
_lines: dict[str, Lines] = {}


class UnitReading(Reading):
    """Facts as they were known on a day, of one station's cases; without a station, of all."""

    def __init__(self, as_of: date, station: Station | None = None):
        super().__init__(as_of)
        self.station = station

    def scoped(self, *facts: str) -> QuerySet[Event]:
        return self._mine(super().scoped(*facts))

    def counted(self, *facts: str) -> QuerySet[Event]:
        return self._mine(super().counted(*facts))

    def _mine(self, rows: QuerySet[Event]) -> QuerySet[Event]:
        return rows if self.station is None else rows.filter(proceeding__station=self.station)


def measure(name: str) -> Callable[[Measure], Measure]:
    """Register what a register answers: (reading, period) -> number. Other rooms' registers register here, too."""

    def mark(ask: Measure) -> Measure:
        _measures[name] = ask
        return ask

    return mark


def lines(name: str) -> Callable[[Lines], Lines]:
    """Register a list: (reading, period) -> (key, cells by column) per line."""

    def mark(ask: Lines) -> Lines:
        _lines[name] = ask
        return ask

    return mark


# numbers ------------------------------------------------------------------------------------------------------------


def numbers(definition: Definition, period: Period, reading: UnitReading) -> dict[str, dict[str, Value]]:
    """Item -> column -> what the record says; one round of queries per indicator."""
    asked = {"period": period, "year": year_to(period)}
    spans = [asked[column.name] for column in definition.columns]
    figures: dict[str, list[Figure]] = {}
    found = {}
    for item in definition.items:
        values = _values(item, spans, reading, figures)
        found[item.name] = dict(zip([column.name for column in definition.columns], values, strict=True))
    return found


def _values(
    item: Item, spans: Sequence[Period], reading: UnitReading, figures: dict[str, list[Figure]]
) -> list[Value]:
    if item.figure:
        code, _dot, part = item.figure.partition(".")
        if code not in figures:
            figures[code] = REGISTRY[code].figures(spans, reading)
        return [_part(figure, part or "numerator") for figure in figures[code]]
    if item.fact:
        return _facts(item, spans, reading)
    if item.measure in _measures:
        return [_measures[item.measure](reading, span) for span in spans]
    return [None for _span in spans]  # typed, or a register this installation does not keep


def _part(figure: Figure, part: str) -> Value:
    """The value, the numerator, the denominator, or a bucket of a figure."""
    if part in ("value", "numerator", "denominator"):
        found: Value = getattr(figure, part)
        return found
    return int(figure.parts[part])


def _facts(item: Item, spans: Sequence[Period], reading: UnitReading) -> list[Value]:
    rows = reading.counted(item.fact).filter(**item.where).order_by()
    asked = {
        f"n{place}": Count("pk", filter=in_period(span), distinct=True) for place, span in enumerate(spans)
    }
    told = rows.aggregate(**asked)
    return [told[f"n{place}"] for place in range(len(spans))]


def evening(day: date) -> datetime:
    """The moment a day ends here."""
    return timezone.make_aware(datetime.combine(day + timedelta(1), time.min))


@measure("consultations")
def consultations(reading: UnitReading, period: Period) -> Value:
    rows = Consultation.objects.filter(
        on__gte=period.start, on__lte=period.end, at__lt=evening(reading.as_of)
    )
    return (rows if reading.station is None else rows.filter(station=reading.station)).count()


PUBLIC = (Activity.Kind.TRAINING, Activity.Kind.PUBLICITY, Activity.Kind.PRESS)


def held(reading: UnitReading, period: Period, *kinds: str) -> QuerySet[Activity]:
    """Activities of these kinds that began in the period, as they were registered on the day."""
    rows = Activity.objects.known(reading.as_of).filter(
        kind__in=kinds, begins_on__gte=period.start, begins_on__lte=period.end
    )
    return rows if reading.station is None else rows.filter(station=reading.station)


@measure("activities")
def activities(reading: UnitReading, period: Period) -> Value:
    return held(reading, period, *PUBLIC).count()


@measure("participants")
def participants(reading: UnitReading, period: Period) -> Value:
    return held(reading, period, *PUBLIC).aggregate(n=Sum("attendance"))["n"] or 0


@measure("visits")
def visits(reading: UnitReading, period: Period) -> Value:
    return held(reading, period, Activity.Kind.VISIT).count()


def guided(reading: UnitReading, period: Period) -> QuerySet[Overseas]:
    """Guidance abroad registered in the period, the latest record of each matter."""
    rows = Overseas.objects.filter(cancelled=False, on__gte=period.start, on__lte=period.end)
    if reading.station is not None:
        rows = rows.filter(assistance__station=reading.station)
    last = Overseas.objects.filter(
        assistance=OuterRef("assistance"), cancelled=False, on__gte=period.start, on__lte=period.end
    )
    return rows.filter(pk=Subquery(last.order_by("-pk").values("pk")[:1])).order_by("pk")


@measure("overseas")
def overseas(reading: UnitReading, period: Period) -> Value:
    return guided(reading, period).count()


@measure("overseas_countries")
def overseas_countries(reading: UnitReading, period: Period) -> Value:
    return guided(reading, period).order_by().values("country").distinct().count()


@measure("overseas_saved")
def overseas_saved(reading: UnitReading, period: Period) -> Value:
    return _money(guided(reading, period).aggregate(saved=Sum("loss_avoided"))["saved"])


# lines --------------------------------------------------------------------------------------------------------------


def listed(definition: Definition, period: Period, reading: UnitReading) -> list[tuple[str, Row]]:
    """The lines of a list, each with the key that names it for good."""
    return list(_lines[definition.lines](reading, period))


def _money(amount: Decimal | None) -> Value:
    return None if amount is None else f"{amount:.2f}"


def _day(day: date | None) -> Value:
    return day.isoformat() if day else None


def _names(case: Case, role: str) -> str:
    """Of persons the surname, of enterprises the name: what a list for another authority needs."""
    return "、".join(masked_name(p.name, p.kind) for p in case.parties.all() if p.role == role)


@lines("overseas")
def overseas_lines(reading: UnitReading, period: Period) -> Iterable[tuple[str, Row]]:
    rows = guided(reading, period).select_related("assistance__case")
    for one in rows.prefetch_related("assistance__case__parties"):
        yield (
            f"assistance:{one.assistance_id}",
            {
                "number": one.assistance.number or str(one.assistance.case),
                "applicant": _names(one.assistance.case, Party.Role.APPLICANT), "country": one.country,
                "forum": one.forum, "procedure": one.procedure, "foreign_due_on": _day(one.foreign_due_on),
                "advice": one.advice, "loss_avoided": _money(one.loss_avoided), "on": _day(one.on),
            },
        )  # fmt: skip


def _mediations(rows: QuerySet[Event]) -> QuerySet[Event]:
    related = ("case", "proceeding__mediation", "proceeding__handler")
    return rows.select_related(*related).prefetch_related("case__parties").order_by("occurred_on", "pk")


def _told(event: Event) -> dict[str, Value]:
    row, case = event.proceeding, event.case
    if row is None:
        raise TypeError("a list reads facts of proceedings only")
    return {
        "number": row.number or str(case), "source": str(case.get_source_display()),
        "applicants": _names(case, Party.Role.APPLICANT), "respondents": _names(case, Party.Role.RESPONDENT),
        "cause": case.cause or "知识产权纠纷", "amount": _money(case.claim_amount),
        "mediators": str(row.handler or ""), "outcome": str(row.outcome_label or row.state_label),
        "closed_on": _day(row.closed_on), "received_on": _day(row.received_on), "accepted_on": _day(event.occurred_on),
        "court_no": case.court_case_no,
    }  # fmt: skip


@lines("people_mediation")
def people_mediation(reading: UnitReading, period: Period) -> Iterable[tuple[str, Row]]:
    """People's mediations accepted in the period: the very facts `mediation_success` compares with."""
    rows = MediationSuccess().rows(reading).filter(in_period(period), bucket="accepted")
    for event in _mediations(rows):
        yield f"mediation:{event.proceeding_id}", _told(event)


@lines("court_mediation")
def court_mediation(reading: UnitReading, period: Period) -> Iterable[tuple[str, Row]]:
    """Mediations a court sent in the period, with whether the agreement was confirmed."""
    sent = Q(case__source__in=(Case.Source.COURT_ASSIGNED, Case.Source.COURT_ENTRUSTED))
    rows = reading.counted("applied").filter(sent, in_period(period), proceeding__kind="mediation")
    children = Proceeding.objects.filter(
        kind="judicial_confirmation", parent__in=rows.order_by().values("proceeding")
    ).exclude(state="void")
    confirmed = dict(children.order_by("pk").values_list("parent", "state"))
    words = {"confirmed": "已确认", "refused": "未确认", "withdrawn": "撤回申请"}
    for event in _mediations(rows):
        state = confirmed.get(event.proceeding_id)
        told = "" if state is None else words.get(state, "办理中")
        yield f"mediation:{event.proceeding_id}", {**_told(event), "confirmed": told}
