"""The door: registration, a step with approval, versions, undoing, and the guards of the database."""

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from cases import chain, steps
from cases.errors import Conflict, Invalid, KeyReused, NotFound, Refused
from cases.models import Case, Event, Idempotency, Number, Proceeding
from tests.factories import TODAY, approve_all, body, clerk, first, register, registration, user

pytestmark = pytest.mark.django_db


@pytest.fixture
def head():
    return user("head", ("head", body("centre")))


@pytest.fixture
def accepted(head):
    case = register()
    row = first(case)
    waiting = steps.perform(
        row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY
    )
    approve_all(waiting, head)
    return first(case)


def test_register_makes_case_number_events_and_first_proceeding(head):
    body("centre")
    case = register()
    row = first(case)
    assert case.registration_no == "2026-000001"
    assert (row.state, row.version, row.number) == ("received", 0, None)
    assert [e.name for e in case.events.all()] == ["registered", "opened"]
    assert row.due_rule == "W-03"
    assert chain.broken_case_chains() == []


def test_accept_after_approval_gives_number_fact_and_paper(accepted):
    assert accepted.state == "accepted"
    assert accepted.number == "津滨知援字〔2026〕1号"
    event = Event.objects.get(proceeding=accepted, version=1)
    assert (event.fact, event.value, event.occurred_on) == ("accepted", "assistance", TODAY)
    assert event.by.username == "clerk" and event.approved_by.username == "head"
    assert accepted.documents.get().title == "知识产权维权援助受理通知书"
    assert chain.broken_case_chains() == []


def test_a_decided_approval_prints_as_its_form(accepted):
    approval = accepted.approvals.get()
    steps.act(accepted.pk, "print_approval", by=clerk(), data={"approval": approval.pk}, today=TODAY)
    paper = accepted.documents.get(kind="approval_form")
    assert paper.volume == "closed" and "受理审批表" in paper.blocks and "部门负责人" in paper.blocks


def test_undo_last_voids_number_and_withdraws_fact(accepted, head):
    answer = steps.perform(
        accepted.pk, "undo_last", by=accepted.handler, data={"reason": "点错"}, version=1, today=TODAY
    )
    approve_all(answer, head)
    row = accepted.concrete().__class__.objects.get(pk=accepted.pk)
    assert (row.state, row.version, row.number, row.accepted_on) == ("received", 2, None, None)
    assert Number.objects.get().void_on == TODAY
    assert Event.objects.filter(corrects__fact="accepted", fact__isnull=True).exists()
    assert row.due_rule == "W-03" and row.documents.get().state == "void"
    assert chain.broken_case_chains() == []


def test_stale_version_is_a_conflict_and_writes_nothing(accepted):
    before = Event.objects.count()
    with pytest.raises(Conflict) as refusal:
        steps.perform(accepted.pk, "convert", by=clerk(), data={}, version=0, today=TODAY)
    assert refusal.value.code == "stale_version"
    assert Event.objects.count() == before


def test_stranger_gets_not_found_colleague_without_right_gets_reason(accepted):
    other = clerk("clerk2", at="s2")
    with pytest.raises(NotFound):
        steps.perform(accepted.pk, "convert", by=other, data={}, version=1, today=TODAY)
    office = user("office", ("office", body("centre")))
    with pytest.raises(Refused):
        steps.perform(accepted.pk, "convert", by=office, data={}, version=1, today=TODAY)


def test_same_key_same_answer_other_body_refused():
    body("centre")
    by = clerk()
    one = steps.register(by=by, data=registration(), today=TODAY, key="k")
    two = steps.register(by=by, data=registration(), today=TODAY, key="k")
    assert one == two and Case.objects.count() == 1 and Idempotency.objects.count() == 1
    with pytest.raises(KeyReused):
        steps.register(by=by, data=registration(summary="别的"), today=TODAY, key="k")


def test_unknown_field_and_bad_number_are_refused_by_field():
    by = clerk()
    with pytest.raises(Invalid) as refusal:
        steps.register(by=by, data={**registration(), "state": "closed"}, today=TODAY)
    assert "__all__" in refusal.value.fields
    bad = registration(rights=[{"kind": "invention", "number": "ZL201010110210.1"}])
    with pytest.raises(Invalid) as refusal:
        steps.register(by=by, data=bad, today=TODAY)
    assert "rights" in refusal.value.fields


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE cases_proceeding SET state = 'completed'",
        "UPDATE cases_proceeding SET number = 'x'",
        "UPDATE cases_proceeding SET version = version + 1",
        "DELETE FROM cases_event",
        "UPDATE cases_event SET value = 'x'",
        "UPDATE cases_case SET registration_no = 'x'",
    ],
)
def test_raw_sql_is_refused_by_the_database(accepted, sql):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_bulk_writes_are_refused(accepted):
    for write in (
        lambda: Proceeding.objects.update(state="completed"),
        lambda: Event.objects.filter(pk=1).delete(),
        lambda: Proceeding.objects.bulk_create([]),
    ):
        with pytest.raises(TypeError):
            write()
