"""Simulated follow-up of an agreement: obligations performed in time, late, in parts, let go or not at all; the court."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from cases.backfill import History
from cases.entry import Entry
from mediation import paying
from mediation.models import Agreement, Performance, Subsidy, Term
from mediation.models.confirmation import LIMIT as CONFIRMATION
from mediation.models.performance import DUE

from .reaching import COURT
from .talk import Later, Talk

GRADES = (("simple", 30), ("ordinary", 50), ("difficult", 17), ("major", 3))
KEPT = (("in_time", 76), ("in_parts", 6), ("late", 10), ("never", 5), ("released", 3))


def follow(talk: Talk, later: Later, agreement: Agreement, terms: list[Term], on: date) -> None:
    """What becomes of each term, and whether both sides go to court for its confirmation."""
    for term in terms:
        if term.due_on is None:
            if talk.draw.odds(0.5):
                later.at(talk.draw.after(on, 1, 8), _done(talk, term))
            continue
        _owed(talk, later, term, on)
    if talk.draw.odds(0.35 if talk.confirmable else 0.02) and agreement.form == "written":
        if talk.confirmable or not _looked_at(talk):
            later.at(talk.draw.after(on, 0, 5), lambda day: _confirmation(talk, later, day))


def _looked_at(talk: Talk) -> bool:
    return any(call.name == "check_agreement" for row, call in talk.row.case.told if row is talk.row)


def _owed(talk: Talk, later: Later, term: Term, on: date) -> None:
    draw, due = talk.draw, term.due_on
    assert due is not None
    kept = draw.one(KEPT)
    early = max(on, due - timedelta(14))
    match kept:
        case "in_time":
            later.at(draw.between(early, due), _done(talk, term))
        case "in_parts" if term.amount is not None:
            later.at(draw.between(on, early), _paid(talk, term, term.amount / 2, Decimal(0)))
            later.at(draw.between(early, due), _paid(talk, term, term.amount / 2, term.amount / 2))
        case "late" | "in_parts":
            later.at(draw.after(due, 1, 4), _reminded(talk, term))
            later.at(draw.after(due, 5, 25), _done(talk, term))
        case "never":
            later.at(draw.after(due, 1, 10), _reminded(talk, term))
        case _:
            later.at(draw.after(due, 0, 15), _released(talk, term))


def _done(talk: Talk, term: Term) -> Callable[[date], object]:
    return _paid(talk, term, term.amount, Decimal(0))


def _paid(talk: Talk, term: Term, amount: Decimal | None, before: Decimal) -> Callable[[date], object]:
    """So much is paid after so much before; what asks for no money is simply done."""

    def tell(on: date) -> None:
        whole = amount is None or before + amount == term.amount
        row = Performance(term=term, on=on, amount=amount, completes=whole, by=talk.mediator)

        def said(entry: Entry) -> None:
            entry.save(row)
            entry.note(term=term.position, amount=str(amount) if amount else None)
            if whole:
                term.performed_on = on
                entry.save(term)
                entry.finish(DUE, subject=term.subject)
                entry.fact("performed", value=term.kind, subject=term.subject)

        data = {"completes": True} if amount is None else {"amount": str(amount)}
        talk.act("record_performance", on, said, term=term, **data)

    return tell


def _released(talk: Talk, term: Term) -> Callable[[date], object]:
    def tell(on: date) -> None:
        term.released_on = on

        def said(entry: Entry) -> None:
            entry.save(term)
            entry.note(term=term.position)
            entry.finish(DUE, subject=term.subject)
            entry.fact("released", value="waived", subject=term.subject)

        talk.act("release_term", on, said, term=term, ground="waived")

    return tell


def _reminded(talk: Talk, term: Term) -> Callable[[date], object]:
    return lambda on: talk.act(
        "remind", on, lambda e: e.note(term=term.position), term=term, way="phone", reached="yes"
    )


# what the committee pays ----------------------------------------------------------------------------------------


def pay(talk: Talk, later: Later, terms: list[Term], archived: date) -> None:
    """以案定补: graded after archiving unless something is overdue, paid with one of the next payments."""
    if talk.row.row.flavour == "people" and talk.draw.odds(0.9):
        later.at(talk.draw.after(archived, 1, 12), lambda day: _graded(talk, later, terms, day))


def _graded(talk: Talk, later: Later, terms: list[Term], on: date) -> None:
    owed = [t for t in terms if t.performed_on is None and t.released_on is None]
    if on < paying.standards()[0].begins or any(t.due_on is not None and t.due_on < on for t in owed):
        return
    standard = paying.standard(on)
    grade = standard.grade(talk.draw.one(GRADES))
    row = Subsidy(
        mediation_id=talk.row.row.pk, mediator=talk.row.row.handler, grade=grade.code, amount=grade.amount,
        rules=standard.version, graded_on=on,
    )  # fmt: skip

    def said(entry: Entry) -> None:
        entry.save(row)
        entry.note(amount=grade.amount, rules=standard.version)

    talk.act("grade_subsidy", on, said, by=talk.approver, grade=grade.code, reason="模拟：按标准评定")

    def paid(day: date) -> None:
        row.month, row.paid_on = f"{day:%Y-%m}", day
        talk.act("pay_subsidy", day, lambda e: e.save(row), by=talk.approver, month=row.month)

    later.at(talk.draw.after(on, 8, 28), paid)


# the court ------------------------------------------------------------------------------------------------------


def _confirmation(talk: Talk, later: Later, on: date) -> None:
    """Both apply; most are confirmed, some taken back, a few refused because the agreement says who owns the right."""
    draw, row = talk.draw, talk.row
    running = [d for d in row.clock.deadlines if d.rule == CONFIRMATION][-1]

    def opened(entry: Entry) -> None:
        entry.finish(CONFIRMATION)
        entry.children.append(("judicial_confirmation", {}))

    event = talk.act("open_confirmation", on, opened)
    child = row.case.open(
        "judicial_confirmation", by=talk.mediator, on=on, body=row.row.body, parent=row, opened_by=event,
        effective_on=running.starts_on, handler=row.row.handler,
    )  # fmt: skip
    last = running.due_on
    if draw.odds(0.1):
        later.at(
            draw.after(on, 3, 12),
            lambda day: _over(talk, child, "withdraw", "withdrawn", day, reason="performed"),
        )
        return
    day = draw.after(on, 1, 6)
    if day is not None and day <= last:
        later.at(day, lambda day: _apply(talk, later, child, day))


def _apply(talk: Talk, later: Later, child: History, on: date) -> None:
    def applied(entry: Entry) -> None:
        entry.fact("confirmation_applied")
        entry.finish(CONFIRMATION)
        entry.start("J-03")

    court = talk.referral.court if talk.referral else COURT
    child.step(
        "apply", "applied", by=talk.mediator, on=on, columns={"court": court, "applied_on": on}, tell=applied,
        data={
            "court": court, "applicant_signed_on": on.isoformat(), "respondent_signed_on": on.isoformat(),
            "no_ownership": True,
        },
    )  # fmt: skip
    if talk.draw.odds(0.08):
        later.at(
            talk.draw.after(on, 2, 3),
            lambda day: _over(talk, child, "refuse", "not_accepted", day, ground="ownership"),
        )
        return
    later.at(talk.draw.after(on, 1, 3), lambda day: _admit(talk, later, child, day))


def _admit(talk: Talk, later: Later, child: History, on: date) -> None:
    number = f"（{on.year}）津0116民特{child.row.pk}号"

    def admitted(entry: Entry) -> None:
        entry.finish("J-03")
        entry.start("J-04b")

    child.step(
        "admit", "in_review", by=talk.mediator, on=on, columns={"court_case_no": number, "admitted_on": on},
        tell=admitted, data={"court_case_no": number},
    )  # fmt: skip
    day = talk.draw.after(on, 4, 18)
    match talk.draw.one([("confirm", 88), ("refuse", 7), ("withdraw", 5)]):
        case "confirm":
            later.at(day, lambda day: _over(talk, child, "confirm", "confirmed", day))
        case "refuse":
            later.at(day, lambda day: _over(talk, child, "refuse", "refused", day, ground="ownership"))
        case _:
            later.at(day, lambda day: _over(talk, child, "withdraw", "withdrawn", day, reason="one_side"))


def _over(talk: Talk, child: History, step: str, outcome: str, on: date, **data: str) -> None:
    def tell(entry: Entry) -> None:
        entry.fact("closed", value=outcome)
        entry.finish_all()

    to = {"confirm": "confirmed", "refuse": "refused", "withdraw": "withdrawn"}[step]
    child.step(
        step, to, by=talk.mediator, on=on, columns={"closed_on": on, "outcome": outcome}, tell=tell, data=data
    )
