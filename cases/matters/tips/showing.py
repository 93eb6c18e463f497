"""What the page of a tip shows: its class, what was decided, the reward; never who told it or of whom."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import rewards
from cases.errors import DomainError
from cases.models import Tip, TipReward
from cases.models.rewarding import budget_of, spent_in
from cases.panels import Panel, Table, above, panel
from cases.permissions import may


@panel("tip")
def shown(row: Tip, user: Any, today: date) -> Panel:
    """Facts for whoever sees the tip; the way to what is sealed for who may read it."""
    facts: list[dict[str, Any]] = [
        {"label": _("类别"), "value": row.get_nature_display()},
        {"label": _("来源"), "value": row.get_channel_display()},
        {"label": _("涉嫌违法类型"), "value": row.get_violation_display()},
        {"label": _("发生区域"), "value": row.area, "missing": _("未填写")},
        {"label": _("举报人"), "value": _("实名（密存）") if row.real_name else _("匿名，凭查询码查询")},
    ]
    if row.filed is not None:
        facts.append({"label": _("是否立案"), "value": _("立案") if row.filed else _("不予立案")})
    links = []
    if may_unseal(row, user, today):
        links.append({"url": reverse("tip_sealed", args=[row.pk]), "label": _("查阅密存内容")})
    return Panel(facts=facts, links=links, tables=[*_rewards(row), *passed_on(row, user, today)])


def may_unseal(row: Tip, user: Any, today: date) -> bool:
    """May this person read who told it and of whom: nobody but who handles it."""
    return bool(may(user, row, "view_sealed", today))


def _rewards(row: Tip) -> list[Table]:
    lines = [
        [
            {"text": str(one.granted_on), "num": True}, {"text": f"{one.tier}（{one.scheme}）"},
            {"text": f"{one.amount:,.2f}", "num": True}, _became(one),
        ]
        for one in row.rewards.filter(cancelled=False)
    ]  # fmt: skip
    columns = [str(_("决定日期")), str(_("等级")), str(_("金额（元）")), str(_("情况"))]
    return [Table(str(_("举报奖励")), columns, lines)] if lines else []


def _became(one: TipReward) -> dict[str, Any]:
    if one.paid_on:
        return {"text": _("%(day)s 已发放") % {"day": one.paid_on}, "tone": "good"}
    if one.lapsed_on:
        return {"text": _("%(day)s 逾期未领") % {"day": one.lapsed_on}}
    return {"text": _("已通知，待领取") if one.told_on else _("待通知"), "tone": "warn"}


def passed_on(row: Any, user: Any, today: date) -> list[Table]:
    """What this matter opened, with the way there for who may see it."""
    open_to_him = set(row.children.visible_to(user, today).values_list("pk", flat=True))
    lines = [
        [
            {"text": str(child.kind_label), "links": _way_to(child) if child.pk in open_to_him else []},
            {"text": str(child.state_label)}, {"text": str(child.outcome_label)},
        ]
        for child in row.children.exclude(state="void")
    ]  # fmt: skip
    return [Table(str(_("移交")), [str(_("事项")), str(_("环节")), str(_("结果"))], lines)] if lines else []


def _way_to(child: Any) -> list[dict[str, Any]]:
    return [{"url": reverse("matter", args=[child.pk]), "label": _("打开")}]


@above("tip")
def budget(user: Any, today: date) -> list[dict[str, Any]]:
    """The year's budget and what is left of it."""
    chosen = budget_of(today.year, today)
    if chosen is None:
        return [{"label": _("本年奖励预算"), "value": "", "missing": _("未登记（单位选择事项）")}]
    try:
        total = rewards.yuan(chosen.value)
    except DomainError as error:
        return [{"label": _("本年奖励预算"), "value": error.message, "tone": "hot"}]
    left = total - spent_in(today.year)
    return [
        {"label": _("本年奖励预算（元）"), "value": f"{total:,.2f}", "num": True},
        {"label": _("余额（元）"), "value": f"{left:,.2f}", "num": True},
    ]
