"""Simulated sittings: planned, held or called off, with minutes; a mediator recused, the time extended or stopped."""

import json
from datetime import date, time, timedelta
from typing import Any

from cases.entry import Entry
from mediation.models import Recusal, Session
from mediation.models.sittings import Note
from mediation.models.timing import LIMITS

from .talk import Talk

CAME = [{"party": "", "name": "模拟到场人", "capacity": ""}]
ATTENDANCE = json.dumps([{**line, "party_id": None} for line in CAME], ensure_ascii=False)
ROOM = "模拟调解室"
STARTS = time(9, 30)


def sit(talk: Talk, accepted: date, reached: bool) -> date | None:
    """One sitting or two after acceptance; answers the day of the last, None if it has not come yet."""
    draw = talk.draw
    day = accepted
    if draw.odds(0.02) and (day := _recused(talk, day)) is None:  # type: ignore[assignment]
        return None
    again = draw.odds(0.25)
    for last in (False, True) if again else (True,):
        result = ("reached" if reached else "not_reached") if last else "continues"
        held = _sitting(talk, day, result)
        if held is None:
            return None
        day = held
    if draw.odds(0.2):
        _note(talk, day)
    return day


def _sitting(talk: Talk, after: date, result: str) -> date | None:
    draw = talk.draw
    if not draw.odds(0.5):
        day = draw.after(after, 1, 9)
        if day is not None:
            _held(talk, day, draw.one([("in_person", 6), ("phone", 3), ("separate", 1)]), result, None)
        return day
    to_come = draw.after(after, 3, 8) or draw.today + timedelta(draw.chance.randint(3, 9))
    mode = draw.one([("in_person", 6), ("video", 3), ("phone", 1)])
    plan = _planned(talk, after, to_come, mode)
    if to_come > draw.today:
        return None
    if not draw.odds(0.12):
        _held(talk, to_come, mode, result, plan)
        return to_come
    _called_off(talk, to_come, plan)
    day = draw.after(to_come, 2, 5)
    if day is not None:
        _held(talk, day, "in_person", result, None)
    return day


def _planned(talk: Talk, on: date, to_come: date, mode: str) -> Session:
    row = Session(
        mediation_id=talk.row.row.pk, status="planned", by=talk.mediator, on=to_come, starts=STARTS, mode=mode,
        place=ROOM if mode == "in_person" else "",
    )  # fmt: skip
    parties = talk.row.case.parties
    row.attendance = json.dumps([{"party_id": one.pk} for one in parties])
    data: dict[str, Any] = {"place": row.place, "invited": list(parties)}
    if mode == "video":
        row.link = data["link"] = "模拟会议号"
    talk.act(
        "plan_session", on, lambda e: e.save(row), day=to_come.isoformat(), starts="09:30", mode=mode, **data
    )
    return row


def _called_off(talk: Talk, on: date, row: Session) -> None:
    row.status = Session.Status.CALLED_OFF
    talk.act("call_off_session", on, lambda e: e.save(row), session=row)


def _held(talk: Talk, on: date, mode: str, result: str, plan: Session | None) -> None:
    row = plan or Session(mediation_id=talk.row.row.pk)
    notes: dict[str, Any] = {}
    data: dict[str, Any] = {"place": ROOM if mode in ("in_person", "separate") else ""}
    if plan is not None:
        invited = sorted(one.pk for one in talk.row.case.parties)
        stood = {
            "on": plan.on.isoformat(),
            "starts": "09:30",
            "ends": "",
            "mode": plan.mode,
            "place": plan.place,
        }
        notes["planned"] = {**stood, "invited": invited}
        data |= {"planned": plan, "starts": "09:30"}
    else:
        row.starts = None
    row.status, row.by, row.on, row.mode, row.place = "held", talk.mediator, on, mode, data["place"]
    row.result, row.minutes, row.attendance = result, "模拟笔录", ATTENDANCE

    def tell(entry: Entry) -> None:
        entry.note(**notes)
        entry.save(row)

    talk.act(
        "session", on, tell, mode=mode, result=result, minutes="模拟笔录", attendance=CAME, **data,
    )  # fmt: skip


def _note(talk: Talk, on: date) -> None:
    row = Note(mediation_id=talk.row.row.pk, side="respondent", on=on, by=talk.mediator)
    row.text = "模拟：单方意见"
    talk.act("note_side", on, lambda e: e.save(row), side="respondent", text="模拟：单方意见")


def _recused(talk: Talk, on: date) -> date | None:
    """A party asks for another mediator; the body grants it or not, and whoever replaces goes on."""
    draw = talk.draw
    others = [one for one in draw.house.mediators if one != talk.mediator]
    if talk.mediator not in draw.house.mediators or (asked := draw.after(on, 0, 3)) is None:
        return on
    row = Recusal(
        mediation_id=talk.row.row.pk, user=talk.mediator, party=talk.respondent, ground="party_asks", asked_on=asked
    )  # fmt: skip
    talk.act(
        "ask_recusal", asked, lambda e: e.save(row), by=talk.clerk, user=talk.mediator.username,
        party=talk.respondent, ground="party_asks",
    )  # fmt: skip
    if (day := draw.after(asked, 1, 3)) is None:
        return None
    granted = draw.odds(0.6)
    replacement = draw.chance.choice(others) if granted else None
    row.granted, row.decided_on = granted, day
    leaving = talk.mediator

    def tell(entry: Entry) -> None:
        if replacement is not None:
            entry.leave(leaving, "mediator")
            entry.join(replacement, "mediator")
        entry.save(row)
        entry.note(mediator=leaving.username)

    talk.act(
        "decide_recusal", day, tell, by=talk.approver, columns={"handler": replacement} if replacement else None,
        recusal=row, granted="yes" if granted else "no", reason="模拟：决定理由", acknowledged=True,
        **({"replacement": replacement.username} if replacement else {}),
    )  # fmt: skip
    talk.mediator = replacement or talk.mediator
    return day


def longer(talk: Talk, on: date) -> None:
    """Both sign for fifteen days more while the time still runs; a court's time is stopped by an appraisal instead."""
    running = [d for d in talk.row.clock.running if d.rule in LIMITS]
    if not running or running[0].due_on < on:
        return
    rule = running[0].rule
    if rule != "M-20" and talk.draw.odds(0.3):
        _appraisal(talk, on)
        return
    day = on.isoformat()

    def tell(entry: Entry) -> None:
        entry.extend(rule, 15)
        entry.note(rule=rule)

    talk.act("extend", on, tell, days=15, applicant_signed_on=day, respondent_signed_on=day)


def _appraisal(talk: Talk, on: date) -> None:
    name = "模拟鉴定机构"
    talk.act("start_appraisal", on, lambda e: e.pause("appraisal", ground=name), institution=name)
    if (day := talk.draw.after(on, 5, 10)) is not None:
        talk.act("end_appraisal", day, lambda e: e.resume("appraisal"))
