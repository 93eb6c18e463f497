"""The machines against tables written by hand: every pair of state, step and person, and long random stories."""

import itertools
import os
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cases import approvals, chain, kinds, steps
from cases.errors import Conflict, DomainError, NotFound, Refused
from cases.models import Approval, Event, Number, Proceeding
from cases.models.proceeding import NEVER
from cases.stepping import steps_of
from cases.steps import Waiting
from tests.adjudication.disclosure_table import TABLE as DISCLOSURE
from tests.adjudication.enforcement_table import TABLE as ENFORCEMENT
from tests.adjudication.litigation_table import TABLE as LITIGATION
from tests.adjudication.table import TABLE as ADJUDICATION
from tests.cases.assistance_table import TABLE as ASSISTANCE
from tests.factories import TODAY
from tests.house import House, build
from tests.mediation.confirmation_table import TABLE as CONFIRMATION
from tests.mediation.table import TABLE as MEDIATION
from tests.tables import Table, actors, approve, fresh, go, reach, someone, take

pytestmark = pytest.mark.django_db
LONG = os.environ.get("ZHIHENG_LONG") == "1"
EXAMPLES, LENGTH = (300, 50) if LONG else (50, 20)
TABLES = {
    table.kind: table
    for table in (ASSISTANCE, MEDIATION, CONFIRMATION, ADJUDICATION, DISCLOSURE, LITIGATION, ENFORCEMENT)
}
PAIRS = [
    (kind, state)
    for kind, table in TABLES.items()
    for state in table.states
    if state not in table.unreachable
]


@contextmanager
def sandbox():
    """Whatever happens inside is taken back; the door may open its durable transaction in here."""
    block = transaction.atomic()
    block._from_testcase = True  # type: ignore[attr-defined]
    with block:
        yield
        transaction.set_rollback(True)


_uncounted = itertools.count()


def written() -> int:
    """How many rows this connection has written, but for the log of refusals; what wrote nothing need not be looked at.

    Only SQLite counts them (a rollback takes nothing off); elsewhere no answer is like the last: look every time.
    """
    if connection.vendor != "sqlite":
        return next(_uncounted)
    raw = connection.connection
    return int(raw.total_changes - raw.execute("SELECT COUNT(*) FROM cases_accesslog").fetchone()[0])


# the tables and the machines name the same things -------------------------------------------------------------------


@pytest.mark.parametrize("kind", TABLES)
def test_the_table_knows_every_state_and_every_step(kind):
    table, known = TABLES[kind], kinds.get(kind)
    assert set(table.states) | {"recorded"} == set(known.states)
    assert set(table.steps) == {name for name, meta in steps_of(known.model).items() if meta.kind == "step"}
    assert table.ends | {"recorded"} == known.ends
    assert set(table.who) == set(table.steps)
    assert {state for state, _step in table.edges} | set(table.edges.values()) | {"void"} == set(table.states)


# every pair -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kind", "state"), PAIRS, ids=["-".join(pair) for pair in PAIRS])
def test_every_pair_of_step_and_person(kind, state):
    """In this state, every step by everybody: it goes where the table says, or is refused with the right code."""
    table, house = TABLES[kind], build()
    row = reach(table, state, house)
    assert_whole(row)
    before = Event.objects.count()
    wrong = []
    for step in table.steps:
        for actor in actors(house):
            with sandbox():
                found = tried(table, row, step, actor, house)
            expected = foreseen(table, row, step, actor)
            if found not in expected:
                wrong.append((step, actor, found, expected))
    assert wrong == []
    assert Event.objects.count() == before


def tried(table: Table, row: Proceeding, step: str, actor: str, house: House) -> str:
    """What comes of it: the next state, or the code of the refusal."""
    may_act = actor in table.who[step] and table.after(row.state, step) is not None
    if may_act:
        table.prepare(step, row, house)
    events, before = Event.objects.count(), written()
    try:
        answer = take(table, row, step, actor, house)
        if isinstance(answer, Waiting):
            assert fresh(row).state == row.state and fresh(row).version == row.version
            done = approve(answer, house)
            assert done.state == "granted", done.reason
    except DomainError as refusal:
        if written() != before:
            assert Event.objects.count() == events
            now = fresh(row)
            assert (now.state, now.version) == (row.state, row.version)
        return refusal.code
    assert_whole(row)
    return fresh(row).state


