"""Where a task stands today, derived and never a state: done, continuing, to be made clear, late, running; without evidence."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Max, Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from .models import LedgerTask, Plan, TaskUnit

DONE, CONTINUING, UNCLEAR, LATE, RUNNING = "done", "continuing", "unclear", "late", "running"
WORDS = {
    DONE: _("已完成"), CONTINUING: _("长期坚持"), UNCLEAR: _("需要明确"), LATE: _("逾期"), RUNNING: _("推进中"),
}  # fmt: skip
TONES = {DONE: "good", CONTINUING: "brand", UNCLEAR: "", LATE: "warn", RUNNING: ""}
SILENT_DAYS = 60  # without evidence for as long, a task is told (plan 六（二）: 动态监测)
RISK_DAYS = 30  # a time limit this near, without fresh evidence, is at risk


@dataclass(frozen=True)
class Standing:
    """One task on one day."""

    code: str
    silent_days: int  # since the last evidence, or since it was entered
    late_months: int = 0
    at_risk: bool = False

    @property
    def silent(self) -> bool:
        """No evidence for 60 days, and still to be carried out."""
        return self.code != DONE and self.silent_days >= SILENT_DAYS

    @property
    def words(self) -> Any:
        return WORDS[self.code]

    @property
    def tone(self) -> str:
        return TONES[self.code]


def of(task: LedgerTask, last: date, today: date) -> Standing:
    """Where it stands; `last` is the day of its last evidence."""
    days = (today - last).days
    if task.state == "done":
        return Standing(DONE, days)
    if task.state == "unclear" or task.deadline_doubtful:
        return Standing(UNCLEAR, days)
    if task.deadline_always or task.state == "continuing":
        return Standing(CONTINUING, days)
    until = task.deadline_on
    if until is not None and until < today:
        months = (today.year - until.year) * 12 + today.month - until.month
        return Standing(LATE, days, max(months, 1))
    near = until is not None and until - today <= timedelta(days=RISK_DAYS)
    return Standing(RUNNING, days, at_risk=near and days >= RISK_DAYS)


@dataclass
class Line:
    """A task of the board with its standing and who answers today."""

    task: LedgerTask
    standing: Standing
    units: list[Any]  # stations.Unit
    proved: date | None  # the day of the last evidence; None = none yet, and the days count from the entry

    @property
    def fresh(self) -> bool:
        """Proved within the last sixty days."""
        return self.proved is not None and self.standing.silent_days < SILENT_DAYS

    @property
    def unit_words(self) -> str:
        return "、".join(dict.fromkeys(unit.name for unit in self.units))


def tasks(today: date, rows: QuerySet[LedgerTask] | None = None) -> list[Line]:
    """Tasks of the plans in force, in the plan's order. Three queries, whatever their number."""
    rows = LedgerTask.objects.all() if rows is None else rows
    in_force = TaskUnit.objects.filter(
        Q(valid_from__isnull=True) | Q(valid_from__lte=today), Q(valid_to__isnull=True) | Q(valid_to__gte=today),
        cancelled=False,
    )  # fmt: skip
    found = (
        rows.filter(plan__in=Plan.objects.in_force(today))
        .exclude(state="void")
        .select_related("case")
        .prefetch_related(Prefetch("task_units", in_force.select_related("name__unit"), to_attr="answering"))
        .annotate(last_file=Max("files__at"))
        .order_by("plan", "item")
    )
    return [line(task, today) for task in found]


def line(task: Any, today: date) -> Line:
    proved = max(filter(None, (task.proved_on, task.last_file and task.last_file.date())), default=None)
    units = [one.name.unit for one in task.answering]
    return Line(task, of(task, proved or task.case.received_on, today), units, proved)
