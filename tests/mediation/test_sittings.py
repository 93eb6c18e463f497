"""Sittings planned, moved, called off and held; private notes of one side; who reads what, and who does not."""

import io
import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from cases import agenda, kinds, steps
from cases.errors import DomainError, Invalid, NotFound, Refused
from cases.models import AccessLog, Event, Evidence, Participation, StoredFile
from mediation.calendar_file import calendar_file
from mediation.minutes import print_minutes
from mediation.models import Note, Session
from mediation.sealed import may_read, read_notes
from stations.models import StandIn
from tests.factories import TODAY, approve_all, body, clerk, user
from tests.mediation.stage import accepted, again, committee, do, head, mediator, party

pytestmark = pytest.mark.django_db
LINK = "https://video.example/room-7788"
SAID = "一方单独表示底线是三万元"
TALKS = "申请人陈述：要求停止使用\n被申请人陈述：愿意更换"
BACKEND = "django.contrib.auth.backends.ModelBackend"
COMES = [
    {"party": "乙公司", "name": "钱某某", "capacity": "代理人"},
    {"party": "", "name": "翻译人员", "capacity": ""},
]
HELD = {"mode": "in_person", "starts": "09:30", "ends": "11:00", "place": "第一调解室", "result": "continues",
        "attendance": COMES, "minutes": TALKS}  # fmt: skip
PLAN = {"day": "2026-11-24", "starts": "09:30", "mode": "in_person", "place": "第一调解室"}


def plan(row, today=TODAY, **changes):
    everybody = [one.pk for one in row.case.parties.all()]
    do(row, "plan_session", today=today, **{**PLAN, "invited": everybody, **changes})
    return row.sessions.last()


def undo(row, name, by=None):
    event = row.events.filter(name=name).last()
    data = {"act": event.pk, "reason": "登错"}
    answer = steps.act(row.pk, "undo_act", by=by or mediator(), data=data, today=TODAY)
    approve_all(answer, committee())


@pytest.fixture
def outsiders(monkeypatch):
    """Given a mediation, everybody who does not take part: some see it, one judges the same dispute by any role."""
    monkeypatch.setitem(kinds._kinds, "assistance", replace(kinds.get("assistance"), judging=True))

    def of(row):
        steps.case_act(
            row.case_id, "open_proceeding", by=clerk(), data={"proceeding": "assistance"}, today=TODAY
        )
        other = row.case.proceedings.get(kind="assistance")
        judge = user("judge", ("mediator", body("committee")), ("committee", body("committee")))
        Participation.objects.create(proceeding=other, user=judge, capacity="panel_member", from_on=TODAY)
        return [
            clerk(), committee(), head(), mediator("m2"), judge, user("leader", ("leader", None)),
            user("auditor", ("auditor", None)), user("adjudicator", ("adjudicator", body("bureau"))),
            user("district", ("district", None)),
        ]  # fmt: skip

    return of


# planned --------------------------------------------------------------------------------------------------------


def test_a_plan_tells_those_invited_when_and_where_and_seals_the_way_in():
    row = accepted()
    sitting = plan(row, mode="video", place="", link=LINK)
    assert (sitting.status, sitting.on, sitting.starts) == ("planned", date(2026, 11, 24), time(9, 30))
    assert sitting.link == LINK and LINK not in sitting.link_sealed
    paper = row.documents.get(kind="session_notice")
    assert "2026年11月24日9时30分" in paper.blocks and "甲公司、乙公司" in paper.blocks
    assert "另行告知" in paper.blocks and LINK not in paper.blocks
    assert LINK not in "".join(Event.objects.values_list("body", flat=True))


def test_only_those_invited_are_named_on_the_notice():
    row = accepted()
    plan(row, mode="separate", invited=[party(row).pk])
    addressee = next(
        b for b in json.loads(row.documents.get(kind="session_notice").blocks) if b["type"] == "addressee"
    )
    assert addressee["text"] == "乙公司"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": "2026-11-19"}, "day"), ({"day": "2028-01-01"}, "day"), ({"place": ""}, "place"),
        ({"mode": "video", "place": ""}, "link"), ({"link": LINK}, "link"), ({"ends": "09:00"}, "ends"),
        ({"invited": []}, "invited"), ({"starts": ""}, "starts"),
    ],
)  # fmt: skip
def test_a_plan_that_cannot_be_is_refused_by_field(changes, field):
    row = accepted()
    with pytest.raises(Invalid) as refusal:
        plan(row, **changes)
    assert set(refusal.value.fields) == {field} and not row.sessions.exists()


