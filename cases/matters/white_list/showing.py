"""What the page of a listing shows, and the mark that a listed party's cases carry in the work list."""

from datetime import date
from typing import Any

from django.db.models import Subquery
from django.utils.translation import gettext_lazy as _

from cases.models import Party, WhiteList
from cases.panels import EVERY, Panel, mark, panel

FIRST = _("白名单优先")


@panel("white_list")
def shown(row: WhiteList, user: Any, today: date) -> Panel:
    """Enterprise, term, reason."""
    facts: list[dict[str, Any]] = [
        {"label": _("统一社会信用代码"), "value": row.enterprise.credit_code, "num": True},
        {"label": _("所在区域"), "value": row.enterprise.area},
        {"label": _("有效期至"), "value": row.until, "missing": _("列入时确定"), "num": True},
        {"label": _("申请理由"), "value": row.reason, "missing": _("未填写")},
    ]
    return Panel(facts=facts)


@mark(EVERY)
def first(ids: list[int], user: Any, today: date) -> dict[int, list[Any]]:
    """Cases with a listed party come first, before the law's order never."""
    listed = WhiteList.in_force(today).exclude(credit_index="").values("credit_index")
    found = Party.objects.filter(case__proceedings__in=ids, id_number_index__in=Subquery(listed))
    rows = found.values_list("case__proceedings", flat=True)
    return {pk: [FIRST] for pk in set(rows) & set(ids)}
