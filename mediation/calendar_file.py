"""A planned sitting as a calendar file (RFC 5545): the number of the case, when and where. No name, no link, no word of it."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone

TYPE = "text/calendar; charset=utf-8"
USUAL = timedelta(hours=2)  # where no end is planned
_SPECIAL = re.compile(r"([\\;,])")


def calendar_file(session: Any, *, host: str, at: datetime) -> bytes:
    """The sitting for a calendar program; `at` is the moment of the download. The same sitting keeps its UID."""
    begins = datetime.combine(session.on, session.starts, timezone.get_default_timezone())
    ends = (
        datetime.combine(session.on, session.ends, timezone.get_default_timezone())
        if session.ends
        else begins + USUAL
    )
    off = session.cancelled or session.status == session.Status.CALLED_OFF
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Zhiheng//Mediation//ZH",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{session.uid}@{host}",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART:{_utc(begins)}",
        f"DTEND:{_utc(ends)}",
        f"SUMMARY:{_text(f'调解会议 {session.mediation.number or session.mediation.case}')}",
        *([f"LOCATION:{_text(session.place)}"] if session.place else []),
        f"STATUS:{'CANCELLED' if off else 'CONFIRMED'}",
        "CLASS:PRIVATE",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines).encode()


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _text(words: str) -> str:
    """A value in which nothing can begin a line or a property of its own."""
    one_line = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    return _SPECIAL.sub(r"\\\1", one_line)


def _folded(line: str) -> str:
    """At most 75 octets a line, never cutting a character (3.1)."""
    parts, size = [""], 0
    for char in line:
        octets = len(char.encode())
        if size + octets > 75:
            parts.append(" ")
            size = 1
        parts[-1] += char
        size += octets
    return "\r\n".join(parts)
