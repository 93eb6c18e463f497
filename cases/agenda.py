"""What stands on somebody's desk for a day and an hour: sittings, hearings. Higher rooms say what; the desk shows it.

A room registers in its own module, imported by its AppConfig: `@agenda`. Nothing of what is said there.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from .queue import week_end


@dataclass(frozen=True)
class Engagement:
    """One engagement: when, what, where, on which proceeding, and where a calendar takes it from ("" = nowhere)."""

    day: date
    starts: time | None
    what: str
    place: str
    row: Any
    calendar: str = ""


Maker = Callable[[Any, date, date], Iterable[Engagement]]
_makers: list[Maker] = []


def agenda(make: Maker) -> Maker:
    """Register a source: (user, first day, last day) -> engagements this person takes part in."""
    _makers.append(make)
    return make


def of(user: Any, today: date) -> list[Engagement]:
    """From today to the end of this week, at least the next three days, in order."""
    until = max(week_end(today), today + timedelta(days=3))
    found = [one for make in _makers for one in make(user, today, until)]
    return sorted(found, key=lambda one: (one.day, one.starts or time.min, one.row.pk))
