"""Small cells: what a reader outside may not read, and may not compute from what he reads. Pure; no Django.

He is taken to know how it is done: that a cell shown as `<5` is 1 to 4, that one kept back beside it is 5 or more, that
a cell not listed is 0. Zero says nothing of anybody and is told.
"""

from collections.abc import Mapping
from dataclasses import dataclass

SMALL = 5
LESS, KEPT_BACK = "<5", "—"


@dataclass(frozen=True)
class Margin:
    """A total split into cells: the numbers that may be told, and the words for the others. `whole`: none may be."""

    told: Mapping[str, int]
    hidden: Mapping[str, str]
    whole: bool = False


def is_small(number: int | None) -> bool:
    return number is not None and 0 < number < SMALL


def hides_rate(numerator: int | None, denominator: int | None) -> bool:
    """A rate, its numerator and its denominator are told together or not at all: each and the rest must be large."""
    rest = None if numerator is None or denominator is None else denominator - numerator
    return any(is_small(number) for number in (numerator, denominator, rest))


def margin(cells: Mapping[str, int]) -> Margin:
    """Hide small cells; where the total would still give them away, one larger cell beside them, else the whole split.

    Which cell stands beside is chosen by name, never by size, and when one does depends on what is told alone: the
    choice itself must not tell anything. The total is not touched.
    """
    there = {name: number for name, number in cells.items() if number}
    small = [name for name, number in there.items() if is_small(number)]
    if not small:
        return Margin(there, {})
    hidden = dict.fromkeys(small, LESS)
    if sum(there.values()) < SMALL:
        return Margin({}, {}, whole=True)
    if not _all_told_by_sum(len(small), sum(there[name] for name in small)):
        return Margin(_without(there, hidden), hidden)
    beside = min((name for name in there if name not in hidden), default="")
    if not beside or not _may_be_more(len(small), there[beside] + sum(there[name] for name in small)):
        return Margin({}, {}, whole=True)
    hidden[beside] = KEPT_BACK
    return Margin(_without(there, hidden), hidden)


def _without(there: Mapping[str, int], hidden: Mapping[str, str]) -> dict[str, int]:
    return {name: number for name, number in there.items() if name not in hidden}


def _all_told_by_sum(small: int, total: int) -> bool:
    """Does the sum of the small cells tell them: a single one, or all at their least or all at their most?"""
    return small == 1 or total in (small, small * (SMALL - 1))


def _may_be_more(small: int, total: int) -> bool:
    """With one cell of 5 or more beside them: could every small cell have been 4 as well?"""
    return total - small * (SMALL - 1) >= SMALL
