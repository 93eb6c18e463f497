"""强制执行 by hand: 催告, ten working days from its service, 申请; ended at any time (行政强制法第五十三条、第五十四条; T-23, T-24)."""

from typing import Any

from adjudication.models import Enforcement
from cases.models import Proceeding
from tests.adjudication.after_ruling import LATE, OPENED_ON, SUING_ENDED_ON, do, respondent, ruled
from tests.factories import TODAY
from tests.house import House
from tests.tables import Table, frozen

OFFICER = frozen("adjudicator")


def data(step: str, _row: Proceeding) -> dict[str, Any]:
    return {
        "demand": {"on": "2026-10-12", **LATE},
        "apply": {"court": "示例法院", "late_ground": "不可抗力"},  # three months from SUING_ENDED_ON are over
        "conclude": {"outcome": "performed"},
        "record_history": {"received_on": "2025-03-03", "accepted_on": "2025-03-05", "closed_on": "2025-04-01",
                           "state": "done", "outcome": "enforced"},
    }[step]  # fmt: skip


def start(house: House) -> Proceeding:
    found = Enforcement.objects.first()
    if found is None:
        row = ruled(house)
        do(row, "record_no_suit", house, OPENED_ON, parties=[respondent(row)])
        do(row, "open_enforcement", house, OPENED_ON, suing_ended_on=SUING_ENDED_ON.isoformat())
        found = Enforcement.objects.get()
    return found


def prepare(step: str, row: Proceeding, house: House) -> None:
    if step == "apply" and row.state == "demanded" and not row.demands.exists():  # type: ignore[attr-defined]
        served = {"party": respondent(row.parent), "method": "direct", "on": "2026-10-12", **LATE}  # type: ignore[arg-type]
        do(row, "demand_served", house, TODAY, **served)


def hindered(step: str, row: Proceeding) -> str:
    """What was not served starts nothing."""
    if step == "apply" and row.state == "demanded" and not row.demands.exists():  # type: ignore[attr-defined]
        return "demand_not_served"
    return ""


TABLE = Table(
    kind="enforcement",
    states=("received", "demanded", "applied", "done", "void"),
    edges={
        ("received", "demand"): "demanded",
        ("received", "conclude"): "done",
        ("received", "record_history"): "done",
        ("demanded", "apply"): "applied",
        ("demanded", "conclude"): "done",
        ("applied", "conclude"): "done",
    },
    who={
        "demand": OFFICER, "apply": OFFICER, "conclude": frozen("adjudicator office"), "correct_record": OFFICER,
        "undo_last": OFFICER, "void": frozen("head"), "record_history": frozen("district"),
    },
    sees=frozen("adjudicator head office legal"),
    approval={
        "demand": ("head",), "apply": ("head",), "conclude": ("head",), "correct_record": ("head",), "undo_last": ("head",),
    },
    accepting="",
    approves_repairs=(),
    start=start,
    data=data,
    prepare=prepare,
    hindered=hindered,
    ends=frozen("done void"),
    stories=8,
)  # fmt: skip
