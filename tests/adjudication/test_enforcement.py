"""Enforcement: the demand served on each debtor, what he says against it, two windows, the court's answer, the right holder."""

import json
from datetime import date

import pytest
from django.urls import reverse

from adjudication import showing_court
from adjudication.models import Demand, Enforcement
from cases import steps
from cases.documents.blocks import from_json, plain_text
from cases.errors import DomainError, Invalid, Refused
from cases.models import Event
from cases.permissions import can
from tests.adjudication.story import due, later, party, ruled, serve, staff, take
from tests.factories import clerk

pytestmark = pytest.mark.django_db
SAID = "已停止制造，库存已封存"


def fails(code, *args, **kwargs):
    with pytest.raises(DomainError) as refusal:
        take(*args, **kwargs)
    assert refusal.value.code == code, refusal.value
    return str(refusal.value)


def opened(**more):
    row = serve(ruled()[0], "ruling")
    row = take(row, "record_no_suit", {"parties": [party(row).pk]}, today=later(18))
    data = {"suing_ended_on": later(17).isoformat(), **more}
    take(row, "open_enforcement", data, today=later(18))
    return Enforcement.objects.latest("pk")


def demanded(**more):
    return take(opened(**more), "demand", today=later(19))


def served(**more):
    way = demanded(**more)
    return take(way, "demand_served", {"party": party(way).pk, "method": "direct"}, today=later(20))


def undo(way, name, day):
    event = Event.objects.filter(proceeding=way, name=name).latest("pk")
    return take(way, "undo_act", {"act": event.pk, "reason": "登记有误"}, today=day)


def test_ten_working_days_run_from_the_service_of_the_demand():
    way = demanded()
    assert due(way, "T-24") is None and way.documents.filter(kind="enforcement_demand").count() == 1
    fails("demand_not_served", way, "record_objection", {}, today=later(20))
    way = take(way, "demand_served", {"party": party(way).pk, "method": "post"}, today=later(23))
    assert (due(way, "T-24"), way.demands.get().method) == (date(2026, 12, 25), "post")
    fails("already_served", way, "demand_served", {"party": party(way).pk, "method": "post"}, today=later(24))
    assert not can(staff()["adj1"], way, "demand_served", later(24)), "offered though every debtor is served"
    fails("demand_runs", way, "apply", {"court": "示例法院"}, today=date(2026, 12, 25))
    way = undo(way, "demand_served", later(24))
    assert due(way, "T-24") is None and not way.demands.exists() and Demand._base_manager.get().cancelled
    with pytest.raises(Invalid):  # a demand goes to who was ordered to stop
        take(way, "demand_served", {"party": party(way, "applicant").pk, "method": "post"}, today=later(24))
    way = take(way, "demand_served", {"party": party(way).pk, "method": "direct"}, today=later(24))
    assert due(way, "T-24") == date(2026, 12, 28)


def test_what_the_debtor_says_is_sealed_kept_and_told_the_court():
    way = served()
    row = way.demands.get()
    data = {"demand": row.pk, "objection": SAID}
    way = take(way, "record_objection", data, today=later(22))
    row = way.demands.get()
    assert (row.objection, row.objected_on, row.heeded) == (SAID, later(22), False)
    assert SAID not in row.objection_sealed
    assert not Event.objects.filter(case=way.case, body__contains=SAID).exists()
    fails("already_objected", way, "record_objection", data, today=later(23))
    fails("built_upon", way, "undo_act",
          {"act": Event.objects.get(proceeding=way, name="demand_served").pk, "reason": "x"}, today=later(23))  # fmt: skip
    way = take(way, "apply", {"court": "示例法院"}, today=date(2026, 12, 25))
    assert f"乙公司：{SAID}" in way.documents.get(kind="enforcement_application").blocks
    assert "不成立" in str(showing_court.enforced(way, None, date(2026, 12, 25)).tables[0].rows)


def test_an_objection_that_holds_stops_the_application_until_taken_back():
    way = served()
    data = {"demand": way.demands.get().pk, "objection": SAID, "heeded": True}
    way = take(way, "record_objection", data, today=later(22))
    fails("objection_heeded", way, "apply", {"court": "示例法院"}, today=date(2026, 12, 25))
    way = undo(way, "record_objection", later(23))
    row = way.demands.get()
    assert (row.objection, row.objected_on, row.heeded) == ("", None, None)
    assert take(way, "apply", {"court": "示例法院"}, today=date(2026, 12, 25)).state == "applied"


def test_without_an_objection_the_application_says_none():
    way = take(served(), "apply", {"court": "示例法院"}, today=date(2026, 12, 25))
    assert "当事人对催告的意见" not in way.documents.get(kind="enforcement_application").blocks


def test_after_three_months_by_either_reading_only_with_a_good_reason():
    way = served(performance_ended_on=later(10).isoformat())
    assert (due(way, "T-23a"), due(way, "T-23b")) == (date(2027, 3, 1), date(2027, 3, 8))
    assert way.window_ends() == date(2027, 3, 8)
    # past the earlier reading, still within the later one
    assert take(way, "apply", {"court": "示例法院"}, today=date(2027, 3, 5)).state == "applied"
    way = take(way, "undo_last", {"reason": "误登"}, today=date(2027, 3, 9))
    said = fails("window_passed", way, "apply", {"court": "示例法院"}, today=date(2027, 3, 9))
    assert "第一百五十六条" in said
    late = {"court": "示例法院", "late_ground": "不可抗力"}
    way = take(way, "apply", late, today=date(2027, 3, 9))
    event = Event.objects.get(proceeding=way, version=way.version)
    assert json.loads(event.body)["notes"]["late_ground"] == "不可抗力"


def words(way, today):
    return {str(one["label"]): str(one["value"]) for one in showing_court.enforced(way, None, today).facts}


