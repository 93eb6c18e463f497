"""协议按期履行率: obligations of agreements in effect, each with the day the parties set; and disputes that came back."""

from collections.abc import Sequence

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from cases.models import Event
from reports.periods import Period

from .base import UNDATED, FactIndicator, Figure, Reading, in_period
from .computed import MEDIATION, bucket


class PerformedOnTime(FactIndicator):
    """Obligations due in the period, as known on the day of reading; what was let go is not one any more."""

    code = "performed_on_time"
    name = _("协议按期履行率")
    unit = "%"
    is_count = False
    basis = _("调解协议履行台账")
    definition = _(
        "期内到期且在期限内履行完毕的协议义务 ÷ 期内到期（截至统计时点已到期）的协议义务，按约定的履行期限计；"
        "分期付款每期计一项，付清为履行完毕；没有约定期限的不计，对方免除的不计（另列）。"
    )
    counts = ("on_time",)
    base = ("on_time", "late", "unperformed")
    leaves_out = ("released", "not_yet_due", UNDATED)
    labels = {
        "on_time": _("按期履行"), "late": _("逾期履行"), "unperformed": _("逾期未履行"), "released": _("对方免除"),
        "not_yet_due": _("尚未到期"), UNDATED: _("期限不明"),
    }  # fmt: skip

    def rows(self, reading: Reading) -> QuerySet[Event]:
        same = {"proceeding": OuterRef("proceeding"), "subject": OuterRef("subject")}
        performed = reading.live("performed").filter(**same)
        in_time = performed.filter(occurred_on__lte=OuterRef("occurred_on"))
        return (
            reading.counted("obligation_due")
            .filter(proceeding__kind=MEDIATION)
            .annotate(
                bucket=bucket(
                    When(Exists(reading.live("released").filter(**same)), then=Value("released")),
                    When(occurred_on__gt=reading.as_of, then=Value("not_yet_due")),
                    When(Exists(in_time), then=Value("on_time")),
                    When(Exists(performed), then=Value("late")),
                    default=Value("unperformed"),
                )
            )
        )

    def figures(self, periods: Sequence[Period], reading: Reading, full: int | None = None) -> list[Figure]:
        """Also told: mediations accepted in the period whose dispute had been settled within twelve months before."""
        found = super().figures(periods, reading, full)
        asked = {f"n{n}": Count("pk", filter=in_period(period)) for n, period in enumerate(periods)}
        rows: QuerySet[Event] = reading.counted("came_back").filter(Q(proceeding__kind=MEDIATION))
        told = rows.order_by().aggregate(**asked)
        for n, figure in enumerate(found):
            figure.parts["came_back"] = told[f"n{n}"]
        return found