def test_the_same_hour_is_not_planned_twice():
    row = accepted()
    plan(row)
    with pytest.raises(Invalid) as refusal:
        plan(row)
    assert set(refusal.value.fields) == {"starts"}
    other = plan(row, starts="14:00")
    with pytest.raises(Invalid):
        do(row, "move_session", session=other.pk, **PLAN)
    assert row.sessions.count() == 2


def test_moving_and_calling_off_tell_again_and_can_be_taken_back():
    row = accepted()
    sitting = plan(row, mode="video", place="", link=LINK)
    with pytest.raises(Invalid):  # nothing changes
        do(row, "move_session", session=sitting.pk, **{**PLAN, "mode": "video", "place": ""})
    do(row, "move_session", session=sitting.pk, **{**PLAN, "day": "2026-11-26", "mode": "video", "place": ""})
    sitting = row.sessions.get()
    assert (sitting.on, sitting.link, sitting.status) == (date(2026, 11, 26), LINK, "planned")
    assert "原定于2026年11月24日9时30分" in row.documents.first().blocks
    do(row, "call_off_session", session=sitting.pk)
    assert row.sessions.get().status == "called_off" and "取消" in row.documents.first().blocks
    with pytest.raises(DomainError, match="没有已安排"):
        do(row, "call_off_session", session=sitting.pk)
    undo(row, "call_off_session")
    assert row.sessions.get().status == "planned"
    undo(row, "plan_session")
    assert row.sessions.get().cancelled and not again(row).planned_sessions().exists()


def test_nobody_but_the_mediators_plans():
    row = accepted()
    for other in (clerk(), committee()):
        with pytest.raises(Refused):
            do(row, "plan_session", by=other, **PLAN, invited=[party(row).pk])
    with pytest.raises(NotFound):
        do(row, "plan_session", by=mediator("m2"), **PLAN, invited=[party(row).pk])


def test_the_calendar_file_names_number_time_and_place_and_nobody():
    row = accepted()
    sitting = plan(row, place="第一调解室,\r\nATTENDEE:x;二楼" + "长" * 60)
    text = calendar_file(sitting, host="h", at=datetime(2026, 11, 20, tzinfo=UTC)).decode()
    unfolded = text.replace("\r\n ", "")
    assert (
        "DTSTART:20261124T013000Z\r\n" in text and "SUMMARY:调解会议 津滨知人调字〔2026〕1号\r\n" in unfolded
    )
    assert "\r\nATTENDEE" not in text and "第一调解室\\, ATTENDEE:x\\;二楼" in unfolded
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    for name in ("甲公司", "乙公司", "mediator"):
        assert name not in unfolded


def test_the_calendar_is_for_those_who_take_part(client, outsiders):
    row = accepted()
    url = reverse("session_calendar", args=[plan(row).pk])
    client.force_login(mediator(), backend=BACKEND)
    answer = client.get(url)
    assert answer.status_code == 200 and answer["Content-Type"].startswith("text/calendar")
    for other in outsiders(row):
        client.force_login(other, backend=BACKEND)
        assert client.get(url).status_code in (403, 404), other


def test_the_desk_shows_the_sittings_of_the_week_to_those_who_take_part(client):
    today = timezone.localdate()
    row = accepted(today=today)
    plan(row, today=today, day=(today + timedelta(1)).isoformat(), mode="video", place="", link=LINK)
    plan(row, today=today, day=(today + timedelta(20)).isoformat())
    (one,) = agenda.of(mediator(), today)
    assert (one.day, one.row.pk) == (today + timedelta(1), row.pk)
    assert (
        agenda.of(clerk(), today) == agenda.of(committee(), today) == agenda.of(mediator("m2"), today) == []
    )
    client.force_login(mediator(), backend=BACKEND)
    page = client.get(reverse("home")).content.decode()
    assert "本周安排" in page and "调解会议（视频）" in page and LINK not in page


# held -----------------------------------------------------------------------------------------------------------


