"""A return filled: what the record says of every cell, and what was typed instead, with its reason.

Also what a return that was sent said, and how the record differs from it today.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from cases import chain
from reports.periods import Period
from stations.models import Station

from . import sources
from .definitions import Column, Definition
from .sources import Value

NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: what the record says, and what was typed instead (None: nothing was)."""

    key: str  # of the line and the column: "consultations:period"
    computed: Value
    typed: str | None = None
    reason: str = ""

    @property
    def value(self) -> Value:
        """What stands in the sheet."""
        if self.typed is None:
            return self.computed
        return int(self.typed) if self.typed.isdigit() and len(self.typed) < 16 else self.typed


@dataclass(frozen=True, slots=True)
class Line:
    """One line with its label ("" in a list, whose columns say all) and its cells in the order of the columns."""

    key: str
    label: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A return as it stands: columns and lines."""

    columns: tuple[Column, ...]
    lines: tuple[Line, ...]

    def cells(self) -> dict[str, Cell]:
        return {cell.key: cell for line in self.lines for cell in line.cells}

    def as_json(self) -> str:
        """Canonical JSON, from which sheet and paper are made and to which the record is compared later."""
        return chain.canonical(
            {
                "columns": [[one.name, one.label, one.width] for one in self.columns],
                "lines": [
                    {"key": line.key, "label": line.label,
                     "cells": [[cell.key, cell.computed, cell.typed, cell.reason] for cell in line.cells]}
                    for line in self.lines
                ],
            }
        )  # fmt: skip


def from_json(text: str) -> Sheet:
    """The sheet of `as_json`."""
    said = json.loads(text)
    return Sheet(
        tuple(Column(*one) for one in said["columns"]),
        tuple(
            Line(line["key"], line["label"], tuple(Cell(*cell) for cell in line["cells"]))
            for line in said["lines"]
        ),
    )


def fill(
    definition: Definition, period: Period, station: Station | None, typed: Mapping[str, Mapping[str, str]], as_of: date
) -> Sheet:  # fmt: skip
    """The return as known on a day. `typed`: key of a cell -> {value, reason}."""
    reading = sources.UnitReading(as_of, station)
    told: list[tuple[str, str, Mapping[str, Value]]]
    if definition.lines:
        told = [(key, "", row) for key, row in sources.listed(definition, period, reading)]
    else:
        found = sources.numbers(definition, period, reading)
        told = [(item.name, item.label, found[item.name]) for item in definition.items]
    return Sheet(
        definition.columns,
        tuple(
            Line(
                key,
                label,
                tuple(_cell(f"{key}:{one.name}", row.get(one.name), typed) for one in definition.columns),
            )
            for key, label, row in told
        ),
    )


def _cell(key: str, computed: Value, typed: Mapping[str, Mapping[str, str]]) -> Cell:
    said = typed.get(key)
    return Cell(key, computed) if said is None else Cell(key, computed, said["value"], said["reason"])


@dataclass(frozen=True, slots=True)
class Difference:
    """A cell, or a line of a list, of which the record says something else than when it was reported."""

    label: str
    column: str
    reported: Value
    was: Value
    now: Value


def differences(then: Sheet, now: Sheet) -> list[Difference]:
    """What the record says otherwise now; lines of a list that came or went are told once."""
    before, after = {line.key: line for line in then.lines}, {line.key: line for line in now.lines}
    found = []
    for key, line in before.items():
        fresh = after.get(key)
        if fresh is None:
            found.append(Difference(_named(line), "", "已列入", "已列入", "不再列入"))
            continue
        for column, old, new in zip(then.columns, line.cells, fresh.cells, strict=True):
            if old.computed != new.computed:
                found.append(Difference(_named(line), column.label, old.value, old.computed, new.computed))
    return found + [
        Difference(_named(line), "", "未列入", "未列入", "应列入") for key, line in after.items() if key not in before
    ]  # fmt: skip


def _named(line: Line) -> str:
    """The label of a line, or its first cell."""
    return line.label or shown(line.cells[0].value)


def shown(value: Value) -> str:
    return NOTHING if value in (None, "") else str(value)


def for_paper(cell: Cell) -> str:
    """A cell on paper: what is unknown stays open for the pen."""
    return "" if cell.value is None else str(cell.value)


def remarks(sheet: Sheet, labels: Mapping[str, str]) -> list[str]:
    """What was typed instead of what the record says, in sentences."""
    said: list[str] = []
    for line in sheet.lines:
        for cell in line.cells:
            if cell.typed is not None and cell.computed is not None:
                what = labels.get(cell.key.rpartition(":")[2], "")
                said.append(
                    f"{_named(line)}（{what}）：系统记录 {shown(cell.computed)}，填报 {cell.typed}，原因：{cell.reason}"
                )
    return said


__all__ = [
    "Cell", "Difference", "Line", "Sheet", "differences", "fill", "for_paper", "from_json", "remarks", "shown",
]  # fmt: skip
