"""Profiles: which of what is found is hidden, as data. Which one holds is a written decision of the bureau (law.md 5.3)."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DEFAULT = "district_default"


@dataclass(frozen=True)
class Profile:
    """A way of redacting. `hides`: categories that are taken out; `names`, `addresses`: whose; anything else stays."""

    name: str
    title: str
    source: str
    hides: frozenset[str]
    names: frozenset[str]
    addresses: frozenset[str]


@cache
def profiles() -> dict[str, Profile]:
    """Every profile of profiles.toml by its name."""
    with (Path(__file__).parent / "profiles.toml").open("rb") as opened:
        rows = tomllib.load(opened)
    return {
        name: Profile(
            name,
            row["title"],
            row["source"],
            *(frozenset(row[key]) for key in ("hides", "names", "addresses")),
        )
        for name, row in rows.items()
    }


def profile(name: str = DEFAULT) -> Profile:
    """The profile of this name. Raises KeyError."""
    return profiles()[name]
