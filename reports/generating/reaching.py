"""Simulated mediation before it begins: a court's papers, who mediates, the other side asked by letter, page or telephone."""

import json
from datetime import date
from typing import Any

from cases import codes
from cases.entry import Entry, Fact
from mediation.answering import PAGE_USER
from mediation.models import Consent, Contact, Invitation
from mediation.models.inviting import default_expiry
from mediation.models.referral import Referral

from .talk import Talk

COURT = "天津市滨海新区人民法院"
MATERIALS = [{"name": "民事起诉状", "pages": 6}, {"name": "证据材料", "pages": 20}]


def reach(talk: Talk, today: date, declined: str) -> date | None:
    """Both are asked; answers the day on which the mediation is taken on, or ends before it began."""
    draw, row = talk.draw, talk.row
    day = draw.after(today, 0, 2)
    if day is None:
        return None
    if row.case.case.from_court and draw.odds(0.85):
        day = _referred(talk, day)
    if day is None:
        return None
    consent(talk, talk.applicant, day, "agree", "application")
    if declined == "refused":
        return draw.after(day, 1, 4)
    by_letter = draw.odds(0.4)
    if by_letter or draw.odds(0.15):
        appoint(talk, day)
    if draw.odds(0.15):
        contact(talk, day, "call", "unanswered")
        if (day := draw.after(day, 1, 3)) is None:
            return None
    if declined == "unreachable":
        contact(talk, day, "call", "unreachable")
        return draw.after(day, 2, 12)
    invitation = None
    if by_letter:
        invitation = _invite(talk, day)
    else:
        contact(talk, day, "call", "reached")
    if (day := draw.after(day, 1, 6)) is None:
        return None
    return _answers(talk, day, declined, invitation)


def _answers(talk: Talk, day: date, declined: str, invitation: Invitation | None) -> date | None:
    draw = talk.draw
    if invitation is not None and (day > invitation.expires_on or draw.odds(0.3)):
        invitation = None  # the letter is answered by telephone or on paper
    if declined == "no_answer":
        if (day := draw.after(day, 9, 12)) is not None and draw.odds(0.5):
            consent(talk, talk.respondent, day, "silent", "none")
        return day
    if declined == "no_consent":
        _answer(talk, day, "refuse", invitation, "phone")
        return draw.after(day, 0, 8)
    if draw.odds(0.12):
        _answer(talk, day, "propose", invitation, "phone")
        invitation = None
        if (day := draw.after(day, 1, 5)) is None:
            return None
    _answer(talk, day, "agree", invitation, "signed")
    return day


def _answer(talk: Talk, on: date, answer: str, invitation: Invitation | None, way: str) -> None:
    if invitation is None:
        consent(talk, talk.respondent, on, answer, way)
        return
    page = talk.draw.house.users[PAGE_USER]
    remark = "" if answer == "agree" else "模拟：理由或者方案"

    def tell(entry: Entry) -> None:
        invitation.answered_at = entry.at
        entry.save(invitation)
        _take(talk, entry, talk.respondent, answer, "page", remark)

    talk.act(
        "answer_invitation", on, tell, by=page, invitation=invitation, party=talk.respondent, answer=answer,
        remark=remark,
    )  # fmt: skip


def consent(talk: Talk, party: Any, on: date, answer: str, way: str) -> None:
    """An answer a party gives the mediator."""
    talk.act(
        "record_consent",
        on,
        lambda e: _take(talk, e, party, answer, way),
        party=party,
        answer=answer,
        way=way,
    )


def _take(talk: Talk, entry: Entry, party: Any, answer: str, way: str, remark: str = "") -> None:
    row = Consent(mediation_id=talk.row.row.pk, party=party, answer=answer, way=way, on=entry.on, by=entry.by)
    if remark:
        row.remark = remark
    entry.save(row)
    if party.role == "respondent" and answer in ("agree", "refuse"):
        for old in talk.row.live("answered"):
            entry.facts.append(Fact("answered", answer, old.subject, entry.on, old))
        if not entry.facts:
            entry.fact("answered", value=answer, subject=f"party:{party.pk}")


