"""The shape of an independent table of a machine: who may take which step from which state to which other.

Tables are written by hand from the law and the issue, never read from the code they test.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from cases import approvals, steps
from cases.models import Proceeding
from stations.models import User
from tests.factories import TODAY
from tests.house import House
from tests.laid import laid_once

REPAIRS = ("correct_record", "undo_last", "void", "record_history")


def said(name: str, row: Proceeding) -> Any:
    """What is put into the form of a repair. Receipt is corrected to a day earlier: nothing may stand before it."""
    day = (row.received_on or TODAY) - timedelta(1)
    return {
        "correct_record": {"column": "received_on", "value": day.isoformat(), "reason": "日期登记有误"},
        "undo_last": {"reason": "点错"},
        "void": {"ground": "mistake", "reason": "登记有误"},
    }[name]


def nothing_first(_step: str, _row: Proceeding, _house: House) -> None:
    """A step that needs no preparing."""


def never(_step: str, _row: Proceeding) -> str:
    """Nothing but the state hinders a step."""
    return ""


@dataclass(frozen=True)
class Table:
    """One kind. An actor is a role, or `role-elsewhere` for its holder at another station."""

    kind: str
    states: tuple[str, ...]
    edges: Mapping[tuple[str, str], str]  # (state, step) -> next state
    who: Mapping[str, frozenset[str]]  # step -> actors who may take it somewhere
    sees: frozenset[str]  # actors to whom such a proceeding exists
    approval: Mapping[str, tuple[str, ...]]  # step -> roles that approve, one after the other
    accepting: str
    approves_repairs: tuple[str, ...]  # once accepted
    start: Callable[[House], Proceeding]
    data: Callable[[str, Proceeding], dict[str, Any]]
    prepare: Callable[[str, Proceeding, House], None] = nothing_first
    ends: frozenset[str] = frozenset()
    unapproved_ends: frozenset[str] = frozenset()
    accepts_too: frozenset[str] = frozenset()  # further steps that take the matter on and give its number
    gives_number: bool = True
    skip_actors: frozenset[str] = field(default_factory=frozenset)
    unreachable: frozenset[str] = frozenset()  # states to which no step of its own leads
    hindered: Callable[[str, Proceeding], str] = never  # code of what the law asks beside the state
    stories: int = 0  # how many long stories are told of it; 0: the usual number

    @property
    def steps(self) -> list[str]:
        return [*dict.fromkeys(step for _state, step in self.edges), *REPAIRS]

    def after(self, state: str, step: str) -> str | None:
        """The next state; None: not open in this state. `undo_last` is the walker's own knowledge."""
        if not self.who.get(step):
            return None
        if step == "correct_record":
            return state
        if step == "void":
            return "void"
        return self.edges.get((state, step))

    def form(self, step: str, row: Proceeding) -> dict[str, Any]:
        return said(step, row) if step in ("correct_record", "undo_last", "void") else self.data(step, row)

    def asks(self, step: str, *, accepted: bool) -> tuple[str, ...]:
        if step in self.approval:
            return self.approval[step]
        if step in ("correct_record", "undo_last"):
            return self.approves_repairs if accepted else ()
        return self.approval.get(step, ())


def fresh(row: Proceeding) -> Proceeding:
    return type(row)._default_manager.get(pk=row.pk)


def someone(house: House, actor: str) -> User:
    role, _dash, where = actor.partition("-")
    return house.strangers[role] if where else house.one(role)


def actors(house: House) -> list[str]:
    return [*house.people, *(f"{role}-elsewhere" for role in house.strangers)]


def take(table: Table, row: Proceeding, step: str, actor: str, house: House) -> Any:
    """The step as it is asked for: its answer, or what it raises."""
    return steps.perform(
        row.pk,
        step,
        by=someone(house, actor),
        data=table.form(step, row),
        version=Proceeding.objects.values_list("version", flat=True).get(pk=row.pk),
        today=TODAY,
    )


def approve(answer: Any, house: House) -> Any:
    """Everyone asked approves, one after the other; a second of the role where the first may not decide twice."""
    approval = answer.approval
    decided: set[int] = {approval.proposer_id}
    for role in approval.roles.split(","):
        who = next(person for person in house.people[role] if person.pk not in decided)
        decided.add(who.pk)
        approval = approvals.decide(approval.pk, "approve", by=who, today=TODAY)
    return approval


def go(table: Table, row: Proceeding, step: str, house: House) -> Proceeding:
    """Take a step by the first who may, approved by all who are asked."""
    table.prepare(step, fresh(row), house)
    last: Exception | None = None
    for actor in sorted(table.who[step]):
        try:
            answer = take(table, fresh(row), step, actor, house)
        except steps.Refused as refusal:
            last = refusal
            continue
        if isinstance(answer, steps.Waiting):
            done = approve(answer, house)
            assert done.state == "granted", (step, done.reason)
        return fresh(row)
    raise AssertionError(f"nobody may {step}: {last}")


def way_to(table: Table, state: str) -> list[str]:
    """The shortest list of steps from receipt to a state."""
    ways: dict[str, list[str]] = {"received": []}
    queue = ["received"]
    for here in queue:
        for (source, step), target in table.edges.items():
            if source == here and target not in ways and step != "record_history":
                ways[target] = [*ways[here], step]
                queue.append(target)
    ways["void"] = ["void"]
    return ways[state]


@laid_once
def reach(table: Table, state: str, house: House) -> Proceeding:
    row = table.start(house)
    for step in way_to(table, state):
        row = go(table, row, step, house)
    assert row.state == state
    return row


def frozen(names: str | Iterable[str]) -> frozenset[str]:
    return frozenset(names.split() if isinstance(names, str) else names)
