"""Who sees what: the other station, the panel of the same dispute, stand-ins, grants that have ended; and every way to it."""

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from rest_framework.test import APIClient

from cases import approvals, attaching, kinds, steps
from cases.errors import NotFound, Refused
from cases.models import Approval, Case, Document, Event, Evidence, Participation, Proceeding
from cases.permissions import can
from cases.stepping import steps_of
from stations.models import Grant, StandIn
from tests.adjudication.table import TABLE as ADJUDICATION
from tests.factories import TODAY, approve_all, body, clerk, first, register, station, user
from tests.house import build
from tests.mediation.table import TABLE as MEDIATION
from tests.tables import go

pytestmark = pytest.mark.django_db
ALL_KINDS = kinds.all_kinds()
CONFIDENTIAL = sorted(slug for slug, known in ALL_KINDS.items() if known.confidential)
SEEN = (Case, Proceeding, Event, Document, Evidence, *(known.model for known in ALL_KINDS.values()))


@pytest.fixture(autouse=True)
def on_today(time_machine):
    time_machine.move_to(f"{TODAY}T10:00:00+08:00", tick=False)


@pytest.fixture
def house():
    return build()


def files_of(case, by, **changes):
    upload = SimpleUploadedFile("证据.txt", "一行文字".encode())
    return attaching.attach(case, upload.name, upload, by=by, today=TODAY, **changes)


def accepted_assistance(house):
    row = first(register(house.one("clerk")))
    answer = steps.perform(
        row.pk, "accept", by=house.one("clerk"), data={"help_kind": "advice"}, version=0, today=TODAY
    )
    approve_all(answer, house.one("head"))
    files_of(row.case, house.one("clerk"))
    return first(row.case)


def counts(who) -> dict[str, int]:
    return {model.__name__: model.objects.visible_to(who, TODAY).count() for model in SEEN}


def api_of(who) -> APIClient:
    client = APIClient()
    client.force_authenticate(who)
    return client


# the other station --------------------------------------------------------------------------------------------------


def test_a_foreign_station_sees_nothing_of_it_anywhere(house):
    row = accepted_assistance(house)
    for stranger in house.strangers.values():
        assert set(counts(stranger).values()) == {0}
        for name in steps_of(type(row)):
            assert not can(stranger, row, name, TODAY)
        for name in steps_of(Case):
            assert not can(stranger, row.case, name, TODAY)
    mine = counts(house.one("clerk"))
    assert mine["Case"] == mine["Assistance"] == 1 and mine["Event"] == row.case.events.count()
    assert mine["Document"] == 1 and mine["Evidence"] == 1


def test_what_is_foreign_answers_as_what_does_not_exist(house):
    """Byte for byte but for the number in the address, whatever the way in."""
    row = accepted_assistance(house)
    client = api_of(house.strangers["clerk"])
    document, gone = row.documents.get(), 987654321
    said = {"help_kind": "advice", "version": 1}
    for real, absent, method, payload in (
        (f"cases/{row.case_id}/", f"cases/{gone}/", "get", None),
        (f"cases/{row.case_id}/acts/", f"cases/{gone}/acts/", "get", None),
        (
            f"cases/{row.case_id}/acts/correct_case/",
            f"cases/{gone}/acts/correct_case/",
            "post",
            {"reason": "x"},
        ),
        (f"cases/{row.case_id}/files/", f"cases/{gone}/files/", "post", {}),
        (f"proceedings/{row.pk}/", f"proceedings/{gone}/", "get", None),
        (f"proceedings/{row.pk}/steps/", f"proceedings/{gone}/steps/", "get", None),
        (f"proceedings/{row.pk}/steps/withdraw/", f"proceedings/{gone}/steps/withdraw/", "post", said),
        (f"proceedings/{row.pk}/acts/", f"proceedings/{gone}/acts/", "get", None),
        (
            f"proceedings/{row.pk}/acts/hand_over/",
            f"proceedings/{gone}/acts/hand_over/",
            "post",
            {"user": "x"},
        ),
        (f"documents/{document.pk}.pdf", f"documents/{gone}.pdf", "get", None),
    ):
        answers = []
        for address in (real, absent):
            words = (
                {"data": payload, "format": "multipart" if "files" in address else "json"}
                if payload is not None
                else {}
            )
            answer = getattr(client, method)(f"/api/v1/{address}", **words)
            answers.append((answer.status_code, answer.content))
        assert answers[0] == answers[1], real
        assert answers[0][0] == 404, real
    before = counts(house.one("clerk"))
    assert client.get("/api/v1/cases/").json()["results"] == []
    assert client.get("/api/v1/proceedings/").json()["results"] == []
    assert client.get("/api/v1/deadlines/").json()["results"] == []
    assert counts(house.one("clerk")) == before


