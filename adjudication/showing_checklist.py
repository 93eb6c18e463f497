"""The checklist on the case page: what the present stage waits for with what does it, the rest folded away."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import archiving
from cases.panels import Panel, Table, panel
from cases.permissions import can
from cases.stepping import steps_of
from stations import policy

from . import checklist
from .checklist import Found
from .models import Adjudication

COLUMNS = [_("事项"), _("依据"), _("情况")]


@panel("adjudication")
def shown(row: Adjudication, user: Any, today: date) -> Panel:
    """What the present stage still waits for; the rest as a count that unfolds. Who does not take part sees no sealed point."""
    here = checklist.present(row)
    if not here:
        return Panel()
    inside = bool({part.user_id for part in row.participants()} & policy.standing(user, today).users)
    found = [one for one in checklist.checked(row, today) if inside or not one.point.sealed]
    codes = {one.code for one in here}
    links = _Links(row, user, today)
    mine = [one for one in found if one.point.stage in codes and not one.done]
    rows = [_cells(one, row, links) for one in sorted(mine, key=lambda one: not one.open)]
    if not row.is_open and not row.archived_on:
        rows += [_filed(one) for one in archiving.in_file(row) if not one.there]
    columns, tables = [str(one) for one in COLUMNS], []
    if rows:
        title = _("办案清单：%(stage)s") % {"stage": "、".join(one.words for one in here)}
        tables.append(
            Table(title, columns, rows, folded="" if row.is_open else _("还有 %(n)d 项") % {"n": len(rows)})
        )
    rest = [one for one in found if one not in mine]
    if rest:
        words = _("完成 %(done)d 项，跳过 %(skipped)d 项，未完成 %(open)d 项") % {
            "done": sum(one.done for one in rest), "skipped": sum(bool(one.reason) for one in rest),
            "open": sum(one.open for one in rest),
        }  # fmt: skip
        tables.append(
            Table(_("办案清单：其余各项"), columns, [_cells(one, row, None) for one in rest], folded=words)
        )
    return Panel(tables=tables)


class _Links:
    """Where an open point is done, for whoever may do it now."""

    def __init__(self, row: Any, user: Any, today: date) -> None:
        self.row, self.user, self.today = row, user, today
        self.metas = steps_of(type(row))
        self.may: dict[str, bool] = {}

    def to(self, point: checklist.Point) -> Iterable[dict[str, Any]]:
        names = [point.act, "skip_point"] if point.blocks and point.skip else [point.act]
        for name in names:
            meta = self.metas.get(name)
            if meta is None:
                continue
            if name not in self.may:
                self.may[name] = bool(can(self.user, self.row, name, self.today))
            if self.may[name]:
                url = reverse("step" if meta.kind == "step" else "act", args=[self.row.pk, name])
                yield {
                    "url": f"{url}?item={point.code}" if name == "skip_point" else url,
                    "label": meta.label,
                }


def _cells(one: Found, row: Any, links: _Links | None) -> list[dict[str, Any]]:
    point = one.point
    if one.done:
        state: dict[str, Any] = {"text": _("✓ 已完成")}
    elif one.reason:
        state = {"text": _("已跳过：%(reason)s") % {"reason": one.reason}}
    else:
        stops = point.blocks and (row.is_open or point.blocks == "archive")
        state = {
            "text": _("未完成，办结本阶段前必须处理") if stops else _("未完成"),
            "tone": "warn" if stops else "",
        }
        state["links"] = list(links.to(point)) if links is not None else []
    return [{"text": point.words}, {"text": point.source(row.filed)}, state]


def _filed(one: archiving.Found) -> list[dict[str, Any]]:
    """A line of what the file must hold."""
    state: dict[str, Any] = {"text": _("✓ 已入卷")} if one.there else {"text": _("未入卷"), "tone": "warn"}
    return [{"text": one.label}, {"text": ""}, state]


@archiving.asks("adjudication")
def before_archiving(row: Adjudication) -> list[archiving.Found]:
    """Points that archiving waits for; one left out with a reason counts as settled."""
    return [
        archiving.Found(one.point.code, one.point.words, not one.open)
        for one in checklist.checked(row, blocks="archive")
    ]
