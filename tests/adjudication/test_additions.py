"""Respondents and third parties added: asked before the hearing, decided by the panel, served anew."""

from datetime import date

import pytest

from adjudication.models import Addition
from cases import steps
from cases.errors import DomainError, Invalid
from cases.models import Event
from tests.adjudication.story import PARTIES, TODAY, due, filed, later, party, serve, staff, take
from tests.factories import clerk

pytestmark = pytest.mark.django_db
THEM = {"kind": "legal_person", "address": "示例五路5号", "phone": "13900139000"}


def ask(row, role="respondent", name="丙公司", today=TODAY, **said):
    data = {
        "role": role,
        "name": name,
        "asked_by": party(row, "applicant").pk,
        "reason": "产品的制造者",
        **said,
    }
    return take(row, "ask_addition", data, today=today)


def decide(row, granted="yes", today=TODAY, **said):
    pk = row.additions.filter(decided_on__isnull=True).first().pk
    data = {
        "addition": pk,
        "granted": granted,
        "reason": "与本案有关",
        **(THEM if granted == "yes" else {}),
        **said,
    }
    return take(row, "decide_addition", data, today=today)


def held(row):
    day = later(20)
    plan = {"day": day.isoformat(), "time": "09:30", "place": "第一审理室", "mode": "room", "is_public": True}
    row = take(row, "plan_hearing", plan)
    both = [{"party": party(row, role).pk, "attended": "attended"} for role in ("applicant", "respondent")]
    return take(row, "record_hearing", {"attendance": both}, today=day)


def test_a_respondent_added_is_served_and_has_its_own_days():
    row = serve(filed())
    assert due(row, "T-05") is None
    row = decide(ask(row, today=later(1)), today=later(2))
    new = row.case.parties.get(name="丙公司")
    assert (new.role, new.address, new.phone) == ("respondent", "示例五路5号", "13900139000")
    assert due(row, "T-05") == date(2026, 11, 27)
    notice = row.documents.get(kind="addition_notice").blocks
    for word in ("甲公司、乙公司、丙公司", "第二十四条", "准许", "四份", "被请求人"):
        assert word in notice, word
    row = take(row, "serve", {"party": new.pk, "paper": "request", "method": "post"}, today=later(4))
    assert due(row, "T-05") is None
    limits = {one.subject: one.due_on for one in row.deadlines.filter(rule="T-06", met_on__isnull=True)}
    assert limits[f"party:{new.pk}"] == later(19) and len(limits) == 2


def test_both_must_be_served_while_the_first_waits_too():
    row = decide(ask(filed()))
    new = row.case.parties.get(name="丙公司")
    row = take(row, "serve", {"party": new.pk, "paper": "request", "method": "post"})
    assert due(row, "T-05")
    first = row.case.parties.get(name="乙公司").pk
    row = take(row, "serve", {"party": first, "paper": "request", "method": "post"})
    assert due(row, "T-05") is None


def test_a_third_party_joins_without_a_period_to_answer():
    row = decide(ask(serve(filed()), "third_party", asked_by=""))
    assert row.case.parties.get(name="丙公司").role == "third_party" and due(row, "T-05") is None
    notice = row.documents.get(kind="addition_notice").blocks
    assert "第三人" in notice and "答辩" not in notice


def test_refused_everybody_is_told_why_and_nobody_joins():
    row = decide(ask(filed()), "no")
    notice = row.documents.get(kind="addition_notice").blocks
    assert "不予追加" in notice and "与本案有关" in notice and "甲公司、乙公司" in notice
    assert row.case.parties.count() == len(PARTIES) and not row.additions.get().granted


def test_after_the_hearing_it_is_too_late_but_what_came_before_may_be_entered_late():
    row = held(serve(filed()))
    with pytest.raises(DomainError) as refusal:
        ask(row, today=later(20))
    assert refusal.value.code == "hearing_held" and "第二十四条" in str(refusal.value)
    on = {"on": later(19).isoformat(), "late_reason": "补录"}
    assert ask(row, today=later(21), **on).additions.get().asked_on == later(19)


@pytest.mark.parametrize("name", ["乙公司", "乙 公司"])
def test_who_is_a_party_already_is_not_added(name):
    with pytest.raises(DomainError) as refusal:
        ask(filed(), name=name)
    assert refusal.value.code == "already_party"


def test_one_request_at_a_time_for_the_same_party():
    row = ask(filed())
    with pytest.raises(DomainError) as refusal:
        ask(row)
    assert refusal.value.code == "already_party"
    assert ask(decide(row, "no")).additions.count() == 2


@pytest.mark.parametrize(
    ("said", "field"), [({"address": ""}, "address"), ({"phone": "12"}, "phone"), ({"reason": ""}, "reason")]
)
def test_a_decision_lacks_nothing(said, field):
    with pytest.raises(Invalid) as refusal:
        decide(ask(filed()), **said)
    assert field in refusal.value.fields


def test_nothing_is_decided_twice_or_without_a_request():
    row = filed()
    with pytest.raises(DomainError) as refusal:
        take(row, "decide_addition", {"addition": 1, "granted": "no", "reason": "无"})
    assert refusal.value.code == "no_addition"
    row = decide(ask(row))
    pk = row.additions.get().pk
    row = ask(row, name="丁公司")
    with pytest.raises(Invalid):
        take(row, "decide_addition", {"addition": pk, "granted": "no", "reason": "无"})
    assert row.case.parties.count() == 3


def test_a_request_is_taken_back_until_it_is_decided():
    row = ask(filed())
    event = Event.objects.filter(proceeding=row.pk, name="ask_addition").latest("seq")
    row = decide(row, "no")
    with pytest.raises(DomainError) as refusal:
        take(row, "undo_act", {"act": event.pk, "reason": "录入有误"})
    assert refusal.value.code == "built_upon"
    row = ask(row)
    event = Event.objects.filter(proceeding=row.pk, name="ask_addition").latest("seq")
    row = take(row, "undo_act", {"act": event.pk, "reason": "录入有误"})
    assert not row.additions.filter(decided_on__isnull=True).exists() and Addition._base_manager.count() == 2


def test_no_personal_value_stands_in_an_event():
    row = decide(ask(filed()))
    bodies = "".join(Event.objects.filter(case=row.case).values_list("body", flat=True))
    assert not [word for word in ("示例五路", "13900139000", "丙公司") if word in bodies]


def test_before_2025_nobody_is_added():
    day = date(2025, 1, 10)
    row = filed(day)
    with pytest.raises(DomainError) as refusal:
        ask(row, today=day)
    assert refusal.value.code == "other_regime"


@pytest.mark.parametrize(("name", "code"), [("clerk", "role"), ("head", "role"), ("adj4", "not_found")])
def test_additions_are_entered_by_those_who_handle_the_case(name, code):
    row = ask(filed())
    by = {**staff(), "clerk": clerk()}[name]
    for act in ("ask_addition", "decide_addition"):
        with pytest.raises(DomainError) as refusal:
            steps.act(row.pk, act, by=by, data={}, today=TODAY)
        assert refusal.value.code == code
    with pytest.raises(DomainError) as refusal:
        steps.act(row.pk, "decide_addition", by=staff()["rec"], data={}, today=TODAY)
    assert refusal.value.code == "role"