def test_the_page_says_until_when_the_right_holder_may_apply_himself():
    way = demanded()
    assert (
        words(way, later(20))["权利人自行申请"]
        == "本局至 2027-03-08 未申请的，权利人可以自行申请，至 2027-09-08"
    )
    assert "已于 2027-03-08 届满" in words(way, date(2027, 3, 9))["权利人自行申请"]
    assert not way.deadlines.filter(rule="T-25").exists()  # it is his time, not the bureau's
    way = take(way, "demand_served", {"party": party(way).pk, "method": "direct"}, today=later(20))
    way = take(way, "apply", {"court": "示例法院"}, today=date(2026, 12, 25))
    assert "权利人自行申请" not in words(way, date(2027, 3, 9))


@pytest.mark.parametrize(
    ("review", "rule", "until"),
    [("plain", "T-26a", date(2027, 1, 14)), ("doubtful", "T-26b", date(2027, 2, 4))],
)
def test_the_court_admits_it_and_has_its_days(review, rule, until):
    way = take(served(), "apply", {"court": "示例法院"}, today=date(2026, 12, 25))
    day = date(2027, 1, 5)
    way = take(way, "record_admission", {"review": review}, today=day)
    assert due(way, rule) == until
    back = undo(way, "record_admission", day)
    assert due(back, rule) is None
    way = take(back, "record_admission", {"review": "plain"}, today=day)
    way = take(way, "record_admission", {"review": "doubtful"}, today=day)
    assert due(way, "T-26a") is None and due(way, "T-26b") == date(2027, 2, 4)
    assert take(way, "conclude", {"outcome": "enforced"}, today=date(2027, 1, 20)).outcome == "enforced"


def test_what_the_court_did_is_no_end_before_it_was_asked_and_giving_up_needs_a_reason():
    way = served()
    for outcome in ("enforced", "not_admitted"):
        fails("not_applied", way, "conclude", {"outcome": outcome}, today=later(25))
    with pytest.raises(Invalid) as refusal:
        take(way, "conclude", {"outcome": "given_up"}, today=later(25))
    assert "reason" in refusal.value.fields
    way = take(way, "conclude", {"outcome": "given_up", "reason": "权利人自行申请"}, today=later(25))
    assert (way.state, way.outcome, way.due_on.year) == ("done", "given_up", 9999)


def test_officer_and_office_record_head_approves_others_do_not():
    way = demanded()
    data = {"party": party(way).pk, "method": "direct"}
    for name in ("legal", "head"):
        with pytest.raises(Refused):
            steps.act(way.pk, "demand_served", by=staff()[name], data=data, today=later(20))
    for someone in (staff()["adj4"], staff()["rec"], clerk()):
        with pytest.raises(DomainError) as refusal:
            steps.act(way.pk, "demand_served", by=someone, data=data, today=later(20))
        assert refusal.value.code == "not_found"
    way = take(way, "demand_served", data, by="office", today=later(20))
    asked = steps.perform(
        way.pk, "undo_last", by=staff()["adj1"], data={"reason": "点错"}, version=way.version, today=later(20)
    )
    assert asked.approval.roles == "head"
    with pytest.raises(DomainError) as twice:
        take(way, "apply", {"court": "示例法院"}, today=date(2026, 12, 25))
    assert twice.value.code == "approval_pending"


def test_the_case_page_shows_windows_and_demands_and_every_form_opens(client):
    way = demanded()
    client.force_login(staff()["adj1"])
    answer = client.get(reverse("act", args=[way.pk, "demand_served"]))
    assert answer.status_code == 200 and "送达方式" in answer.content.decode()
    way = take(way, "demand_served", {"party": party(way).pk, "method": "direct"}, today=later(20))
    answer = client.get(reverse("act", args=[way.pk, "record_objection"]))
    assert answer.status_code == 200 and "乙公司" in answer.content.decode()
    answer = client.get(reverse("step", args=[way.pk, "apply"]))
    assert answer.status_code == 200 and "逾期申请的正当理由" in answer.content.decode()
    page = client.get(reverse("case", args=[way.case_id]) + f"?p={way.pk}").content.decode()
    for said in ("催告书送达", "权利人自行申请", "2027-09-08", "直接送达"):
        assert said in page, said
    row = way.parent
    page = client.get(reverse("case", args=[way.case_id]) + f"?p={row.pk}").content.decode()
    assert "起诉期限" in page and "期满未起诉" in page
    answer = client.get(reverse("act", args=[row.pk, "record_suit"]))
    assert answer.status_code == 200 and "起诉状副本" in answer.content.decode()


def test_papers_name_who_acts_by_mandate_and_the_page_leads_on():
    way = opened()
    row = way.parent.concrete()
    take(row, "record_mandate", {
        "party": party(row).pk, "name": "钱代理", "firm": "示例律师事务所", "powers": ["participate"],
    }, today=later(18))  # fmt: skip
    way = take(way, "demand", today=later(19))
    assert "钱代理，示例律师事务所" in plain_text(from_json(way.documents.get(kind="service_proof").blocks))
    assert way.due_now(later(19)) == ("demand_served",)
    way = take(way, "demand_served", {"party": party(way).pk, "method": "direct"}, today=later(20))
    assert way.due_now(later(20)) == ()
    way = take(way, "apply", {"court": "示例法院"}, today=date(2027, 1, 4))
    application = plain_text(from_json(way.documents.get(kind="enforcement_application").blocks))
    assert "钱代理" in application
    assert way.due_now(date(2027, 1, 4)) == ("record_admission",)
    way = take(way, "record_admission", {"review": "plain"}, today=date(2027, 1, 5))
    assert way.due_now(date(2027, 1, 5)) == ()
