"""行政诉讼 by hand: 应诉 → 答辩 → 裁判 → 生效, or 撤诉 at any time before (行政诉讼法第六十七条、第八十五条; law.md T-31 to T-33)."""

from typing import Any

from adjudication.models import Litigation
from cases.models import Proceeding
from tests.adjudication.after_ruling import LATE, OPENED_ON, do, respondent, ruled
from tests.factories import TODAY
from tests.house import House
from tests.tables import Table, frozen

DESK = frozen("adjudicator office")


def data(step: str, _row: Proceeding) -> dict[str, Any]:
    return {
        "answer": {"reason": "由法律顾问另行提交"},
        "record_judgment": {"outcome": "annulled", "form": "judgment", "judged_on": "2026-10-09", "on": "2026-10-12",
                            **LATE},
        "record_second_judgment": {"outcome": "", "judged_on": TODAY.isoformat()},
        "remand": {"judged_on": TODAY.isoformat(), "court_case_no": ""},
        "conclude": {},
        "withdraw_suit": {},
        "record_history": {"received_on": "2025-03-03", "accepted_on": "2025-03-05", "closed_on": "2025-04-01",
                           "state": "concluded", "outcome": "upheld"},
    }[step]  # fmt: skip


def start(house: House) -> Proceeding:
    found = Litigation.objects.first()
    if found is None:
        row = ruled(house)
        do(row, "record_suit", house, OPENED_ON, party=respondent(row), court="示例法院", court_case_no="")
        found = Litigation.objects.get()
    return found


def prepare(step: str, row: Proceeding, house: House) -> None:
    if step in ("record_second_judgment", "remand") and row.appealed_on is None:  # type: ignore[attr-defined]
        do(row, "appeal", house, TODAY, appellant="party")


def hindered(step: str, row: Proceeding) -> str:
    """An appeal once lodged, nothing takes effect before the second instance has spoken; it speaks, and remands, once."""
    if row.state == "concluded" and step == "void":
        return "built_upon"  # its result is in effect, and perhaps published again: that is undone first
    if row.state != "judged":
        return ""
    appealed, second = row.appealed_on is not None, bool(row.second_outcome)  # type: ignore[attr-defined]
    if step == "conclude":
        return "appeal_open" if appealed and not second else ""
    if step == "remand" and row.remanded:  # type: ignore[attr-defined]
        return "remanded_before"
    if step in ("record_second_judgment", "remand"):
        return "not_appealed" if not appealed else "second_judged" if second else ""
    return ""


TABLE = Table(
    kind="litigation",
    states=("received", "answered", "judged", "concluded", "withdrawn_suit", "void"),
    edges={
        ("received", "answer"): "answered",
        ("received", "record_judgment"): "judged",
        ("received", "withdraw_suit"): "withdrawn_suit",
        ("received", "record_history"): "concluded",
        ("answered", "record_judgment"): "judged",
        ("answered", "withdraw_suit"): "withdrawn_suit",
        ("judged", "record_second_judgment"): "judged",
        ("judged", "remand"): "answered",
        ("judged", "conclude"): "concluded",
        ("judged", "withdraw_suit"): "withdrawn_suit",
    },
    who={
        "answer": DESK, "record_judgment": DESK, "record_second_judgment": DESK, "remand": DESK, "conclude": DESK,
        "withdraw_suit": DESK, "correct_record": frozen("adjudicator"), "undo_last": frozen("adjudicator"),
        "void": frozen("head"), "record_history": frozen("district"),
    },
    sees=frozen("adjudicator head office legal reviewer"),
    approval={"conclude": ("head",), "correct_record": ("head",), "undo_last": ("head",)},
    accepting="",
    approves_repairs=(),
    start=start,
    data=data,
    prepare=prepare,
    hindered=hindered,
    ends=frozen("concluded withdrawn_suit void"),
    stories=8,
)  # fmt: skip
