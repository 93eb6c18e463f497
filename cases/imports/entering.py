"""A checked row enters the record: case, parties, rights, proceeding, and the one step `record_history`.

The door's own parts do it; no number is taken, no paper made, no clock started, nobody told.
"""

from datetime import date, datetime
from typing import Any

from cases import chain, kinds, steps, writing
from cases.entry import Entry
from cases.models import Case, Event, Party, Right
from cases.stepping import steps_of

from .rows import Row

IMPORTED = "imported"  # the act on the case: from where it came, and a digest of each column


def enter(row: Row, *, by: Any, today: date, at: datetime) -> list[Case]:
    """Enter a row as so many cases as it stands for. Inside the caller's transaction: all or none."""
    numbers = [row.number] if row.count == 1 else [f"{row.number}-{n}" for n in range(1, row.count + 1)]
    return [_enter_one(row, number if row.number else "", by=by, today=today, at=at) for number in numbers]


def _enter_one(row: Row, number: str, *, by: Any, today: date, at: datetime) -> Case:
    extra = chain.canonical(row.others) if row.others else ""
    case = Case(source_name=row.source, source_no=number, row_digest=row.digest, extra=extra, **row.case)
    case.save()
    for position, words in enumerate(row.parties):
        party = Party(case=case, position=position, **words)
        party.refresh_keys()
        party.save()
    for position, words in enumerate(row.rights):
        right = Right(case=case, position=position, **words)
        right.refresh_keys()
        right.save()
    entry = Entry(
        by=by, approved_by=None, on=today, today=today, at=at, data={}, case=case, proceeding=None, name=IMPORTED,
        origin=Event.Origin.IMPORTED, audience=Event.Audience.CASE,
    )  # fmt: skip
    entry.note(source=row.source, row=row.number, of=row.count, columns=row.digests)
    writing.write(entry, kind=Event.Kind.ACT)
    known = kinds.get(row.kind)
    proceeding = known.model(case=case, kind=row.kind, station=case.station, **row.fields)
    proceeding.body = proceeding.handling_body(row.history["closed_on"] or today)
    proceeding.save()
    steps.enter(
        case, proceeding, steps_of(known.model)["record_history"], by=by, data=row.history, today=today, at=at,
        origin=Event.Origin.IMPORTED,
    )  # fmt: skip
    return case
