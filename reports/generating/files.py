"""Simulated ends of files: return visits, archiving. No paper is printed for a simulated history: the record says so."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from cases.backfill import History
from cases.entry import Entry
from cases.models import Visit
from cases.models.filing import RULE as ARCHIVE

from .draws import Draw
from .talk import Later

SATISFIED = ((5, 52), (4, 34), (3, 9), (2, 4), (1, 1))
FORGOTTEN = timedelta(150)  # nobody overlooks a file for longer
REASON = "模拟数据，没有纸质材料"


def visit(draw: Draw, later: Later, row: History, on: date, by: Any) -> None:
    """Somebody asks the applicant afterwards; not everybody is reached."""
    later.at(draw.after(on, 6, 30), lambda day: _visited(draw, row, day, by))


def _visited(draw: Draw, row: History, on: date, by: Any) -> None:
    party = row.case.parties[0]
    reached = draw.odds(0.93)
    one = Visit(proceeding_id=row.row.pk, party=party, on=on, way="phone", reached=reached, by=by)
    data: dict[str, Any] = {"party": party, "way": "phone", "reached": "yes" if reached else "no"}
    if reached:
        one.satisfaction = draw.one(SATISFIED)
        data["satisfaction"] = str(one.satisfaction)
    row.act("return_visit", by=by, on=on, tell=lambda e: e.save(one), data=data)


def archive(
    draw: Draw, later: Later, row: History, on: date, by: Any, then: Callable[[date], object] = lambda _day: None,
    days: tuple[int, int] = (9, 18),
) -> None:  # fmt: skip
    """Most files are archived within the month, some late, a few of the last months not yet.

    `then`: what follows that; `days`: worked days it takes.
    """
    if draw.odds(0.04) and draw.today - on < FORGOTTEN:
        return
    day = draw.after(on, 23, 45) if draw.odds(0.08) else draw.after(on, *days)

    def tell(on: date) -> None:
        def said(entry: Entry) -> None:
            entry.finish(ARCHIVE)
            entry.note(missing={"bound": REASON})

        row.act("archive", by=by, on=on, tell=said, columns={"archived_on": on})
        then(on)

    later.at(day, tell)
