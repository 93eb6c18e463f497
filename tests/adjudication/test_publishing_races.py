"""Two publishers at once, in processes of their own: one public text, one line of the register, whoever is second is told."""

import pytest
from django.db.models import Count

from adjudication import register
from adjudication.models import Disclosure, PublicPage, PublishedRuling, RegisterLine
from cases import approvals
from cases.models import Approval
from stations.models import User
from tests.adjudication import public_story as story
from tests.adjudication.story import TODAY
from tests.factories import body, user
from tests.processes import outcomes, together

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = ("publish", "withdraw", "republish", "withdraw", "republish")


def asking(row: Disclosure, name: str, by: str):
    return lambda: story.ask(row, name, by=by).approval.pk


def granting(pk: int, by: str):
    return lambda: approvals.decide(pk, "approve", by=User.objects.get(username=by), today=TODAY).state


def test_two_publishers_at_once_make_one_public_text(committing):
    _adjudication, _ruling, row = story.marked()
    story.reviewers()
    user("reviewer4", ("reviewer", body("bureau")))
    for lines, name in enumerate(ROUNDS, start=3):
        asked = together([asking(row, name, by) for by in ("reviewer", "reviewer2")])
        assert outcomes(asked) == ["approval_pending", "done"], name
        approval = Approval.objects.get(proceeding=row, state=Approval.State.OPEN)
        granted = together([granting(approval.pk, by) for by in ("reviewer3", "reviewer4")])
        if name != "publish":  # the head decides last
            assert outcomes(granted) == ["done", "role"]
            granted = together([granting(approval.pk, "head"), granting(approval.pk, "head")])
        assert outcomes(granted) == ["approval_ended", "done"], (name, granted)
        shown = PublishedRuling.objects.filter(state__in=PublishedRuling.SHOWN)
        assert shown.get().state == ("withdrawn" if name == "withdraw" else "live")
        assert RegisterLine.objects.count() == lines and register.broken() == []
    assert list(RegisterLine.objects.values_list("status", flat=True))[2:] == [
        "published", "withdrawn", "published", "withdrawn", "published",
    ]  # fmt: skip
    assert (
        not PublicPage.objects.values("published", "path", "valid_from")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
