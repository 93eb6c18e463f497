"""The demonstration's returns, a bulletin and evaluations, through the door: last month's returns, one of them sent."""

from datetime import date
from typing import Any

from cases import approvals, outbox, steps
from cases.models import Case, Proceeding
from reports.evaluation.criteria import edition_of
from reports.models import Evaluation, Return

from .house import House
from .returns import definitions, opening

STATION = "s01"
CUT = {"place": 1, "publicity": 2}  # points a review takes off


def tell(house: House, today: date) -> None:
    """All of it; files are made before it returns."""
    opening.open_missing(today)
    _return(house, today)
    _bulletin(house, today)
    _evaluations(house, today)
    matters = ("return", "case_return", "bulletin", "evaluation")
    for case in Case.objects.filter(proceedings__kind__in=matters, simulated=False):
        case.simulated = True
        case.save(update_fields=["simulated"])
    outbox.drain()


def _do(row: Any, name: str, by: Any, today: date, **data: Any) -> Any:
    """A step of the row as it stands, approved by the head where it asks."""
    version = Proceeding.objects.get(pk=row.pk).version
    answer = steps.perform(row.pk, name, by=by, data=data, version=version, today=today)
    return answer


def _granted(answer: Any, house: House, today: date) -> None:
    approvals.decide(answer.approval.pk, "approve", by=house.users["head"], today=today)


def _return(house: House, today: date) -> None:
    """The month of the first station: typed, submitted, confirmed, sent."""
    period = definitions.get("station_month").last_period(today)
    row = Return.objects.filter(code="station_month", period=period.text, station__code=STATION).first()
    if row is None:
        return
    clerk, chief = house.users["clerk"], house.users["station_head"]
    cells = [{"cell": f"{name}:period", "value": value, "reason": "模拟：活动照片整理后补登记"}
             for name, value in (("activities", "2"), ("participants", "86"), ("visits", "5"))]  # fmt: skip
    steps.act(row.pk, "type_cells", by=clerk, data={"cells": cells, "revision": 0}, today=today)
    _do(row, "submit", clerk, today)
    _do(row, "confirm", chief, today)
    outbox.drain()
    _do(row, "send", clerk, today, receiver="区知识产权保护中心", way="system")


def _bulletin(house: House, today: date) -> None:
    """Last quarter's bulletin: frozen, a draft begun."""
    office = house.users["office"]
    period = definitions.get("plan_quarter").last_period(today)
    said = {"shape": "bulletin", "period": period.text, "addressee": "各有关单位", "name": ""}
    made = steps.open_matter("bulletin", by=office, data=said, today=today)
    if made.proceeding is None:
        raise TypeError("a matter has a proceeding")
    steps.act(made.proceeding, "take_figures", by=office, data={}, today=today)
    outbox.drain()
    steps.act(made.proceeding, "draft_paper", by=office, data={"paper": "bulletin"}, today=today)


def _evaluations(house: House, today: date) -> None:
    """Last year's: opened for all stations, one reviewed."""
    year, office = today.year - 1, house.users["office"]
    edition = edition_of(year)
    if edition is None:
        return
    for station in house.stations:
        if station.opened_on.year <= year:
            data = {"year": year, "station": station.code}
            steps.open_matter("evaluation", by=office, data=data, today=today)
    row = Evaluation.objects.get(place=STATION, year=year)
    full = {f"points_{one.code}": one.points for one in edition.criteria}
    less = {f"points_{one.code}": one.points - CUT.get(one.code, 0) for one in edition.criteria}
    why = {f"words_{code}": "模拟：材料不全" for code in CUT}
    _do(row, "submit", house.users["station_head"], today, **full)
    _granted(_do(row, "review", office, today, **less, **why), house, today)
