"""司法确认 by hand: 共同申请 → 法院受理 → 裁定 (民事诉讼法第二百零五条、第二百零六条; 人民调解法第三十三条)."""

from typing import Any

from cases import steps
from cases.models import Proceeding
from mediation.models import JudicialConfirmation
from tests.factories import TODAY
from tests.house import House
from tests.mediation.table import TABLE as MEDIATION
from tests.tables import Table, frozen, reach

MEDIATOR = frozen("mediator")
DAY = TODAY.isoformat()


def data(step: str, _row: Proceeding) -> dict[str, Any]:
    return {
        "apply": {"court": "示例区人民法院", "applicant_signed_on": DAY, "respondent_signed_on": DAY,
                  "no_ownership": True},
        "admit": {"court_case_no": ""},
        "confirm": {"court_case_no": ""},
        "refuse": {"ground": "unclear"},
        "withdraw": {"reason": "performed"},
        "record_history": {"received_on": "2025-03-03", "accepted_on": "2025-03-05", "closed_on": "2025-04-01",
                           "state": "confirmed", "outcome": "confirmed"},
    }[step]  # fmt: skip


def start(house: House) -> Proceeding:
    found = JudicialConfirmation.objects.first()
    if found is None:
        settled = reach(MEDIATION, "settled", house)
        steps.act(settled.pk, "open_confirmation", by=house.one("mediator"), data={}, today=TODAY)
        found = JudicialConfirmation.objects.get()
    return found


TABLE = Table(
    kind="judicial_confirmation",
    states=("received", "applied", "in_review", "confirmed", "refused", "withdrawn", "void"),
    edges={
        ("received", "apply"): "applied",
        ("received", "withdraw"): "withdrawn",
        ("received", "record_history"): "confirmed",
        ("applied", "admit"): "in_review",
        ("applied", "refuse"): "refused",
        ("applied", "withdraw"): "withdrawn",
        ("in_review", "confirm"): "confirmed",
        ("in_review", "refuse"): "refused",
        ("in_review", "withdraw"): "withdrawn",
    },
    who={
        "apply": MEDIATOR, "admit": MEDIATOR, "confirm": MEDIATOR, "refuse": MEDIATOR, "withdraw": MEDIATOR,
        "correct_record": MEDIATOR, "undo_last": MEDIATOR, "void": frozen("station_head committee"),
        "record_history": frozen("district"),
    },
    sees=frozen("clerk station_head mediator committee"),
    approval={},
    accepting="",
    approves_repairs=(),
    start=start,
    data=data,
    ends=frozen("confirmed refused withdrawn void"),
    stories=8,
)  # fmt: skip
