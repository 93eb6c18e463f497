"""调解 by hand: nothing starts without both sides, nothing binds before it is sealed (人民调解法; issue 2)."""

from typing import Any

from cases.models import Proceeding
from tests.factories import TODAY, body, first, register
from tests.house import House
from tests.mediation.stage import SIGNED, TEXT, consent
from tests.tables import Table, frozen

MEDIATOR = frozen("mediator")
WITH_COMMITTEE = frozen("mediator committee")


def data(step: str, _row: Proceeding) -> dict[str, Any]:
    return {
        "accept": {},
        "decline": {"outcome": "refused", "reason": "不属于受理范围"},
        "sign_agreement": SIGNED,
        "seal_agreement": {},
        "record_oral": TEXT,
        "withdraw": {"outcome": "withdrawn", "reason": "申请人撤回"},
        "fail": {"ground": "no_agreement", "routes_told": ["judicial"], "reason": "分歧较大"},
        "terminate": {"ground": "party_ends", "reason": "当事人要求"},
        "transfer": {"to": "人民法院", "reason": "不属于调解范围"},
        "record_history": {"received_on": "2025-03-03", "accepted_on": "2025-03-05", "closed_on": "2025-04-01",
                           "state": "settled", "outcome": "written_agreement"},
    }[step]  # fmt: skip


def start(house: House) -> Proceeding:
    body("committee")
    return first(register(house.one("clerk"), proceeding="mediation", mediation_kind="people"))


def prepare(step: str, row: Proceeding, house: House) -> None:
    if step == "accept":
        consent(row, TODAY, by=house.one("clerk"))


TABLE = Table(
    kind="mediation",
    states=("received", "in_mediation", "agreed", "settled", "failed", "terminated", "withdrawn", "not_accepted",
            "transferred", "void"),
    edges={
        ("received", "accept"): "in_mediation",
        ("received", "decline"): "not_accepted",
        ("received", "withdraw"): "withdrawn",
        ("received", "transfer"): "transferred",
        ("received", "record_history"): "settled",
        ("in_mediation", "sign_agreement"): "agreed",
        ("in_mediation", "record_oral"): "settled",
        ("in_mediation", "withdraw"): "withdrawn",
        ("in_mediation", "fail"): "failed",
        ("in_mediation", "terminate"): "terminated",
        ("in_mediation", "transfer"): "transferred",
        ("agreed", "seal_agreement"): "settled",
        ("agreed", "fail"): "failed",
        ("agreed", "terminate"): "terminated",
    },
    who={
        "accept": MEDIATOR, "decline": WITH_COMMITTEE, "sign_agreement": MEDIATOR, "seal_agreement": MEDIATOR,
        "record_oral": MEDIATOR, "withdraw": frozen("clerk station_head mediator"), "fail": MEDIATOR,
        "terminate": MEDIATOR, "transfer": WITH_COMMITTEE, "correct_record": MEDIATOR, "undo_last": MEDIATOR,
        "void": frozen("station_head committee"), "record_history": frozen("district"),
    },
    sees=frozen("clerk station_head mediator committee"),
    approval={"accept": ("committee",), "seal_agreement": ("committee",)},
    accepting="accept",
    approves_repairs=("committee",),
    start=start,
    data=data,
    prepare=prepare,
    ends=frozen("settled failed terminated withdrawn not_accepted transferred void"),
)  # fmt: skip
