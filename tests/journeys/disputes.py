"""Where the journeys of adjudication begin: what other journeys prove at a browser is done by the door here."""

import os
from datetime import date
from typing import Any

from adjudication.models import Adjudication
from cases import steps
from cases.models import Case
from stations.models import User
from tests.factories import approve_all

from .people import WIDTHS, Person

REQUESTER, FIRST, SECOND = "天津示例阀门有限公司", "滨海示例五金有限公司", "滨海示例机电有限公司"
PANEL = ("adjudicator", "adjudicator2", "adjudicator3")
CONDITIONS = ("interested", "definite_respondent", "definite_claims", "competent", "not_elsewhere")
FILING = {
    **dict.fromkeys(CONDITIONS, True), "leader": PANEL[0], "members": [{"user": name} for name in PANEL[1:]],
    "recorder": "recorder", "claim_count": 9, "claims_relied": "权利要求1、3",
}  # fmt: skip
SHOTS = os.environ.get("JOURNEY_SHOTS", "")  # a folder: pages worth looking at are kept there


def requested(today: date, *respondents: str, kind: str = "invention") -> Adjudication:
    """A request received at the counter."""
    parties = [{"role": "applicant", "kind": "legal_person", "name": REQUESTER, "id_number": "91110000802100433B",
                "phone": "13800138000", "address": "示例一路1号"}]  # fmt: skip
    parties += [
        {"role": "respondent", "kind": "legal_person", "name": name, "address": f"示例{n}路{n}号"}
        for n, name in enumerate(respondents, start=2)
    ]
    answer = steps.register(by=user("clerk"), today=today, data={
        "station": "s01", "received_on": today.isoformat(), "summary": "销售的阀门落入专利权保护范围",
        "act_place": "120116001", "proceeding": "adjudication", "parties": parties,
        "rights": [{"kind": kind, "number": "ZL201020110210.3" if kind == "utility_model" else "ZL201010110210.8",
                    "title": "一种阀门"}],
    })  # fmt: skip
    return Adjudication.objects.get(case=Case.objects.get(pk=answer.case))


def filed(today: date, *respondents: str, kind: str = "invention", **changes: Any) -> Adjudication:
    """立案, its panel named."""
    return take(requested(today, *respondents, kind=kind), today, "file", **{**FILING, **changes})


def answered(row: Adjudication, today: date) -> Adjudication:
    """Each respondent has the request and has answered; the requester has the answers."""
    for one in row.case.parties.filter(role="respondent"):
        row = take(row, today, "serve", party=one.pk, paper="request", method="direct")
        row = take(row, today, "receive_defence", party=one.pk)
        row = take(row, today, "serve_defence_copy", party=one.pk)
    return row


def take(row: Any, today: date, name: str, *, by: str = "adjudicator", **data: Any) -> Any:
    """A step or an act by the door, granted by whoever is asked; the row afterwards."""
    model = type(row)
    current = model.objects.get(pk=row.pk)
    if getattr(model, name)._step.kind == "step":
        answer = steps.perform(row.pk, name, by=user(by), data=data, version=current.version, today=today)
    else:
        answer = steps.act(row.pk, name, by=user(by), data=data, today=today)
    if isinstance(answer, steps.Waiting):
        names = ["reviewer2" if role == "reviewer" else role for role in answer.approval.roles.split(",")]
        done = approve_all(answer, *map(user, names), today=today)
        assert done.state == "granted", done.reason
    return model.objects.get(pk=row.pk)


def user(name: str) -> User:
    """Somebody of the demonstration's house."""
    return User.objects.get(username=name)


# at the browser ---------------------------------------------------------------------------------------------------


def do(person: Person, label: str, given: dict[str, Any] | None = None, *, rare: bool = False) -> Person:
    """From the case page: open what is to be done, fill it in, press; back on the case page."""
    (person.rare if rare else person.follow)(label)
    return person.fill(given).press(label).sees("已办理")


def propose(person: Person, label: str, given: dict[str, Any] | None = None, *, rare: bool = False) -> Person:
    """As `do`, where somebody must approve."""
    (person.rare if rare else person.follow)(label)
    return person.fill(given).press("提出拟办意见").sees("等待")


def approve(person: Person, label: str, *words: str) -> Person:
    """Open what waits, see what was proposed, agree."""
    person.go("/approvals/").follow(label).sees(*words).fill(decision="approve")
    return person.press("提交审批意见").sees("已同意")


def rows(name: str, *lines: dict[str, Any]) -> dict[str, Any]:
    """Lines of a table as the page names its controls."""
    return {f"{name}-{n}-{key}": value for n, line in enumerate(lines) for key, value in line.items()}


def photograph(person: Person, name: str) -> None:
    """Keep how the page looks at a desk and on a telephone, for whoever wants to look (JOURNEY_SHOTS)."""
    if not SHOTS:
        return
    for screen, (width, height) in WIDTHS.items():
        person.page.set_viewport_size({"width": width, "height": height})
        person.page.screenshot(path=f"{SHOTS}/{name}_{screen}.png", full_page=True)
    person.page.set_viewport_size({"width": WIDTHS["desk"][0], "height": WIDTHS["desk"][1]})
