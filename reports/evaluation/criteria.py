"""Reads criteria.toml: editions of what a station is scored by. Pure; no Django, no clock."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("criteria.toml")
WHOLE = 100


class CriteriaError(ValueError):
    """The file is wrong: a programming error, found when it is read."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that is scored."""

    code: str
    name: str
    points: int
    guide: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Edition:
    """The criteria that hold from a year on, with the paper that set them."""

    begins: int
    document: str
    grades: tuple[tuple[str, int], ...]  # name, least points; the best first
    criteria: tuple[Criterion, ...]

    def grade(self, total: int) -> str:
        """What so many points are called."""
        return next(name for name, least in self.grades if total >= least)


@cache
def editions() -> tuple[Edition, ...]:
    """All editions, the oldest first; each adds up to a hundred points."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = []
    for row in raw["edition"]:
        grades = tuple((one["name"], one["least"]) for one in row["grades"])
        made = Edition(
            row["from"], row["document"], grades, tuple(Criterion(**one) for one in row["criterion"])
        )
        if sum(one.points for one in made.criteria) != WHOLE or grades[-1][1] != 0:
            raise CriteriaError(f"edition {made.begins}: {WHOLE} points and a grade for none")
        found.append(made)
    return tuple(sorted(found, key=lambda one: one.begins))


def edition_of(year: int) -> Edition | None:
    """The edition that holds for a year; None before the first."""
    return next((one for one in reversed(editions()) if one.begins <= year), None)
