"""Backfill: what it writes is what the door writes, guards stay up, the door goes on after it, never in production."""

from datetime import date

import pytest
from django.db import IntegrityError

from cases import chain, guards, steps, verifying
from cases.backfill import Backfill, insert
from cases.errors import DomainError
from cases.models import Case, Event, Number, Party, Proceeding, Right
from tests import factories

pytestmark = pytest.mark.django_db
ON = date(2026, 3, 2)
PLAIN = ("state", "version", "outcome", "help_kind", "is_open")
COLUMNS = ("kind", "name", "version", "from_state", "to_state", "fact", "value", "occurred_on", "known_on")


def history(backfill: Backfill, clerk, head, *, on: date = ON, today: date = ON, complete: bool = True):
    station = factories.station()
    case = backfill.case(
        Case(station=station, received_on=on, summary="模拟", simulated=True),
        [Party(role="applicant", kind="legal_person", name="甲公司")],
        [Right(kind="trademark", number="12345678")], by=clerk, on=on, today=today,
    )  # fmt: skip
    row = case.open("assistance", by=clerk, on=on, today=today, body=factories.body("centre"))
    row.step(
        "accept", "accepted", by=clerk, approved_by=head, on=date(2026, 3, 4), series="assistance",
        columns={"accepted_on": date(2026, 3, 4), "help_kind": "advice", "handler": clerk},
        tell=lambda e: (e.join(clerk, "handler"), e.fact("accepted", value="assistance"), e.finish("W-03"), e.start("W-07a")),
    )  # fmt: skip
    if complete:
        row.step(
            "complete", "completed", by=clerk, approved_by=head, on=date(2026, 3, 9),
            columns={"closed_on": date(2026, 3, 9), "outcome": "completed", "opinion": "模拟"},
            tell=lambda e: (e.fact("closed", value="completed"), e.finish_all(), e.start("AR-01")),
        )  # fmt: skip
    return case


@pytest.fixture
def people():
    return factories.clerk(), factories.user("head", ("head", factories.body("centre")))


def through_the_door(people) -> Case:
    clerk, head = people
    case = factories.register(clerk, ON)
    row = factories.first(case)
    for name, data, day in (
        ("accept", {"help_kind": "advice", "handler": clerk.username}, date(2026, 3, 4)),
        ("complete", {"opinion": "模拟", "applicant_type": "small"}, date(2026, 3, 9)),
    ):
        answer = steps.perform(row.pk, name, by=clerk, data=data, version=row.version, today=day)
        factories.approve_all(answer, head, today=day)
        row = factories.first(case)
    return case


def said(case: Case) -> list[tuple]:
    events = case.events.exclude(name__in=["proposed", "registered"])
    return list(events.values_list(*COLUMNS))


def test_it_writes_what_the_door_writes(people):
    with Backfill() as backfill:
        history(backfill, *people)
    bulk = Case.objects.get()
    door = through_the_door(people)
    assert said(bulk) == said(door)
    one, other = factories.first(bulk), factories.first(door)
    for column in (
        "handler",
        "body",
        "due_on",
        "due_rule",
        "received_on",
        "accepted_on",
        "closed_on",
        *PLAIN,
    ):
        assert getattr(one, column) == getattr(other, column), column
    limits = [
        list(row.deadlines.values_list("rule", "starts_on", "due_on", "met_on")) for row in (one, other)
    ]
    assert limits[0] == limits[1] != []
    parts = [list(row.participations.values_list("user", "capacity", "from_on")) for row in (one, other)]
    assert parts[0] == parts[1] != []
    assert [(n.text, n.serial) for n in Number.objects.order_by("serial")] == [
        (one.number, 1),
        (other.number, 2),
    ]
    assert bulk.registration_no == "2026-000001" and door.registration_no == "2026-000002"
    assert {e.origin for e in bulk.events.all()} == {"generated"}
    assert chain.broken_case_chains() == [] and not [f for f in verifying.run_all() if f.broken]


def test_an_open_case_goes_on_at_the_door(people):
    clerk, head = people
    with Backfill() as backfill:
        history(backfill, clerk, head, complete=False)
    row = factories.first(Case.objects.get())
    assert row.is_open and row.state == "accepted"
    day, data = date(2026, 3, 10), {"opinion": "已答复", "applicant_type": "small"}
    answer = steps.perform(row.pk, "complete", by=clerk, data=data, version=row.version, today=day)
    factories.approve_all(answer, head, today=date(2026, 3, 10))
    assert factories.first(row.case).state == "completed"
    assert chain.broken_case_chains() == []


def test_a_late_entry_is_known_on_the_day_of_entry(people):
    with Backfill() as backfill:
        history(backfill, *people, today=date(2026, 3, 3))
    fact = Event.objects.get(fact="applied")
    assert (fact.occurred_on, fact.known_on) == (ON, date(2026, 3, 3))


def test_a_way_the_kind_does_not_have_is_refused(people):
    with pytest.raises(ValueError, match="does not go"), Backfill() as backfill:
        row = history(backfill, *people).histories[0]
        row.step("accept", "accepted", by=people[0], on=date(2026, 3, 10))
    assert not Case.objects.exists()


def test_guards_are_up_all_the_time(people):
    with pytest.raises(IntegrityError), Backfill() as backfill:
        case = history(backfill, *people)
        backfill.rows[Event].clear()  # rows without their events
        assert case.histories
    assert guards.missing() == []
    assert not Proceeding.objects.exists()


def test_rows_that_contradict_their_events_do_not_get_in(people):
    with pytest.raises(IntegrityError), Backfill() as backfill:
        row = history(backfill, *people).histories[0]
        row.row.__dict__["version"] = 7
    assert not Proceeding.objects.exists()
    assert insert(Case, []) is None


def test_never_in_production(people, settings):
    settings.PRODUCTION = True
    with pytest.raises(DomainError) as refusal:
        Backfill()
    assert refusal.value.code == "production"
