"""Charts of a document: their numbers as a table, and who draws them. A higher room registers how (`draws_with`).

A drawing is SVG made here from checked numbers and escaped words, never taken from data.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from types import MappingProxyType

from cases.documents.blocks import SHAPES, Block, Chart, Table, make

# the paragraph style of a chart's caption in a .docx, by which the table after it comes back as a chart
STYLES: Mapping[str, str] = MappingProxyType({"columns": "文书柱图", "lines": "文书线图", "bars": "文书条图"})
ITEM = "项目"
Draw = Callable[[str, Sequence[str], Mapping[str, Sequence[Decimal | None]]], str]
_drawers: dict[str, Draw] = {}


def draws_with(shape: str, draw: Draw) -> None:
    """Charts of this shape are drawn by (title, labels, series) -> SVG."""
    if shape not in SHAPES:
        raise ValueError(f"no shape {shape}")
    _drawers[shape] = draw


def drawn(block: Chart) -> str | None:
    """The chart as SVG; None where nobody draws."""
    draw = _drawers.get(block.shape)
    if draw is None:
        return None
    series = {name: [Decimal(cell) if cell else None for cell in cells] for name, *cells in block.series}
    return draw(block.title, block.labels, series)


def table(block: Chart) -> Table:
    """The numbers of a chart, a line per label."""
    rows = tuple(
        (label, *(cells[place] for _name, *cells in block.series)) for place, label in enumerate(block.labels)
    )
    return Table((ITEM, *(name for name, *_cells in block.series)), rows)


def chart(title: str, shape: str, found: Table) -> Block:
    """A table that was a chart as one again. Raises BlockError where its cells are no numbers."""
    labels = tuple(row[0] for row in found.rows)
    series = tuple(
        (name, *(row[place].strip() for row in found.rows))
        for place, name in enumerate(found.columns)
        if place
    )
    return make("chart", title=title, shape=shape, labels=labels, series=series)
