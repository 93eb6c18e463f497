"""A ruling of some months ago by the people of a house: where its lawsuit, enforcement and disclosure begin."""

from datetime import date, timedelta
from typing import Any

from adjudication.models import Adjudication
from cases import steps
from cases.models import Party
from tests.adjudication.story import PARTIES, RULING
from tests.adjudication.table import FILING, PANEL
from tests.factories import approve_all, body, first, register
from tests.house import House
from tests.laid import laid_once

RULED_ON = date(2026, 8, 3)
SUING_ENDED_ON = date(2026, 8, 18)
OPENED_ON = RULED_ON + timedelta(20)
LATE = {"late_reason": "补录"}


def do(row: Any, name: str, house: House, today: date, **said: Any) -> Any:
    """A step or act by the first adjudicator, approved by all who are asked."""
    model, by = type(row), house.one("adjudicator")
    version = model.objects.get(pk=row.pk).version
    if getattr(model, name)._step.kind == "step":
        answer = steps.perform(row.pk, name, by=by, data=said, version=version, today=today)
    else:
        answer = steps.act(row.pk, name, by=by, data=said, today=today)
    if isinstance(answer, steps.Waiting):
        done = approve_all(
            answer, *(house.one(role) for role in answer.approval.roles.split(",")), today=today
        )
        assert done.state == "granted", done.reason
    return model.objects.get(pk=row.pk)


@laid_once
def ruled(house: House) -> Adjudication:
    """Signed and served on the respondent; the same row each time."""
    found = Adjudication.objects.filter(state="ruled").first()
    if found is not None:
        return found
    body("bureau")
    rights = [{"kind": "invention", "number": "ZL201010110210.8", "title": "阀门"}]
    case = register(house.one("clerk"), RULED_ON, proceeding="adjudication", parties=PARTIES, rights=rights)
    row, who = first(case), case.parties.get(role="respondent").pk
    votes = [{"member": name, "vote": "established", "words": "同意"} for name in PANEL]
    do(row, "file", house, RULED_ON, **FILING)
    do(row, "serve", house, RULED_ON, party=who, paper="request", method="direct")
    do(row, "receive_defence", house, RULED_ON, party=who)
    for point in Adjudication.objects.get(pk=row.pk).skippable_points():
        do(row, "skip_point", house, RULED_ON, item=point.point.code, reason="书面审理已经查明")
    do(row, "deliberate", house, RULED_ON)
    do(row, "record_deliberation", house, RULED_ON, votes=votes)
    do(row, "sign_ruling", house, RULED_ON, **RULING)
    return do(row, "serve", house, RULED_ON, party=who, paper="ruling", method="direct")


def respondent(row: Adjudication) -> int:
    return row.case.parties.get(role=Party.Role.RESPONDENT).pk
