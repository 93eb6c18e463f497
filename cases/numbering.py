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
    return read(series, year, advance(series, year, 1))


def advance(series: str, year: int, by: int) -> int:
    """Give out so many numbers at once; answers the last of them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO cases_counter (series, year, last) VALUES (%s, %s, %s) "
            "ON CONFLICT (series, year) DO UPDATE SET last = cases_counter.last + %s RETURNING last",
            [series, year, by, by],
        )
        return int(cursor.fetchone()[0])


def read(series: str, year: int, serial: int) -> Taken:
    """A number as it reads."""
    return Taken(series, year, serial, patterns()[series].format(year=year, serial=serial))
