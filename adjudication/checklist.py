"""The checklist of an adjudication: which points of each stage are done, open or left out with a reason.

The points are data (checklist.toml); what is known of them is read from the record, never ticked by hand.
"""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from cases import deadlines

from . import regime

FILE = Path(__file__).with_name("checklist.toml")
ANY_DAY = date.min  # asked for this day, every running limit has days left
# end state -> the paper that is served of it, as services name it
ENDING_PAPERS = {
    "ruled": "ruling", "dismissed": "dismissal", "settled": "mediated_in_case", "refused": "filing_refusal",
}  # fmt: skip


@dataclass(frozen=True)
class Stage:
    """A stage of the way; `states` are those of the proceeding in which it is the present one."""

    code: str
    words: str
    states: tuple[str, ...]


@dataclass(frozen=True)
class Point:
    """One point as checklist.toml has it."""

    code: str
    stage: str
    words: str
    rule: str = ""
    article: str = ""
    act: str = ""
    blocks: str = ""
    skip: bool = True
    sealed: bool = False
    refusal: str = "points_open"
    asked: Mapping[str, Any] = field(default_factory=dict)
    known: Mapping[str, Any] = field(default_factory=dict)

    def source(self, filed: date) -> str:
        """The article that demands it, in the measures of that filing date; "" where they have none."""
        if not self.rule:
            return regime.cite(self.article, filed)
        try:
            return deadlines.rule_of(self.rule, filed).source
        except deadlines.DeadlineError:
            return regime.measures(filed)


@dataclass(frozen=True)
class Found:
    """A point with its answer: `done`, else `reason` if it was left out, else it is open."""

    point: Point
    done: bool
    reason: str = ""

    @property
    def open(self) -> bool:
        return not self.done and not self.reason

    @property
    def stops(self) -> bool:
        """Does it refuse the step that leaves its stage?"""
        return self.open and bool(self.point.blocks)


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@cache
def stages() -> tuple[Stage, ...]:
    """In order."""
    return tuple(Stage(one["code"], one["words"], tuple(one["states"])) for one in _data()["stage"])


@cache
def points() -> dict[str, Point]:
    """By code, in the order of the stages; a change of the file needs a restart."""
    return {one["code"]: Point(**one) for one in _data()["point"]}


class Record:
    """What the points ask of one adjudication; each question is put once per row, as the clock's is (cases/readiness.py).

    `on`: the day for which limits are asked to have run out; None: any day.
    """

    def __init__(self, row: Any) -> None:
        self.row = row
        self.on: date | None = None
        self.answers: dict[str, bool] = {}

    @classmethod
    def of(cls, row: Any, on: date | None) -> "Record":
        """The record of this row, asked for a day."""
        kept: Record = row.__dict__.setdefault("_checked", cls(row))
        kept.on = on
        return kept

    def check(self, name: str) -> bool:
        if name in OF_THE_DAY:
            return CHECKS[name](self)
        if name not in self.answers:
            self.answers[name] = CHECKS[name](self)
        return self.answers[name]

    @cached_property
    def limits(self) -> list[tuple[str, date | None, date]]:
        """Rule, day met, last day of each deadline."""
        return list(self.row.deadlines.filter(cancelled=False).values_list("rule", "met_on", "due_on"))

    @cached_property
    def stretches(self) -> list[tuple[str, date | None]]:
        """Kind and end of each stretch that does not count."""
        return list(self.row.intervals.filter(cancelled=False).values_list("kind", "to_on"))

    @cached_property
    def services(self) -> set[tuple[str, int]]:
        """Paper and party of each service done."""
        return set(self.row.services.filter(served_on__isnull=False).values_list("paper", "party"))

    @cached_property
    def parties(self) -> list[Any]:
        return list(self.row.case.parties.all())

    @cached_property
    def omitted(self) -> dict[str, str]:
        """Point -> why it was left out."""
        return dict(self.row.omissions.values_list("item", "reason"))

    def began(self, rules: Any) -> bool:
        return any(rule in rules for rule, _met, _due in self.limits)

    def runs(self, rules: Any) -> bool:
        return any(rule in rules and met is None for rule, met, _due in self.limits)

    def runs_on(self, rules: Any) -> bool:
        """Has one of these limits days left on the day asked for? Asked for any day, the clock says nothing yet."""
        return self.on is not None and any(
            rule in rules and met is None and due >= self.on for rule, met, due in self.limits
        )

    def served(self, paper: str, roles: Any) -> bool:
        wanted = {(paper, one.pk) for one in self.parties if one.role in roles}
        return wanted <= self.services


