"""What the page of a finding shows: where it was, what was seen, where it went."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.matters.tips.showing import passed_on
from cases.models import Case, Finding, Proceeding
from cases.panels import Panel, above, panel
from cases.permissions import can


@panel("finding")
def shown(row: Finding, user: Any, today: date) -> Panel:
    """Facts for whoever sees the finding."""
    facts: list[dict[str, Any]] = [
        {"label": _("问题类型"), "value": row.get_what_display()},
        {"label": _("地点"), "value": row.place},
        {"label": _("网格"), "value": row.cell, "missing": _("未填写")},
        {"label": _("情况"), "value": row.story, "missing": _("未填写")},
    ]
    if row.cell is not None and row.cell.person is not None:
        facts.append({"label": _("网格责任人"), "value": row.cell.person})
    links = []
    if can(user, row, "hand_to_case", today):
        said = urlencode({"finding": row.pk})
        links.append({"url": f"{reverse('case_new')}?{said}", "label": _("收件登记（维权援助）")})
    if row.of_case_id and Case.objects.visible_to(user, today).filter(pk=row.of_case_id).exists():
        links.append({"url": reverse("case", args=[row.of_case_id]), "label": _("维权援助案件")})
    return Panel(facts=facts, links=links, tables=passed_on(row, user, today))


@above("finding")
def counts(user: Any, today: date) -> list[dict[str, Any]]:
    """This year's findings of whoever looks: how many, how many leads, how many handed on and closed."""
    seen = Proceeding.objects.visible_to(user, today).filter(kind="finding", received_on__year=today.year)
    counted = seen.exclude(state="void").aggregate(
        all=Count("pk"), leads=Count("pk", filter=Q(state__in=("lead", "handed", "closed"))),
        handed=Count("pk", filter=Q(state__in=("handed", "closed"))), closed=Count("pk", filter=Q(state="closed")),
    )  # fmt: skip
    labels = {"all": _("本年巡查发现"), "leads": _("线索属实"), "handed": _("已移交"), "closed": _("已办结")}
    return [{"label": label, "value": counted[name], "num": True} for name, label in labels.items()]
