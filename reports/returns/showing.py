"""What the page of a return shows: its table with what was typed beside what the record says, and what differs since."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.panels import Panel, Table, panel

from . import filling
from .filling import Cell, Sheet


@panel("return")
@panel("case_return")
def reported(row: Any, user: Any, today: date) -> Panel:
    """Facts, the table, the differences."""
    sheet = row.filled(today)
    facts = [
        {"label": _("报表"), "value": row.definition.title},
        {"label": _("期间"), "value": row.of_period.label},
        {"label": _("填报单位"), "value": row.unit_name},
        {"label": _("报送单位"), "value": row.receiver or row.definition.receiver},
        {"label": _("依据"), "value": row.definition.basis},
        {"label": _("填报人"), "value": row.submitted_by} if row.submitted_by_id else None,
        {"label": _("审核人"), "value": row.confirmed_by} if row.confirmed_by_id else None,
        {"label": _("数据截至"), "value": row.as_of, "num": True} if row.as_of else None,
        {"label": _("报送"), "value": f"{row.sent_on} {row.get_way_display()}", "num": True} if row.sent_on else None,
        {"label": _("文件摘要（SM3）"), "value": row.sheet.sm3, "num": True} if row.sheet_id else None,
    ]  # fmt: skip
    links = [{"url": reverse("return_sheet", args=[row.pk]), "label": _("下载 Excel")}]
    tables = [_table(row, sheet)]
    since = row.differences(today)
    if since:
        tables.insert(0, _since(since))
    return Panel(facts=[one for one in facts if one], links=links, tables=tables)


def _table(row: Any, sheet: Sheet) -> Table:
    named = [_("项目")] if row.definition.items else []
    rows = [
        [*([{"text": line.label}] if line.label else []), *(_cell(cell) for cell in line.cells)]
        for line in sheet.lines
    ]
    return Table(str(row.definition.title), [*named, *(one.label for one in sheet.columns)], rows)


def _cell(cell: Cell) -> dict[str, Any]:
    """What stands there; where somebody typed it, with what the record says and why."""
    if cell.typed is None:
        return {"text": filling.shown(cell.computed), "num": isinstance(cell.computed, int)}
    beside = _("（系统 %(was)s；%(why)s）") % {
        "was": filling.shown(cell.computed),
        "why": cell.reason or _("系统不登记"),
    }
    return {"text": f"{cell.typed}{beside}"}


def _since(found: list[filling.Difference]) -> Table:
    """记录更正后的差异."""
    rows = [
        [{"text": f"{one.label} {one.column}".strip()}, {"text": filling.shown(one.reported)}, {"text": filling.shown(one.was)},
         {"text": filling.shown(one.now), "tone": "warn"}]
        for one in found
    ]  # fmt: skip
    columns = [_("栏目"), _("报表所填"), _("当时记录"), _("现在记录")]
    return Table(_("确认后记录有更正"), columns, rows)


__all__ = ["reported"]