CHECKS: dict[str, Callable[[Record], bool]] = {
    "accepted": lambda r: r.row.accepted_on is not None,
    "examined": lambda r: r.row.accepted_on is not None or r.row.state == "refused",
    "to_examine": lambda r: r.row.accepted_on is not None or r.row.state in ("received", "refused"),
    "no_repeat": lambda r: (
        r.row.repeats_id is None
    ),  # on repeated infringement the panel need not wait (办法第三十四条)
    "panel": lambda r: len(seats := r.row.panel()) >= 3 and len(seats) % 2 == 1,
    "defence_over": lambda r: not r.runs_on(("T-06", "T-07")),
    "evidence_over": lambda r: not r.runs_on(("T-13",)),
    "report_asked": lambda r: r.row.evaluationreports.exists(),
    "report_in": lambda r: not r.row.evaluationreports.filter(result="").exists(),
    "challenged": lambda r: r.row.recusals.exists(),
    "recusal_decided": lambda r: not r.row.recusals.filter(decided_on__isnull=True).exists(),
    "addition_asked": lambda r: r.row.additions.exists(),
    "addition_decided": lambda r: not r.row.additions.filter(decided_on__isnull=True).exists(),
    "evidence_listed": lambda r: r.row.evidenceitems.exists(),
    "evidence_examined": lambda r: not r.row.evidenceitems.filter(examined__isnull=True).exists(),
    "heard": lambda r: (
        r.row.hearings.filter(held_on__isnull=False).exists() and r.row.planned_hearing() is None
    ),
    "hearing_held": lambda r: r.row.hearings.filter(held_on__isnull=False).exists(),
    "minutes_signed": lambda r: (
        not r.row.hearings.filter(held_on__isnull=False)
        .exclude(pk__in=r.row.hearingrecords.filter(scan__isnull=False).values("hearing"))
        .exists()
    ),
    "deliberated": lambda r: r.row.deliberations.exists(),
    "end_served": lambda r: r.served(ENDING_PAPERS[r.row.state], ("applicant", "respondent")),
    "disclosure_opened": lambda r: r.row.children.filter(kind="disclosure").exists(),
    "disclosed": lambda r: not r.row.children.filter(kind="disclosure", is_open=True).exists(),
}


OF_THE_DAY = frozenset({"defence_over", "evidence_over"})


def _holds(wanted: Mapping[str, Any], record: Record) -> bool:
    """Every condition of a table of checklist.toml."""
    for name, value in wanted.items():
        match name:
            case "states":
                answer = record.row.state in value
            case "began":
                answer = record.began(value)
            case "met":
                answer = record.began(value) and not record.runs(value)
            case "idle":
                answer = not record.runs(value)
            case "paused":
                answer = any(kind == value for kind, _end in record.stretches)
            case "closed":
                answer = not any(kind == value and end is None for kind, end in record.stretches)
            case "served":
                answer = record.served(value["paper"], value["to"])
            case "check":
                answer = all(record.check(name) for name in ([value] if isinstance(value, str) else value))
            case _:
                raise KeyError(f"checklist.toml: {name}")
        if not answer:
            return False
    return True


def present(row: Any) -> list[Stage]:
    """The stages in which the adjudication stands."""
    return [one for one in stages() if row.state in one.states]


def reached(row: Any) -> list[Stage]:
    """The stages up to the present one; what lies ahead is not yet asked."""
    here = present(row)
    if not here:
        return []
    so_far = stages()[: stages().index(here[-1]) + 1]
    examined = row.accepted_on is not None
    return [one for one in so_far if examined or one.code in ("filing", "publishing", "archiving")]


def checked(row: Any, on: date | None = None, *, blocks: str = "") -> list[Found]:
    """The points of the stages reached, in order; with `blocks` those alone that this step or act waits for.

    `on`: the day for which limits are asked to have run out; None leaves that to the step itself, which knows its day.
    """
    record = Record.of(row, on)
    wanted = {one.code for one in reached(row)}
    found = []
    for point in points().values():
        if (blocks and point.blocks != blocks) or (not blocks and point.stage not in wanted):
            continue
        if not _holds(point.asked, record):
            continue
        done = _holds(point.known, record)
        found.append(Found(point, done, "" if done else record.omitted.get(point.code, "")))
    return found


def open_for(row: Any, step: str, on: date | None = None) -> list[Found]:
    """What still stands in the way of the step that leaves a stage."""
    return [one for one in checked(row, on, blocks=step) if one.open]


def skippable(row: Any) -> list[Found]:
    """Open points of the present stages that may be left out with a reason."""
    here = {one.code for one in present(row)}
    return [one for one in checked(row, ANY_DAY) if one.stops and one.point.skip and one.point.stage in here]
