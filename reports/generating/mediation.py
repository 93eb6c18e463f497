"""Simulated mediation: both sides asked, accepted, talked, agreed or not. People's mediation succeeds in two of three."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cases.backfill import CaseHistory, History
from cases.entry import Entry
from cases.models import Event
from cases.models.filing import RULE as ARCHIVE
from mediation.models import Agreement, Consent, Contact, Performance, Session, Term
from mediation.models.mediation import SERIES
from mediation.models.performance import DUE

from .draws import Draw

ENDS = (("written_agreement", 57), ("oral_agreement", 8), ("withdrawn_settled", 2), ("failed", 21), ("terminated", 6),
        ("withdrawn", 5), ("transferred", 1))  # fmt: skip
NOT_STARTED = (("no_consent", 9), ("no_answer", 7), ("unreachable", 4), ("refused", 1))
LIMITS = ("AM-02", "AM-03", "AM-04", "AM-05")
ROUTES = ["arbitration", "administrative", "judicial"]


def mediate(
    draw: Draw, case: CaseHistory, on: date, today: date, flavour: str, *, parent: History | None = None,
    opened_by: Event | None = None,
) -> History:  # fmt: skip
    """One mediation, as far as it has come by today."""
    house, clerk = draw.house, draw.house.clerks[case.case.station_id]  # type: ignore[index]
    people = flavour == "people"
    body = house.bodies["committee" if people else "bureau"]
    mediator = draw.chance.choice(house.mediators) if people else house.bureau_mediator
    approver = house.users["committee" if people else "head"]
    row = case.open(
        "mediation",
        by=clerk,
        on=on,
        today=today,
        body=body,
        flavour=flavour,
        parent=parent,
        opened_by=opened_by,
    )
    declined = draw.one([("", 79), *NOT_STARTED])
    day = _willing(draw, row, today, mediator, declined)
    if day is None:
        return row
    if declined:
        _end(
            row,
            "decline",
            "not_accepted",
            declined,
            day,
            by=mediator,
            ending="模拟：未能启动",
            data={"outcome": declined},
        )
        return row
    _accept(draw, row, day, mediator, approver)
    if (day := draw.after(day, 2, 14)) is None:
        return row
    _session(row, day, mediator)
    ending = draw.one(ENDS)
    if not people and ending == "oral_agreement":
        ending = "written_agreement"
    late = draw.odds(0.07)  # some run over the month of people's mediation
    if (day := draw.after(day, 12, 30) if late else draw.after(day, 0, 6)) is None:
        return row
    _conclude(draw, row, day, mediator, approver, ending)
    return row


def _willing(draw: Draw, row: History, today: date, mediator: Any, declined: str) -> date | None:
    """Both are asked; who does not agree or answer ends it before it began."""
    applicant, respondent = row.case.parties
    day = draw.after(today, 0, 3)
    if day is None:
        return None
    _consent(row, applicant, day, "agree", "application", mediator)
    if declined == "refused":
        return draw.after(day, 1, 4)
    result = "unreachable" if declined == "unreachable" else "reached"
    contact = Contact(
        mediation_id=row.row.pk, party=respondent, way="call", result=result, on=day, by=mediator
    )

    def contacted(entry: Entry) -> None:
        entry.save(contact)
        entry.fact("contacted", value="call", subject=f"party:{respondent.pk}")

    data = {"party": respondent, "way": "call", "result": result}
    row.act("contact", by=mediator, on=day, tell=contacted, data=data)
    if (day := draw.after(day, 1, 7)) is None:
        return None
    if declined == "no_consent":
        _consent(row, respondent, day, "refuse", "phone", mediator)
    elif not declined:
        _consent(row, respondent, day, "agree", "signed", mediator)
    return day if not declined else draw.after(day, 0, 8)


def _consent(row: History, party: Any, on: date, answer: str, way: str, by: Any) -> None:
    consent = Consent(mediation_id=row.row.pk, party=party, answer=answer, way=way, on=on, by=by)

    def tell(entry: Entry) -> None:
        entry.save(consent)
        if party.role == "respondent":
            entry.fact("answered", value=answer, subject=f"party:{party.pk}")

    row.act("record_consent", by=by, on=on, tell=tell, data={"party": party, "answer": answer, "way": way})


def _accept(draw: Draw, row: History, on: date, mediator: Any, approver: Any) -> None:
    flavour, source = row.row.flavour, row.case.case.source
    columns: dict[str, Any] = {"accepted_on": on, "handler": mediator}
    data: dict[str, Any] = {"mediator": mediator.username}
    rule = "M-20" if flavour == "people" else ""
    if row.case.case.from_court:
        procedure = "ordinary" if source == "court_entrusted" else ""
        columns |= {"procedure": procedure, "materials_on": on}
        data |= {"procedure": procedure, "materials_on": on.isoformat()}
        rule = "C-07a" if source == "court_entrusted" else "C-06"

    def tell(entry: Entry) -> None:
        entry.join(mediator, "mediator")
        entry.fact("accepted", value=flavour)
        for limit in LIMITS:
            entry.finish(limit)
        if rule:
            entry.start(rule)

    row.step(
        "accept", "in_mediation", by=mediator, approved_by=approver, on=on, series=SERIES[flavour], columns=columns,
        tell=tell, data=data,
    )  # fmt: skip


def _session(row: History, on: date, by: Any) -> None:
    session = Session(mediation_id=row.row.pk, on=on, mode="in_person", result="continues", by=by)
    session.minutes = "模拟笔录"
    row.act(
        "session", by=by, on=on, tell=lambda e: e.save(session),
        data={
            "mode": "in_person", "result": "continues", "minutes": "模拟笔录",
            "attendance": [{"party": "", "name": "模拟到场人", "capacity": ""}],
        },
    )  # fmt: skip


def _conclude(draw: Draw, row: History, on: date, mediator: Any, approver: Any, ending: str) -> None:
    match ending:
        case "written_agreement":
            agreement, terms = _agreement(draw, row, on, mediator, "sign_agreement")
            if (day := draw.after(on, 0, 3)) is None:
                return
            agreement.sealed_on = agreement.effective_on = day
            _settle(row, "seal_agreement", ending, day, mediator, approver, agreement, terms)
            _perform(draw, row, day, mediator, terms[0])
        case "oral_agreement":
            agreement, terms, data = _agreed(draw, row, on, "oral")
            agreement.effective_on = on
            _settle(row, "record_oral", ending, on, mediator, None, agreement, terms, data)
            _perform(draw, row, on, mediator, terms[0])
        case "withdrawn" | "withdrawn_settled":
            data = {"outcome": ending, "reason": "模拟：撤回"}
            rows = []
            if ending == "withdrawn_settled":
                rows.append(Agreement(mediation_id=row.row.pk, form="settlement", signed_on=on))
                rows[0].performance = data["settlement"] = "模拟：双方自行和解"
            _end(
                row,
                "withdraw",
                "withdrawn",
                ending,
                on,
                by=mediator,
                ending="模拟：撤回",
                data=data,
                rows=rows,
            )
        case "failed":
            data = {"ground": "no_agreement", "routes_told": ROUTES}
            _end(row, "fail", "failed", ending, on, by=mediator, ending="模拟：分歧较大", data=data)
        case "terminated":
            data = {"ground": "party_ends"}
            _end(
                row,
                "terminate",
                "terminated",
                ending,
                on,
                by=mediator,
                ending="模拟：当事人要求终止",
                data=data,
            )
        case _:
            data = {"to": "模拟机关"}
            _end(row, "transfer", "transferred", ending, on, by=mediator, ending="模拟：移送", data=data)


def _agreed(draw: Draw, row: History, on: date, form: str) -> tuple[Agreement, list[Term], dict[str, Any]]:
    _applicant, respondent = row.case.parties
    agreement = Agreement(mediation_id=row.row.pk, form=form)
    agreement.facts, agreement.performance = "模拟：使用争议标识", "模拟：银行转账"
    amount, due = Decimal(draw.chance.randint(2, 120) * 500), on + timedelta(30)
    pay = Term(agreement=agreement, position=1, kind="pay", who=respondent, due_on=due, amount=amount)
    stop = Term(agreement=agreement, position=2, kind="stop", who=respondent)
    pay.what, stop.what = "模拟：支付补偿款", "模拟：停止使用"
    data = {
        "facts": agreement.facts, "performance": agreement.performance,
        "terms": [
            {"kind": "pay", "what": pay.what, "who": respondent.name, "due_on": due.isoformat(), "amount": str(amount)},
            {"kind": "stop", "what": stop.what, "who": respondent.name},
        ],
    }  # fmt: skip
    return agreement, [pay, stop], data


def _agreement(draw: Draw, row: History, on: date, by: Any, step: str) -> tuple[Agreement, list[Term]]:
    agreement, terms, data = _agreed(draw, row, on, "written")
    agreement.signed_on = agreement.mediator_signed_on = on
    data |= {"parties_signed_on": on.isoformat(), "mediator_signed_on": on.isoformat(), "no_confirmation": True}
    row.step(step, "agreed", by=by, on=on, tell=lambda e: _save(e, row, agreement, terms), data=data)
    return agreement, terms


def _perform(draw: Draw, row: History, on: date, by: Any, pay: Term) -> None:
    """Most pay before the day, some after it, some not at all."""
    day = None if draw.odds(0.07) else draw.after(on, 3, 15) if draw.odds(0.9) else draw.after(on, 26, 45)
    if day is None:
        return
    done = Performance(term=pay, on=day, amount=pay.amount, by=by)
    pay.performed_on = day

    def tell(entry: Entry) -> None:
        entry.save(done)
        entry.save(pay)
        entry.note(term=pay.position, amount=str(pay.amount))
        entry.finish(DUE, subject=pay.subject)
        entry.fact("performed", value=pay.kind, subject=pay.subject)

    row.act("record_performance", by=by, on=day, tell=tell, data={"term": pay, "amount": str(pay.amount)})


def _save(entry: Entry, row: History, agreement: Agreement, terms: list[Term]) -> None:
    row.case.backfill.add(agreement)  # its id names it in the terms
    for term in terms:
        term.agreement = agreement
    for one in (agreement, *terms):
        entry.save(one)


def _settle(
    row: History, step: str, outcome: str, on: date, by: Any, approver: Any, agreement: Agreement,
    terms: list[Term], data: dict[str, Any] | None = None,
) -> None:  # fmt: skip
    def tell(entry: Entry) -> None:
        _save(entry, row, agreement, terms if data else [])  # of a written one they stand since it was signed
        entry.fact("closed", value=outcome)
        entry.finish_all()
        entry.start(ARCHIVE)
        row.row.owe(entry, terms)
        entry.fact("effective", value=outcome)
        entry.start("J-01")

    row.step(
        step, "settled", by=by, approved_by=approver, on=on, columns={"closed_on": on, "outcome": outcome}, tell=tell,
        data=data,
    )  # fmt: skip


def _end(
    row: History, step: str, to: str, outcome: str, on: date, *, by: Any, ending: str, data: dict[str, Any],
    rows: Any = (),
) -> None:  # fmt: skip
    def tell(entry: Entry) -> None:
        for one in rows:
            entry.save(one)
        entry.fact("closed", value=outcome)
        entry.finish_all()
        entry.start(ARCHIVE)

    columns = {"closed_on": on, "outcome": outcome, "ending": ending}
    row.step(step, to, by=by, on=on, columns=columns, tell=tell, data={**data, "reason": ending})
