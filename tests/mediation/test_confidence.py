"""Nothing of the talks leaves the mediation: minutes, panel members, leadership; and history brought in."""

import json
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from cases import kinds, steps
from cases.errors import DomainError, NotFound
from cases.models import AccessLog, Approval, Event, Evidence, Outbox, Participation, Proceeding, StoredFile
from mediation.models import Agreement, Consent, Contact, Mediation, Session, Term
from mediation.models.sittings import read_minutes
from tests.factories import TODAY, approve_all, body, clerk, station, user
from tests.mediation.stage import (
    SIGNED,
    accepted,
    again,
    committee,
    consent,
    do,
    facts,
    head,
    mediator,
    party,
    received,
    settled,
    take,
)

pytestmark = pytest.mark.django_db

SECRET = "底线是三万元，可以分期"
SITTING = {
    "mode": "separate", "starts": "09:30", "ends": "11:00", "place": "调解室", "result": "continues",
    "attendance": [{"party": "乙公司", "name": "钱某某", "capacity": "代理人"}], "minutes": SECRET,
}  # fmt: skip


def everything_written() -> str:
    """Every text column of every table, as the database holds it."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [str(value) for line in cursor.fetchall() for value in line]
    return "\n".join(found)


def test_minutes_and_remarks_stand_nowhere_in_clear():
    row = received()
    do(row, "contact", by=clerk(), party=party(row).pk, way="call", result="reached", remark=SECRET)
    do(row, "record_consent", by=clerk(), party=party(row).pk, answer="refuse", way="phone", remark=SECRET)
    row = consent(row)
    approve_all(take(row, "accept"), committee())
    do(row, "session", **SITTING)
    do(row, "assign_mediator", by=committee(), user=mediator("m2").username, chosen_by="appointed")
    take(row, "withdraw", outcome="withdrawn_settled", settlement=SECRET, reason=SECRET)
    row = again(row)
    assert (row.ending, row.sessions.get().minutes, row.agreement.performance) == (SECRET, SECRET, SECRET)
    assert (row.contacts.get().remark, row.consents.first().remark) == (SECRET, SECRET)
    text = everything_written()
    assert SECRET not in text and json.dumps(SECRET)[1:-1] not in text and "钱某某" not in text
    bodies = "".join(
        [*Event.objects.values_list("body", flat=True), *Outbox.objects.values_list("payload", flat=True)]
    )
    assert "底线" not in bodies and Outbox.objects.exists()


def test_the_timeline_says_that_a_session_took_place_and_no_more():
    row = accepted()
    do(row, "session", **SITTING)
    event = Event.objects.get(name="session")
    written = json.loads(event.body)
    assert written["notes"] == {} and written["rows"] == [f"mediation.session:{row.sessions.get().pk}"]
    assert (event.fact, event.audience, event.occurred_on, again(row).version) == (
        None,
        "proceeding",
        TODAY,
        1,
    )


def test_minutes_are_read_by_those_who_take_part_and_the_reading_is_logged_first():
    row = accepted()
    do(row, "session", **SITTING)
    sitting = row.sessions.get()
    read = read_minutes(sitting.pk, by=mediator(), today=TODAY, reason="续调")
    assert read["minutes"] == SECRET and read["attendance"][0]["name"] == "钱某某"
    assert AccessLog.objects.get(act="read").subject == f"session/{sitting.pk}"
    for other in (clerk(), committee()):  # they see that it took place
        assert Session.objects.visible_to(other, TODAY).count() == 1
        with pytest.raises(NotFound):
            read_minutes(sitting.pk, by=other, today=TODAY, reason="好奇")
    with pytest.raises(NotFound):
        read_minutes(sitting.pk, by=mediator("m2"), today=TODAY, reason="好奇")
    assert AccessLog.objects.filter(act="read").count() == 1


def test_a_replaced_mediator_reads_no_longer():
    row = accepted()
    do(row, "session", **SITTING)
    mediator("m2")
    do(
        row,
        "assign_mediator",
        by=committee(),
        user="m2",
        chosen_by="appointed",
        replaces="mediator",
        ground="recusal",
    )
    assert not Session.objects.readable_by(mediator(), TODAY).exists()
    assert Session.objects.readable_by(mediator("m2"), TODAY).count() == 1


def test_a_session_needs_attendance_and_ends_after_it_starts():
    row = accepted()
    with pytest.raises(DomainError) as refusal:
        do(row, "session", **{**SITTING, "attendance": [], "ends": "09:00"})
    assert set(refusal.value.fields) == {"attendance", "ends"}


# who judges, who leads -----------------------------------------------------------------------------------------


@pytest.fixture
def judged(monkeypatch):
    """A settled mediation, and a member of a panel in another proceeding of the same dispute.

    The other proceeding's kind is made a judging one here: this room does not know the other.
    """
    monkeypatch.setitem(kinds._kinds, "assistance", replace(kinds.get("assistance"), judging=True))
    row = accepted()
    do(row, "session", **SITTING)
    do(row, "contact", party=party(row).pk, way="call", result="reached")
    take(row, "sign_agreement", **SIGNED)
    approve_all(take(row, "seal_agreement"), committee())
    do(row, "open_confirmation")
    steps.case_act(row.case_id, "open_proceeding", by=clerk(), data={"proceeding": "assistance"}, today=TODAY)
    other = Proceeding.objects.get(case=row.case_id, kind="assistance")
    judge = user(
        "judge", ("mediator", body("committee")), ("committee", body("committee")), ("clerk", station())
    )
    Participation.objects.create(proceeding=other, user=judge, capacity="panel_member", from_on=TODAY)
    stored = StoredFile.objects.create(sm3="0" * 64, sha256="0" * 64, size=1, type="text/plain")
    Evidence.objects.create(
        case=row.case, proceeding=row, file=stored, name="a.txt", uploaded_by=clerk(), audience="proceeding"
    )
    return row, other, judge


def test_a_panel_member_of_the_dispute_sees_nothing_of_its_mediation(judged):
    row, other, judge = judged
    assert set(Proceeding.objects.visible_to(judge, TODAY).values_list("pk", flat=True)) == {other.pk}
    assert Mediation.objects.visible_to(judge, TODAY).count() == 0
    closed = [row.pk, *row.children.values_list("pk", flat=True)]
    for model in (Event, Evidence):
        assert model.objects.filter(proceeding__in=closed).exists()
        assert not model.objects.visible_to(judge, TODAY).filter(proceeding__in=closed).exists()
    assert not row.documents.visible_to(judge, TODAY).exists() and row.documents.exists()
    for model in (Consent, Contact, Session, Agreement, Term):
        assert not model.objects.visible_to(judge, TODAY).exists()
        assert model.objects.visible_to(clerk(), TODAY).exists()  # so there was something to see
    for name in ("withdraw", "undo_last", "void"):
        with pytest.raises(NotFound):
            take(row, name, by=judge, reason="无")


def test_who_judges_cannot_be_made_mediator_of_the_same_dispute(judged):
    row, _other, judge = judged
    steps.case_act(row.case_id, "open_proceeding", by=clerk(), data={"proceeding": "mediation"}, today=TODAY)
    second = Mediation.objects.filter(case=row.case_id).last()
    with pytest.raises(DomainError) as refusal:
        do(second, "assign_mediator", by=committee(), user=judge.username, chosen_by="appointed")
    assert refusal.value.code == "judges_here"


def test_leadership_district_office_and_the_bureau_see_no_peoples_mediation():
    row = accepted()
    do(row, "session", **SITTING)
    take(row, "sign_agreement", **SIGNED)
    for name, role, where in (
        ("leader", "leader", None), ("district", "district", None), ("auditor", "auditor", None), ("sysadmin", "sysadmin", None),
        ("office", "office", body("bureau")), ("adjudicator", "adjudicator", body("bureau")), ("clerk2", "clerk", station("s2")),
    ):  # fmt: skip
        other = user(name, (role, where))
        for model in (Mediation, Event, Session, Term):
            assert not model.objects.visible_to(other, TODAY).exists(), (name, model)
    assert not Mediation.objects.visible_to(head(), TODAY).exists()


# history -------------------------------------------------------------------------------------------------------


def test_history_states_what_the_sheet_says_and_leaves_the_rest_unknown():
    assert dict(kinds.get("mediation").history) == {
        "达成协议": ("settled", "written_agreement"), "口头协议": ("settled", "oral_agreement"), "调解不成": ("failed", "failed"),
        "撤回": ("withdrawn", "withdrawn"), "按撤回处理": ("withdrawn", "deemed_withdrawn"), "终止": ("terminated", "terminated"),
        "不予受理": ("not_accepted", "refused"), "移送": ("transferred", "transferred"),
    }  # fmt: skip
    known = kinds.get("mediation")
    assert {state for state, _outcome in known.history.values()} <= known.ends
    assert {outcome for _state, outcome in known.history.values()} <= set(known.outcomes)


@pytest.mark.parametrize("confirmed", [True, False, None])
def test_history_keeps_confirmation_yes_no_and_unknown_apart(confirmed):
    row = received()
    data = {
        "state": "settled", "outcome": "written_agreement", "detail": "administrative", "closed_on": "2026-01-05",
        "judicial_confirmation": confirmed,
    }  # fmt: skip
    district = user("district", ("district", None))
    steps.perform(row.pk, "record_history", by=district, data=data, version=0, today=TODAY)
    row = again(row)
    assert row.judicially_confirmed is confirmed
    assert (row.flavour, row.body.kind, row.state, row.version) == ("administrative", "bureau", "settled", 1)
    assert (row.number, row.due_rule, row.documents.count(), row.received_on) == (None, "", 0, None)
    event = row.events.get(version=1)
    assert (event.fact, event.value, event.occurred_on) == ("closed", "written_agreement", date(2026, 1, 5))
    assert row.agreement is None and "effective" not in dict(facts(row))


def test_every_step_and_act_has_a_form_and_a_row_in_the_policy():
    for slug in ("mediation", "judicial_confirmation"):
        model = kinds.get(slug).model
        for name in steps.steps_of(model):
            assert steps.form_of(model, name)
            assert steps.policy.step_rule(slug, name), name


def test_no_approval_is_left_open_by_these_steps():
    settled()
    assert set(Approval.objects.values_list("state", flat=True)) == {"granted"}
