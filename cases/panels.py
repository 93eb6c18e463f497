"""What higher rooms show of their kinds on a case page: facts for the overview and pages of their own.

A room registers in its own module, imported by its AppConfig: `@panel("mediation")`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass
class Panel:
    """Facts as parts/facts.html takes them; links of {url, label}; meetings of {when, title, text, links}."""

    facts: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    meetings: list[dict[str, Any]] = field(default_factory=list)


Maker = Callable[[Any, Any, date], Panel]
_makers: dict[str, list[Maker]] = {}


def panel(kind: str) -> Callable[[Maker], Maker]:
    """Register what is shown of a kind: (concrete proceeding, user, today) -> Panel. Visibility is already decided."""

    def mark(make: Maker) -> Maker:
        _makers.setdefault(kind, []).append(make)
        return make

    return mark


def of(row: Any, user: Any, today: date) -> Panel:
    """Everything registered for this proceeding's kind, joined."""
    joined = Panel()
    for make in _makers.get(row.kind, []):
        one = make(row, user, today)
        joined.facts += one.facts
        joined.links += one.links
        joined.meetings += one.meetings
    return joined
