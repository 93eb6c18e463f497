"""Steps, acts and approvals through the pages."""

import json
import re

import pytest
from django.urls import reverse

from cases import approvals, steps
from cases.models import Approval, Event, Proceeding
from tests.cases.pages.desks import ID, signed
from tests.factories import TODAY, approve_all, clerk, first, register, registration, user

pytestmark = pytest.mark.django_db


def step_page(client, row, name="accept"):
    return client.get(reverse("step", args=[row.pk, name]))


def hidden(page):
    text = page.content.decode()
    return {
        n: re.search(rf'name="{n}" value="([^"]*)"', text)[1]
        for n in ("key", "version", "seen_event")
        if f'name="{n}"' in text
    }


def test_a_step_with_approval_through_the_pages(case, head):
    row, client = first(case), signed(clerk())
    page = step_page(client, row)
    assert "部门负责人" in page.content.decode()
    answer = client.post(
        reverse("step", args=[row.pk, "accept"]), {**hidden(page), "help_kind": "advice"}, follow=True
    )
    assert "等待部门负责人审批" in answer.content.decode()
    approval = Approval.objects.get()
    assert json.loads(approval.data) == {"help_kind": "advice"}
    boss = signed(head)
    assert "待我审批" in boss.get("/").content.decode()
    shown = boss.get(reverse("approval", args=[approval.pk])).content.decode()
    assert "援助事项" in shown and "咨询指导意见" in shown
    refused = boss.post(reverse("approval", args=[approval.pk]), {"decision": "return", "reason": ""})
    assert refused.status_code == 409 and "请填写理由" in refused.content.decode()
    assert boss.post(reverse("approval", args=[approval.pk]), {"decision": "approve"}).status_code == 302
    assert first(case).number == "津滨知援字〔2026〕1号"
    late = boss.post(reverse("approval", args=[approval.pk]), {"decision": "refuse", "reason": "再想想"})
    assert late.status_code == 409 and first(case).version == 1


def test_a_proposer_withdraws(case, head):
    row = first(case)
    waiting = steps.perform(
        row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY
    )
    client = signed(clerk())
    page = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "等待部门负责人审批" in page and reverse("step", args=[row.pk, "withdraw"]) not in page
    assert "审批结束后才能办理" in page
    assert "撤回拟办意见" in client.get(reverse("approval", args=[waiting.approval.pk])).content.decode()
    client.post(reverse("approval", args=[waiting.approval.pk]), {"decision": "withdraw"})
    assert Approval.objects.get().state == "withdrawn"
    assert not approvals.waiting_for(head, TODAY).exists()


def test_a_conflict_keeps_what_was_typed_and_shows_what_changed(case, head):
    row, client = first(case), signed(clerk())
    page = hidden(step_page(client, row, "withdraw"))
    waiting = steps.perform(
        row.pk, "accept", by=clerk("colleague"), data={"help_kind": "advice"}, version=0, today=TODAY
    )
    approve_all(waiting, head)
    said = {**page, "outcome": "withdrawn", "reason": "申请人来电撤回，原因已核实"}
    answer = client.post(reverse("step", args=[row.pk, "withdraw"]), said)
    text = answer.content.decode()
    assert answer.status_code == 409
    assert "申请人来电撤回，原因已核实" in text and "colleague" in text and "受理" in text
    assert hidden(answer)["version"] == "1"
    again = client.post(reverse("step", args=[row.pk, "withdraw"]), {**said, **hidden(answer)})
    assert again.status_code == 302 and first(case).state == "withdrawn"


def test_a_correction_begins_with_what_stands_and_needs_the_revision(case):
    client, party = signed(clerk()), case.parties.first()
    url = reverse("case_act", args=[case.pk, "correct_party"])
    page = client.get(f"{url}?party={party.pk}").content.decode()
    assert 'value="甲公司"' in page and 'name="revision" value="0"' in page
    said = {
        "party": party.pk,
        "revision": "0",
        "name": "甲有限公司",
        "phone": "13800138001",
        "reason": "名称有误",
        "key": "a",
    }
    assert client.post(url, said).status_code == 302
    party.refresh_from_db()
    assert (party.name, party.phone, party.id_number) == ("甲有限公司", "13800138001", ID)
    stale = client.post(url, {**said, "name": "乙有限公司", "key": "b"})
    assert stale.status_code == 409 and "乙有限公司" in stale.content.decode()
    record = client.get(reverse("case", args=[case.pk])).content.decode()
    assert "甲公司 → 甲有限公司" in record and "电话已更正" in record and "13800138001" not in record


def test_refused_step_says_why(case, head):
    row = first(case)
    answer = step_page(signed(head), row)
    assert answer.status_code == 403 and "该操作由" in answer.content.decode()
    ended = step_page(signed(clerk()), row, "complete")
    assert ended.status_code == 409 and "不能办理" in ended.content.decode()
    assert step_page(signed(clerk()), row, "no_such_step").status_code == 404
    assert step_page(signed(clerk()), row, "record_history").status_code == 404


def test_hand_over_of_everything_is_many_doors_with_their_results(head):
    boss = user("station_head", ("station_head", clerk().grants.get().station))
    rows = []
    for n in range(3):
        row = first(register(parties=[{**registration()["parties"][0], "name": f"第{n}公司"}]))
        approve_all(
            steps.perform(row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY),
            head,
        )
        rows.append(row)
    taker = clerk("taker")
    client = signed(boss)
    said = {"giver": "clerk", "taker": "taker", "reason": "离岗", "key": "all"}
    preview = client.post(reverse("hand_over_all"), said)
    assert len(preview.context["rows"]) == 3 and not Event.objects.filter(name="hand_over").exists()
    done = client.post(reverse("hand_over_all"), {**said, "go": "1"})
    assert [r["ok"] for r in done.context["results"]] == [True] * 3
    assert set(Proceeding.objects.filter(handler=taker).values_list("pk", flat=True)) == {r.pk for r in rows}
