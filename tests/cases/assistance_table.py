"""维权援助 by hand: 受理审查 → 办理中 → 已办结, and every other way out (issue 2; 维权援助工作指引)."""

from typing import Any

from cases import steps
from cases.models import Proceeding
from tests.factories import TODAY, first, register
from tests.house import House
from tests.tables import Table, frozen

DESK = frozen("clerk station_head")


def data(step: str, _row: Proceeding) -> dict[str, Any]:
    return {
        "accept": {"help_kind": "advice"},
        "refuse": {"reason": "不属于援助范围"},
        "withdraw": {"outcome": "withdrawn", "reason": "申请人撤回"},
        "complete": {"opinion": "建议协商解决", "applicant_type": "small"},
        "reinstate": {"help_kind": "advice"},
        "convert": {},
        "transfer": {"to": "人民法院", "reason": "不属于本中心职责"},
        "record_history": {"received_on": "2025-03-03", "accepted_on": "2025-03-05", "closed_on": "2025-04-01",
                           "state": "completed", "outcome": "completed"},
    }[step]  # fmt: skip


def prepare(step: str, row: Proceeding, house: House) -> None:
    """A refusal stands until the administration has annulled it (W-05)."""
    if step == "reinstate" and not row.review:
        steps.act(row.pk, "record_review", by=house.one("clerk"), data={"result": "annulled"}, today=TODAY)


def start(house: House) -> Proceeding:
    return first(register(house.one("clerk")))


TABLE = Table(
    kind="assistance",
    states=("received", "accepted", "completed", "converted", "refused", "withdrawn", "transferred", "void"),
    edges={
        ("received", "accept"): "accepted",
        ("received", "refuse"): "refused",
        ("received", "withdraw"): "withdrawn",
        ("received", "transfer"): "transferred",
        ("received", "record_history"): "completed",
        ("refused", "reinstate"): "accepted",
        ("accepted", "complete"): "completed",
        ("accepted", "convert"): "converted",
        ("accepted", "withdraw"): "withdrawn",
        ("accepted", "transfer"): "transferred",
    },
    who={
        "accept": DESK, "refuse": DESK, "withdraw": DESK, "complete": DESK, "convert": DESK, "transfer": DESK,
        "reinstate": DESK,
        "correct_record": DESK, "undo_last": DESK, "void": frozen("station_head head"),
        "record_history": frozen("district"),
    },
    sees=frozen("clerk station_head head office"),
    approval={"accept": ("head",), "refuse": ("head",), "reinstate": ("head",), "complete": ("head",)},
    accepting="accept",
    accepts_too=frozen("reinstate"),
    approves_repairs=("head",),
    start=start,
    data=data,
    prepare=prepare,
    ends=frozen("completed converted refused withdrawn transferred void"),
)  # fmt: skip
