"""People, bodies and cases for tests. A state is reached through the door, never set."""

from datetime import date
from typing import Any

from cases import approvals, steps
from cases.models import Case, Proceeding
from stations.models import Area, Body, Grant, Station, User
from tests.laid import laid_once

TODAY = date(2026, 11, 20)


def area(code: str = "120116001") -> Area:
    return Area.objects.get_or_create(code=code, defaults={"name": "塘沽街道", "kind": "subdistrict"})[0]


def station(code: str = "s1") -> Station:
    made, _new = Station.objects.get_or_create(
        code=code, defaults={"name": f"工作站{code}", "area": area(), "opened_on": date(2023, 1, 1)}
    )
    return made


def body(kind: str) -> Body:
    return Body.objects.get_or_create(code=kind, defaults={"kind": kind, "name": f"天津市滨海新区{kind}"})[0]


def user(name: str, *grants: tuple[str, Any]) -> User:
    """A user with grants of (role, body, station or None)."""
    made = User.objects.filter(username=name).first() or User.objects.create_user(
        name, None, display_name=name
    )
    for role, where in grants:
        Grant.objects.get_or_create(
            user=made,
            role=role,
            body=where if isinstance(where, Body) else None,
            station=where if isinstance(where, Station) else None,
            defaults={"valid_from": date(2020, 1, 1)},
        )
    return made


def clerk(name: str = "clerk", at: str = "s1") -> User:
    return user(name, ("clerk", station(at)))


def registration(**changes: Any) -> dict[str, Any]:
    """A registration body with everything acceptance demands."""
    return {
        "station": "s1",
        "received_on": TODAY.isoformat(),
        "summary": "销售侵权商品",
        "act_place": area().code,
        "proceeding": "assistance",
        "parties": [
            {"role": "applicant", "kind": "legal_person", "name": "甲公司", "id_number": "91110000802100433B",
             "phone": "13800138000"},
            {"role": "respondent", "kind": "legal_person", "name": "乙公司"},
        ],
        "rights": [{"kind": "trademark", "number": "12345678"}],
        **changes,
    }  # fmt: skip


@laid_once
def register(by: User | None = None, today: date = TODAY, **changes: Any) -> Case:
    """A registered case, through the door."""
    changes.setdefault("received_on", today.isoformat())
    outcome = steps.register(by=by or clerk(), data=registration(**changes), today=today)
    return Case.objects.get(pk=outcome.case)


def first(case: Case) -> Proceeding:
    return case.proceedings.order_by("pk").first().concrete()


def approve_all(answer: Any, *approvers: User, today: date = TODAY) -> Any:
    """Let each approver in turn approve what is waiting."""
    approval = answer.approval
    for one in approvers:
        approval = approvals.decide(approval.pk, "approve", by=one, today=today)
    return approval
