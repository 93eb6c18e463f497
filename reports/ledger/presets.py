"""What an item of the plan is usually proved by, and the project it belongs to: codes by number, from presets.toml."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("presets.toml")


@dataclass(frozen=True)
class Preset:
    """Codes of ledger/evidence.py; the project as LedgerTask.Project names it."""

    evidence: tuple[str, ...] = ()
    project: str = ""


@cache
def _presets(table: str) -> dict[int, Preset]:
    raw = tomllib.loads(FILE.read_text("utf-8"))[table]
    return {
        int(number): Preset(tuple(one.get("evidence", ())), one.get("project", ""))
        for number, one in raw.items()
    }


def task(number: int) -> Preset:
    return _presets("task").get(number, Preset())


def policy(number: int) -> Preset:
    return _presets("policy").get(number, Preset())
