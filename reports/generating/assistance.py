"""Simulated rights assistance: accepted, helped, ended; refused; turned into mediation."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cases.assistance_forms import channel_of
from cases.backfill import CaseHistory, History
from cases.entry import Entry, Fact
from cases.models import Event, Forwarding, Overseas
from cases.models.assisting import FOREIGN_LIMIT, TARGETS
from cases.models.filing import RULE as ARCHIVE

from . import files
from .draws import Draw
from .mediation import mediate
from .talk import Later

HELP = (("advice", 52), ("infringement_opinion", 12), ("analysis", 9), ("referral_report", 14), ("overseas", 4),
        ("referral_court", 9), ("public_solution", 1))  # fmt: skip

COMPARED = [{"feature": "模拟特征", "accused": "模拟内容", "result": "相同"}]
COUNTRIES = (
    (("模拟甲国", "模拟联邦法院", "诉讼"), 5),
    (("模拟乙国", "模拟海关", "边境扣押"), 3),
    (("模拟丙国", "模拟平台", "下架投诉"), 2),
)
APPLICANTS = (("small", 46), ("medium", 16), ("large", 6), ("person", 24), ("university", 4), ("other", 4))


def assist(draw: Draw, case: CaseHistory, on: date, today: date) -> History:
    """One application for help, as far as it has come by today."""
    clerk = draw.house.clerks[case.case.station_id]  # type: ignore[index]
    row = case.open("assistance", by=clerk, on=on, today=today, body=draw.house.bodies["centre"])
    later = Later()
    ended = _handled(draw, row, today, clerk)
    if ended is not None:
        if row.row.state == "completed" and draw.odds(0.6):
            files.visit(draw, later, row, ended, clerk)
        files.archive(draw, later, row, ended, clerk)
    later.run()
    return row


def _handled(draw: Draw, row: History, today: date, clerk: Any) -> date | None:
    """Examined, helped, ended; answers the day of the end."""
    case, head = row.case, draw.house.users["head"]
    ending = draw.one(
        [("completed", 84), ("converted", 6), ("refused", 4), ("withdrawn", 4), ("transferred", 2)]
    )
    day = _examined(draw, row, today, clerk)
    if day is None or not row.row.is_open:
        return day
    if ending == "refused":
        _end(
            row, "refuse", "refused", day, by=clerk, approved_by=head, fact="refused", reason="模拟：不属于援助事项"
        )  # fmt: skip
        if not draw.odds(0.35) or (heard := draw.after(day, 3, 15)) is None:
            return day
        if _upheld(draw, row, heard, clerk):
            return heard
        day, ending = heard, "completed"
        help_kind = draw.one(HELP)
        _take_on(draw, row, "reinstate", day, clerk, help_kind)
    else:
        help_kind = "mediation" if ending == "converted" else draw.one(HELP)
        _take_on(draw, row, "accept", day, clerk, help_kind)
    if help_kind == "overseas":
        _abroad(draw, row, day, by=clerk)
    if (end := draw.after(day, 2, 45)) is None:
        return None
    if help_kind == "overseas" and draw.odds(0.3) and (again := draw.between(day, end)) is not None:
        _abroad(draw, row, again, by=clerk)
    if ending == "converted":
        main = _end(row, "convert", "converted", end, by=clerk)
        mediate(draw, case, end, end, "people", parent=row, opened_by=main)
    elif ending == "completed":
        _help(row, help_kind, end, by=clerk, approved_by=head)
        _end(row, "complete", "completed", end, by=clerk, approved_by=head, opinion="模拟：已提供指导意见")
    elif ending == "withdrawn":
        _end(row, "withdraw", "withdrawn", end, by=clerk, reason="模拟：申请人撤回")
    else:
        _end(row, "transfer", "transferred", end, by=clerk, to="模拟机关", reason="模拟：不属于本中心职责")
    return end


def _examined(draw: Draw, row: History, today: date, clerk: Any) -> date | None:
    """The application is looked through; some are told once what they lack, and a few never send it."""
    day = draw.after(today, 0, 6)
    if day is None or not draw.odds(0.08):
        return day

    def asked(entry: Entry) -> None:
        entry.finish("W-03")
        entry.start("W-04")

    row.act(
        "ask_correction", by=clerk, on=day, tell=asked, data={"defects": [{"text": "模拟：补充权属证明"}]}
    )
    if draw.odds(0.15):
        day = draw.after(row.clock.running[0].due_on + timedelta(1), 0, 3)
        if day is not None:
            _end(row, "withdraw", "deemed_withdrawn", day, by=clerk, reason="模拟：逾期未补正")
        return day
    if (day := draw.after(day, 1, 6)) is None:
        return None

    def received(entry: Entry) -> None:
        entry.finish("W-04")
        entry.start("W-03")

    row.act("receive_correction", by=clerk, on=day, tell=received)
    return draw.after(day, 0, 5)


def _take_on(draw: Draw, row: History, step: str, on: date, clerk: Any, help_kind: str) -> None:
    """Accepted, at once or after its refusal was annulled: then the refusal counts no longer."""
    applicant = draw.one(APPLICANTS)
    columns: dict[str, Any] = {
        "accepted_on": on, "help_kind": help_kind, "handler": clerk, "competence": "act",
        "applicant_type": applicant, "channel": channel_of(row.case.case.source),
    }  # fmt: skip
    if step == "reinstate":
        columns |= {"closed_on": None, "outcome": None}

    def accepted(entry: Entry) -> None:
        entry.join(clerk, "handler")
        entry.fact("accepted", value="assistance")
        entry.finish("W-03")
        entry.finish("W-04")
        entry.start(TARGETS[help_kind])
        if step == "reinstate":
            entry.facts += [Fact(None, None, old.subject, None, old) for old in row.live("refused", "closed")]

    row.step(
        step, "accepted", by=clerk, approved_by=draw.house.users["head"], on=on, series="assistance",
        columns=columns, tell=accepted,
        data={"help_kind": help_kind, "handler": clerk.username, "competence": "act", "applicant_type": applicant},
    )  # fmt: skip


def _upheld(draw: Draw, row: History, on: date, clerk: Any) -> bool:
    """The administration looks at an objection: the refusal stands, or is annulled."""
    result = draw.one([("upheld", 3), ("annulled", 2)])
    row.act("record_review", by=clerk, on=on, columns={"review": result}, data={"result": result})
    return result == "upheld"


def _end(row: History, step: str, outcome: str, on: date, *, by: Any, approved_by: Any = None, fact: str = "",
         **data: str) -> Event:  # fmt: skip
    columns: dict[str, Any] = {"closed_on": on, "outcome": outcome}
    if step == "complete":
        columns["opinion"] = data["opinion"]
    if step == "withdraw":
        data["outcome"] = outcome

    def tell(entry: Entry) -> None:
        for name in ([fact] if fact else []) + ["closed"]:
            entry.fact(name, value=outcome)
        entry.finish_all()
        entry.start(ARCHIVE)

    to = "withdrawn" if outcome == "deemed_withdrawn" else outcome
    return row.step(step, to, by=by, approved_by=approved_by, on=on, columns=columns, tell=tell, data=data)


def _abroad(draw: Draw, row: History, on: date, *, by: Any) -> None:
    """What the applicant faces abroad, with a limit that local counsel has told."""
    country, forum, procedure = draw.one(COUNTRIES)
    due = on + timedelta(draw.chance.randint(10, 60))
    loss = Decimal(draw.chance.randint(2, 400) * 5000) if draw.odds(0.6) else None
    said: dict[str, Any] = {
        "country": country,
        "forum": forum,
        "procedure": procedure,
        "advice": "模拟：委托当地律师核对期限",
    }
    one = Overseas(assistance=row.row, on=on, foreign_due_on=due, loss_avoided=loss, **said)

    def tell(entry: Entry) -> None:
        entry.save(one)
        entry.finish(FOREIGN_LIMIT)
        entry.start(FOREIGN_LIMIT, due=due)

    typed = {**said, "foreign_due_on": due.isoformat(), "loss_avoided": str(loss) if loss is not None else ""}
    row.act("record_overseas", by=by, on=on, tell=tell, data=typed)


def _help(row: History, help_kind: str, on: date, *, by: Any, approved_by: Any) -> None:
    """What the kind of help needs before 办结."""
    if help_kind == "referral_report":
        sent = Forwarding(
            assistance=row.row, to="模拟机关", matter="模拟：举报线索", sent_on=on, receipt_on=on
        )
        row.act(
            "pass_on", by=by, approved_by=approved_by, on=on, tell=lambda e: e.save(sent),
            data={"to": sent.to, "matter": sent.matter},
        )  # fmt: skip
        row.act("record_receipt", by=by, on=on, data={"forwarding": sent})
    elif help_kind != "advice":
        words: dict[str, Any] = {
            "facts": "模拟情况",
            "reasons": "模拟分析",
            "conclusion": "模拟建议",
            "comparison": COMPARED,
        }
        if help_kind == "public_solution":
            words["measures"] = [{"what": "模拟：统一许可", "who": "模拟单位"}]
        row.act("issue_opinion", by=by, approved_by=approved_by, on=on, data={"kind": help_kind, **words})
