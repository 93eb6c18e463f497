"""A plan's text enters the ledger: each item once, by the door of matters. Another edition is compared, never laid over.

What it says of the text itself: reading.py.
"""

from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import steps
from cases.errors import Invalid
from cases.protection import sm3
from reports.indicators import PLAN_EIGHT, REGISTRY
from reports.models import Target
from stations.models.units import get_or_enter

from . import reading
from .models import LedgerTask, Plan, PlanReading, SupportPolicy

COLUMNS = {
    "text": gettext_lazy("内容"), "special": gettext_lazy("特色重点"), "units_text": gettext_lazy("责任单位"),
    "leaders_text": gettext_lazy("负责人"), "deadline_text": gettext_lazy("完成时限"),
    "department": gettext_lazy("落实单位"), "leader_text": gettext_lazy("负责人"),
}  # fmt: skip
TASK_SAYS = ("text", "special", "units_text", "leaders_text", "deadline_text")
POLICY_SAYS = ("text", "department", "leader_text")


@dataclass
class Account:
    """What became of a text. `differences`: where the ledger stands otherwise than this edition."""

    plan: Plan | None = None
    indicators: int = 0
    tasks: int = 0
    special: int = 0
    policies: int = 0
    added: int = 0
    refused: list[dict[str, Any]] = field(default_factory=list)
    differences: list[dict[str, Any]] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """The command's JSON."""
        return {
            "indicators": self.indicators, "tasks": self.tasks, "special": self.special, "policies": self.policies,
            "added": self.added, "refused": self.refused, "differences": self.differences,
        }  # fmt: skip


def take_in(text: str, *, by: Any, today: date, name: str = "") -> Account:
    """Read a text and enter what the ledger does not know. The same text again adds nothing."""
    found = reading.read(text)
    account = Account(
        indicators=len(found.indicators), tasks=len(found.tasks), special=len(found.special),
        policies=len(found.policies), refused=[asdict(one) for one in found.refused],
    )  # fmt: skip
    if not (found.tasks or found.policies or found.indicators):
        return account
    account.plan = plan = _plan(found, text, by=by, today=today, name=name)
    account.differences = differing(plan, found)
    tasks = set(LedgerTask.objects.filter(plan=plan).values_list("item", flat=True))
    policies = set(SupportPolicy.objects.filter(plan=plan).values_list("item", flat=True))
    for one in found.tasks:
        if one.number not in tasks:
            account.added += _open("ledger_task", plan, one.number, task_says(one), by=by, today=today)
    for item in found.policies:
        if item.number not in policies:
            account.added += _open("support_policy", plan, item.number, policy_says(item), by=by, today=today)
    return account


def _plan(found: reading.Plan, text: str, *, by: Any, today: date, name: str) -> Plan:
    with transaction.atomic():
        if found.name:
            defaults = {"issued_on": found.issued_on}
            plan, _made = Plan.objects.get_or_create(name=found.name, defaults=defaults)
        else:
            known = Plan.objects.in_force(today).order_by("-pk").first()
            plan = known or Plan.objects.create(name=str(_("建设方案")), issued_on=found.issued_on)
        for task in found.tasks:
            for unit in task.units:
                get_or_enter(unit)
        PlanReading.objects.get_or_create(
            plan=plan, digest=sm3(text.encode()),
            defaults={
                "file_name": name[:200], "content": reading.as_text(found), "read_on": today, "by": by,
            },
        )  # fmt: skip
    return plan


def task_says(one: reading.PlanTask) -> dict[str, Any]:
    """A task as the columns of the ledger say it."""
    return {
        "text": one.text, "special": one.special, "units_text": "、".join(one.units),
        "leaders_text": "、".join(one.leaders), "deadline_text": one.deadline.text,
    }  # fmt: skip


def policy_says(one: reading.PlanPolicy) -> dict[str, Any]:
    """A policy as the columns of the ledger say it."""
    return {"text": one.text, "department": one.department, "leader_text": one.leader}


def _open(slug: str, plan: Plan, number: int, says: dict[str, Any], *, by: Any, today: date) -> int:
    data = {**says, "plan": plan.pk, "item": number}
    if "deadline_text" in data:
        data["deadline"] = data.pop("deadline_text")
    try:
        steps.open_matter(slug, by=by, data=data, today=today, told=True)
    except Invalid as refusal:
        if "item" in (refusal.fields or {}):  # another reading was quicker
            return 0
        raise
    return 1


def differing(plan: Plan, found: reading.Plan) -> list[dict[str, Any]]:
    """Where the ledger and an edition differ, item by item: {kind, item, column, ours, theirs}."""
    tasks = {one.number: task_says(one) for one in found.tasks}
    policies = {one.number: policy_says(one) for one in found.policies}
    return [
        *_compare("task", tasks, LedgerTask.objects.filter(plan=plan).exclude(state="void"), TASK_SAYS),
        *_compare("policy", policies, SupportPolicy.objects.filter(plan=plan).exclude(state="void"), POLICY_SAYS),
        *_targets(found),
    ]  # fmt: skip


def _compare(
    kind: str, theirs: dict[int, dict[str, Any]], rows: Any, says: tuple[str, ...]
) -> list[dict[str, Any]]:
    found = []
    for row in rows.order_by("item"):
        said = theirs.get(row.item)
        if said is None:
            found.append(_difference(kind, row.item, "", row.text, _("本版没有这一项")))
            continue
        for column in says:
            ours = getattr(row, column)
            if ours != said[column]:
                found.append(_difference(kind, row.item, column, ours, said[column]))
    return found


def _difference(kind: str, item: int, column: str, ours: Any, theirs: Any) -> dict[str, Any]:
    return {
        "kind": kind, "item": item, "column": column, "label": str(COLUMNS.get(column, "")), "ours": _plain(ours),
        "theirs": _plain(theirs),
    }  # fmt: skip


def _plain(value: Any) -> str:
    return {True: "是", False: "否"}[value] if isinstance(value, bool) else str(value)


def _targets(found: reading.Plan) -> list[dict[str, Any]]:
    """The plan's eight against the targets figures are measured by: targets are entered elsewhere, never from here."""
    by_name = {str(REGISTRY[code].name): code for code in PLAN_EIGHT}
    held = {target.code: target for target in Target.objects.order_by("valid_from")}
    differences = []
    for one in found.indicators:
        target = held.get(by_name.get(one.name, ""))
        ours = f"{target.value.normalize():f}" if target is not None else _("未登记目标值")
        if ours != one.target:
            row = _difference("indicator", one.number, "target", ours, one.target)
            differences.append(row | {"label": one.name})
    return differences
