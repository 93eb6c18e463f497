"""Simulated rights assistance: accepted, helped, ended; refused; turned into mediation."""

from datetime import date
from typing import Any

from cases.assistance_forms import channel_of
from cases.backfill import CaseHistory, History
from cases.entry import Entry
from cases.models import Event
from cases.models.assisting import TARGETS

from .draws import Draw
from .mediation import mediate

HELP = (("advice", 52), ("infringement_opinion", 12), ("analysis", 9), ("referral_report", 14), ("overseas", 4),
        ("referral_court", 9))  # fmt: skip

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
    row.step(
        "accept", "accepted", by=clerk, approved_by=head, on=day, series="assistance",
        columns={
            "accepted_on": day, "help_kind": help_kind, "handler": clerk, "competence": "act",
            "applicant_type": draw.one(APPLICANTS), "channel": channel_of(case.case.source),
        },
        tell=accepted,
        data={"help_kind": help_kind, "handler": clerk.username, "competence": "act"},
    )  # fmt: skip
    day = draw.after(day, 2, 45)
    if day is None:
        return row
    if ending == "converted":
        main = _end(row, "convert", "converted", day, by=clerk)
        mediate(draw, case, day, day, "people", parent=row, opened_by=main)
    elif ending == "completed":
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

    return row.step(
        step, outcome, by=by, approved_by=approved_by, on=on, columns=columns, tell=tell, data=data
    )
