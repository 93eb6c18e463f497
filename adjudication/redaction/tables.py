"""Tables in a text: what stands under a heading."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator

from .sight import Sight

_ROW = re.compile(r"[^\n]*[|\t][^\n]*")
_CELL = re.compile(r"[^|\t]+")


def cells(sight: Sight) -> Iterator[list[tuple[int, str]]]:
    """Row by row, the cells: (place in the close view, words)."""
    light, close = sight.light, sight.close
    if "|" not in light.text and "\t" not in light.text:
        return
    for row in _ROW.finditer(light.text):
        found = []
        for cell in _CELL.finditer(row[0]):
            start = row.start() + cell.start() + len(cell[0]) - len(cell[0].lstrip())
            found.append((bisect_left(close.at, light.at[min(start, len(light.at) - 1)]), cell[0].strip()))
        yield found


def under(sight: Sight, headings: Collection[str]) -> Iterator[tuple[str, int]]:
    """(heading, place in the close view) of every cell below one of these headings."""
    columns: dict[int, str] = {}
    for row in cells(sight):
        heads = {n: words for n, (_at, words) in enumerate(row) if words in headings}
        if heads and all(len(words) <= 8 for _at, words in row):
            columns = heads
            continue
        for n, (at, words) in enumerate(row):
            if n in columns and words:
                yield columns[n], at
