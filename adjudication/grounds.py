"""The grounds of a stay as data of grounds.toml: when a case must be stayed, when it need not be. No Django here."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("grounds.toml")


@dataclass(frozen=True)
class Ground:
    """One ground of 办法第二十八条第一款; `ends`: code -> words of how its cause may go."""

    code: str
    item: str
    words: str
    needs: tuple[str, ...]
    ends: dict[str, str]


@dataclass(frozen=True)
class Refusal:
    """One item of 办法第二十九条; `known`: what the record shows of it ("" = the officer alone knows)."""

    code: str
    item: str
    words: str
    known: str


@cache
def grounds() -> dict[str, Ground]:
    """By code; a change of the file needs a restart."""
    return {
        one["code"]: Ground(
            one["code"], one["item"], one["words"], tuple(one.get("needs", ())),
            {end["code"]: end["words"] for end in one.get("ends", ())},
        )
        for one in tomllib.loads(FILE.read_text(encoding="utf-8"))["ground"]
    }  # fmt: skip


@cache
def refusals() -> dict[str, Refusal]:
    """By code; a change of the file needs a restart."""
    return {
        one["code"]: Refusal(one["code"], one["item"], one["words"], one.get("known", ""))
        for one in tomllib.loads(FILE.read_text(encoding="utf-8"))["refusal"]
    }