def foreseen(table: Table, row: Proceeding, step: str, actor: str) -> set[str]:
    """The next state if it is allowed; else the codes with which it may be refused."""
    if actor not in table.who[step]:
        return {"role", "relation", "not_in_policy"} if actor in table.sees else {"not_found"}
    refused = {"wrong_state"}
    if row.handler_id is None and actor == "recorder":
        return {"relation"}  # nobody's recorder yet
    if step == "undo_last":
        return {previous(row)}
    if step == "void" and row.state == "void":
        return {"already_void", "wrong_state"}
    if step == "void" and (hindered := table.hindered(step, row)):
        return {hindered}
    target = table.after(row.state, step)
    if target is None:
        return refused | ({"relation"} if row.handler_id is None else set())
    if step == "correct_record" and row.version == 0 and row.received_on is None:
        return {"nothing_to_correct"}
    return {target, "ruling_signed"} if step == "correct_record" and row.state == "ruled" else {target}


def previous(row: Proceeding) -> str:
    """Where undoing leads: the state before the last step; nothing was undone on the way here."""
    last = Event.objects.filter(proceeding=row.pk, version=row.version).first() if row.version else None
    return str(last.from_state) if last else "nothing_to_undo"


def assert_whole(row: Proceeding) -> None:
    """What must hold after every call, whatever it was."""
    now = fresh(row)
    known = kinds.get(now.kind)
    taken = list(Event.objects.filter(proceeding=now.pk, kind="step").order_by("seq"))
    assert [event.version for event in taken] == list(range(1, now.version + 1)), "one event per step"
    states = ["received", *(event.to_state for event in taken)]
    assert [event.from_state for event in taken] == states[:-1] and states[-1] == now.state
    assert now.is_open == (now.state not in known.ends)
    running = [
        d for d in now.deadlines.filter(met_on__isnull=True, cancelled=False)
        if not now.intervals.filter(to_on__isnull=True, cancelled=False).exists()
    ]  # fmt: skip
    if not now.intervals.filter(to_on__isnull=True, cancelled=False).exists():
        assert now.due_on == min((d.due_on for d in running), default=NEVER), "the nearest deadline"
        assert now.due_rule in {d.rule for d in running if d.due_on == now.due_on} or (
            not running and not now.due_rule
        )
    given = Number.objects.filter(proceeding=now.pk)
    standing = [n.text for n in given if n.void_on is None]
    if now.state == "void":
        assert standing == []
    else:
        assert standing == ([now.number] if now.number else [])
    taking_on = {known.accepting, *(TABLES[now.kind].accepts_too if now.kind in TABLES else ())}
    accepted = any(event.name in taking_on for event in taken)
    assert accepted or not given.exists(), "no number but by acceptance"
    live = {
        e.fact for e in Event.objects.filter(proceeding=now.pk, fact__isnull=False, corrections__isnull=True)
    }
    assert ("closed" in live) == (now.closed_on is not None and now.state != "void"), (live, now.state)
    assert ("accepted" in live) == (now.accepted_on is not None and now.state != "void"), live
    assert chain.broken_case_chains([now.case_id]) == []


# every step of every kind can be taken back -----------------------------------------------------------------------------

EDGES = [
    (kind, state, step)
    for kind, table in TABLES.items()
    for state, step in table.edges
    if step != "record_history"
]


@pytest.mark.parametrize(("kind", "state", "step"), EDGES, ids=["-".join(edge) for edge in EDGES])
def test_every_step_can_be_undone_and_taken_again(kind, state, step):
    """Undone, the row is what it was, the number stays as 作废, no fact of the step counts; then it is taken again."""
    table, house = TABLES[kind], build()
    row = reach(table, state, house)
    table.prepare(step, row, house)
    before = columns(row)
    done = go(table, row, step, house)
    number = done.number if before["number"] is None else None
    back = undo(table, done, house)
    assert (back.state, columns(back)) == (state, before)
    assert_whole(back)
    assert live_facts(back) == live_facts_at(row, back)
    if number:
        assert Number.objects.get(text=number).void_on == TODAY
    with pytest.raises(DomainError) as twice:
        take(table, back, "undo_last", sorted(table.who["undo_last"])[0], house)
    assert twice.value.code in ("already_undone", "relation")
    again = go(table, back, step, house)
    assert again.state == table.edges[(state, step)]
    if number:
        assert again.number not in (None, number)
    assert_whole(again)


