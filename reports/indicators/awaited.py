"""Indicators whose figures come from elsewhere (court, register, meetings) or from records not kept yet.

Each stands in its place with name, unit, target and the source it waits for; its value is `no_data`, never a guess.
"""

from collections.abc import Sequence
from typing import ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.periods import Period
from reports.status import Measured

from .base import MANUAL, Figure, Indicator, Reading


class Awaited(Indicator):
    """`basis` says where the figure will come from."""

    has_denominator: ClassVar[bool] = False

    def figures(self, periods: Sequence[Period], reading: Reading, full: int | None = None) -> list[Figure]:
        nothing = Measured(None, 0 if self.has_denominator else None)
        return [self.figure(period, reading, nothing) for period in periods]


def awaited(
    code: str,
    name: Promise,
    unit: str | Promise,
    definition: Promise,
    basis: Promise,
    source: str,
    *,
    direction: str = "min",
    is_count: bool = True,
    is_rate: bool = False,
) -> type[Awaited]:
    """An indicator without a source of its own yet."""
    return type(
        "".join(part.title() for part in code.split("_")),
        (Awaited,),
        {
            "__module__": __name__, "code": code, "name": name, "unit": unit, "definition": definition, "basis": basis,
            "source": source, "direction": direction, "is_count": is_count and not is_rate,
            "has_denominator": is_rate,
        },
    )  # fmt: skip


TasksDone = awaited(
    "tasks_done", _("任务清单完成"), _("项"), _("已完成任务 ÷ 64；其中 15 项重点任务另列。"),
    _("任务台账（人工）"), MANUAL,
)  # fmt: skip
