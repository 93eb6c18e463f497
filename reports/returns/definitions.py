"""Reads definitions.toml: what each return asks, of whom, for whom, by when. Pure; no Django, no clock."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from reports import periods
from reports.periods import Period

FILE = Path(__file__).with_name("definitions.toml")
SPANS = {"period": "本期", "year": "本年累计"}
UNITS = ("station", "centre", "committee", "bureau")


class DefinitionError(ValueError):
    """The file is wrong: a programming error, found when it is read."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the receiver's sheet. `width` is relative, on paper."""

    name: str
    label: str
    width: int = 1


@dataclass(frozen=True, slots=True)
class Item:
    """One line of numbers and where it comes from; without a source it is typed."""

    name: str
    label: str
    figure: str = ""
    fact: str = ""
    measure: str = ""
    where: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_typed(self) -> bool:
        return not (self.figure or self.fact or self.measure)


@dataclass(frozen=True, slots=True)
class Definition:
    """One return. `lines` names a list with a line per case; without it `items` are the lines."""

    code: str
    kind: str
    title: str
    receiver: str
    period: str
    unit: str
    rule: str
    columns: tuple[Column, ...]
    basis: str = ""
    items: tuple[Item, ...] = ()
    lines: str = ""
    begins: date = date.min
    ends: date = date.max

    def holds(self, period: Period) -> bool:
        """Is it asked for this period?"""
        return period.kind == self.period and self.begins <= period.start <= self.ends

    def last_period(self, today: date) -> Period:
        """The latest period of its kind that is over."""
        match self.period:
            case "month":
                return (
                    periods.month(today.year, today.month - 1)
                    if today.month > 1
                    else periods.month(today.year - 1, 12)
                )
            case "quarter":
                past = (today.month - 1) // 3
                return periods.quarter(today.year, past) if past else periods.quarter(today.year - 1, 4)
        return periods.year(today.year - 1)


def year_to(period: Period) -> Period:
    """From January on to the end of the period."""
    return periods.span(date(period.end.year, 1, 1), period.end)


@cache
def all_returns() -> Mapping[str, Definition]:
    """Every return by its code, in the order of the file."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found: dict[str, Definition] = {}
    for row in raw["return"]:
        made = _definition(dict(row))
        if made.code in found:
            raise DefinitionError(f"two returns named {made.code}")
        found[made.code] = made
    return found


def get(code: str) -> Definition:
    """One return. Raises KeyError."""
    return all_returns()[code]


def of_kind(kind: str) -> list[Definition]:
    return [one for one in all_returns().values() if one.kind == kind]


def _definition(row: dict[str, Any]) -> Definition:
    items = tuple(Item(**item) for item in row.pop("item", ()))
    columns = tuple(
        Column(one, SPANS[one]) if isinstance(one, str) else Column(**one) for one in row.pop("columns")
    )
    begins, ends = row.pop("from", date.min), row.pop("to", date.max)
    made = Definition(**row, items=items, columns=columns, begins=begins, ends=ends)
    if bool(made.lines) == bool(made.items) or made.unit not in UNITS:
        raise DefinitionError(f"{made.code}: lines or items, and a known unit")
    return made