@pytest.mark.parametrize(("kind", "state"), PAIRS, ids=["-".join(pair) for pair in PAIRS])
def test_voiding_can_be_undone(kind, state):
    if state == "void" or "void" in TABLES[kind].unreachable:
        return
    table, house = TABLES[kind], build()
    row = reach(table, state, house)
    before = columns(row)
    facts = live_facts(row)
    if table.hindered("void", row):  # its result has taken effect: undone first
        return
    void = go(table, row, "void", house)
    assert not live_facts(void) and not void.is_open
    back = undo(table, void, house)
    now = columns(back)
    assert {name: (before[name], now[name]) for name in now if now[name] != before[name]} == {}
    assert (back.state, live_facts(back)) == (state, facts)
    assert_whole(back)


def undo(table: Table, row: Proceeding, house: House) -> Proceeding:
    """By whoever may; before anybody handles it that is not everyone of the table."""
    return go(table, row, "undo_last", house)


def columns(row: Proceeding) -> dict[str, Any]:
    free = {"version", "id", "proceeding_ptr"}
    now = fresh(row)
    return {f.name: getattr(now, f.attname) for f in now._meta.concrete_fields if f.name not in free}


def live_facts(row: Proceeding) -> set[tuple[Any, ...]]:
    rows = Event.objects.filter(proceeding=row.pk, fact__isnull=False, corrections__isnull=True)
    return set(rows.values_list("fact", "value", "subject", "occurred_on"))


def live_facts_at(row: Proceeding, now: Proceeding) -> set[tuple[Any, ...]]:
    """The facts of everything but the last step and its undoing."""
    since = Event.objects.get(proceeding=now.pk, version=now.version - 1)
    rows = Event.objects.filter(proceeding=now.pk, fact__isnull=False, at__lt=since.at)
    later = Event.objects.filter(proceeding=now.pk, at__lt=since.at, corrects__isnull=False).values(
        "corrects"
    )
    return set(rows.exclude(pk__in=later).values_list("fact", "value", "subject", "occurred_on"))


# long stories --------------------------------------------------------------------------------------------------------------


