"""An engagement as a calendar file (RFC 5545): what, when and where. Higher rooms say which; no word of what is said there."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

TYPE = "text/calendar; charset=utf-8"
USUAL = timedelta(hours=2)  # where no end is planned
_SPECIAL = re.compile(r"([\\;,])")


@dataclass(frozen=True)
class Entry:
    """One engagement; times are aware. `uid` stays the same for the same engagement."""

    uid: str
    begins: datetime
    ends: datetime | None
    summary: str
    place: str = ""
    off: bool = False


def calendar_file(one: Entry, *, host: str, at: datetime) -> bytes:
    """The engagement for a calendar program; `at` is the moment of the download."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Zhiheng//ZH",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{one.uid}@{host}",
        f"DTSTAMP:{_utc(at)}",
        f"DTSTART:{_utc(one.begins)}",
        f"DTEND:{_utc(one.ends or one.begins + USUAL)}",
        f"SUMMARY:{_text(one.summary)}",
        *([f"LOCATION:{_text(one.place)}"] if one.place else []),
        f"STATUS:{'CANCELLED' if one.off else 'CONFIRMED'}",
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
