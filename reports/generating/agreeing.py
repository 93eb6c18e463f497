"""Simulated agreements: looked at before they are signed, written or oral, several terms, instalments."""

import json
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cases.entry import Entry
from cases.models.filing import RULE as ARCHIVE
from mediation import confirmable
from mediation.models import Agreement, AgreementCheck, Term
from mediation.models.confirmation import LIMIT as CONFIRMATION

from .talk import Talk

FURTHER = (("destroy", "模拟：销毁库存"), ("apologise", "模拟：书面道歉"), ("license", "模拟：签订许可合同"),
           ("other", "模拟：变更名称"))  # fmt: skip


def agree(talk: Talk, on: date, form: str) -> tuple[Agreement, list[Term], date] | None:
    """What both sides agree; answers it with its terms and the day of effect, None if the seal has not come yet."""
    draw, row = talk.draw, talk.row
    agreement = Agreement(mediation_id=row.row.pk, form=form)
    agreement.facts, agreement.performance = "模拟：使用争议标识", "模拟：银行转账"
    terms = _terms(talk, agreement, on)
    typed = [_typed(term) for term in terms]
    words = {"facts": agreement.facts, "performance": agreement.performance, "terms": typed}
    if form == "oral":
        agreement.effective_on = on
        _settle(talk, "record_oral", "oral_agreement", on, agreement, terms, words)
        return agreement, terms, on
    checked = draw.odds(0.55)
    if checked:
        _look(talk, on, words)
    agreement.signed_on = agreement.mediator_signed_on = on
    signed = {"parties_signed_on": on.isoformat(), "mediator_signed_on": on.isoformat()}
    row.step(
        "sign_agreement", "agreed", by=talk.mediator, on=on, tell=lambda e: _save(e, talk, agreement, terms),
        data={**words, **signed, **({} if checked else {"no_confirmation": True})},
    )  # fmt: skip
    if (day := draw.after(on, 0, 3)) is None:
        return None
    agreement.sealed_on = agreement.effective_on = day
    _settle(talk, "seal_agreement", "written_agreement", day, agreement, terms, None)
    return agreement, terms, day


def _terms(talk: Talk, agreement: Agreement, on: date) -> list[Term]:
    draw, who = talk.draw, talk.respondent
    made = []
    parts = draw.one([(1, 6), (2, 3), (3, 1)])
    amount = Decimal(draw.chance.randint(2, 120) * 500)
    for n in range(1, parts + 1):
        term = Term(agreement=agreement, kind="pay", who=who, due_on=on + timedelta(30 * n), amount=amount)
        term.what = "模拟：支付补偿款" if parts == 1 else f"模拟：支付第{n}期补偿款"
        made.append(term)
    if draw.odds(0.3):
        kind, what = draw.chance.choice(FURTHER)
        term = Term(
            agreement=agreement, kind=kind, who=who, due_on=on + timedelta(draw.chance.randint(7, 40))
        )
        term.what = what
        made.append(term)
    stop = Term(agreement=agreement, kind="stop", who=who)
    stop.what = "模拟：停止使用"
    made.append(stop)
    for position, term in enumerate(made, start=1):
        term.position = position
    return made


def _typed(term: Term) -> dict[str, Any]:
    said: dict[str, Any] = {"kind": term.kind, "what": term.what, "who": term.who.name}
    if term.due_on is not None:
        said["due_on"] = term.due_on.isoformat()
    if term.amount is not None:
        said["amount"] = f"{term.amount:.2f}"
    return said


def _look(talk: Talk, on: date, words: dict[str, Any]) -> None:
    """Would a court confirm it? Not where the other side's number is unknown or the agreement says who owns a right."""
    case = talk.row.case.case
    case.__dict__["_prefetched_objects_cache"] = {"rights": list(talk.row.case.rights)}
    court = confirmable.court_for(case, talk.referral.court if talk.referral else "")
    items = {item.key: True for item in confirmable.ITEMS}
    items["identity"] = bool(talk.respondent.id_number_sealed)
    items["ownership"] = not talk.draw.odds(0.05)
    talk.confirmable = all(items.values())
    row = AgreementCheck(
        mediation_id=talk.row.row.pk,
        on=on,
        by=talk.mediator,
        court_level=court.level,
        confirmable=talk.confirmable,
    )
    said = {**words, "terms": confirmable.stored_terms(words["terms"])}
    row.answers = json.dumps({"items": items, "remark": "", "court": court.name, **said}, ensure_ascii=False)
    answers = {key: "yes" if holds else "no" for key, holds in items.items()}
    talk.act("check_agreement", on, lambda e: e.save(row), **words, **answers)


def _save(entry: Entry, talk: Talk, agreement: Agreement, terms: list[Term]) -> None:
    talk.row.case.backfill.add(agreement)  # its id names it in the terms
    for term in terms:
        term.agreement = agreement
    for one in (agreement, *terms):
        entry.save(one)


def _settle(
    talk: Talk, step: str, outcome: str, on: date, agreement: Agreement, terms: list[Term], words: dict[str, Any] | None
) -> None:  # fmt: skip
    assigned = talk.row.case.case.source == "court_assigned"
    start = agreement.signed_on if assigned and agreement.signed_on else on

    def tell(entry: Entry) -> None:
        _save(
            entry, talk, agreement, terms if words else []
        )  # of a written one they stand since it was signed
        entry.fact("closed", value=outcome)
        entry.finish_all()
        archive_later(talk, entry)
        talk.row.row.owe(entry, terms)
        entry.fact("effective", value=outcome)
        entry.start(CONFIRMATION, on=start)

    talk.row.step(
        step, "settled", by=talk.mediator, approved_by=None if words else talk.approver, on=on,
        columns={"closed_on": on, "outcome": outcome}, tell=tell, data=words,
    )  # fmt: skip


def archive_later(talk: Talk, entry: Entry) -> None:
    """From the end on the file is to be archived, a court's dispute to go back to it."""
    entry.start(ARCHIVE)
    if talk.referral is not None:
        entry.start("HB-01")