def test_an_approval_of_another_house_does_not_exist(house):
    row = first(register(house.one("clerk")))
    waiting = steps.perform(
        row.pk, "accept", by=house.one("clerk"), data={"help_kind": "advice"}, version=0, today=TODAY
    ).approval
    for stranger in (
        *house.strangers.values(),
        house.one("mediator"),
        house.one("district"),
        user("no-grant"),
    ):
        for word in ("approve", "refuse", "return", "withdraw"):
            with pytest.raises(NotFound):
                approvals.decide(waiting.pk, word, by=stranger, reason="x", today=TODAY)
        assert not approvals.waiting_for(stranger, TODAY).exists()
    with pytest.raises(Refused):  # sees the case, is not asked
        approvals.decide(waiting.pk, "approve", by=house.one("office"), today=TODAY)
    approvals.decide(waiting.pk, "approve", by=house.one("head"), today=TODAY)
    with pytest.raises(NotFound):
        approvals.decide(waiting.pk, "approve", by=house.one("mediator"), today=TODAY)


# the panel of the same dispute -----------------------------------------------------------------------------------------


@pytest.fixture
def dispute(house):
    """One dispute under mediation and, beside it, under adjudication; the panel sits."""
    desk = house.one("clerk")
    filed = go(ADJUDICATION, ADJUDICATION.start(house), "file", house)
    case = filed.case
    files_of(case, desk)
    said = {"proceeding": "mediation", "mediation_kind": "people"}
    steps.case_act(case.pk, "open_proceeding", by=desk, data=said, today=TODAY)
    mediation = case.proceedings.get(kind="mediation").concrete()
    mediation = go(MEDIATION, mediation, "accept", house)
    files_of(case, house.one("mediator"), row=mediation)
    return filed, mediation


PANEL = ("adjudicator1", "adjudicator2", "adjudicator3", "recorder1")


@pytest.mark.parametrize(
    "extra", [(), ("clerk",), ("mediator",), ("committee",), ("station_head", "clerk", "mediator")]
)
def test_whoever_judges_sees_no_row_of_the_mediation_whatever_else_he_is(house, dispute, extra):
    adjudication, mediation = dispute
    for name in PANEL:
        member = user(
            name,
            *(
                (role, station("s1") if role in ("clerk", "station_head") else body("committee"))
                for role in extra
            ),
        )
        assert Proceeding.objects.visible_to(member, TODAY).filter(pk=adjudication.pk).exists()
        for slug in CONFIDENTIAL:
            assert not ALL_KINDS[slug].model.objects.visible_to(member, TODAY).exists()
        assert not Proceeding.objects.visible_to(member, TODAY).filter(kind__in=CONFIDENTIAL).exists()
        for model in (Event, Document, Evidence):
            seen = model.objects.visible_to(member, TODAY)
            assert not seen.filter(proceeding__kind__in=CONFIDENTIAL).exists(), (name, model)
            assert seen.filter(proceeding=adjudication.pk).exists() or model is Evidence
        bodies = "".join(Event.objects.visible_to(member, TODAY).values_list("body", flat=True))
        assert mediation.number not in bodies
        for step in steps_of(type(mediation)):
            assert not can(member, mediation, step, TODAY), step
        client = api_of(member)
        for address in (
            f"proceedings/{mediation.pk}/",
            f"proceedings/{mediation.pk}/steps/",
            f"proceedings/{mediation.pk}/acts/",
        ):
            assert client.get(f"/api/v1/{address}").status_code == 404
        listed = client.get("/api/v1/proceedings/").json()["results"]
        assert {row["kind"] for row in listed} & set(CONFIDENTIAL) == set()
        for document in mediation.documents.all():
            assert client.get(f"/api/v1/documents/{document.pk}.pdf").status_code == 404
        assert mediation.number not in client.get(f"/api/v1/cases/{mediation.case_id}/").content.decode()


def test_the_file_of_a_mediation_leaves_no_line_in_the_panels_timeline(house, dispute):
    _adjudication, mediation = dispute
    held = Evidence.objects.get(proceeding=mediation.pk)
    bodies = Event.objects.visible_to(user("adjudicator1"), TODAY).values_list("body", flat=True)
    assert not [text for text in bodies if f'"file":{held.pk}' in text]


def test_who_left_the_panel_stays_shut_out(house, dispute):
    adjudication, mediation = dispute
    Participation.objects.filter(proceeding=adjudication.pk).update(to_on=TODAY)
    member = user("adjudicator2", ("mediator", body("committee")), ("committee", body("committee")))
    assert not Proceeding.objects.visible_to(member, TODAY).filter(pk=mediation.pk).exists()


def test_asked_of_one_case_or_of_all_the_answer_is_the_same(house, dispute):
    adjudication, mediation = dispute
    for by, row in ((house.one("adjudicator"), adjudication), (house.one("mediator"), mediation)):
        for audience in ("proceeding", "sealed"):
            files_of(row.case, by, row=row, audience=audience)
    files_of(register(house.one("clerk")), house.one("clerk"))  # of another case
    case, differing = adjudication.case_id, set()
    for who in house.with_roles(house.people):
        for model in (Event, Document, Evidence):
            everywhere = set(
                model.objects.visible_to(who, TODAY).filter(case=case).values_list("pk", flat=True)
            )
            here = set(model.objects.visible_to(who, TODAY, case).values_list("pk", flat=True))
            assert here == everywhere, (who, model)
            differing.add((model, frozenset(here)))
    assert len(differing) > 9, "the people of the house hardly differ in what they see"


