"""Simulated rights assistance: accepted, helped, ended; refused; turned into mediation."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from cases.assistance_forms import channel_of
from cases.backfill import CaseHistory, History
from cases.entry import Entry
from cases.models import Event, Forwarding, Overseas
from cases.models.assisting import FOREIGN_LIMIT, TARGETS
from cases.models.filing import RULE as ARCHIVE

from .draws import Draw
from .mediation import mediate

HELP = (("advice", 52), ("infringement_opinion", 12), ("analysis", 9), ("referral_report", 14), ("overseas", 4),
        ("referral_court", 9))  # fmt: skip

COMPARED = [{"feature": "模拟特征", "accused": "模拟内容", "result": "相同"}]
COUNTRIES = (
    (("模拟甲国", "模拟联邦法院", "诉讼"), 5),
    (("模拟乙国", "模拟海关", "边境扣押"), 3),
    (("模拟丙国", "模拟平台", "下架投诉"), 2),
)
APPLICANTS = (("small", 46), ("medium", 16), ("large", 6), ("person", 24), ("university", 4), ("other", 4))


def assist(draw: Draw, case: CaseHistory, on: date, today: date) -> History:
    """One application for help, as far as it has come by today."""
    house, clerk = draw.house, draw.house.clerks[case.case.station_id]  # type: ignore[index]
    centre, head = house.bodies["centre"], house.users["head"]
    row = case.open("assistance", by=clerk, on=on, today=today, body=centre)
    day = draw.after(today, 0, 6)
    if day is None:
        return row
    ending = draw.one(
        [("completed", 84), ("converted", 6), ("refused", 4), ("withdrawn", 4), ("transferred", 2)]
    )
    if ending == "refused":
        _end(
            row,
            "refuse",
            "refused",
            day,
            by=clerk,
            approved_by=head,
            fact="refused",
            reason="模拟：不属于援助事项",
        )
        return row

    def accepted(entry: Entry) -> None:
        entry.join(clerk, "handler")
        entry.fact("accepted", value="assistance")
        entry.finish("W-03")
        entry.finish("W-04")
        entry.start(TARGETS[help_kind])

    help_kind = "mediation" if ending == "converted" else draw.one(HELP)
    applicant = draw.one(APPLICANTS)
    row.step(
        "accept", "accepted", by=clerk, approved_by=head, on=day, series="assistance",
        columns={
            "accepted_on": day, "help_kind": help_kind, "handler": clerk, "competence": "act",
            "applicant_type": applicant, "channel": channel_of(case.case.source),
        },
        tell=accepted,
        data={"help_kind": help_kind, "handler": clerk.username, "competence": "act", "applicant_type": applicant},
    )  # fmt: skip
    if help_kind == "overseas":
        _abroad(draw, row, day, by=clerk)
    day = draw.after(day, 2, 45)
    if day is None:
        return row
    if ending == "converted":
        main = _end(row, "convert", "converted", day, by=clerk)
        mediate(draw, case, day, day, "people", parent=row, opened_by=main)
    elif ending == "completed":
        _help(row, help_kind, day, by=clerk, approved_by=head)
        _end(row, "complete", "completed", day, by=clerk, approved_by=head, opinion="模拟：已提供指导意见")
    elif ending == "withdrawn":
        _end(row, "withdraw", "withdrawn", day, by=clerk, reason="模拟：申请人撤回")
    else:
        _end(row, "transfer", "transferred", day, by=clerk, to="模拟机关", reason="模拟：不属于本中心职责")
    return row


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

    return row.step(
        step, outcome, by=by, approved_by=approved_by, on=on, columns=columns, tell=tell, data=data
    )


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
        words = {"facts": "模拟情况", "reasons": "模拟分析", "conclusion": "模拟建议", "comparison": COMPARED}
        row.act("issue_opinion", by=by, approved_by=approved_by, on=on, data={"kind": help_kind, **words})
