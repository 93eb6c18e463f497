"""One mediation on its way: who mediates, what the record already knows of the other side, what follows its end."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from heapq import heappop, heappush
from typing import Any

from cases.backfill import History
from cases.entry import Entry
from cases.models import Event

from .draws import Draw


@dataclass
class Talk:
    """What the parts of a simulated mediation share."""

    draw: Draw
    row: History
    clerk: Any
    mediator: Any
    approver: Any
    contacted: bool = False  # the first attempt to reach the respondent is a fact
    answered: Event | None = None  # the respondent's answer that stands
    referral: Any = None
    confirmable: bool = False

    @property
    def applicant(self) -> Any:
        return self.row.case.parties[0]

    @property
    def respondent(self) -> Any:
        return self.row.case.parties[1]

    @property
    def appointed(self) -> bool:
        """Has somebody been appointed to mediate?"""
        return bool(self.row.parts)

    def act(
        self, name: str, on: date, tell: Callable[[Entry], object] | None = None, *, by: Any = None,
        columns: dict[str, Any] | None = None, **data: Any,
    ) -> Event:  # fmt: skip
        """An act of the mediator, or of `by`."""
        return self.row.act(name, by=by or self.mediator, on=on, tell=tell, columns=columns, data=data)


@dataclass
class Later:
    """What happens after an end, told in the order of its days though it was drawn subject by subject."""

    waiting: list[tuple[date, int, Callable[[date], object]]] = field(default_factory=list)
    drawn: int = 0

    def at(self, day: date | None, tell: Callable[[date], object]) -> None:
        """On that day; a day that has not come yet is left out."""
        if day is not None:
            self.drawn += 1
            heappush(self.waiting, (day, self.drawn, tell))

    def run(self) -> None:
        """Tell everything; what is told may add more."""
        while self.waiting:
            day, _n, tell = heappop(self.waiting)
            tell(day)
