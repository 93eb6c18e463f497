"""Gives numbers without gap or duplicate. One statement on both engines; a rolled-back step gives none."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.db import connection


@dataclass(frozen=True)
class Taken:
    """A number as taken: its series, year, serial, and how it reads."""

    series: str
    year: int
    serial: int
    text: str


@cache
def patterns() -> dict[str, str]:
    """The series and their patterns, from series.toml."""
    raw = tomllib.loads(Path(__file__).with_name("series.toml").read_text(encoding="utf-8"))
    return {name: row["pattern"] for name, row in raw.items()}


def take(series: str, year: int) -> Taken:
    """The next number of a series in a year; the counter's row stays locked until the transaction ends."""
    pattern = patterns()[series]
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_counter (series, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (series, year) DO UPDATE SET last = cases_counter.last + 1 RETURNING last",
            [series, year],
        )
        serial = cursor.fetchone()[0]
    return Taken(series, year, serial, pattern.format(year=year, serial=serial))
