"""撤回误操作 of acts of an adjudication: what is taken back, what stands in the way, what cannot be done yet."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse

from adjudication.models import Hearing, Recusal, RegisterLine, Ruling, Service
from cases import chain, record_words, steps
from cases.errors import DomainError, Invalid, NotFound, Refused
from cases.models import Document, Event
from cases.permissions import can
from tests.adjudication.story import (
    TODAY,
    due,
    filed,
    fresh,
    party,
    received,
    ruled,
    serve,
    settle,
    staff,
    take,
)
from tests.factories import clerk

pytestmark = pytest.mark.django_db
HEARING = {"mode": "room", "place": "第一审理庭", "day": (TODAY + timedelta(20)).isoformat(), "time": "09:00",
           "is_public": True}  # fmt: skip


def last(row, name: str) -> Event:
    return Event.objects.filter(proceeding=row.pk, name=name).latest("seq")


def undo(row, name: str, by: str = "adj1"):
    return take(row, "undo_act", {"act": last(row, name).pk, "reason": "登记有误"}, by=by)


def refused(row, name: str) -> DomainError:
    with pytest.raises(DomainError) as refusal:
        undo(row, name)
    return refusal.value


def running(row) -> set[str]:
    return set(row.deadlines.filter(met_on__isnull=True, cancelled=False).values_list("rule", flat=True))


def test_undo_act_of_a_service_puts_clock_and_rows_back_and_lets_it_be_recorded_again():
    row = filed()
    before, version = running(row), row.version
    row = serve(row)
    assert "T-05" not in running(row) and due(row, "T-06")
    row = undo(row, "serve")
    assert running(row) == before and row.version == version
    assert not row.services.exists() and Service._base_manager.get(proceeding=row).cancelled
    row = serve(row)
    assert due(row, "T-06") and row.services.count() == 1
    assert chain.broken_case_chains() == []


def test_undo_act_is_approved_like_a_correction_and_stands_on_the_record():
    row = serve(filed())
    people, act = staff(), last(row, "serve")
    data = {"act": act.pk, "reason": "送错了人"}
    answer = steps.act(row.pk, "undo_act", by=people["adj1"], data=data, today=TODAY)
    assert answer.approval.roles == "head" and row.services.exists()
    take_back = steps.can(people["office"], row, "undo_act", TODAY)
    assert not take_back and take_back.code == "role"
    with pytest.raises(NotFound):
        steps.act(row.pk, "undo_act", by=clerk("clerk2", at="s2"), data=data, today=TODAY)
    with pytest.raises(Refused):
        steps.act(row.pk, "undo_act", by=clerk(), data=data, today=TODAY)


def test_an_undone_act_is_shown_struck_with_the_act_that_took_it_back():
    row = undo(serve(filed()), "serve")
    events = Event.objects.filter(proceeding=row.pk).order_by("-seq")
    shown = record_words.shown(events, Document.objects.none(), TODAY)
    assert "撤回误操作" in str(shown[0]["title"]) and "撤回的事项：登记送达" in shown[0]["text"]
    service = next(one for one in shown if str(one["title"]) == "登记送达")
    assert service["struck"] and str(service["tags"][-1]["label"]) == "已撤回"


def test_undo_act_after_what_builds_on_it_is_refused_and_names_it():
    row = serve(filed())
    row = take(row, "receive_defence", {"party": party(row).pk})
    refusal = refused(row, "serve")
    assert refusal.code == "built_upon" and "收到答辩书" in str(refusal.message)
    row = take(settle(row), "deliberate")
    refusal = refused(row, "receive_defence")
    assert "审理终结" in str(refusal.message)
    row = take(row, "undo_last", {"reason": "点错"})
    row = undo(row, "receive_defence")
    assert due(row, "T-06") and due(row, "T-08") is None
    row = undo(row, "serve")
    assert due(row, "T-05")


def test_undo_act_twice_or_of_another_case_is_refused_by_field():
    row = serve(serve(filed()), "filing_notice", "applicant")
    gone = last(row, "serve")
    row, other = undo(row, "serve"), serve(filed())
    for act in (gone, last(other, "serve"), last(row, "file")):
        with pytest.raises(Invalid) as refusal:
            take(row, "undo_act", {"act": act.pk, "reason": "试"})
        assert list(refusal.value.fields) == ["act"]


def test_undo_act_of_a_hearing_lets_the_one_before_stand_again():
    row = take(filed(), "plan_hearing", HEARING)
    first = row.hearings.get()
    row = take(row, "plan_hearing", HEARING | {"day": (TODAY + timedelta(30)).isoformat()})
    row = undo(row, "plan_hearing")
    assert row.planned_hearing() == first and Hearing._base_manager.filter(cancelled=True).count() == 1
    assert due(row, "T-14") and row.deadlines.get(rule="T-14", cancelled=False).starts_on == first.day
    newest = row.documents.filter(kind="hearing_notice").order_by("pk").last()
    assert newest.state == "void"


def test_undo_act_of_a_hearing_that_was_told_is_refused():
    row = take(filed(), "plan_hearing", HEARING)
    row = serve(row, "hearing_notice")
    assert refused(row, "plan_hearing").code == "built_upon"


def test_undo_act_of_a_recusal_lets_the_case_go_on():
    row = filed()
    said = {"officer": "adj2", "party": party(row).pk, "ground": "interest", "known_on": TODAY.isoformat(),
            "stage": "in_time"}  # fmt: skip
    row = take(row, "ask_recusal", said)
    assert due(row, "T-12")
    row = undo(row, "ask_recusal")
    assert not row.recusals.exists() and Recusal._base_manager.get().cancelled and due(row, "T-12") is None


def test_undo_act_of_an_announcement_starts_the_clock_again():
    row = serve(filed(), method="public_notice")
    assert row.open_interval("announcement")
    row = undo(row, "serve")
    assert row.open_interval("announcement") is None and not row.services.exists()


def test_undo_act_of_longer_evidence_restores_the_period_set_before():
    row = take(filed(), "set_evidence_period", {"due_on": (TODAY + timedelta(20)).isoformat()})
    before = due(row, "T-13")
    row = take(
        row,
        "extend_evidence",
        {"due_on": (TODAY + timedelta(30)).isoformat(), "asked_by": "party", "reason": "取证"},
    )
    assert due(row, "T-13") != before
    row = undo(row, "extend_evidence")
    assert due(row, "T-13") == before
    assert not row.intervals.filter(kind="evidence_extension", cancelled=False).exists()


# what cannot be done yet -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("resume", "没有中止"), ("complete_announcement", "公告"), ("end_appraisal", "检验、鉴定"), ("decide_recusal", "回避"),
        ("record_hearing", "口头审理"), ("decide_jurisdiction", "管辖异议"), ("record_no_defence", "答辩期限"),
        ("deliberate", "尚未送达"), ("undo_act", "没有可以撤回"),
    ],
)  # fmt: skip
def test_what_cannot_apply_yet_is_closed_with_its_reason(name, word):
    row, officer = filed(), staff()["adj1"]
    answer = can(officer, row, name, TODAY)
    assert not answer and word in answer.reason
    with pytest.raises(DomainError) as refusal:
        take(row, name, {})
    assert refusal.value.code == answer.code and refusal.value.status == 409


def test_it_opens_once_it_can_apply_and_the_others_close():
    row, officer = filed(), staff()["adj1"]
    assert can(officer, row, "stay", TODAY)
    row = take(row, "stay", {"ground": "6"})
    assert can(officer, row, "resume", TODAY) and not can(officer, row, "stay", TODAY)
    row = take(row, "resume", {"reason": "另案审结"})
    assert can(officer, row, "stay", TODAY) and not can(officer, fresh(row), "resume", TODAY)


def test_page_and_api_say_why_it_cannot_be_done_yet(client):
    row, officer = filed(), staff()["adj1"]
    client.force_login(officer)
    page = client.get(reverse("case", args=[row.case_id]))
    closed = {str(one["label"]): str(one["reason"]) for one in page.context["actions"]["closed"]}
    assert "没有中止" in closed["恢复处理"]
    assert client.get(reverse("act", args=[row.pk, "resume"])).status_code == 409
    acts = {one["name"]: one for one in client.get(f"/api/v1/proceedings/{row.pk}/acts/").json()}
    assert acts["resume"]["allowed"] is False and "没有中止" in acts["resume"]["reason"]


def test_the_page_of_undo_act_lists_what_can_be_taken_back(client):
    row, officer = serve(filed()), staff()["adj1"]
    client.force_login(officer)
    page = client.get(reverse("act", args=[row.pk, "undo_act"]))
    labels = [str(label) for value, label in page.context["form"].fields["act"].choices if value]
    assert len(labels) == 1 and "登记送达" in labels[0]
    done = client.post(
        reverse("act", args=[row.pk, "undo_act"]),
        {"act": last(row, "serve").pk, "reason": "送错", "key": "k"},
    )
    assert done.status_code == 302
    approval = row.approvals.get(name="undo_act")
    assert json.loads(approval.data)["act"] == str(last(row, "serve").pk)
    client.force_login(staff()["head"])
    shown = client.get(reverse("approval", args=[approval.pk])).content.decode()
    assert "登记送达" in shown


def test_before_filing_nothing_can_be_undone():
    row = received()
    assert can(staff()["adj1"], row, "undo_last", TODAY).code == "nothing_to_undo"


def test_an_undone_void_makes_ruling_and_register_hold_again():
    row, ruling = ruled()
    row = take(row, "void", {"ground": "mistake", "reason": "点错"}, by="head")
    assert Ruling.objects.get().void
    row = take(row, "undo_last", {"reason": "不该作废"})
    assert row.state == "ruled" and row.current_ruling() == ruling
    lines = RegisterLine.objects.order_by("seq").values_list("status", "due_on")
    assert [status for status, _due in lines] == ["pending", "due", "void", "due"]
    assert lines[3][1] == lines[1][1] is not None


def test_a_ruling_that_a_party_holds_is_not_unsigned():
    row, _ruling = ruled()
    row = serve(row, "ruling", "applicant")
    with pytest.raises(DomainError) as answer:
        take(row, "undo_last", {"reason": "撤回"})
    assert answer.value.code == "built_upon" and "送达" in str(answer.value)
    row = undo(row, "serve")
    assert take(row, "undo_last", {"reason": "撤回"}).state == "deliberating"
