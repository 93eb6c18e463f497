"""任务清单完成: tasks of the plan told as done, over all its tasks; the special ones apart. From facts, as of any day."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, ClassVar

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Event
from reports.models import LedgerTask
from reports.periods import Period
from reports.status import Measured

from .base import MANUAL, Figure, Reading
from .stocks import StockIndicator

DONE, SET, SPECIAL = "task_done", "task_set", "special"


class TasksDone(StockIndicator):
    """A stock of facts: a task done stays done until the fact is taken back."""

    code = "tasks_done"
    name = _("任务清单完成")
    unit = _("项")
    source = MANUAL
    basis = _("任务台账，完成经领导确认")
    definition = _("期末已确认完成的方案任务 ÷ 方案任务总数；长期坚持的任务在总数内，特色重点任务另列。")
    labels = {"special_done": _("特色重点已完成"), "special": _("特色重点任务")}
    model = Event
    columns: ClassVar[dict[str, str]] = {
        "name": "任务",
        "place": "责任单位（方案）",
        "from": "完成日期",
        "special": "特色重点",
    }

    def rows(self) -> QuerySet[Any]:
        return Event.objects.filter(fact__in=(DONE, SET)).select_related("proceeding__ledgertask")

    def listed(self, which: str, period: Period, reading: Reading) -> QuerySet[Any]:
        """The tasks told as done, or all of them."""
        fact = {"numerator": DONE, "denominator": SET}.get(which)
        if fact is None:
            return Event.objects.none()
        rows = reading.live(fact).filter(occurred_on__lte=period.cut(reading.as_of))
        return rows.select_related("proceeding__ledgertask").order_by("-pk")

    sets = ("numerator", "denominator")

    def cells(self, row: Any) -> dict[str, Any]:
        task: LedgerTask = row.proceeding.ledgertask
        return {
            "name": task.matter_title(), "place": task.units_text, "from": row.occurred_on if row.fact == DONE else None,
            "special": "★" if task.special else "",
        }  # fmt: skip

    def figures(self, periods: Sequence[Period], reading: Reading, full: int | None = None) -> list[Figure]:
        asked = {}
        for n, period in enumerate(periods):
            by_then = Q(occurred_on__lte=period.cut(reading.as_of))
            for fact in (DONE, SET):
                asked[f"{fact}_{n}"] = Count("pk", filter=by_then & Q(fact=fact))
                asked[f"{fact}_special_{n}"] = Count("pk", filter=by_then & Q(fact=fact, value=SPECIAL))
        told = reading.live(DONE, SET).order_by().aggregate(**asked)
        return [self._one(period, reading, told, n) for n, period in enumerate(periods)]

    def _one(self, period: Period, reading: Reading, told: dict[str, int], n: int) -> Figure:
        done, everything = told[f"{DONE}_{n}"], told[f"{SET}_{n}"]
        parts = {"special_done": told[f"{DONE}_special_{n}"], "special": told[f"{SET}_special_{n}"]}
        measured = Measured(Fraction(done), everything)
        return self.figure(period, reading, measured, numerator=done, parts=parts)
