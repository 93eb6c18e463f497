"""以案定补 as data: which standard is in force, what a grade pays, what stands against paying for a mediation.

Amounts are exact decimals in yuan. Who grades and pays: models/subsidy.py and the policy.
"""

import json
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cases import archiving
from cases.errors import DomainError

FILE = Path(__file__).with_name("subsidy.toml")
PERFORMANCE = frozenset({"any", "nothing_late", "performed"})
PEOPLE = "people"


@dataclass(frozen=True)
class Grade:
    """One grade: what it pays and when it is given."""

    code: str
    label: str
    amount: Decimal
    when: str


@dataclass(frozen=True)
class Standard:
    """What a committee has adopted, from a day on."""

    version: str
    adopted: str
    begins: date
    outcomes: tuple[str, ...]
    complete_file: bool
    accept_reasons: bool
    performance: str
    grades: tuple[Grade, ...]

    def grade(self, code: str) -> Grade:
        """The grade of this code; KeyError if the standard has none."""
        return {grade.code: grade for grade in self.grades}[code]


@cache
def standards() -> tuple[Standard, ...]:
    """Every standard, oldest first; a change of the file needs a restart."""
    raw = tomllib.loads(FILE.read_text(encoding="utf-8"))
    found = [
        Standard(
            row["version"], row["adopted"], row["from"], tuple(row["outcomes"]), row["complete_file"],
            row["accept_reasons"], row["performance"],
            tuple(Grade(g["code"], g["label"], Decimal(g["amount"]), g["when"]) for g in row["grade"]),
        )
        for row in raw["standard"]
    ]  # fmt: skip
    for one in found:
        if one.performance not in PERFORMANCE or any(grade.amount < 0 for grade in one.grades):
            raise ValueError(f"subsidy.toml: {one.version}")
    return tuple(sorted(found, key=lambda one: one.begins))


def standard(on: date) -> Standard:
    """The standard in force on a day. Raises `no_standard` before the first one."""
    held = [one for one in standards() if one.begins <= on]
    if not held:
        raise DomainError("no_standard", _("该日期没有生效的补贴标准，请核对日期。"))
    return held[-1]


def grade_label(code: str) -> str:
    """What the latest standard that knows a grade calls it."""
    known = {grade.code: grade.label for one in standards() for grade in one.grades}
    return known.get(code, code)


def against(row: Any, on: date | None = None) -> list[str]:
    """What stands against paying for this mediation, in words; nothing if it may be graded.

    `on`: the day of grading, from which the standard is taken and what is overdue is told; without it neither is asked.
    """
    if row.flavour != PEOPLE:
        return [_("以案定补仅适用于人民调解")]
    try:
        rule = standard(on or row.closed_on)
    except DomainError as missing:
        return [str(missing.message).rstrip("。")]
    found = []
    if row.handler_id is None:
        found.append(_("没有登记调解员"))
    if row.outcome not in rule.outcomes:
        found.append(_("结果为“%(outcome)s”，不在补贴范围内") % {"outcome": row.outcome_label})
    if rule.complete_file and (lacking := _lacking(row, rule)):
        found.append(_("卷宗还缺少%(names)s") % {"names": "、".join(lacking)})
    if rule.performance != "any":
        still = row.obligations.filter(performed_on__isnull=True, released_on__isnull=True)
        if rule.performance == "nothing_late" and on is not None and still.filter(due_on__lt=on).exists():
            found.append(_("有逾期未履行的协议事项"))
        elif rule.performance == "performed" and still.exists():
            found.append(_("协议尚未履行完毕"))
    return found


def _lacking(row: Any, rule: Standard) -> list[str]:
    """What the file lacks; with `accept_reasons` less what was archived with a reason."""
    reasons: dict[str, str] = {}
    if rule.accept_reasons and row.archived_on is not None:
        archived = row.events.filter(name="archive").order_by("-seq").values_list("body", flat=True).first()
        reasons = json.loads(archived)["notes"].get("missing") or {} if archived else {}
    return [str(item.label) for item in archiving.missing(row) if item.code not in reasons]
