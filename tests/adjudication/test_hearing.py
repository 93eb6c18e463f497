"""The oral hearing: planned open or closed, answered by slip, put off, held in default or deemed withdrawn, minuted."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from adjudication.models import HearingRecord, ReplySlip
from adjudication.showing_hearing import hearings_to_come
from cases import panels
from cases.errors import Invalid, Refused
from cases.models import AccessLog, Document, Event, Evidence, StoredFile
from tests.adjudication.story import PARTIES, TODAY, due, filed, fresh, later, party, serve, staff, take
from tests.adjudication.test_examination import fails
from tests.laid import laid_once

pytestmark = pytest.mark.django_db
PLAN = {
    "day": later(10).isoformat(),
    "time": "09:30",
    "place": "第一审理室",
    "mode": "room",
    "is_public": True,
}
CLOSED = {**PLAN, "is_public": False}
SAID = "被请求人陈述：模具由丙公司提供。"


@laid_once
def planned(today=TODAY, **more):
    return take(filed(today), "plan_hearing", {**PLAN, **more}, today=today)


def held(row, applicant="attended", respondent="attended", today=None):
    rows = [
        {"party": party(row, "applicant").pk, "attended": applicant, "people": "赵某"},
        {"party": party(row).pk, "attended": respondent},
    ]
    return take(row, "record_hearing", {"attendance": rows}, today=today or later(10))


def refused(field, row, name, data, **more):
    with pytest.raises(Invalid) as refusal:
        take(row, name, data, **more)
    return "".join(refusal.value.fields[field])


def scan(row):
    stored = StoredFile.objects.create(sm3="b" * 64, sha256="b" * 64, size=1, type="application/pdf")
    return Evidence.objects.create(
        case=row.case,
        proceeding=row,
        file=stored,
        name="笔录.pdf",
        audience="proceeding",
        uploaded_by=staff()["rec"],
    )


# closed, online -------------------------------------------------------------------------------------------------


def test_closed_hearing_names_its_ground_and_who_asked_for_a_trade_secret():
    row = filed()
    assert "事由" in refused("closed_ground", row, "plan_hearing", CLOSED)
    assert "当事人" in refused(
        "closed_asked_by", row, "plan_hearing", {**CLOSED, "closed_ground": "trade_secret"}
    )
    assert refused("closed_ground", row, "plan_hearing", {**PLAN, "closed_ground": "privacy"})
    asked = {"closed_ground": "trade_secret", "closed_asked_by": party(row).pk}
    assert refused("closed_asked_by", row, "plan_hearing", {**CLOSED, **asked, "closed_ground": "privacy"})
    row = take(row, "plan_hearing", {**CLOSED, **asked})
    assert row.hearings.get().closed_ground == "trade_secret"
    assert "不公开进行（涉及商业秘密，当事人申请不公开）" in row.documents.get(kind="hearing_notice").blocks
    notes = json.loads(Event.objects.get(proceeding=row, name="plan_hearing").body)["notes"]
    assert notes["closed_asked_by"] == f"party:{party(row).pk}" and "第一审理室" not in str(notes)


def test_online_hearing_prints_its_way_and_platform():
    row = planned(mode="online", place="某云审理平台")
    paper = row.documents.get(kind="hearing_notice").blocks
    assert "在线" in paper and "某云审理平台" in paper


# slips, another day ---------------------------------------------------------------------------------------------


def test_slip_comes_back_in_three_days_with_its_people_sealed():
    row = serve(planned(), "hearing_notice")
    assert due(row, "T-15a") == date(2026, 11, 23)
    people = [{"name": "孙某", "unit": "乙公司", "post": "经理", "phone": "13900139000"}]
    row = take(
        row, "record_reply", {"party": party(row).pk, "attends": "yes", "people": people}, today=later(2)
    )
    slip = row.replyslips.get()
    assert (
        due(row, "T-15a") is None and json.loads(slip.people) == people and "孙某" not in slip.people_sealed
    )
    body = Event.objects.get(proceeding=row, name="record_reply").body
    assert "孙某" not in body and "13900139000" not in body
    shown = panels.of(row, staff()["head"], TODAY).meetings[0]["text"]
    assert "乙公司回执：参加" in shown and "孙某" not in shown
    data = {"act": Event.objects.get(proceeding=row, name="plan_hearing").pk, "reason": "点错"}
    fails("built_upon", row, "undo_act", data)


def test_another_day_needs_a_reason_and_is_decided_by_the_panel():
    row, ask = planned(), {"attends": "no", "asks_later": True}
    data = {"party": party(row).pk, **ask}
    assert refused("reason", row, "record_reply", data)
    fails("no_postponement", row, "decide_postponement", {})
    row = take(row, "record_reply", {**data, "reason": "另案开庭"}, today=later(8))
    notes = json.loads(Event.objects.get(proceeding=row, name="record_reply").body)["notes"]
    assert notes["asked_late"] is True and "另案开庭" not in str(notes)
    fails("already_asked", row, "record_reply", {**data, "reason": "再次"}, today=later(8))
    reply = {"reply": ReplySlip.objects.get().pk, "granted": "no", "reason": "没有提交开庭传票。"}
    with pytest.raises(Refused):
        take(row, "decide_postponement", reply, by="rec", today=later(8))
    row = take(row, "decide_postponement", reply, today=later(8))
    assert "不准许延期" in row.documents.get(kind="postponement_notice").blocks
    assert list(hearings_to_come(staff()["rec"], later(9), later(12)))
    row = take(row, "record_reply", {**data, "reason": "附传票"}, today=later(9))
    last = {"reply": row.replyslips.last().pk, "granted": "yes", "reason": "确有正当理由。"}
    row = take(row, "decide_postponement", last, today=later(9))
    fails("already_decided", take(row, "record_reply", {**data, "party": party(row, "applicant").pk, "reason": "x"},
                                  today=later(9)), "decide_postponement", last, today=later(9))  # fmt: skip
    assert not list(hearings_to_come(staff()["rec"], later(9), later(12)))
    fails("put_off", row, "record_hearing", {}, today=later(10))
    row = take(row, "plan_hearing", {**PLAN, "day": later(20).isoformat()}, today=later(10))
    assert held(row, today=later(20)).hearings.last().held_on == later(20)


# who came -------------------------------------------------------------------------------------------------------


def test_absent_requester_is_offered_as_withdrawn_and_one_of_two_is_not():
    row = held(planned(), applicant="left")
    links = panels.of(row, staff()["adj1"], TODAY).meetings[0]["links"]
    assert [one["url"] for one in links if "dismiss" in one["url"]]
    second = {"role": "applicant", "kind": "legal_person", "name": "丁公司"}
    row = take(filed(parties=[*PARTIES, second]), "plan_hearing", PLAN)
    rows = [
        {"party": p.pk, "attended": "absent" if p.name == "丁公司" else "attended"}
        for p in row.case.parties.all()
    ]
    row = take(row, "record_hearing", {"attendance": rows}, today=later(10))
    assert "hint" not in json.loads(Event.objects.get(proceeding=row, name="record_hearing").body)["notes"]


def test_absent_respondent_is_heard_in_default():
    row = held(planned(), respondent="absent")
    assert "缺席审理" in panels.of(row, staff()["adj1"], TODAY).meetings[0]["text"]
    assert (
        "缺席审理"
        in json.loads(Event.objects.get(proceeding=row, name="record_hearing").body)["notes"]["hint"]
    )


def test_the_page_of_dismissal_starts_with_the_absent_requester(client):
    row = held(planned(today=TODAY), applicant="absent")
    client.force_login(staff()["adj1"])
    page = client.get(reverse("step", args=[row.pk, "dismiss"])).content.decode()
    assert 'value="requester_absent" selected' in page


# minutes --------------------------------------------------------------------------------------------------------


def test_minutes_are_sealed_at_rest_logged_when_read_and_never_a_document(client):
    row = planned()
    fails("no_hearing_held", row, "write_minutes", {"hearing": row.hearings.get().pk, "text": SAID})
    row = held(row)
    before = Document.objects.count()
    row = take(
        row, "write_minutes", {"hearing": row.hearings.get().pk, "text": SAID}, by="rec", today=later(10)
    )
    one = HearingRecord.objects.get()
    assert one.text == SAID and SAID not in one.text_sealed and Document.objects.count() == before
    assert SAID not in "".join(Event.objects.filter(proceeding=row).values_list("body", flat=True))
    url = reverse("hearing_minutes", args=[one.pk])
    client.force_login(staff()["adj2"])
    assert SAID in client.get(url).content.decode()
    answer = client.post(url, {"ending": "docx"})
    assert answer.status_code == 200 and ".docx" in answer["Content-Disposition"]
    assert AccessLog.objects.filter(subject=f"hearing_record/{one.pk}").count() == 2
    assert client.post(url, {"ending": "exe"}).status_code == 404
    client.force_login(staff()["adj4"])
    assert client.get(url).status_code == 404 and client.post(url).status_code == 404


def test_what_is_printed_names_panel_parties_and_places_for_signature():
    from adjudication.minutes import KIND, content_of
    from cases.documents.blocks import plain_text
    from cases.documents.template import compose

    row = held(planned(), respondent="absent")
    row = take(row, "write_minutes", {"hearing": row.hearings.get().pk, "text": SAID}, today=later(10))
    text = plain_text(compose(KIND, content_of(row.hearingrecords.get(), by=staff()["rec"])))
    for said in (
        row.number,
        "合议组组长",
        "adj1",
        "adj3",
        "书记员",
        "rec",
        "请求人 甲公司",
        "赵某",
        "未到场",
        SAID,
    ):
        assert said in text, said
    assert "请求人 甲公司及其参加人员（签名或者盖章）" in text and "被请求人 乙公司及其参加人员" not in text


def test_minutes_written_again_stand_and_the_signed_ones_close_them():
    row = held(planned())
    hearing = row.hearings.get().pk
    for text in ("初稿", SAID):
        row = take(row, "write_minutes", {"hearing": hearing, "text": text}, today=later(10))
    row = take(row, "undo_act", {"act": Event.objects.filter(proceeding=row, name="write_minutes").last().pk,
                                 "reason": "录错"}, today=later(10))  # fmt: skip
    assert row.hearingrecords.get().text == "初稿"
    row = take(row, "file_signed_minutes", {"hearing": hearing, "scan": scan(row).pk}, today=later(11))
    fails("minutes_signed", row, "write_minutes", {"hearing": hearing, "text": SAID}, today=later(11))
    fails(
        "minutes_signed",
        row,
        "file_signed_minutes",
        {"hearing": hearing, "scan": scan_again(row)},
        today=later(11),
    )
    links = panels.of(row, staff()["adj1"], TODAY).meetings[0]["links"]
    assert {str(one["label"]) for one in links} == {"口头审理笔录", "签名笔录"}


def scan_again(row):
    return Evidence.objects.filter(case=row.case).first().pk


# the calendar, the desk -------------------------------------------------------------------------------------------


def test_hearing_goes_into_a_calendar_and_onto_the_desk_of_those_who_take_part(client):
    row = planned()
    found = list(hearings_to_come(staff()["adj3"], later(9), later(12)))
    assert [one.row.pk for one in found] == [row.pk] and not list(
        hearings_to_come(staff()["adj4"], TODAY, later(12))
    )
    client.force_login(staff()["adj3"])
    answer = client.get(found[0].calendar)
    text = answer.content.decode()
    assert answer["Content-Type"].startswith("text/calendar") and "DTSTART:20261130T013000Z" in text
    assert "甲公司" not in text and "第一审理室" in text
    client.force_login(staff()["adj4"])
    assert client.get(found[0].calendar).status_code == 404


def test_old_regime_has_the_same_three_working_days_and_its_own_article():
    day = date(2025, 1, 6)
    plan = {**PLAN, "day": (day + timedelta(1)).isoformat()}
    row = filed(day)
    fails("notice_too_late", row, "plan_hearing", plan, today=day)
    row = take(row, "plan_hearing", {**PLAN, "day": (day + timedelta(9)).isoformat()}, today=day)
    assert "《专利行政执法办法》第十六条" in row.documents.get(kind="hearing_notice").blocks


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_slip_in_the_year_is_told_and_nothing_is_planned(day):
    row = filed()
    with pytest.raises(Invalid) as refusal:
        take(row, "plan_hearing", {**PLAN, "day": day})
    assert "请核对年份" in refusal.value.fields["day"][0] and fresh(row).planned_hearing() is None
