"""What 督办提示 asks of the ledger: units whose tasks had no evidence for sixty days."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext_lazy as _

from reports.watching.rules import Finding, Rule, check

from . import standing


@check("silent_tasks")
def silent_tasks(rule: Rule, today: date) -> Iterable[Finding]:
    """Tasks under way without evidence for so long, by the unit that answers for them."""
    units = Counter(unit for one in standing.tasks(today) if one.standing.silent for unit in one.units)
    for unit, number in units.items():
        words = _("%(unit)s：%(n)d 项方案任务 %(days)d 日没有佐证")
        yield Finding(
            f"u{unit.pk}", str(words % {"unit": unit, "n": number, "days": standing.SILENT_DAYS}), number=number,
        )  # fmt: skip
