"""The page of signs (mediation/flags.py): by month, each with its reason; as xlsx."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import navigation
from cases.models import Proceeding
from cases.sheets import MOST_ROWS
from cases.views.pages import query, refusals, sheet, wants_sheet

from . import flags as signs
from .sampling import MONTH, month_of

PAGE = 50
COLUMNS = ["案号", "调解员", "协议生效", "提示", "原因"]
navigation.add("统计督办", "flags", _("关注提示"), order=40)


@refusals
def flags(request: HttpRequest) -> HttpResponse:
    """The signs of one month, newest kind of reason by day; a case opens only to whoever may see it."""
    today = timezone.localdate()
    asked = request.GET.get("month", "")
    wrong = bool(asked) and not MONTH.fullmatch(asked)
    month = asked if asked and not wrong else f"{today:%Y-%m}"
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in signs.KINDS else ""
    every = signs.found(request.user, today, *month_of(month))
    listed = [flag for flag in every if not kind or flag.kind == kind]
    if wants_sheet(request):
        return sheet(request, f"关注提示{month}", COLUMNS, [_line(flag) for flag in listed[:MOST_ROWS]])
    page = request.GET.get("page", "")
    start = PAGE * (int(page) if page.isdigit() and len(page) < 6 else 0)
    shown = listed[start : start + PAGE]
    ids = {flag.row.pk for flag in shown}
    opens = set(
        Proceeding.objects.visible_to(request.user, today).filter(pk__in=ids).values_list("pk", flat=True)
    )
    context: dict[str, Any] = {
        "rows": [{"flag": flag, "opens": flag.row.pk in opens} for flag in shown],
        "month": asked if wrong else month, "wrong": wrong, "kind": kind, "cases": len({f.row.pk for f in every}),
        "choices": [
            {"key": key, "label": label, "n": sum(f.kind == key for f in every) if key else len(every),
             "url": query(request, kind=key, page="")}
            for key, label in [("", _("全部")), *signs.KINDS.items()]
        ],
        "next": query(request, page=str(start // PAGE + 1)) if len(listed) > start + PAGE else "",
        "first": query(request, page="") if start else "",
        "download": query(request, download="xlsx", page=""),
    }  # fmt: skip
    return render(request, "mediation/flags.html", context, status=400 if wrong else 200)


def _line(flag: signs.Flag) -> list[Any]:
    row = flag.row
    return [row.number or "", str(row.handler or ""), row.closed_on, str(flag.label), flag.reason]
