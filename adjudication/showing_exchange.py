"""What the case page shows of the exchange: confirmed addresses, evidence with what was said of it, inspections, parties added."""

import json
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models import Party
from cases.panels import Panel, Table, panel
from stations.models import User

from .models import Adjudication
from .models.rows_evidence import Addition, CrossExamination, EvidenceItem, Inspection
from .models.service import ELECTRONIC_WAYS

EVIDENCE = [
    _("提交人"), _("序号"), _("证据名称"), _("证明的事实"), _("页数"), _("原件"), _("提交日期"), _("质证意见"),
]  # fmt: skip
SAID_OF = (("authenticity", _("真实性")), ("legality", _("合法性")), ("relevance", _("关联性")))


@panel("adjudication")
def shown(row: Adjudication, user: Any, today: date) -> Panel:
    """Visibility of the proceeding is decided; each row is asked for its own audience."""
    tables = [
        evidence_table(row, user, today),
        _inspections(list(row.inspections.visible_to(user, today, row.case_id).order_by("on", "id"))),
        _additions(list(row.additions.visible_to(user, today, row.case_id).select_related("asked_by"))),
    ]
    return Panel(facts=_confirmations(row), tables=[table for table in tables if table.rows])


def evidence_table(row: Adjudication, user: Any, today: date) -> Table:
    """Each piece of evidence with the last word of each other party on it."""
    items = row.evidenceitems.visible_to(user, today, row.case_id).select_related("party", "file")
    spoken: dict[int, dict[int, CrossExamination]] = {}
    said = row.crossexaminations.filter(item__in=items).select_related("party").order_by("id")
    for one in said:
        spoken.setdefault(one.item_id, {})[one.party_id] = one
    lines = sorted(items, key=lambda one: (one.party.position, one.party_id, one.number))
    address = reverse("adjudication_evidence", args=[row.pk])
    return Table(
        str(_("证据和质证")),
        [str(one) for one in EVIDENCE],
        [_evidence(one, list(spoken.get(one.pk, {}).values())) for one in lines],
        [{"url": address, "label": _("下载表格")}],
    )


def _evidence(item: EvidenceItem, said: list[CrossExamination]) -> list[dict[str, Any]]:
    title: dict[str, Any] = {"text": item.title}
    if item.file_id:
        title["links"] = [{"url": reverse("file", args=[item.file_id]), "label": _("查看扫描件")}]
    day = f"{item.submitted_on:%Y-%m-%d}"
    return [
        {"text": f"{item.party.role_before_judge} {item.party.name}"},
        {"text": str(item.number), "num": True},
        title,
        {"text": item.proves},
        {"text": str(item.pages or ""), "num": True},
        {"text": str(_("是") if item.original else _("否"))},
        {"text": f"{day} {_('逾期')}", "tone": "warn"} if item.late else {"text": day, "num": True},
        {"text": "；".join(_opinion(one) for one in said)},
    ]


def _opinion(one: CrossExamination) -> str:
    stands = "、".join(f"{label}{getattr(one, f'get_{name}_display')()}" for name, label in SAID_OF)
    return f"{one.party.name}：{stands}" + (f"（{one.words}）" if one.words else "")


def _inspections(rows: list[Inspection]) -> Table:
    officers = [json.loads(row.officers) for row in rows]
    names = User.objects.in_bulk({pk for one in officers for pk in one}) if rows else {}
    return Table(
        str(_("调查取证")),
        [str(one) for one in (_("种类"), _("时间"), _("地点"), _("执法人员"), _("物品"), _("处理"))],
        [
            [
                {"text": row.get_kind_display()},
                {"text": f"{row.on:%Y-%m-%d} {row.starts:%H:%M}–{row.ends:%H:%M}", "num": True},
                {"text": row.place},
                {"text": "、".join(names[pk].display_name for pk in who)},
                {
                    "text": "；".join(
                        f"{one['name']} {one['quantity']}" for one in json.loads(row.items or "[]")
                    )
                },
                _decided(row),
            ]
            for row, who in zip(rows, officers, strict=True)
        ],
    )


def _decided(row: Inspection) -> dict[str, Any]:
    if row.decided_on is not None:
        return {"text": f"{row.get_decision_display()}（{row.decided_on:%Y-%m-%d}）"}
    if row.kind == Inspection.Kind.PRESERVATION:
        return {"text": str(_("待处理")), "tone": "warn"}
    return {"text": ""}


def _additions(rows: list[Addition]) -> Table:
    return Table(
        str(_("追加当事人")),
        [str(one) for one in (_("被追加人"), _("地位"), _("提出人"), _("提出日期"), _("决定"))],
        [
            [
                {"text": row.name},
                {"text": str(Party(role=row.role).role_before_judge)},
                {"text": row.asked_by.name if row.asked_by is not None else row.name},
                {"text": f"{row.asked_on:%Y-%m-%d}", "num": True},
                {"text": str(_("待决定")), "tone": "warn"}
                if row.decided_on is None
                else {"text": f"{_('准许') if row.granted else _('不予追加')}（{row.decided_on:%Y-%m-%d}）"},
            ]
            for row in rows
        ],
    )


def _confirmations(row: Adjudication) -> list[dict[str, Any]]:
    """Of a confirmed address only that it is there, and whether papers may go by electronic means."""
    held = {one.party_id: one for one in row.addressconfirmations.order_by("confirmed_on", "id")}
    return [
        {
            "label": _("%(role)s送达地址") % {"role": party.role_before_judge},
            "value": f"{party.name}：{held[party.pk].confirmed_on:%Y-%m-%d} {_('已确认')}，"
            + (
                f"{_('同意电子送达')}（{ELECTRONIC_WAYS[held[party.pk].electronic_kind]}）"
                if held[party.pk].electronic
                else str(_("不同意电子送达"))
            ),
        }
        for party in row.case.parties.all()
        if party.pk in held
    ]
