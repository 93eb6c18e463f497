"""The ladder of reaching one side: what was tried, and what usually comes next. Pure; it suggests and does nothing.

Which rungs there are and when stands in ladder.toml.
"""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from cases.working_days import Calendar

FILE = Path(__file__).with_name("ladder.toml")
DECLINE, CONSENT = "decline", "consent"
CAME_BACK = frozenset({"returned", "unreachable"})  # waiting longer for this way is no use
SAME_RUNG = {"copy": "invitation"}  # the served copy of a request asks the same question in writing


@dataclass(frozen=True)
class Rung:
    """A way of reaching somebody, and how many working days after the first attempt it is due."""

    way: str
    after: int


@dataclass(frozen=True)
class Attempt:
    """One attempt: way and result as `Contact` names them, and its day."""

    way: str
    result: str
    on: date


@dataclass(frozen=True)
class Suggestion:
    """What comes next, from which day on, and whether that day has come."""

    way: str
    from_on: date
    due: bool


@cache
def rungs() -> tuple[Rung, ...]:
    """The ladder as data; a change of the file needs a restart."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(Rung(row["way"], row["after"]) for row in raw["rung"])


def next_step(
    attempts: Sequence[Attempt],
    *,
    ladder: Sequence[Rung],
    calendar: Calendar,
    today: date,
    answer_by: date | None = None,
) -> Suggestion | None:
    """What usually comes next for a side that has not answered; None if the ladder has ended.

    `attempts` in order of their days; `answer_by` the last day an open invitation gives, before which nobody counts
    as silent. Whoever was spoken to is asked for an answer: `consent`.
    """
    if not attempts:
        return Suggestion(ladder[0].way, today, True) if ladder else None
    first, last = attempts[0], attempts[-1]
    if last.result == "reached" and last.way in ("call", "visit"):
        return Suggestion(CONSENT, last.on, True)
    tried = {SAME_RUNG.get(one.way, one.way) for one in attempts}
    for rung in ladder:
        if rung.way in tried:
            continue
        from_on = calendar.add_working_days(first.on, rung.after)
        if rung.way == DECLINE:
            from_on = max(from_on, answer_by + timedelta(days=1)) if answer_by else from_on
        elif last.result in CAME_BACK:
            from_on = min(from_on, last.on)
        return Suggestion(rung.way, from_on, today >= from_on)
    return None
