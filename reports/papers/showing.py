"""What the page of a paper of figures shows: its frozen figures, each with the way to its list as of that day."""

from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from cases.panels import Panel, Table, panel
from reports import status
from reports.indicators import REGISTRY, FactIndicator, StockIndicator
from stations import policy


@panel("bulletin")
def paper(row: Any, user: Any, today: date) -> Panel:
    """What was frozen when, and the figures themselves."""
    frozen = row.frozen
    facts = [
        {"label": _("类别"), "value": row.get_shape_display()},
        {"label": _("期间"), "value": row.of_period.label},
        {"label": _("发文字号"), "value": row.letter_no} if row.letter_no else None,
        {"label": _("数据截至"), "value": row.as_of, "num": True} if row.as_of else None,
        {"label": _("冻结批次"), "value": _("第 %d 号") % frozen.seq} if frozen else None,
        {"label": _("批次校验值"), "value": frozen.hash[:16], "num": True} if frozen else None,
    ]
    if row.as_of and frozen is None:
        facts.append({"label": _("冻结"), "value": _("正在冻结，请稍后刷新")})
    held = policy.standing(user, today)
    opens = bool(policy.route_answer("board_cases", "GET", held))
    tables = [_figures(row, opens)] if frozen else []
    return Panel(facts=[one for one in facts if one], tables=tables)


def _figures(row: Any, opens: bool) -> Table:
    before = row.before.figures if row.before_id else {}
    rows = [
        [
            {"text": figure["name"]}, {"text": figure["text"], "num": True, "links": _lists(code, row) if opens else []},
            {"text": before.get(code, {}).get("text", ""), "num": True},
            {"text": str(status.LABELS.get(figure["status"], "")) if figure["status"] else ""},
        ]
        for code, figure in row.frozen.figures.items()
    ]  # fmt: skip
    return Table(_("冻结的指标"), [_("指标"), _("本期"), _("上年同期"), _("进度")], rows)


def _lists(code: str, row: Any) -> list[dict[str, Any]]:
    """The list behind a figure, by the same query, as of the day of freezing."""
    indicator = REGISTRY.get(code)
    if not isinstance(indicator, FactIndicator | StockIndicator):
        return []
    asked = {"period": row.period, "set": indicator.sets[0], "as_of": row.as_of.isoformat()}
    return [{"url": f"{reverse('board_cases', args=[code])}?{urlencode(asked)}", "label": _("明细")}]
