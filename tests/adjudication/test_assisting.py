"""Who helps the panel: from the list of appointed or from outside, never of the parties, heard by the panel alone; appraisals."""

import json
from datetime import date

import pytest
from django.urls import reverse

from adjudication.models import Appraisal, Assistant, TechnicalOpinion
from adjudication.suggesting import candidates
from cases.errors import Invalid, Refused
from cases.models import AccessLog, Event, Participation
from stations.models import Appointment, Person
from tests.adjudication.story import PARTIES, TODAY, due, filed, later, party, staff, take
from tests.adjudication.test_examination import fails
from tests.factories import user

pytestmark = pytest.mark.django_db


def person(name="庚某", kind="technical_investigator", field="机械、专利", **more):
    made = Person.objects.create(name=name, unit="示例研究院", **more)
    Appointment.objects.create(person=made, kind=kind, field=field, valid_from=date(2024, 1, 1))
    return made


def appoint(row, made=None, today=TODAY, **more):
    data = {"capacity": "investigator", "person": made.pk if made else "", **more}
    return take(row, "appoint_assistant", data, today=today)


def refused(field, *args, **kwargs):
    with pytest.raises(Invalid) as refusal:
        appoint(*args, **kwargs)
    return "".join(refusal.value.fields[field])


def test_investigator_comes_from_the_list_and_is_challenged_like_the_panel():
    row = appoint(filed(), person())
    one = row.assisting().get()
    assert (one.name, one.unit, one.field) == ("庚某", "示例研究院", "机械、专利")
    asked = {"assistant": one.pk, "party": party(row).pk, "ground": "interest", "known_on": TODAY.isoformat(),
             "stage": "in_time"}  # fmt: skip
    row = take(row, "ask_recusal", asked)
    assert due(row, "T-12") == date(2026, 11, 25)
    fails("recusal_open", row, "record_opinion", {"assistant": one.pk, "issues": "甲", "opinion": "乙"})
    decision = {"recusal": row.recusals.get().pk, "granted": "yes", "reason": "曾任职于乙公司。"}
    with pytest.raises(Invalid):
        take(row, "decide_recusal", {**decision, "replacement": "adj4"})
    row = take(row, "decide_recusal", decision)
    assert not row.assisting().exists() and due(row, "T-12") is None
    paper = row.documents.get(kind="panel_recusal").blocks
    assert "技术调查官庚某" in paper and "乙公司" in paper and "《专利纠纷行政裁决和调解办法》第五条" in paper


def test_investigator_without_a_term_and_two_names_are_refused():
    row = filed()
    assert "名录" in refused("person", row, name="某人")
    assert "聘任" in refused("person", row, person(kind="expert"))
    assert "二者选其一" in refused("person", row)
    ended = person("辛某")
    ended.appointments.update(valid_to=date(2025, 1, 1))
    assert "聘任期限" in refused("person", row, ended)
    row = appoint(row, capacity="interpreter", name="壬某", unit="示例翻译社")
    fails("already_assists", row, "appoint_assistant", {"capacity": "interpreter", "name": "壬某"})


def test_whoever_bears_a_party_s_name_is_refused_unless_another_person():
    parties = [{**PARTIES[0], "legal_representative": "庚某", "agent_firm": "示例研究院"}, PARTIES[1]]
    row, made = filed(parties=parties), person()
    assert "应当回避" in refused("person", row, made) and "法定代表人" in refused("person", row, made)
    reason = {"cleared_reason": "系同名的另一人，已核对证件"}
    assert "单位" in refused("acknowledged", row, made, **reason)
    row = appoint(row, made, **reason, acknowledged=True)
    notes = json.loads(Event.objects.get(proceeding=row, name="appoint_assistant").body)["notes"]
    assert len(notes["cleared"]) == 2 and notes["cleared_reason"] == reason["cleared_reason"]


def test_a_mediator_of_the_dispute_never_helps_to_judge_it_and_a_seat_is_one():
    row = filed()
    mediator = user("m1")
    Participation.objects.create(proceeding=row, user=mediator, capacity="mediator", from_on=TODAY)
    data = {"capacity": "investigator", "person": person(user=mediator).pk}
    fails("mediated_before", row, "appoint_assistant", data)
    fails("already_sits", row, "appoint_assistant", {**data, "person": person("丙", user=staff()["adj2"]).pk})
    row = appoint(row, person("丁", user=user("t1")))
    assert row.participations.filter(user__username="t1", capacity="technical_investigator").exists()
    row = take(
        row,
        "release_assistant",
        {"assistant": row.assisting().get().pk, "reason": "意见已提交"},
        today=later(1),
    )
    assert not row.participations.filter(user__username="t1", to_on__isnull=True).exists()
    fails("no_assistant", row, "release_assistant", {"assistant": 1, "reason": "x"})


def test_suggestions_put_the_field_first_then_the_load():
    row = filed()
    busy, free, other = (
        person("甲甲", field="发明"),
        person("乙乙", field="发明"),
        person("丙丙", field="外观"),
    )
    appoint(filed(), busy, acknowledged=True)
    assert [one.person for one in candidates(row, TODAY)] == [free, busy, other]


