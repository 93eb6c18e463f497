"""Simulated mediation: both sides asked, accepted, talked, agreed or not. People's mediation succeeds in two of three.

What comes before: reaching.py; sittings: sittings.py; agreements: agreeing.py; afterwards: following.py, files.py.
"""

from collections.abc import Callable
from datetime import date
from typing import Any

from cases.backfill import CaseHistory, History
from cases.deadlines import add_months
from cases.entry import Entry
from cases.models import Event
from mediation.models import Agreement
from mediation.models.mediation import SERIES
from mediation.returned import MONTHS

from . import files
from .agreeing import agree, archive_later
from .draws import Draw, Settled
from .following import follow, pay
from .reaching import appoint, reach
from .sittings import longer, sit
from .talk import Later, Talk

ENDS = (("written_agreement", 57), ("oral_agreement", 8), ("withdrawn_settled", 2), ("failed", 21), ("terminated", 6),
        ("withdrawn", 5), ("transferred", 1))  # fmt: skip
AGREED = ("written_agreement", "oral_agreement", "withdrawn_settled")
NOT_STARTED = (("no_consent", 9), ("no_answer", 7), ("unreachable", 4), ("refused", 1))
ROUTES = ["arbitration", "administrative", "judicial"]


def mediate(
    draw: Draw, case: CaseHistory, on: date, today: date, flavour: str, *, parent: History | None = None,
    opened_by: Event | None = None, serial: int = 0, back: Settled | None = None,
) -> History:  # fmt: skip
    """One mediation, as far as it has come by today. `serial`: of a dispute that may come back; `back`: that it did."""
    house, clerk = draw.house, draw.house.clerks[case.case.station_id]  # type: ignore[index]
    people = flavour == "people"
    row = case.open(
        "mediation", by=clerk, on=on, today=today, body=house.bodies["committee" if people else "bureau"],
        flavour=flavour, parent=parent, opened_by=opened_by,
    )  # fmt: skip
    talk = Talk(
        draw, row, clerk, draw.chance.choice(house.mediators) if people else house.bureau_mediator,
        house.users["committee" if people else "head"],
    )  # fmt: skip
    declined = draw.one([("", 79), *NOT_STARTED])
    day = reach(talk, today, declined)
    later = Later()
    if day is not None and declined:
        if not talk.appointed:
            appoint(talk, day)  # whoever ends it has the file
        data = {"outcome": declined}
        _end(talk, later, "decline", "not_accepted", declined, day, ending="模拟：未能启动", data=data)
    elif day is not None:
        _accept(talk, day, back)
        _conclude(talk, later, day, serial)
    later.run()
    return row


def _accept(talk: Talk, on: date, back: Settled | None) -> None:
    row = talk.row
    flavour, source = row.row.flavour, row.case.case.source
    columns: dict[str, Any] = {"accepted_on": on}
    data: dict[str, Any] = {}
    appointed = talk.appointed
    if not appointed:
        columns["handler"] = talk.mediator
        data["mediator"] = talk.mediator.username
    rule = "M-20" if flavour == "people" else ""
    if row.case.case.from_court:
        rule = "" if talk.referral is not None else "C-07a" if source == "court_entrusted" else "C-06"
        if rule:
            procedure = "ordinary" if source == "court_entrusted" else ""
            columns |= {"procedure": procedure, "materials_on": on}
            data |= {"procedure": procedure, "materials_on": on.isoformat()}

    def tell(entry: Entry) -> None:
        if not appointed:
            entry.join(talk.mediator, "mediator")
        entry.fact("accepted", value=flavour)
        if back is not None and add_months(on, -MONTHS) <= back.on <= on:
            entry.fact("came_back", subject=f"proceeding:{back.mediation}")
        if rule:
            entry.start(rule)

    row.step(
        "accept", "in_mediation", by=talk.mediator, approved_by=talk.approver, on=on, series=SERIES[flavour],
        columns=columns, tell=tell, data=data,
    )  # fmt: skip


def _conclude(talk: Talk, later: Later, accepted: date, serial: int) -> None:
    draw = talk.draw
    ending = draw.one(ENDS)
    if talk.row.row.flavour != "people" and ending == "oral_agreement":
        ending = "written_agreement"
    last = sit(talk, accepted, ending in AGREED)
    if last is None:
        return
    is_long = draw.odds(0.1)  # some run over the month of people's mediation
    if is_long and draw.odds(0.5):
        longer(talk, last)
    if (day := draw.after(last, 14, 30) if is_long else draw.after(last, 0, 6)) is None:
        return
    match ending:
        case "written_agreement" | "oral_agreement":
            _settled(talk, later, day, ending, serial)
        case "withdrawn" | "withdrawn_settled":
            data = {"outcome": ending, "reason": "模拟：撤回"}
            rows = []
            if ending == "withdrawn_settled":
                rows.append(Agreement(mediation_id=talk.row.row.pk, form="settlement", signed_on=day))
                rows[0].performance = data["settlement"] = "模拟：双方自行和解"
            _end(talk, later, "withdraw", "withdrawn", ending, day, ending="模拟：撤回", data=data, rows=rows)
        case "failed":
            told = {"ground": "no_agreement", "routes_told": ROUTES}
            _end(talk, later, "fail", "failed", ending, day, ending="模拟：分歧较大", data=told)
        case "terminated":
            why = {"ground": "party_ends"}
            _end(talk, later, "terminate", "terminated", ending, day, ending="模拟：当事人要求终止", data=why)
        case _:
            to = {"to": "模拟机关"}
            _end(talk, later, "transfer", "transferred", ending, day, ending="模拟：移送", data=to)


def _settled(talk: Talk, later: Later, on: date, ending: str, serial: int) -> None:
    draw, row = talk.draw, talk.row
    made = agree(talk, on, "oral" if ending == "oral_agreement" else "written")
    if made is None:
        return
    agreement, terms, effective = made
    follow(talk, later, agreement, terms, effective)
    if draw.odds(0.6):
        files.visit(draw, later, row, effective, talk.clerk)
    _afterwards(talk, later, effective, lambda day: pay(talk, later, terms, day))
    if serial and not row.case.case.batch:
        draw.settled.append(Settled(serial, row.case.rights[0].kind, effective, row.row.pk))


def _afterwards(
    talk: Talk, later: Later, on: date, then: Callable[[date], object] = lambda _day: None
) -> None:
    """The court gets its papers back, the file is archived."""
    draw, referral = talk.draw, talk.referral
    if referral is not None:
        settled = talk.row.row.state == "settled" and talk.row.case.case.source == "court_entrusted"

        def back(day: date) -> None:
            def tell(entry: Entry) -> None:
                referral.returned_on = day
                entry.save(referral)
                entry.finish("HB-01")

            data = {"with_agreement": True} if settled else {}
            talk.act("hand_back", day, tell, by=talk.approver, **data)

        later.at(draw.after(on, 1, 6), back)
    files.archive(draw, later, talk.row, on, talk.mediator, then)


def _end(
    talk: Talk, later: Later, step: str, to: str, outcome: str, on: date, *, ending: str, data: dict[str, Any],
    rows: Any = (),
) -> None:  # fmt: skip
    def tell(entry: Entry) -> None:
        for one in rows:
            entry.save(one)
        entry.fact("closed", value=outcome)
        entry.finish_all()
        archive_later(talk, entry)

    columns = {"closed_on": on, "outcome": outcome, "ending": ending}
    talk.row.step(
        step, to, by=talk.mediator, on=on, columns=columns, tell=tell, data={**data, "reason": ending}
    )
    _afterwards(talk, later, on)
