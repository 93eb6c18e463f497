"""Indicators that count what was held: joint enforcement, briefings, push meetings. From the register of activities."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Activity
from reports.periods import Period

from .base import MANUAL, Reading
from .stocks import StockIndicator


class Held(StockIndicator):
    """Activities of one kind that began in the period and were entered by the day of reading."""

    kind: ClassVar[str]
    is_flow = True
    source = MANUAL
    basis = _("活动登记")
    model = Activity
    columns = {
        "name": "名称",
        "on": "日期",
        "place": "地点",
        "regions": "参与地区",
        "departments": "参与部门",
    }

    def within(self, period: Period, reading: Reading) -> Q:
        day = reading.as_of
        stands = Q(cancelled_on__isnull=True) | Q(cancelled_on__gt=day)
        return stands & Q(known_on__lte=day, begins__gte=period.start, begins__lte=period.cut(day))

    def rows(self) -> QuerySet[Any]:
        return Activity.objects.filter(kind=self.kind)

    def cells(self, row: Any) -> dict[str, Any]:
        return {
            "name": row.title, "on": row.begins, "place": row.place, "regions": row.regions,
            "departments": row.departments,
        }  # fmt: skip


class JointEnforcement(Held):
    code = "joint_enforcement"
    name = _("跨区域跨部门联合执法行动")
    unit = _("次/年")
    definition = _("期内开展的联合执法行动次数，按开始日期计入。")
    kind = Activity.Kind.JOINT_ENFORCEMENT


class Briefings(Held):
    code = "briefings"
    name = _("专题汇报")
    unit = _("次/年")
    definition = _("期内举行的专题汇报次数。")
    kind = Activity.Kind.BRIEFING


class PushMeetings(Held):
    code = "push_meetings"
    name = _("重点任务推动会")
    unit = _("次/季度")
    definition = _("期内召开的重点任务推动会次数，每季度至少一次。")
    kind = Activity.Kind.PUSH_MEETING


__all__: Sequence[str] = ["Briefings", "Held", "JointEnforcement", "PushMeetings"]
