"""Who stands in for an approver is named with him, in his role; whoever withdraws is the proposer."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from cases import approvals, record_words, steps
from cases.errors import Refused
from cases.models import Document, Event
from stations.models import StandIn
from tests.factories import TODAY, body, clerk, first, register, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return user("乙", ("head", body("centre")))


@pytest.fixture
def substitute(head):
    made = user("丙", ("office", body("centre")))
    StandIn.objects.create(absent=head, substitute=made, valid_from=TODAY, valid_to=TODAY + timedelta(3), reason="出差",
                           set_by=head)  # fmt: skip
    return made


def asked():
    row = first(register())
    answer = steps.perform(row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY)
    return first(row.case), answer.approval


def lines(approval) -> list[dict]:
    return [json.loads(line) for line in approval.decided.splitlines()]


def shown(row) -> list[dict]:
    events = Event.objects.filter(proceeding=row.pk).order_by("-seq")
    return record_words.shown(events, Document.objects.none(), TODAY)


def test_approving_in_anothers_place_names_both_on_the_record(substitute):
    row, approval = asked()
    done = approvals.decide(approval.pk, "approve", by=substitute, today=TODAY)
    assert [(one["name"], one["role"]) for one in lines(done)] == [("丙（代 乙）", "head")]
    accepted = next(one for one in shown(row) if str(one["title"]) == "受理")
    assert "丙（代 乙） 批准" in accepted["who"] and "部门负责人" in accepted["text"]


def test_returning_in_anothers_place_names_both_on_the_record(substitute):
    row, approval = asked()
    approvals.decide(approval.pk, "return", by=substitute, reason="材料不齐", today=TODAY)
    returned = next(one for one in shown(row) if str(one["title"]) == "审批退回")
    assert returned["who"] == "丙（代 乙）" and "审批角色：部门负责人" in returned["text"]


def test_approving_oneself_names_nobody_else(head):
    row, approval = asked()
    done = approvals.decide(approval.pk, "approve", by=head, today=TODAY)
    assert lines(done)[0]["name"] == "乙" and "代" not in shown(row)[0]["who"]


def test_withdrawing_is_the_proposers_line_not_the_approvers(client, head):
    row, approval = asked()
    done = approvals.decide(approval.pk, "withdraw", by=approval.proposer, today=TODAY)
    assert lines(done)[0]["role"] == ""
    assert "审批角色" not in shown(row)[0]["text"]
    client.force_login(approval.proposer)
    page = client.get(reverse("approval", args=[approval.pk]))
    assert [str(one["role"]) for one in page.context["decided"]] == ["拟办人"]


def test_the_absent_one_does_not_decide_again_what_was_decided_in_his_place(substitute, head):
    user("乙", ("legal", body("bureau")), ("head", body("bureau")))
    _row, approval = asked()
    approval.roles, approval.waiting_role = "head,head", "head"
    approval.save()
    approvals.decide(approval.pk, "approve", by=substitute, today=TODAY)
    for one in (head, substitute):
        with pytest.raises(Refused) as refusal:
            approvals.decide(approval.pk, "approve", by=one, today=TODAY)
        assert refusal.value.code == "own_proposal"
