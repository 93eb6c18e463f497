"""What must run, or must not, before a step or act can apply: reasons read from the clock of a row.

Given as `ready=` of `@step` and `@act`. The sentence and its code are those the method itself would refuse with.
"""

from dataclasses import dataclass
from typing import Any

from .errors import DomainError
from .stepping import Ready


@dataclass(frozen=True)
class Now:
    """The clock of a row as it stands."""

    running: frozenset[str]  # rules of deadlines not yet met
    known: frozenset[str]  # rules of every deadline, met or not
    paused: frozenset[str]  # kinds of open intervals


def now(row: Any) -> Now:
    """The clock of this row, read once per row: a page asks it for every act."""
    kept: Now | None = row.__dict__.get("_now")
    if kept is None:
        limits = row.deadlines.filter(cancelled=False).values_list("rule", "met_on")
        rows = list(limits)
        kept = Now(
            frozenset(rule for rule, met in rows if met is None),
            frozenset(rule for rule, _met in rows),
            frozenset(
                row.intervals.filter(cancelled=False, to_on__isnull=True).values_list("kind", flat=True)
            ),
        )
        row.__dict__["_now"] = kept
    return kept


def runs(*rules: str, code: str, words: Any) -> Ready:
    """One of these limits must run."""
    return lambda row: None if now(row).running & {*rules} else DomainError(code, words)


def runs_not(*rules: str, code: str, words: Any) -> Ready:
    """None of these limits may run."""
    return lambda row: DomainError(code, words) if now(row).running & {*rules} else None


def begun(*rules: str, code: str, words: Any) -> Ready:
    """One of these limits must have begun, met or not."""
    return lambda row: None if now(row).known & {*rules} else DomainError(code, words)


def begun_not(*rules: str, code: str, words: Any) -> Ready:
    """None of these limits may have begun."""
    return lambda row: DomainError(code, words) if now(row).known & {*rules} else None


def paused(kind: str, *, code: str, words: Any) -> Ready:
    """An interval of this kind must be open."""
    return lambda row: None if kind in now(row).paused else DomainError(code, words)


def paused_not(kind: str, *, code: str, words: Any) -> Ready:
    """No interval of this kind may be open."""
    return lambda row: DomainError(code, words) if kind in now(row).paused else None


def all_of(*conditions: Ready) -> Ready:
    """Every one of these; the first that fails is said."""

    def ready(row: Any) -> DomainError | str | None:
        return next((found for one in conditions if (found := one(row))), None)

    return ready