def test_holding_a_planned_sitting_closes_the_plan_and_undoing_it_brings_the_plan_back():
    row = accepted()
    sitting = plan(row, day=TODAY.isoformat(), starts="08:00", invited=[party(row).pk])
    do(row, "session", planned=sitting.pk, **HELD)
    held = row.sessions.get()
    mediator("second")
    do(row, "assign_mediator", by=committee(), user="second", chosen_by="appointed")
    with pytest.raises(Invalid):  # the other mediator enters the same sitting again
        do(row, "session", by=mediator("second"), planned=sitting.pk, **HELD)
    assert (held.pk, held.status, held.starts, held.minutes) == (sitting.pk, "held", time(9, 30), TALKS)
    with pytest.raises(DomainError):
        undo(row, "plan_session")
    undo(row, "session")
    again_planned = row.sessions.get()
    assert (again_planned.status, again_planned.starts, again_planned.minutes) == ("planned", time(8), "")
    assert again_planned.invited() == {party(row).pk} and not again_planned.cancelled


def test_a_sitting_taken_back_counts_nowhere():
    row = accepted()
    do(row, "session", **HELD)
    undo(row, "session")
    sitting = row.sessions.get()
    assert sitting.cancelled and not Session.objects.readable_by(mediator(), TODAY).exists()
    assert read_notes(again(row), by=mediator(), today=TODAY, reason="核对") == []


def test_attendance_names_the_party_by_choice_and_refuses_a_stranger():
    row = accepted()
    with pytest.raises(Invalid) as refusal:
        do(row, "session", **{**HELD, "attendance": [{"party": "丁公司", "name": "甲", "capacity": ""}]})
    assert "attendance" in refusal.value.fields
    by_id = [{"party": str(party(row).pk), "name": "钱某某", "capacity": ""}, COMES[1]]
    do(row, "session", **{**HELD, "attendance": by_id})
    listed = json.loads(row.sessions.get().attendance)
    assert [(line["party"], line["party_id"]) for line in listed] == [("乙公司", party(row).pk), ("", None)]


def test_a_handwritten_record_is_filed_sealed_in_place_of_typed_minutes(outsiders):
    row = accepted()
    with pytest.raises(Invalid) as refusal:
        do(row, "session", **{**HELD, "minutes": ""})
    assert set(refusal.value.fields) == {"minutes"}
    stored = StoredFile.objects.create(sm3="1" * 64, sha256="1" * 64, size=1, type="image/png")
    scan = Evidence.objects.create(
        case=row.case,
        proceeding=row,
        file=stored,
        name="笔录.png",
        uploaded_by=mediator(),
        audience="proceeding",
    )
    do(row, "session", **{**HELD, "minutes": "", "scan": scan.pk})
    scan = Evidence.objects.get()
    assert scan.audience == "sealed"
    assert Evidence.objects.visible_to(mediator(), TODAY).exists()
    for other in outsiders(row):
        assert not Evidence.objects.visible_to(other, TODAY).exists(), other
    undo(row, "session")
    assert Evidence.objects.get().audience == "sealed" and row.sessions.get().cancelled


def test_the_upload_page_seals_a_scan_before_the_act_is_done(client):
    today = timezone.localdate()
    row = accepted(today=today)
    client.force_login(mediator(), backend=BACKEND)
    picture = io.BytesIO()
    Image.new("RGB", (8, 8)).save(picture, "PNG")
    upload = SimpleUploadedFile("bilu.png", picture.getvalue(), content_type="image/png")
    client.post(
        reverse("act", args=[row.pk, "session"]), {"mode": "phone", "scan__upload": upload}
    )  # no result
    assert list(Evidence.objects.values_list("audience", flat=True)) == ["sealed"]
    assert not row.sessions.exists()


def test_minutes_are_printed_for_signature_and_kept_nowhere(outsiders):
    row = accepted()
    do(row, "session", **HELD)
    sitting, papers = row.sessions.get(), row.documents.count()
    content, name, type_ = print_minutes(sitting.pk, "docx", by=mediator(), today=TODAY, reason="打印签名")
    assert content[:2] == b"PK" and name == "人民调解记录-20261120.docx" and "word" in type_
    assert AccessLog.objects.get(act="read").subject == f"session/{sitting.pk}"
    assert row.documents.count() == papers and "mediation_minutes" not in set(
        row.documents.values_list("kind", flat=True)
    )
    for other in outsiders(row):
        with pytest.raises(NotFound):
            print_minutes(sitting.pk, "docx", by=other, today=TODAY, reason="好奇")
    with pytest.raises(NotFound):
        print_minutes(sitting.pk, "exe", by=mediator(), today=TODAY, reason="打印")
    assert AccessLog.objects.filter(act="read").count() == 1


