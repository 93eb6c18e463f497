"""A planned sitting as a calendar file: the number of the case, when and where. No name, no link, no word of it."""

from datetime import datetime
from typing import Any

from django.utils import timezone

from cases import calendar_file as ics


def calendar_file(session: Any, *, host: str, at: datetime) -> bytes:
    """The sitting for a calendar program; `at` is the moment of the download. The same sitting keeps its UID."""
    zone = timezone.get_default_timezone()
    entry = ics.Entry(
        str(session.uid),
        datetime.combine(session.on, session.starts, zone),
        datetime.combine(session.on, session.ends, zone) if session.ends else None,
        f"调解会议 {session.mediation.number or session.mediation.case}",
        session.place,
        off=session.cancelled or session.status == session.Status.CALLED_OFF,
    )
    return ics.calendar_file(entry, host=host, at=at)