def test_mediators_and_leadership_see_only_their_own(house, dispute):
    adjudication, mediation = dispute
    seen = Proceeding.objects.visible_to(house.one("mediator"), TODAY)
    assert [row.pk for row in seen] == [mediation.pk]
    assert (
        not Event.objects.visible_to(house.one("mediator"), TODAY).filter(proceeding=adjudication.pk).exists()
    )
    for role in ("leader", "district", "security", "auditor", "sysadmin"):
        assert set(counts(house.one(role)).values()) == {0}, role


def test_a_mediator_never_judges_and_a_judge_never_mediates(house, dispute):
    """特邀调解规定第十六条: refused by the door, whichever came first."""
    _adjudication, mediation = dispute
    judge = user("adjudicator4", ("mediator", body("committee")))
    steps.act(
        mediation.pk, "assign_mediator", by=house.one("mediator"),
        data={"user": judge.username, "chosen_by": "appointed"}, today=TODAY,
    )  # fmt: skip
    member = user("adjudicator1", ("mediator", body("committee")))
    with pytest.raises(Exception, match="裁决"):
        steps.act(
            mediation.pk, "assign_mediator", by=house.one("mediator"),
            data={"user": member.username, "chosen_by": "appointed"}, today=TODAY,
        )  # fmt: skip


# stand-ins, grants and their periods -------------------------------------------------------------------------------------


def test_a_stand_in_sees_and_acts_for_the_stated_days_only(house):
    row = accepted_assistance(house)
    friend = user("friend")
    for from_on, to_on, there in (
        (TODAY, TODAY, True), (TODAY - timedelta(9), TODAY - timedelta(1), False), (TODAY + timedelta(1), TODAY + timedelta(9), False),
    ):  # fmt: skip
        StandIn.objects.all().delete()
        StandIn.objects.create(
            absent=house.one("clerk"),
            substitute=friend,
            valid_from=from_on,
            valid_to=to_on,
            reason="休假",
            set_by=friend,
        )
        assert Case.objects.visible_to(friend, TODAY).filter(pk=row.case_id).exists() is there
        assert bool(can(friend, row, "withdraw", TODAY)) is there
    assert not Case.objects.visible_to(house.strangers["clerk"], TODAY).exists()


def test_a_stand_in_does_not_approve_what_the_absent_one_or_he_himself_proposed(house):
    both = user("both", ("clerk", station("s1")), ("head", body("centre")))
    friend = user("friend", ("clerk", station("s1")))
    StandIn.objects.create(
        absent=both, substitute=friend, valid_from=TODAY, valid_to=TODAY, reason="休假", set_by=both
    )
    for proposer in (both, friend):
        row = first(register(house.one("clerk")))
        waiting = steps.perform(
            row.pk, "accept", by=proposer, data={"help_kind": "advice"}, version=0, today=TODAY
        ).approval
        for who in {proposer, friend}:
            with pytest.raises(Refused) as refusal:
                approvals.decide(waiting.pk, "approve", by=who, today=TODAY)
            assert refusal.value.code == "own_proposal"
        assert Approval.objects.get(pk=waiting.pk).state == "open"
    approvals.decide(waiting.pk, "approve", by=both, today=TODAY)


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "there"),
    [
        (date(2020, 1, 1), None, True), (TODAY, TODAY, True), (date(2020, 1, 1), TODAY - timedelta(1), False),
        (TODAY + timedelta(1), None, False),
    ],
)  # fmt: skip
def test_a_grant_holds_for_its_days(house, valid_from, valid_to, there):
    row = accepted_assistance(house)
    someone = user("someone")
    Grant.objects.create(
        user=someone, role="clerk", station=station("s1"), valid_from=valid_from, valid_to=valid_to
    )
    assert (set(counts(someone).values()) != {0}) is there
    assert bool(can(someone, row, "withdraw", TODAY)) is there


def test_an_inactive_user_sees_nothing(house):
    accepted_assistance(house)
    gone = house.one("clerk")
    gone.is_active = False
    gone.save()
    assert set(counts(gone).values()) == {0}


def test_the_absent_one_who_is_dismissed_lends_nothing(house):
    accepted_assistance(house)
    friend = user("friend")
    StandIn.objects.create(
        absent=house.one("clerk"),
        substitute=friend,
        valid_from=TODAY,
        valid_to=TODAY,
        reason="休假",
        set_by=friend,
    )
    gone = house.one("clerk")
    gone.is_active = False
    gone.save()
    assert set(counts(friend).values()) == {0}


def test_a_grant_taken_away_while_an_approval_waits_returns_it(house):
    """The proposer's permission is tested again when the last approval comes."""
    by = clerk("temporary")
    row = first(register(by))
    waiting = steps.perform(
        row.pk, "accept", by=by, data={"help_kind": "advice"}, version=0, today=TODAY
    ).approval
    Grant.objects.filter(user=by).update(valid_to=TODAY - timedelta(1))
    done = approvals.decide(waiting.pk, "approve", by=house.one("head"), today=TODAY)
    assert (done.state, first(row.case).state) == ("returned", "received")
