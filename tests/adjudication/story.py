"""An adjudication taken through the door to a state; what tests of this room start from."""

from datetime import date, timedelta
from typing import Any

from adjudication.models import Adjudication, Ruling
from cases import steps
from cases.models import Party
from stations.models import User
from tests.factories import TODAY, approve_all, body, first, register, user
from tests.laid import laid_once

STAFF = {"adj1": "adjudicator", "adj2": "adjudicator", "adj3": "adjudicator", "adj4": "adjudicator",
         "rec": "recorder", "head": "head", "legal": "legal", "office": "office"}  # fmt: skip
MEMBERS = [{"user": "adj2"}, {"user": "adj3"}]
PANEL = {"leader": "adj1", "members": MEMBERS, "recorder": "rec"}
CONDITIONS = dict.fromkeys(
    ("interested", "definite_respondent", "definite_claims", "competent", "not_elsewhere"), True
)
FILING = {**PANEL, **CONDITIONS, "claim_count": 9, "claims_relied": "权利要求1、3"}
PARTIES = [
    {"role": "applicant", "kind": "legal_person", "name": "甲公司", "id_number": "91110000802100433B",
     "phone": "13800138000", "address": "示例一路1号"},
    {"role": "respondent", "kind": "legal_person", "name": "乙公司", "address": "示例二路2号"},
]  # fmt: skip
RULING = {
    "outcome": "established", "procedure": "依法组成合议组审理终结。", "claims": "请求责令停止侵权。",
    "defence": "采用现有技术。", "facts": [{"text": "专利有效。"}], "reasoning": [{"text": "落入保护范围。"}],
    "basis": "《中华人民共和国专利法》第六十五条",
    "orders": [{"kind": "stop", "acts": "制造、销售", "object": "阀门", "scope": "权利要求1"}],
}  # fmt: skip


@laid_once
def staff() -> dict[str, Any]:
    """The bureau's people by user name; made when first asked for."""
    found = {one.username: one for one in User.objects.filter(username__in=STAFF)}
    if len(found) < len(STAFF):
        bureau = body("bureau")
        found = {name: user(name, (role, bureau)) for name, role in STAFF.items()}
    return found


def late(day: date) -> dict[str, str]:
    return {"on": day.isoformat(), "late_reason": "补录"}


@laid_once
def received(today: date = TODAY, **changes: Any) -> Adjudication:
    """A request, received."""
    staff()
    changes.setdefault("parties", PARTIES)
    changes.setdefault("rights", [{"kind": "invention", "number": "ZL201010110210.8", "title": "阀门"}])
    return first(register(today=today, proceeding="adjudication", **changes))


def fresh(row: Adjudication) -> Adjudication:
    return Adjudication.objects.get(pk=row.pk)


def take(
    row: Any, name: str, data: dict[str, Any] | None = None, *, by: str = "adj1", today: date = TODAY
) -> Any:
    """Take a step or an act, let everyone asked approve, and fetch the row again. Failures come out as raised."""
    people = staff()
    model = type(row)
    current = model.objects.get(pk=row.pk)
    meta = getattr(model, name)._step
    if meta.kind == "step":
        answer = steps.perform(
            row.pk, name, by=people[by], data=data or {}, version=current.version, today=today
        )
    else:
        answer = steps.act(row.pk, name, by=people[by], data=data or {}, today=today)
    if isinstance(answer, steps.Waiting):
        done = approve_all(answer, *(people[role] for role in answer.approval.roles.split(",")), today=today)
        assert done.state == "granted", done.reason
    return model.objects.get(pk=row.pk)


@laid_once
def filed(today: date = TODAY, **changes: Any) -> Adjudication:
    return take(received(today, **changes), "file", FILING, today=today)


def party(row: Adjudication, role: str = "respondent") -> Party:
    return row.case.parties.get(role=role)


def serve(
    row: Adjudication, paper: str = "request", role: str = "respondent", today: date = TODAY, **more: Any
) -> Any:
    data = {"party": party(row, role).pk, "paper": paper, "method": "direct", **more}
    return take(row, "serve", data, today=today)


def vote(code: str = "established") -> dict[str, Any]:
    return {"votes": [{"member": name, "vote": code, "words": "同意"} for name in ("adj1", "adj2", "adj3")]}


def settle(row: Adjudication, today: date = TODAY, by: str = "adj1") -> Adjudication:
    """Leave out, with a reason, every point of the checklist that still stands open in this stage."""
    for point in fresh(row).skippable_points():
        row = take(
            row, "skip_point", {"item": point.point.code, "reason": "书面审理已经查明"}, by=by, today=today
        )
    return row


@laid_once
def deliberating(today: date = TODAY, **changes: Any) -> Adjudication:
    """Served and answered, handed to the panel."""
    row = serve(filed(today, **changes), today=today)
    row = take(row, "receive_defence", {"party": party(row).pk}, today=today)
    return take(settle(row, today), "deliberate", today=today)


@laid_once
def ruled(today: date = TODAY) -> tuple[Adjudication, Ruling]:
    row = take(deliberating(today), "record_deliberation", vote(), today=today)
    row = take(row, "sign_ruling", RULING, today=today)
    return row, row.rulings.get()


def due(row: Adjudication, rule: str) -> date | None:
    """When the running deadline of a rule ends."""
    found = row.deadlines.filter(rule=rule, met_on__isnull=True, cancelled=False).first()
    return found.due_on if found else None


def later(days: int) -> date:
    return TODAY + timedelta(days)
