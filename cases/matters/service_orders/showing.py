"""What the page of an order shows: need, team, deliverable, review."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import ServiceOrder
from cases.panels import Panel, Table, panel


@panel("service_order")
def shown(row: ServiceOrder, user: Any, today: date) -> Panel:
    """Facts for whoever sees the order."""
    facts: list[dict[str, Any]] = [
        {"label": _("订单类型"), "value": row.get_what_display()},
        {"label": _("下单单位"), "value": row.client},
        {"label": _("需求说明"), "value": row.need},
        {"label": _("约定交付日期"), "value": row.agreed_on, "num": True},
    ]
    if row.deliverable:
        facts.append({"label": _("交付成果"), "value": row.deliverable})
    if row.review:
        facts.append({"label": _("验收意见"), "value": row.review})
    team = row.team.filter(cancelled=False).select_related("person")
    lines = [
        [{"text": str(one.person)}, {"text": one.person.unit}, {"text": _("牵头") if one.leads else ""}]
        for one in team
    ]  # fmt: skip
    columns = [str(_("专家")), str(_("单位")), str(_("职责"))]
    return Panel(facts=facts, tables=[Table(str(_("专家团队")), columns, lines)] if lines else [])
