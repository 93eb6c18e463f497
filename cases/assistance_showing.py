"""What the case page shows of rights assistance: what was asked, what is lacking, what was given, what waits abroad."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from .models import Assistance, Overseas
from .models.assisting import HELP
from .panels import Panel, Table, panel

LOCAL_COUNSEL = _("外国法期限，系统未作计算，请当地律师核对")


@panel("assistance")
def shown(row: Assistance, user: Any, today: date) -> Panel:
    """Facts for whoever sees the assistance; experts by name, never what they said."""
    facts: list[dict[str, Any]] = [
        {"label": _("援助事项"), "value": dict(HELP).get(row.help_kind, ""), "missing": _("受理时确定")},
        {"label": _("申请人类型"), "value": row.get_applicant_type_display(), "missing": _("待补充")},
        {"label": _("来源渠道"), "value": row.get_channel_display(), "missing": _("受理时按案源登记")},
    ]
    if row.competence:
        facts.append({"label": _("管辖依据"), "value": row.get_competence_display()})
    facts += _correction(row, today) + _review(row)
    abroad = row.abroad()
    if abroad is not None:
        facts += _abroad(abroad, today, ended=not row.is_open)
    names = [e.person.name for e in row.experts.filter(cancelled=False).select_related("person")]
    if names:
        facts.append({"label": _("咨询专家（只存卷）"), "value": "、".join(dict.fromkeys(names))})
    visit = row.visits.filter(cancelled=False, satisfaction__isnull=False).last()
    if visit is not None:
        facts.append({"label": _("回访满意度"), "value": visit.get_satisfaction_display()})
    if row.state == "accepted":
        due = row.help_due()
        if due:
            facts.append({"label": _("办结前还需要"), "value": "；".join(map(str, due.values()))})
    return Panel(facts=facts, tables=_forwarded(row))


def _correction(row: Assistance, today: date) -> list[dict[str, Any]]:
    if row.state != "received":
        return []
    lapsed = row.correction_lapsed(today)
    if lapsed is not None:
        words = _("补正期限已于 %(day)s 届满，可以办理“撤回 / 按撤回处理”") % {"day": lapsed}
        return [
            {"label": _("补正"), "value": _("逾期未补正"), "tone": "hot"},
            {"label": _("提示"), "value": words},
        ]
    asked = row.deadlines.filter(rule="W-04", cancelled=False).first()
    if asked is None:
        return []
    words = _("已收到补正材料") if asked.met_on else _("等待补正，%(day)s 届满") % {"day": asked.due_on}
    return [{"label": _("补正"), "value": words}]


def _review(row: Assistance) -> list[dict[str, Any]]:
    if row.review:
        return [{"label": _("异议处理"), "value": row.get_review_display()}]
    return []


def _abroad(one: Overseas, today: date, *, ended: bool) -> list[dict[str, Any]]:
    where = "，".join(filter(None, [one.country, one.forum, one.procedure]))
    facts: list[dict[str, Any]] = [{"label": _("海外维权"), "value": where}]
    if one.foreign_due_on:
        days = (one.foreign_due_on - today).days
        left = _("已过 %(n)d 日") % {"n": -days} if days < 0 else _("剩 %(n)d 日") % {"n": days}
        words = f"{one.foreign_due_on:%Y-%m-%d}" if ended else f"{one.foreign_due_on:%Y-%m-%d}（{left}）"
        tone = "" if ended else "hot" if days < 0 else "warn"
        facts.append({"label": _("境外期限"), "value": words, "tone": tone})
        facts.append({"label": _("提示"), "value": LOCAL_COUNSEL})
    if one.loss_avoided is not None:
        facts.append({"label": _("避免损失"), "value": f"{one.loss_avoided:,.2f} 元", "num": True})
    return facts


def _forwarded(row: Assistance) -> list[Table]:
    sent = list(row.forwardings.filter(cancelled=False))
    if not sent:
        return []
    lines = [
        [
            {"text": f"{one.sent_on:%Y-%m-%d}", "num": True},
            {"text": one.to},
            {"text": one.matter},
            {"text": f"{one.receipt_on:%Y-%m-%d} {one.receipt_no}".strip()}
            if one.receipt_on
            else {"text": str(_("等待回执")), "tone": "warn"},
        ]
        for one in sent
    ]
    columns = [str(c) for c in (_("日期"), _("转送机关"), _("事项"), _("回执"))]
    return [Table(str(_("举报投诉转送")), columns, lines)]


__all__ = ["shown"]
