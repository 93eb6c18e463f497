"""Does everything still fit together? Chains, seals, guards, projections, files, numbers; rooms add checks of their own.

Reads only. What is found is named by its id, never by a protected value.
"""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Exists, Min, OuterRef

from . import chain, files, guards, kinds
from .guards import LOCKED_WITH_VERSION
from .models import Case, Counter, Deadline, Event, Interval, Number, Proceeding, Seal, StoredFile
from .models.proceeding import NEVER

COLUMNS = tuple(c for c in LOCKED_WITH_VERSION if c not in ("case_id", "kind"))
FACTS = {"applied": "received_on", "accepted": "accepted_on", "closed": "closed_on"}


@dataclass(frozen=True)
class Finding:
    """One check: how many things it looked at and what is broken."""

    name: str
    checked: int
    broken: list[str] = field(default_factory=list)


Check = Callable[[], list[Finding]]
_checks: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Register a check under its name; a higher room registers its own."""

    def mark(run: Check) -> Check:
        _checks[name] = run
        return run

    return mark


def run_all() -> Iterator[Finding]:
    """Every check in the order of registration."""
    for run in _checks.values():
        yield from run()


@check("chains")
def chains() -> list[Finding]:
    """Case records from first to last event, their columns, and the seals over them."""
    broken = chain.broken_case_chains()
    of_seals = [line for line in broken if line.startswith("seal ")]
    return [
        Finding("chains", Event.objects.count(), [line for line in broken if not line.startswith("seal ")]),
        Finding("seals", Seal.objects.count(), of_seals),
    ]


@check("guards")
def guard_triggers() -> list[Finding]:
    """The database's own refusals are all in place and say what the file says."""
    broken = [f"guard {name}" for name in guards.missing()]
    return [Finding("guards", len(guards.statements(connection.vendor)), broken)]


@check("projections")
def projections() -> list[Finding]:
    """The columns of every proceeding are what its steps and live facts say."""
    broken: list[str] = []
    number = 0
    facts = _live_facts()
    steps = _by_proceeding(
        Event.objects.filter(kind="step").order_by("proceeding_id", "version"),
        "proceeding_id", "version", "from_state", "to_state", "body",
    )  # fmt: skip
    waiting = next(steps, None)
    rows = Proceeding.objects.order_by("pk").values("pk", "kind", "version", "state", "is_open", *COLUMNS)
    for row in rows.iterator(5000):
        number += 1
        mine: list[tuple[Any, ...]] = []
        while waiting is not None and waiting[0] <= row["pk"]:
            if waiting[0] == row["pk"]:
                mine = waiting[1]
            waiting = next(steps, None)
        broken += [
            f"proceeding {row['pk']}: {what}" for what in _contradictions(row, mine, facts.get(row["pk"], {}))
        ]
    return [Finding("projections", number, broken + _wrong_due_dates())]


def _by_proceeding(events: Any, *columns: str) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    current, rows = None, []
    for values in events.values_list(*columns).iterator(5000):
        if values[0] != current and current is not None:
            yield current, rows
            rows = []
        current = values[0]
        rows.append(values[1:])
    if current is not None:
        yield current, rows


def _live_facts() -> dict[int, dict[str, tuple[date | None, str | None]]]:
    corrected = Event.objects.filter(corrects=OuterRef("pk"))
    found: dict[int, dict[str, tuple[date | None, str | None]]] = {}
    live = (
        Event.objects.filter(fact__in=FACTS, proceeding__isnull=False)
        .exclude(Exists(corrected))
        .order_by("pk")
    )
    for pk, fact, on, value in live.values_list("proceeding_id", "fact", "occurred_on", "value").iterator(
        5000
    ):
        found.setdefault(pk, {})[fact] = on, value
    return found


def _contradictions(
    row: dict[str, Any], steps: list[tuple[Any, ...]], facts: dict[str, Any]
) -> Iterator[str]:
    version, state, said = 0, "received", {}
    for number, from_state, to_state, body in steps:
        if number != version + 1 or from_state != state:
            yield f"step {number} from {from_state} does not follow {version} in {state}"
        version, state = number, to_state
        said.update({name: new for name, (_old, new) in json.loads(body).get("changed", {}).items()})
    if (row["version"], row["state"]) != (version, state):
        yield f"stands at {row['version']} {row['state']}, its record at {version} {state}"
    if row["is_open"] != (row["state"] not in kinds.get(row["kind"]).ends):
        yield f"is_open is {row['is_open']} in {row['state']}"
    for name in COLUMNS:
        value = row[name].isoformat() if isinstance(row[name], date) else row[name]
        if name in said and said[name] != value:
            yield f"{name} is not what its last step says"
    for fact, column in FACTS.items():
        if fact in facts and facts[fact][0] != row[column]:
            yield f"{column} is not the day of its fact"
    if "closed" in facts and facts["closed"][1] != row["outcome"]:
        yield "outcome is not the value of its fact"
    if row["accepted_on"] and "accepted" not in facts and row["state"] != "void":
        yield "accepted without a fact"
    if row["closed_on"] and "closed" not in facts and row["state"] not in ("void", "recorded"):
        yield "closed without a fact"


def _wrong_due_dates() -> list[str]:
    """Open proceedings without a pause stand at the earliest of their open limits."""
    running = Deadline.objects.filter(met_on__isnull=True, cancelled=False)
    first = dict(running.order_by().values_list("proceeding").annotate(first=Min("due_on")))
    paused = Exists(Interval.objects.filter(proceeding=OuterRef("pk"), to_on__isnull=True, cancelled=False))
    rows = Proceeding.objects.filter(is_open=True).exclude(paused).values_list("pk", "due_on")
    return [
        f"proceeding {pk}: due_on is not its first limit" for pk, due in rows if first.get(pk, NEVER) != due
    ]


@check("files")
def stored_files() -> list[Finding]:
    """Every stored file is there and its bytes have its digest."""
    broken, number = [], 0
    for sm3 in StoredFile.objects.values_list("sm3", flat=True).iterator(1000):
        number += 1
        try:
            files.open(sm3).close()
        except files.FileLost as lost:
            broken.append(f"file {sm3[:12]}: {lost.code}")
    return [Finding("files", number, broken)]


@check("numbers")
def numbers() -> list[Finding]:
    """No series has a gap, a double or a number of nobody's."""
    broken: list[str] = []
    given: dict[tuple[str, int], list[int]] = {}
    for series, year, serial in Number.objects.values_list("series", "year", "serial"):
        given.setdefault((series, year), []).append(serial)
    for text in Case.objects.filter(registration_no__isnull=False).values_list("registration_no", flat=True):
        of_year, _dash, place = str(text).partition("-")
        given.setdefault(("registration", int(of_year)), []).append(int(place))
    counters = {(c.series, c.year): c.last for c in Counter.objects.all()}
    for key in sorted({*given, *counters}):
        if sorted(given.get(key, [])) != list(range(1, counters.get(key, 0) + 1)):
            broken.append(
                f"series {key[0]} {key[1]}: {len(given.get(key, []))} given, counter {counters.get(key, 0)}"
            )
    held = dict(Number.objects.values_list("text", "proceeding"))
    for pk, number in Proceeding.objects.filter(number__isnull=False).values_list("pk", "number"):
        if held.get(str(number)) != pk:
            broken.append(f"proceeding {pk}: its number was never given to it")
    return [Finding("numbers", sum(map(len, given.values())), broken)]
