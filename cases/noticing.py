"""What asks for somebody's answer, on the desk above the work list. Higher rooms say what; the desk shows it.

A room registers in its own module, imported by its AppConfig: `@notices`. Counts and places only, no case's words.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Line:
    """One line: a tag with its tone, what it says, since when, and where it is answered."""

    tone: str
    tag: str
    text: str
    since: date
    url: str


Maker = Callable[[Any, date], Iterable[Line]]
_makers: list[Maker] = []


def notices(make: Maker) -> Maker:
    """Register a source: (user, today) -> what this person is asked to answer, in a constant number of queries."""
    _makers.append(make)
    return make


def of(user: Any, today: date) -> list[Line]:
    """Everything this person is asked to answer, the oldest first."""
    return sorted((line for make in _makers for line in make(user, today)), key=lambda line: line.since)
