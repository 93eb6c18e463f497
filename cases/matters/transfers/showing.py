"""What the pages of a transfer and of a lead notice show; the words of a letter for who handles it and who signs it."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models import Case, LeadNotice, Transfer
from cases.panels import Exhibit, Panel, exhibit, panel
from cases.permissions import may


@panel("transfer")
def transfer(row: Transfer, user: Any, today: date) -> Panel:
    """Where it goes, under which number, what came back."""
    facts: list[dict[str, Any]] = [
        {"label": _("移送对象"), "value": row.get_target_display()},
        {"label": _("接收机关"), "value": row.recipient},
        {"label": _("发文字号"), "value": row.letter_no, "missing": _("签发时填写")},
    ]
    if row.receipt_on:
        facts.append({"label": _("回执"), "value": f"{row.receipt_on} {row.receipt_no}"})
    if row.result_no:
        facts.append({"label": _("结果文号"), "value": row.result_no})
    if row.recognition:
        facts.append({"label": _("证据互认"), "value": row.get_recognition_display()})
    if may(user, row, "rewrite", today):
        facts.append({"label": _("移送内容"), "value": row.content})
    if row.enclosures and not row.shut:
        facts.append({"label": _("附件"), "value": "；".join(row.listed_enclosures())})
    links = []
    if row.of_case_id and Case.objects.visible_to(user, today).filter(pk=row.of_case_id).exists():
        links.append({"url": reverse("case", args=[row.of_case_id]), "label": _("原案件")})
    if may(user, row, "rewrite", today):
        links.append({"url": reverse("transfer_package", args=[row.pk]), "label": _("证据包（ZIP）")})
    return Panel(facts=facts, links=links)


@exhibit("transfer", "send")
def letter(row: Transfer, data: dict[str, Any], today: date) -> Exhibit:
    """What the head signs."""
    context = {"recipient": row.recipient, "content": row.content, "enclosures": row.listed_enclosures()}
    return Exhibit("cases/parts/exhibit_transfer.html", context)


@panel("lead_notice")
def notice(row: LeadNotice, user: Any, today: date) -> Panel:
    """Who told us of it, under which number."""
    facts: list[dict[str, Any]] = [
        {"label": _("通报地区"), "value": row.get_partner_display()},
        {"label": _("通报单位"), "value": row.sender},
        {"label": _("对方文号"), "value": row.their_no, "missing": _("未填写")},
    ]
    return Panel(facts=facts)
