"""The rules of watch.toml: reading them, and which hold on a day. What a check finds is in checks.py."""

import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("watch.toml")


@dataclass(frozen=True)
class Finding:
    """A rule that does not hold: of what (`subject` stays the same while the cause lasts), where, how many, in words.

    `group`, `group_text`: findings of one group are one line of the board; `%(n)d` stands for their numbers together.
    """

    subject: str
    text: str
    number: int = 1
    station: int | None = None
    body: int | None = None
    group: str = ""
    group_text: str = ""


@dataclass(frozen=True)
class Rule:
    """One entry of the file; `more` holds what only its check reads."""

    code: str
    check: str
    label: str
    tag: str
    tone: str
    roles: tuple[str, ...]
    again_after_days: int
    board: bool
    valid_from: date
    valid_to: date | None = None
    more: dict[str, Any] = field(default_factory=dict)

    def holds(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


Check = Callable[[Rule, date], Iterable[Finding]]
_checks: dict[str, Check] = {}


def check(name: str) -> Callable[[Check], Check]:
    """Register what a rule asks: (rule, today) -> findings, in a constant number of queries. Any room may add one."""

    def mark(find: Check) -> Check:
        _checks[name] = find
        return find

    return mark


@cache
def rules() -> dict[str, Rule]:
    """Every rule by code; a change of the file needs a restart."""
    named = {
        "code",
        "check",
        "label",
        "tag",
        "tone",
        "roles",
        "again_after_days",
        "board",
        "valid_from",
        "valid_to",
    }
    found = {}
    for said in tomllib.loads(FILE.read_text(encoding="utf-8"))["rule"]:
        own = {name: value for name, value in said.items() if name in named}
        more = {name: value for name, value in said.items() if name not in named}
        found[said["code"]] = Rule(**(own | {"roles": tuple(said["roles"])}), more=more)
    return found


def findings(rule: Rule, today: date) -> list[Finding]:
    """What the rule's check finds today; nothing while the rule is not in force."""
    return list(_checks[rule.check](rule, today)) if rule.holds(today) else []
