"""What higher rooms show of their kinds on a case page: facts for the overview and pages of their own.

A room registers in its own module, imported by its AppConfig: `@panel("mediation")`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any


@dataclass
class Table:
    """A table of the case page: cells of {text, num, tone, links}, as cases/parts/panel_tables.html takes them.

    `folded`: the words under which it is folded away ("" = it stands open).
    """

    title: str
    columns: list[str]
    rows: list[list[dict[str, Any]]]
    links: list[dict[str, Any]] = field(default_factory=list)
    folded: Any = ""

    def shown(self) -> list[list[tuple[str, dict[str, Any]]]]:
        """Each row's cells with the name of their column."""
        return [list(zip(self.columns, cells, strict=True)) for cells in self.rows]


@dataclass
class Panel:
    """Facts as parts/facts.html takes them; links of {url, label}; meetings of {when, title, text, links}; tables."""

    facts: list[dict[str, Any]] = field(default_factory=list)
    links: list[dict[str, Any]] = field(default_factory=list)
    meetings: list[dict[str, Any]] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)


@dataclass
class Exhibit:
    """What an approver reads before deciding: a part of the approval page and what it shows."""

    template: str
    context: dict[str, Any]


Maker = Callable[[Any, Any, date], Panel]
Counter = Callable[[Any, date], list[dict[str, Any]]]
Shower = Callable[[Any, dict[str, Any], date], Exhibit]
Marker = Callable[[list[int], Any, date], dict[int, list[Any]]]
EVERY = ""
_makers: dict[str, list[Maker]] = {}
_above: dict[str, list[Counter]] = {}
_markers: dict[str, list[Marker]] = {}
_shown: dict[tuple[str, str], Shower] = {}


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
        joined.tables += one.tables
    return joined


def above(kind: str) -> Callable[[Counter], Counter]:
    """Register what stands above the list of a kind of matter: (user, today) -> facts, in few queries."""

    def register(count: Counter) -> Counter:
        _above.setdefault(kind, []).append(count)
        return count

    return register


def above_of(kind: str, user: Any, today: date) -> list[dict[str, Any]]:
    """Everything registered above the list of this kind."""
    return [fact for count in _above.get(kind, []) for fact in count(user, today)]


def mark(kind: str) -> Callable[[Marker], Marker]:
    """Register short words for the work list: (ids of a kind, user, today) -> id -> words, in one query for all.

    `EVERY`: whatever the kind.
    """

    def register(make: Marker) -> Marker:
        _markers.setdefault(kind, []).append(make)
        return make

    return register


def marks(rows: Sequence[Any], user: Any, today: date) -> dict[int, list[Any]]:
    """The marks of these proceedings, by id. Their visibility is already decided."""
    found: dict[int, list[Any]] = {}
    for kind, makers in _markers.items():
        ids = [row.pk for row in rows if kind in (row.kind, EVERY)]
        for make in makers if ids else ():
            for pk, words in make(ids, user, today).items():
                found.setdefault(pk, []).extend(words)
    return found


def exhibit(kind: str, *names: str) -> Callable[[Shower], Shower]:
    """Register what approvers of these steps are shown: (concrete proceeding, the proposal's data, today) -> Exhibit."""

    def register(show: Shower) -> Shower:
        _shown.update({(kind, name): show for name in names})
        return show

    return register


def exhibit_of(row: Any, name: str, data: dict[str, Any], today: date) -> Exhibit | None:
    """The exhibit of a proposed step, if its room has one. Who may see it is the caller's to decide."""
    show = _shown.get((row.kind, name))
    return show(row, data, today) if show else None