# one side -------------------------------------------------------------------------------------------------------


def noted(row, **changes):
    do(row, "note_side", **{"side": "respondent", "text": SAID, **changes})
    return row.notes.last()


def test_a_private_note_is_sealed_and_the_record_says_only_that_there_was_a_talk():
    row = accepted()
    note = noted(row)
    assert note.text == SAID and SAID not in note.text_sealed
    event = Event.objects.get(name="note_side")
    assert json.loads(event.body)["notes"] == {} and event.audience == "proceeding"
    assert (
        event.occurred_on == TODAY and Event.objects.visible_to(clerk(), TODAY).filter(pk=event.pk).exists()
    )


def test_private_notes_are_read_by_every_mediator_here_and_by_nobody_else(client, outsiders):
    row = accepted()
    noted(row)
    assert Note.objects.visible_to(committee(), TODAY).exists()  # that it exists is no secret, its words are
    for other in outsiders(row):
        assert not may_read(again(row), other, TODAY), other
        with pytest.raises(NotFound):
            read_notes(again(row), by=other, today=TODAY, reason="好奇")
    mediator("second")
    do(row, "assign_mediator", by=committee(), user="second", chosen_by="appointed")
    for reader in (mediator(), mediator("second")):
        texts = [note.text for note in read_notes(again(row), by=reader, today=TODAY, reason="续调")]
        assert SAID in texts
    assert AccessLog.objects.filter(act="read", subject=f"mediation/{row.pk}").count() == 2
    client.force_login(clerk(), backend=BACKEND)
    page = client.get(reverse("case", args=[row.case_id])).content.decode()
    assert "单方沟通" in page and SAID not in page


def test_a_stand_in_reads_for_the_mediator_but_not_who_judges_the_dispute(outsiders):
    row = accepted()
    noted(row)
    judge = next(one for one in outsiders(row) if one.username == "judge")
    for substitute in (mediator("deputy"), judge):
        StandIn.objects.create(
            absent=mediator(), substitute=substitute, valid_from=TODAY, valid_to=TODAY, reason="休假",
            set_by=committee(),
        )  # fmt: skip
    assert may_read(again(row), mediator("deputy"), TODAY)
    assert not may_read(again(row), judge, TODAY)


def test_a_recused_mediator_reads_no_longer():
    row = accepted()
    noted(row)
    said = {"user": "mediator", "party": party(row).pk, "ground": "party_asks"}
    do(row, "ask_recusal", by=clerk(), **said)
    decision = {"recusal": row.recusals.get().pk, "granted": "yes", "reason": "准许更换"}
    do(row, "decide_recusal", by=committee(), **decision)
    assert not may_read(again(row), mediator(), TODAY)


def test_a_note_taken_back_is_read_no_longer():
    row = accepted()
    noted(row)
    undo(row, "note_side")
    assert row.notes.get().cancelled
    assert read_notes(again(row), by=mediator(), today=TODAY, reason="核对") == []


def test_the_sealed_page_shows_notes_and_the_way_into_the_video_room(client):
    today = timezone.localdate()
    row = accepted(today=today)
    do(row, "note_side", today=today, side="respondent", text=SAID)
    do(row, "session", today=today, **HELD)
    plan(row, today=today, day=(today + timedelta(1)).isoformat(), mode="video", place="", link=LINK)
    client.force_login(mediator(), backend=BACKEND)
    page = client.post(reverse("mediation_sealed", args=[row.pk]), {"reason": "续调"}).content.decode()
    assert SAID in page and "单方沟通（被申请人）" in page and LINK in page and "打印笔录" in page
    meetings = client.get(reverse("case", args=[row.case_id]) + "?tab=meetings").content.decode()
    assert "加入日历" in meetings and LINK not in meetings and SAID not in meetings
