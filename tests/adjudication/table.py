"""专利侵权纠纷行政裁决 by hand: 立案审查 → 审理 → 合议 → 裁决, and every other end (办法; issue 2)."""

from typing import Any

from adjudication.models import Adjudication
from cases import steps
from cases.models import Proceeding
from tests.adjudication.story import CONDITIONS, PARTIES, RULING
from tests.factories import TODAY, body, first, register
from tests.house import House
from tests.tables import Table, frozen

OFFICER = frozen("adjudicator")
PANEL = ("adjudicator1", "adjudicator2", "adjudicator3")
FILING = {
    "leader": PANEL[0], "members": [{"user": PANEL[1]}, {"user": PANEL[2]}], "recorder": "recorder1", **CONDITIONS,
    "claim_count": 9, "claims_relied": "权利要求1、3",
}  # fmt: skip


def data(step: str, _row: Proceeding) -> dict[str, Any]:
    return {
        "file": FILING,
        "refuse": {"reasons": [{"text": "没有明确的被请求人"}]},
        "withdraw_before": {"reason": "请求人撤回"},
        "transfer": {"to": "某市知识产权局", "reason": "不属于本部门管辖", "letter_no": "津滨知移〔2026〕1号",
                     "office": "办公室", "attachments": [{"text": "案卷材料"}]},
        "deliberate": {},
        "sign_ruling": RULING,
        "close_mediated": {"terms": [{"text": "停止销售"}]},
        "dismiss": {"ground": "other", "detail": "请求人撤回请求"},
        "record_history": {"received_on": "2025-03-03", "accepted_on": "2025-03-05", "closed_on": "2025-04-01",
                           "state": "settled", "outcome": "mediated"},
    }[step]  # fmt: skip


def start(house: House) -> Proceeding:
    body("bureau")
    rights = [{"kind": "invention", "number": "ZL201010110210.8", "title": "阀门"}]
    return first(register(house.one("clerk"), proceeding="adjudication", parties=PARTIES, rights=rights))


def prepare(step: str, row: Proceeding, house: House) -> None:
    officer = house.one("adjudicator")

    def act(name: str, **said: Any) -> None:
        steps.act(row.pk, name, by=officer, data=said, today=TODAY)

    respondent = row.case.parties.get(role="respondent").pk
    if (
        step == "deliberate"
        and row.deadlines.filter(rule="T-05", met_on__isnull=True, cancelled=False).exists()
    ):
        act("serve", party=respondent, paper="request", method="direct")
        act("receive_defence", party=respondent)
    if step == "deliberate":
        for point in Adjudication.objects.get(pk=row.pk).skippable_points():
            act("skip_point", item=point.point.code, reason="书面审理已经查明")
    if step == "sign_ruling" and not row.deliberations.exists():  # type: ignore[attr-defined]
        act(
            "record_deliberation",
            votes=[{"member": name, "vote": "established", "words": "同意"} for name in PANEL],
        )


TABLE = Table(
    kind="adjudication",
    states=("received", "filed", "deliberating", "ruled", "settled", "dismissed", "refused", "withdrawn_before",
            "transferred", "void"),
    edges={
        ("received", "file"): "filed",
        ("received", "refuse"): "refused",
        ("received", "withdraw_before"): "withdrawn_before",
        ("received", "transfer"): "transferred",
        ("received", "record_history"): "settled",
        ("filed", "deliberate"): "deliberating",
        ("filed", "close_mediated"): "settled",
        ("filed", "dismiss"): "dismissed",
        ("filed", "transfer"): "transferred",
        ("deliberating", "sign_ruling"): "ruled",
        ("deliberating", "close_mediated"): "settled",
        ("deliberating", "dismiss"): "dismissed",
        ("deliberating", "transfer"): "transferred",
    },
    who={
        "file": OFFICER, "refuse": OFFICER, "withdraw_before": OFFICER, "transfer": OFFICER, "deliberate": OFFICER,
        "sign_ruling": OFFICER, "close_mediated": OFFICER, "dismiss": OFFICER,
        "correct_record": frozen("adjudicator recorder"), "undo_last": frozen("adjudicator recorder"),
        "void": frozen("head"), "record_history": frozen("district"),
    },
    sees=frozen("clerk station_head adjudicator recorder head office legal reviewer"),
    approval={
        "file": ("head",), "refuse": ("head",), "withdraw_before": ("head",), "transfer": ("head",),
        "sign_ruling": ("legal", "head"), "close_mediated": ("head",), "dismiss": ("head",),
    },
    accepting="file",
    approves_repairs=("head",),
    start=start,
    data=data,
    prepare=prepare,
    ends=frozen("ruled settled dismissed refused withdrawn_before transferred void"),
)  # fmt: skip