class Story(RuleBasedStateMachine):
    """Anybody tries anything at any time. The model knows the state, the versions, what waits, and the way back."""

    table: Table
    house: House

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block._from_testcase = True  # type: ignore[attr-defined]
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize()
    def receive(self) -> None:
        self.actors = actors(self.house)
        self.row = self.table.start(self.house)
        self.state, self.version, self.accepted = "received", 0, False
        self.way: list[tuple[str, str, bool]] = []  # step, state before, accepted before
        self.waiting: tuple[str, Approval, list[str], set[int]] | None = None
        self.looked_at: Any = None

    def expect_done(self, step: str) -> None:
        before, was_accepted = self.state, self.accepted
        if step == "undo_last":
            _undone, self.state, self.accepted = self.way.pop()
            self.way.append(("undo_last", before, was_accepted))
        else:
            target = self.table.after(self.state, step)
            assert target is not None
            self.way.append((step, before, was_accepted))
            self.state = target
            self.accepted = self.accepted or step in (
                self.table.accepting, "record_history", *self.table.accepts_too,
            )  # fmt: skip
        self.version += 1

    @rule(data=st.data())
    def attempt(self, data: Any) -> None:
        """Some step by somebody, allowed or not."""
        step = data.draw(st.sampled_from(self.table.steps), label="step")
        who = data.draw(st.sampled_from(self.actors), label="who")
        self.try_it(step, who)

    @rule(data=st.data())
    def proceed(self, data: Any) -> None:
        """A step that is open, by somebody who may; else stories would end in the first refusal."""
        open_now = [s for s in self.table.steps if s != "undo_last" and self.table.after(self.state, s)]
        step = data.draw(st.sampled_from(open_now), label="step")
        self.try_it(step, data.draw(st.sampled_from(sorted(self.table.who[step])), label="who"))

    @rule()
    def undo(self) -> None:
        self.try_it("undo_last", sorted(self.table.who["undo_last"])[0])

    def try_it(self, step: str, who: str) -> None:
        row = fresh(self.row)
        handled = row.handler_id is not None
        if who in self.table.who[step] and self.waiting is None and self.table.after(self.state, step):
            self.table.prepare(step, row, self.house)
            row = fresh(row)
        hindered = self.table.hindered(step, row)
        try:
            answer = take(self.table, row, step, who, self.house)
        except (Refused, NotFound) as refusal:
            assert who not in self.table.who[step] or (refusal.code == "relation" and not handled), (
                step,
                who,
                refusal.code,
            )
            assert (refusal.code == "not_found") == (who not in self.table.sees)
        except Conflict as refusal:
            if refusal.code == "approval_pending":
                assert self.waiting is not None
            else:
                assert refusal.code == "wrong_state", refusal.code
                assert step != "undo_last" and self.table.after(self.state, step) is None
        except DomainError as refusal:
            self.expect_refusal(step, refusal.code)
        else:
            assert who in self.table.who[step] and self.waiting is None
            assert not hindered, (step, hindered)
            asks = self.table.asks(step, accepted=self.accepted)
            assert isinstance(answer, Waiting) == bool(asks), (step, asks)
            if isinstance(answer, Waiting):
                self.waiting = (step, answer.approval, list(asks), {someone(self.house, who).pk})
            else:
                self.expect_done(step)

    def expect_refusal(self, step: str, code: str) -> None:
        """Refusals that come from the step itself: there is nothing to do, or it was done already."""
        if step == "undo_last":
            wanted = "nothing_to_undo" if not self.way else "already_undone"
            assert code == wanted and (not self.way or self.way[-1][0] == "undo_last"), code
        elif step == "correct_record":
            assert code in ("nothing_changes", "nothing_to_correct", "ruling_signed", "invalid"), code
        elif step == "void" and self.state == "void":
            assert code == "already_void"
        elif code == self.table.hindered(step, fresh(self.row)):
            pass
        else:
            raise AssertionError(f"{step}: {code}")

    @precondition(lambda self: self.waiting is not None)
    @rule(
        word=st.sampled_from(["approve", "approve", "approve", "return", "refuse", "withdraw"]),
        data=st.data(),
    )
    def decide(self, word: str, data: Any) -> None:
        """Somebody decides what waits; mostly the one who is asked."""
        assert self.waiting is not None
        step, approval, roles, spent = self.waiting
        right = [p for p in self.house.people[roles[0]] if p.pk not in spent]
        who = data.draw(
            st.sampled_from([*right, someone(self.house, "clerk"), someone(self.house, "head")]), label="who"
        )
        reason = "材料不齐" if word in ("return", "refuse") else ""
        try:
            done = approvals.decide(approval.pk, word, by=who, reason=reason, today=TODAY)
        except (Refused, NotFound) as refusal:
            if word == "withdraw":
                assert who.pk != approval.proposer_id
            else:
                assert who not in self.house.people[roles[0]] or who.pk in spent, refusal.code
            return
        if word != "approve":
            assert done.state in ("returned", "refused", "withdrawn")
            self.waiting = None
        elif len(roles) > 1:
            assert done.state == "open"
            self.waiting = (step, done, roles[1:], spent | {who.pk})
        else:
            assert done.state == "granted", done.reason
            self.waiting = None
            self.expect_done(step)

    @rule(off=st.sampled_from([-1, 1, 7]), data=st.data())
    def stale(self, off: int, data: Any) -> None:
        """Whoever has seen another version than the one that stands is told so, before anything else."""
        step = data.draw(st.sampled_from(self.table.steps))
        who = someone(self.house, data.draw(st.sampled_from(self.actors)))
        with pytest.raises(Conflict) as refusal:
            steps.perform(self.row.pk, step, by=who, data={}, version=self.version + off, today=TODAY)
        assert refusal.value.code == "stale_version"

    @invariant()
    def as_the_model_says(self) -> None:
        if not hasattr(self, "row"):
            return
        said = (written(), self.state, self.version, self.accepted, self.waiting is not None)
        if said == self.looked_at:
            return
        self.looked_at = said
        now = fresh(self.row)
        assert (now.state, now.version) == (self.state, self.version)
        assert (now.accepted_on is not None) == self.accepted
        assert Approval.objects.filter(proceeding=now, state="open").count() == (self.waiting is not None)
        assert_whole(now)


@pytest.mark.parametrize("kind", TABLES)
def test_long_stories(kind):
    table, house = TABLES[kind], build()
    if table.stories:  # what it follows from is laid once; each story begins from there
        table.start(house)
    machine = type(f"Story of {kind}", (Story,), {"table": table, "house": house})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES if LONG else table.stories or EXAMPLES,
            stateful_step_count=LENGTH, deadline=None, derandomize=not LONG, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink],
        ),
    )  # fmt: skip
