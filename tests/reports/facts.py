"""Facts made by hand: rows as the door leaves them, for dates and values no walk through the door reaches."""

from datetime import date
from typing import Any

from django.utils import timezone

from cases import kinds
from cases.models import Case, Event, Proceeding
from stations.models import Station


def dispute(station: Station | None = None, **columns: Any) -> Case:
    return Case.objects.create(
        station=station, received_on=columns.pop("received_on", date(2026, 1, 5)), **columns
    )


def proceeding(kind: str, case: Case | None = None, **columns: Any) -> Proceeding:
    """A proceeding as received; adjudications, lawsuits and disclosures as their common row."""
    case = case or dispute()
    model = kinds.get(kind).model if kind in ("assistance", "mediation") else Proceeding
    row = model(case=case, kind=kind, station=case.station, **columns)
    row.save()
    return row


def fact(
    row: Proceeding | Case,
    name: str | None,
    on: date | None,
    value: str | None = None,
    *,
    subject: str | None = None,
    known: date | None = None,
    corrects: Event | None = None,
    origin: str = "entered",
) -> Event:
    """State a fact of a proceeding (or of a case). `known` defaults to the day itself."""
    case = row.case if isinstance(row, Proceeding) else row
    known = known or on
    if known is None:
        raise ValueError("an undated fact says when it became known")
    event = Event(
        case=case, proceeding=row if isinstance(row, Proceeding) else None, kind="act", name="states",
        seq=Event.objects.filter(case=case).count() + 1, fact=name, value=value, subject=subject, occurred_on=on,
        known_on=known, corrects=corrects, at=timezone.now(), origin=origin, audience="proceeding", body="{}", hash="",
    )  # fmt: skip
    event.save()
    return event


def withdraw(event: Event, known: date) -> Event:
    """A correcting event that states no fact."""
    return fact(event.proceeding or event.case, None, None, known=known, corrects=event)


def restate(event: Event, on: date | None, known: date, value: str | None = None) -> Event:
    """A correcting event that states the fact again."""
    return fact(
        event.proceeding or event.case, event.fact, on, value or event.value, subject=event.subject, known=known,
        corrects=event,
    )  # fmt: skip
