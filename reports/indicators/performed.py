"""协议按期履行率: obligations of agreements in effect, each with the day the parties set; and disputes that came back."""

from django.db.models import Exists, OuterRef, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from cases.models import Event

from .base import OUT, TAKEN_OUT, UNDATED, FactIndicator, Reading
from .computed import MEDIATION, bucket


class PerformedOnTime(FactIndicator):
    """Obligations due in the period, as known on the day of reading; what was let go is not one any more.

    Told beside it: mediations accepted whose dispute had been settled within the twelve months before.
    """

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
    leaves_out = ("released", "not_yet_due", TAKEN_OUT, UNDATED)
    labels = {
        "on_time": _("按期履行"), "late": _("逾期履行"), "unperformed": _("逾期未履行"), "released": _("对方免除"),
        "not_yet_due": _("尚未到期"), "came_back": _("十二个月内同一纠纷再次受理"), **OUT,
        UNDATED: _("期限不明"),
    }  # fmt: skip

    def rows(self, reading: Reading) -> QuerySet[Event]:
        same = {"proceeding": OuterRef("proceeding"), "subject": OuterRef("subject")}
        performed = reading.live("performed").filter(**same)
        in_time = performed.filter(occurred_on__lte=OuterRef("occurred_on"))
        enters = Q(fact="obligation_due") | Q(occurred_on__isnull=False) & ~reading.taken_out
        return (
            reading.scoped("obligation_due", "came_back")
            .filter(enters, proceeding__kind=MEDIATION)
            .annotate(
                bucket=bucket(
                    reading,
                    When(fact="came_back", then=Value("came_back")),
                    When(Exists(reading.live("released").filter(**same)), then=Value("released")),
                    When(occurred_on__gt=reading.as_of, then=Value("not_yet_due")),
                    When(Exists(in_time), then=Value("on_time")),
                    When(Exists(performed), then=Value("late")),
                    default=Value("unperformed"),
                )
            )
        )