def test_opinion_is_sealed_and_out_of_every_open_output():
    row = appoint(filed(), person())
    said = {"assistant": row.assisting().get().pk, "issues": "密封圈的材质", "opinion": "不具有该特征"}
    row = take(row, "record_opinion", said)
    one = TechnicalOpinion.objects.get()
    assert one.opinion == said["opinion"] and said["opinion"] not in one.opinion_sealed
    event = Event.objects.get(proceeding=row, name="record_opinion")
    assert (
        event.audience == "sealed" and said["issues"] not in event.body and said["opinion"] not in event.body
    )
    for name in ("head", "legal", "office", "adj4"):
        assert not Event.objects.visible_to(staff()[name], TODAY).filter(pk=event.pk).exists()
        assert not TechnicalOpinion.objects.visible_to(staff()[name], TODAY).exists()
    row = take(row, "undo_act", {"act": event.pk, "reason": "录错"})
    assert not row.technicalopinions.exists()


def test_only_the_case_s_own_people_appoint():
    row = filed()
    with pytest.raises(Refused):
        take(row, "appoint_assistant", {"capacity": "interpreter", "name": "壬某"}, by="rec")
    assert not Assistant.objects.exists()


@pytest.mark.parametrize("day", [TODAY, date(2025, 1, 10)], ids=["new", "old"])
def test_appraisal_is_entrusted_in_writing_and_ends_with_its_result(day):
    row = take(filed(day), "start_appraisal", {
        "institution": "示例鉴定所", "matter": "是否具有权利要求1的技术特征", "samples": [{"text": "阀门一件"}],
    }, today=day)  # fmt: skip
    fails("already_paused", row, "start_appraisal", {"institution": "x", "matter": "y"}, today=day)
    paper = row.documents.get(kind="appraisal_commission").blocks
    assert "示例鉴定所" in paper and "阀门一件" in paper and row.cite("closing") in paper
    row = take(row, "end_appraisal", {"result": "具有该特征"}, today=day)
    one = Appraisal.objects.get()
    assert (one.ended_on, one.result, row.open_interval("appraisal")) == (day, "具有该特征", None)
    with pytest.raises(Invalid):
        take(
            take(row, "start_appraisal", {"institution": "x", "matter": "y"}, today=day),
            "end_appraisal",
            {},
            today=day,
        )


def test_opinions_are_read_by_the_panel_alone_with_a_reason_and_logged(client):
    row = appoint(filed(), person())
    said = {"assistant": row.assisting().get().pk, "issues": "密封圈的材质", "opinion": "不具有该特征"}
    row = take(row, "record_opinion", said, by="rec")
    url = reverse("technical_opinions", args=[row.pk])
    client.force_login(staff()["adj3"])
    assert said["opinion"] not in client.get(url).content.decode()
    assert client.post(url, {"reason": " "}).status_code == 400
    assert not AccessLog.objects.filter(subject=f"technical_opinions/{row.pk}").exists()
    assert said["opinion"] in client.post(url, {"reason": "合议"}).content.decode()
    assert AccessLog.objects.get(subject=f"technical_opinions/{row.pk}").reason == "合议"
    for name in ("adj4", "rec", "head"):
        client.force_login(staff()[name])
        assert client.post(url, {"reason": "看看"}).status_code in (403, 404)
        page = client.get(reverse("case", args=[row.case_id]))
        assert said["opinion"] not in page.content.decode() and url not in page.content.decode()


@pytest.mark.parametrize("name", [
    "change_panel", "ask_recusal", "decide_recusal", "appoint_assistant", "release_assistant", "record_opinion",
    "start_appraisal", "end_appraisal", "plan_hearing", "record_reply", "decide_postponement", "record_hearing",
    "write_minutes", "file_signed_minutes", "join", "split",
])  # fmt: skip
def test_every_form_opens_on_its_page(client, name):
    row = appoint(filed(), person())
    client.force_login(staff()["adj1"])
    answer = client.get(reverse("act", args=[row.pk, name]))
    assert answer.status_code in (200, 409)
    text = answer.content.decode()
    assert answer.status_code == 409 or 'method="post"' in text
    assert "检索" not in text or name not in (
        "change_panel",
        "appoint_assistant",
    )  # asked once something is found


def test_the_case_page_shows_who_helps_and_what_is_tested(client):
    row = appoint(filed(), person())
    row = take(row, "start_appraisal", {"institution": "示例鉴定所", "matter": "是否具有该特征"})
    client.force_login(staff()["adj1"])
    text = client.get(reverse("case", args=[row.case_id]) + f"?p={row.pk}").content.decode()
    assert "庚某（示例研究院）" in text and "示例鉴定所" in text and "正在进行" in text


def test_whoever_is_being_vetted_is_not_suggested_and_the_grade_is_shown():
    row = filed()
    waiting, ready = person("辛某"), person("壬某")
    waiting.appointments.update(vetting="pending")
    ready.appointments.update(vetting="passed", grade="高级")
    found = candidates(row, TODAY)
    assert [one.person for one in found] == [ready] and "等级：高级" in found[0].reasons
