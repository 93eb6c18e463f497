"""Which returns are due, from whom and when; and their opening when the period is over.

The schedule opens what is missing, once per return, period and unit; a person may open one by hand before it does.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from cases import deadlines, kinds, steps
from cases.calendar import office_calendar
from cases.errors import DomainError
from cases.models import Proceeding
from reports.periods import Period
from stations import policy
from stations.models import Body, Station, User

from .definitions import Definition, all_returns

PROGRAM = "returns"  # user name in whose name the schedule opens them


@dataclass(frozen=True, slots=True)
class Unit:
    """Who reports: a station, or a body."""

    code: str  # "station:s01", "body:centre"
    name: str
    station: Station | None = None
    body: Body | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One return somebody owes for a period, and the row that stands for it, if it is opened."""

    definition: Definition
    period: Period
    unit: Unit
    due_on: date
    row: Proceeding | None


def hold(place: Station | Body) -> None:
    """Lock who reports until the transaction ends: of two openings at once the second finds the first one's row."""
    type(place)._default_manager.select_for_update().get(pk=place.pk)


def units(definition: Definition, day: date) -> list[Unit]:
    """Who owes this return for a period that ends on a day."""
    if definition.unit == "station":
        open_ = Station.objects.filter(opened_on__lte=day).filter(
            Q(closed_on__isnull=True) | Q(closed_on__gte=day)
        )
        return [Unit(f"station:{one.code}", one.name, station=one) for one in open_]
    bodies = Body.objects.in_force(day).filter(kind=definition.unit)
    return [Unit(f"body:{one.code}", one.name, body=one) for one in bodies]


def may_fill(unit: Unit, definition: Definition, user: Any, today: date) -> bool:
    """Is it this person's to fill: of the station, of the body, or of the district?"""
    rule, held = policy.step_rule(definition.kind, "open"), policy.standing(user, today)
    for role, relation in rule.roles.items() if rule else ():
        if role not in held.roles:
            continue
        if relation == "any" or (unit.station is not None and unit.station.pk in held.stations(role)):
            return True
        if relation == "body" and unit.body is not None and unit.body.pk in held.bodies(role):
            return True
    return False


def due_on(definition: Definition, period: Period) -> date:
    """By when, as the rule counts it from the end of the period."""
    return deadlines.due(
        definition.rule, period.end, calendar=office_calendar(), internal=True
    ).due  # fmt: skip


def columns(definition: Definition, period: Period, unit: Unit) -> dict[str, Any]:
    """The columns of a return as it is opened."""
    found: dict[str, Any] = {
        "title": f"{definition.title} {period.label} {unit.name}", "code": definition.code, "period": period.text,
        "unit": unit.code, "station": unit.station,
    }  # fmt: skip
    return found | ({"body": unit.body} if unit.body is not None else {})


def standing_rows(definition: Definition, period: Period) -> dict[str, Any]:
    """Unit -> the latest return that stands for it."""
    model = kinds.get(definition.kind).model
    rows = model._default_manager.filter(code=definition.code, period=period.text, stands=True)
    return {row.unit: row for row in rows.order_by("correction")}


def expected(definition: Definition, period: Period) -> Iterator[Due]:
    """Everything owed of one return for one period."""
    if not definition.holds(period):
        return
    rows, day = standing_rows(definition, period), due_on(definition, period)
    for unit in units(definition, period.end):
        yield Due(definition, period, unit, day, rows.get(unit.code))


def missing(today: date) -> list[Due]:
    """What fell due with the last period of each return and is not opened yet."""
    every = [due for one in all_returns().values() for due in expected(one, one.last_period(today))]
    return [due for due in every if due.row is None]


def program() -> User:
    """In whose name the schedule opens returns: no person, without a password, unable to sign in."""
    made, new = User.objects.get_or_create(
        username=PROGRAM, defaults={"display_name": "报表程序", "is_active": False}
    )
    if new:
        made.set_unusable_password()
        made.save(update_fields=["password"])
    return made


def open_due(today: date) -> int:
    """Open on a working day what is missing; how many were. Running it twice opens nothing twice."""
    return open_missing(today) if office_calendar().is_working(today) else 0


def open_missing(today: date) -> int:
    """Open what is missing, whatever the day."""
    opened = 0
    for due in missing(today):
        data = {"report": due.definition.code, "period": due.period.text, "unit": due.unit.code}
        try:
            steps.open_matter(due.definition.kind, by=program(), data=data, today=today, told=True)
            opened += 1
        except DomainError as error:
            if error.code not in ("invalid", "opened_already"):  # opened by hand meanwhile
                raise
    return opened


def found_unit(definition: Definition, period: Period, code: str) -> Unit | None:
    return next((one for one in units(definition, period.end) if one.code == code), None)


__all__ = [
    "Due", "Unit", "columns", "due_on", "expected", "found_unit", "hold", "may_fill", "missing", "open_due", "open_missing", "program",
    "standing_rows", "units",
]  # fmt: skip
