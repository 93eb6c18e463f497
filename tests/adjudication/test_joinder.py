"""Joining and splitting: the same patent or parties, one case leads, each learns by its own door; a hearing held together."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from adjudication import joining
from adjudication.forms.hearing import RecordHearing
from adjudication.models import Adjudication, JoinedCase
from cases import outbox, panels
from cases.errors import Invalid
from cases.models import Event, Outbox
from tests.adjudication.story import PARTIES, TODAY, filed, fresh, later, party, staff, take
from tests.adjudication.test_examination import fails
from tests.adjudication.test_hearing import PLAN
from tests.factories import user
from tests.laid import laid_once

pytestmark = pytest.mark.django_db
OTHER_PATENT = [{"kind": "invention", "number": "ZL201110123456.3", "title": "泵"}]


def against(name, **more):
    """The same patent, another respondent."""
    return filed(parties=[PARTIES[0], {**PARTIES[1], "name": name}], **more)


def join(row, lead, **more):
    return take(row, "join", {"lead_number": lead.number, "ground": "同一专利", **more})


def told():
    outbox.drain()
    assert not Outbox.objects.exclude(state="done").exclude(name="render_document").exists()


@laid_once
def joined(*names):
    """A lead and its members, each told."""
    lead = filed()
    members = [join(against(name), lead) for name in names]
    told()
    return fresh(lead), [fresh(one) for one in members]


def numbers(row):
    return [(one.other.number, one.leads) for one in row.joinedcases.filter(to_on__isnull=True)]


# joined, split ----------------------------------------------------------------------------------------------------


def test_a_case_joins_another_of_the_same_patent_and_both_sides_of_both_are_told():
    lead, (row,) = joined("丙公司")
    assert numbers(row) == [(lead.number, False)] and numbers(lead) == [(row.number, True)]
    assert lead.number in row.documents.get(kind="joinder_notice").blocks
    paper = lead.documents.get(kind="joinder_notice").blocks
    assert (
        row.number in paper and "丙公司" not in paper and "《专利纠纷行政裁决和调解办法》第二十一条" in paper
    )
    assert row.state == "filed" and row.number != lead.number
    fails("joined_already", row, "join", {})
    fails("leads_already", lead, "join", {})
    fails("leads_already", lead, "split", {})


@pytest.mark.parametrize("wrong", ["unknown", "itself", "foreign", "received", "nothing_shared"])
def test_what_cannot_be_joined_is_refused_with_the_reason(wrong):
    row = against("丙公司")
    lead = {
        "unknown": lambda: "津滨知裁字〔2026〕999号", "itself": lambda: row.number,
        "foreign": lambda: hidden().number, "received": lambda: ended().number,
        "nothing_shared": lambda: against("丁公司", rights=OTHER_PATENT).number,
    }[wrong]()  # fmt: skip
    with pytest.raises(Invalid) as refusal:
        take(row, "join", {"lead_number": lead, "ground": "同一专利"})
    said = refusal.value.fields["lead_number"][0]
    assert {"unknown": "无权查看", "foreign": "无权查看", "itself": "自身", "received": "不在审理中",
            "nothing_shared": "第二十一条"}[wrong] in said  # fmt: skip
    assert not JoinedCase.objects.exists()


def hidden():
    """A case of the same patent that the officer does not see."""
    row = filed()
    from cases.models import Participation, Proceeding

    people = [user("x1"), user("x2")]
    Participation.objects.filter(proceeding=row).delete()
    with connection.cursor() as cursor:  # the handler is free of the guard
        cursor.execute("UPDATE cases_proceeding SET handler_id = %s WHERE id = %s", [people[0].pk, row.pk])
    return Proceeding.objects.get(pk=row.pk)


def ended():
    return take(filed(), "dismiss", {"ground": "withdrawn"})


def test_the_same_parties_are_enough_and_another_regime_is_not():
    lead = filed(rights=OTHER_PATENT)
    assert numbers(join(filed(), lead)) == [(lead.number, False)]
    from datetime import date

    old = filed(date(2025, 1, 10))
    with pytest.raises(Invalid) as refusal:
        join(filed(), old)
    assert "适用的办法不同" in refusal.value.fields["lead_number"][0]


def test_a_split_reverses_both():
    lead, (row, other) = joined("丙公司", "丁公司")
    row = take(row, "split", {"reason": "侵权事实不同"}, today=later(3))
    told()
    assert numbers(fresh(row)) == [] and numbers(fresh(lead)) == [(other.number, True)]
    assert lead.number in row.documents.get(kind="split_notice").blocks
    assert row.number in fresh(lead).documents.get(kind="split_notice").blocks
    fails("not_joined", row, "split", {"reason": "x"})
    join(row, lead)
    told()
    assert numbers(fresh(lead)) == [(other.number, True), (row.number, True)]


def test_split_before_the_lead_was_told_leaves_nothing_behind():
    lead, row = filed(), against("丙公司")
    row = take(join(row, lead), "split", {"reason": "点错"})
    told()
    assert numbers(fresh(lead)) == [] == numbers(fresh(row))
    assert not Event.objects.filter(proceeding=lead, name="joined").exists()


def test_two_that_join_each_other_at_once_both_stand_alone():
    one, two = filed(), against("丙公司")
    join(one, two)
    JoinedCase.objects.create(  # as a second officer's call saw it, before the first committed
        case=two.case, proceeding=two, other=one, leads=False, from_on=TODAY, ground="同一专利"
    )
    joining.case_joined(lead=one.pk, member=two.pk, by=staff()["adj1"].pk, key="twin")
    told()
    assert numbers(fresh(one)) == [] == numbers(fresh(two))


def test_an_effect_that_runs_twice_tells_once():
    lead, (_row,) = joined("丙公司")
    for done in Outbox.objects.filter(name__in=("case_joined",)):
        outbox.run(done)
    assert Event.objects.filter(proceeding=lead, name="joined").count() == 1 == len(fresh(lead).members())


# heard together ---------------------------------------------------------------------------------------------------


def test_a_hearing_of_the_lead_is_every_member_s_with_its_own_notice():
    lead, (one, two) = joined("丙公司", "丁公司")
    fails("heard_with_lead", one, "plan_hearing", PLAN)
    lead = take(lead, "plan_hearing", {**PLAN, "shared": True})
    told()
    for row, name in ((one, "丙公司"), (two, "丁公司")):
        row = fresh(row)
        planned = row.planned_hearing()
        assert (planned.day.isoformat(), planned.place) == (PLAN["day"], PLAN["place"])
        paper = row.documents.get(kind="hearing_notice").blocks
        assert name in paper and lead.number in planned.shared_with
        assert row.deadlines.filter(rule="T-14", met_on__isnull=True).exists()
    assert lead.planned_hearing().shared_with == f"{one.number}、{two.number}"
    lead = take(lead, "plan_hearing", {**PLAN, "day": later(14).isoformat(), "shared": True})
    told()
    assert (
        fresh(one).planned_hearing().day == later(14)
        and fresh(one).hearings.filter(dropped=True).count() == 1
    )
    event = Event.objects.filter(proceeding=lead, name="plan_hearing").last()
    fails("built_upon", lead, "undo_act", {"act": event.pk, "reason": "点错"})


def test_a_case_split_while_the_hearing_is_planned_is_left_alone():
    lead, (one, two) = joined("丙公司", "丁公司")
    take(lead, "plan_hearing", {**PLAN, "shared": True})
    take(one, "split", {"reason": "单独审理"})
    told()
    assert fresh(one).planned_hearing() is None and fresh(two).planned_hearing() is not None
    fails("not_joined", filed(), "plan_hearing", {**PLAN, "shared": True})


def test_a_case_split_after_the_hearing_was_planned_together_plans_its_own_and_says_so():
    lead, (one, two) = joined("丙公司", "丁公司")
    take(lead, "plan_hearing", {**PLAN, "shared": True})
    told()
    one = take(fresh(one), "split", {"reason": "单独审理"}, today=later(1))
    assert one.planned_hearing() is None and one.hearings.get().dropped
    assert not one.deadlines.filter(rule__in=("T-14", "T-15a"), met_on__isnull=True).exists()
    assert "本案不再参加" in one.documents.get(kind="split_notice").blocks
    told()
    lead = fresh(lead)
    assert lead.planned_hearing().shared_with == two.number and fresh(two).planned_hearing() is not None
    assert "本案不再参加" not in lead.documents.get(kind="split_notice").blocks
    own = take(one, "plan_hearing", {**PLAN, "day": later(20).isoformat()}, today=later(1))
    assert own.planned_hearing().shared_with == ""


def test_each_case_records_who_came_from_a_form_filled_in_by_the_lead_s():
    lead, (row,) = joined("丙公司")
    lead = take(lead, "plan_hearing", {**PLAN, "shared": True})
    told()
    rows = [{"party": party(lead, role).pk, "attended": "attended", "people": who}
            for role, who in (("applicant", "赵某"), ("respondent", "孙某"))]  # fmt: skip
    take(lead, "record_hearing", {"attendance": rows}, today=later(10))
    row = fresh(row)
    form = RecordHearing(proceeding=row, case=row.case, by=staff()["adj1"], today=later(10))
    assert form.initial["attendance"] == [
        {"party": party(row, "applicant").pk, "attended": "attended", "people": "赵某"}, {"party": party(row).pk},
    ]  # fmt: skip
    other = RecordHearing(proceeding=row, case=row.case, by=user("nobody"), today=later(10))
    assert "people" not in other.initial["attendance"][0]


def test_what_only_another_case_says_is_nobody_s_and_the_page_asks_as_much_for_four_as_for_one():
    lead, (row,) = joined("丙公司")
    for name in ("joined", "split_off", "share_hearing"):
        fails("not_in_policy", lead, name, {})
    few = queries(lead)
    for n in range(3):
        join(against(f"第{n}公司"), lead)
    told()
    lead = fresh(lead)
    assert len(lead.members()) == 4 and queries(lead) == few
    links = [one["label"] for one in panels.of(lead, staff()["adj1"], TODAY).links]
    assert row.number in links
    notes = json.loads(Event.objects.filter(proceeding=lead, name="joined").first().body)["notes"]
    assert notes["with_number"] == row.number


def queries(row):
    row = Adjudication.objects.select_related("case").get(pk=row.pk)
    person = user("adj1")
    with CaptureQueriesContext(
        connection,
    ) as caught:
        panels.of(row, person, TODAY)
    return len(caught)
