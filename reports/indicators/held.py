"""Indicators counted in the register of activities: how often something was held in the period.

An activity counts on the day it begins, from the day it was entered until the day it was cancelled.
"""

from fractions import Fraction
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Activity
from reports.periods import Period, quarter

from .base import MANUAL, Reading
from .stocks import StockIndicator


class Held(StockIndicator):
    """Activities of one kind; a number to be reached each year."""

    kind: ClassVar[str]
    model = Activity
    source = MANUAL
    is_flow = True
    columns = {
        "on": "日期",
        "name": "名称",
        "place": "地点",
        "departments": "参加部门",
        "regions": "参加地区",
    }

    def within(self, period: Period, reading: Reading) -> Q:
        return Activity.known_by(reading.as_of) & Q(
            begins_on__range=(period.start, period.cut(reading.as_of))
        )

    def rows(self) -> QuerySet[Any]:
        return Activity.objects.filter(kind=self.kind)

    def cells(self, row: Any) -> dict[str, Any]:
        return {
            "on": row.begins_on, "name": row.title, "place": row.place, "departments": row.departments,
            "regions": row.regions,
        }  # fmt: skip


class JointEnforcement(Held):
    code = "joint_enforcement"
    name = _("跨区域跨部门联合执法行动")
    unit = _("次/年")
    basis = _("联合执法行动登记（人工）")
    definition = _("期内开展的联合执法行动次数，按开始日期计；已作废的不计。")
    kind = Activity.Kind.ENFORCEMENT


class Briefings(Held):
    code = "briefings"
    name = _("专题汇报")
    unit = _("次/年")
    basis = _("会议登记（人工）")
    definition = _("期内举行的专题汇报次数；已作废的不计。")
    kind = Activity.Kind.BRIEFING


class PushMeetings(Held):
    """The target is one a quarter; a year asks for four."""

    code = "push_meetings"
    name = _("重点任务推动会")
    unit = _("次/季度")
    basis = _("会议登记（人工）")
    definition = _("期内召开的重点任务推动会次数，每季度至少一次，全年至少四次；已作废的不计。")
    kind = Activity.Kind.PUSH_MEETING

    def due_share(self, period: Period, reading: Reading) -> Fraction:
        """Whole quarters gone by: one that still runs owes nothing yet."""
        last = period.cut(reading.as_of)
        years = range(period.start.year, last.year + 1)
        ends = (quarter(year, which).end for year in years for which in range(1, 5))
        return Fraction(sum(period.start <= end <= last for end in ends))