def contact(talk: Talk, on: date, way: str, result: str) -> None:
    """One attempt to reach the respondent."""
    row = Contact(
        mediation_id=talk.row.row.pk, party=talk.respondent, way=way, result=result, on=on, by=talk.mediator
    )

    def tell(entry: Entry) -> None:
        entry.save(row)
        _contacted(talk, entry, way)

    talk.act("contact", on, tell, party=talk.respondent, way=way, result=result)


def _contacted(talk: Talk, entry: Entry, way: str) -> None:
    entry.finish("C-09d")
    if not talk.contacted:
        entry.fact("contacted", value=way, subject=f"party:{talk.respondent.pk}")
        talk.contacted = True


def _invite(talk: Talk, on: date) -> Invitation:
    pk, party = talk.row.row.pk, talk.respondent
    made = Contact(mediation_id=pk, party=party, way="invitation", result="sent", on=on, by=talk.mediator)
    invitation = Invitation(
        mediation_id=pk, party=party, contact=made, code_digest=Invitation.digest_of(codes.new_code()), released_on=on,
        expires_on=default_expiry(on),
    )  # fmt: skip

    def tell(entry: Entry) -> None:
        talk.row.case.backfill.add(made)  # its id names it in the invitation
        invitation.contact = made
        entry.save(made)
        entry.save(invitation)
        _contacted(talk, entry, "invitation")

    talk.act("invite", on, tell, party=party)
    return invitation


def appoint(talk: Talk, on: date) -> None:
    """Taken up by the mediator, appointed by the body, or chosen by both parties."""
    chosen = talk.draw.one([("self", 5), ("appointed", 3), ("parties", 2)])
    data = {"user": talk.mediator.username, "chosen_by": chosen, "acknowledged": True}
    if chosen == "parties":
        data |= {"applicant_chose": True, "respondent_chose": True}
    talk.act(
        "assign_mediator", on, lambda e: e.join(talk.mediator, "mediator"),
        by=talk.mediator if chosen == "self" else talk.approver, columns={"handler": talk.mediator}, **data,
    )  # fmt: skip


def _referred(talk: Talk, on: date) -> date | None:
    """The court's papers: on paper they start its period, online the body first confirms on the platform."""
    draw, row = talk.draw, talk.row
    online = draw.odds(0.4)
    entrusted = row.case.case.source == "court_entrusted"
    procedure = draw.one([("ordinary", 3), ("simple", 1)]) if entrusted else ""
    rule = "C-06" if not entrusted else "C-07b" if procedure == "simple" else "C-07a"
    talk.referral = Referral(
        mediation_id=row.row.pk, court=COURT, judge="模拟法官", online=online, pushed_on=on, by=talk.clerk
    )
    talk.referral.materials = json.dumps(MATERIALS, ensure_ascii=False)
    columns: dict[str, Any] = {"procedure": procedure}
    data: dict[str, Any] = {
        "court": COURT, "judge": "模拟法官", "procedure": procedure, "online": online, "pushed_on": on.isoformat(),
        "materials": MATERIALS,
    }  # fmt: skip
    if not online:
        columns["materials_on"] = on
        data["materials_on"] = on.isoformat()

    def tell(entry: Entry) -> None:
        entry.save(talk.referral)
        entry.start("C-09a" if online else rule)

    talk.act("record_referral", on, tell, by=talk.clerk, columns=columns, **data)
    if not online:
        return on
    if (day := draw.after(on, 1, 3)) is None:
        return None

    def confirmed(entry: Entry) -> None:
        entry.finish("C-09a")
        entry.start("C-09d")
        entry.start(rule)

    talk.act("confirm_platform", day, confirmed, by=talk.approver, columns={"materials_on": day})
    return day
