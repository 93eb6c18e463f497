"""What the case page shows of a court's referral, and of a period that is over."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.panels import Panel, panel

from .models import Mediation
from .models.referral import referral_of
from .models.timing import LIMITS


@panel("mediation")
def referred(row: Mediation, user: Any, today: date) -> Panel:
    """Who sent it, since when the time runs, and whether the court has its papers back."""
    facts: list[dict[str, Any]] = []
    found = referral_of(row) if row.case.from_court else None
    if row.case.from_court and found is None:
        facts.append({"label": _("法院"), "value": "", "missing": _("请登记法院委派委托")})
    if found is not None:
        judge = "，".join(filter(None, [found.judge, found.judge_phone]))
        facts.append({"label": _("法院"), "value": f"{found.court}（{judge}）" if judge else found.court})
        facts.append(
            {
                "label": _("签收法院材料"), "value": f"{row.materials_on:%Y-%m-%d}" if row.materials_on else "",
                "missing": _("等待平台确认接受"), "num": True,
            }
        )  # fmt: skip
        if found.returned_on is not None:
            facts.append({"label": _("复函法院"), "value": f"{found.returned_on:%Y-%m-%d}", "num": True})
        elif not row.is_open:
            facts.append({"label": _("复函法院"), "value": _("材料尚未退回法院"), "tone": "warn"})
    if row.is_open and _over(row, today):
        facts.append(
            {
                "label": _("调解期限"), "tone": "warn",
                "value": _("已届满，未经双方同意延长的应当结束调解"),
            }
        )  # fmt: skip
    return Panel(facts=facts)


def _over(row: Mediation, today: date) -> bool:
    if row.intervals.filter(cancelled=False, to_on__isnull=True).exists():
        return False
    running = row.deadlines.filter(rule__in=LIMITS, met_on__isnull=True, cancelled=False)
    return bool(running.filter(due_on__lt=today).exists())
