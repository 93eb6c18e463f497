"""Pages of returns beside the common one of matters: the sheet as a file, and what is due from whom."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import access, files, kinds, queue
from cases.models import Proceeding
from cases.views.pages import address, query, refusals, sheet, wants_sheet
from reports.returns import definitions, opening, printing
from reports.returns.opening import Due
from stations.sheets import TYPE

KINDS = ("return", "case_return")
COLUMNS = ["报表", "期间", "填报单位", "报送单位", "时限", "状态", "报送日期"]
BACK = 12  # how many periods one may look back


@refusals
@require_safe
def return_sheet(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The sheet: once confirmed the file that was or will be sent, before that a draft that says so."""
    today = timezone.localdate()
    seen = Proceeding.objects.visible_to(request.user, today).filter(pk=pk, kind__in=KINDS)
    kind = seen.values_list("kind", flat=True).first()
    if kind is None:
        raise Http404
    rows = kinds.get(kind).model._default_manager.select_related(
        "station", "body", "submitted_by", "confirmed_by", "sheet"
    )
    row = rows.get(pk=pk)
    access.log_export(request.user, f"return/{row.pk}", rows=1, address=address(request))
    name = f"{row.title}{'' if row.sheet_id else '（草稿）'}.xlsx"
    if row.sheet_id:
        return FileResponse(files.open(row.sheet.sm3), content_type=TYPE, as_attachment=True, filename=name)
    content = printing.workbook(row, row.filled(today), on=today, draft=True)
    return HttpResponse(
        content, content_type=TYPE, headers={"Content-Disposition": content_disposition_header(True, name)}
    )


@refusals
@require_safe
def returns_due(request: HttpRequest) -> HttpResponse:
    """报送日历: what is due from whom by when, for the period just over or one before it."""
    today = timezone.localdate()
    back = request.GET.get("back", "")
    steps_back = min(int(back), BACK) if back.isdigit() else 0
    found = _due(request.user, today, steps_back)
    if wants_sheet(request):
        return sheet(request, "报送日历", COLUMNS, [_cells(one, today) for one in found])
    lines = [{"due": one, **_said(one, today)} for one in found]
    waiting = sum(not line["done"] for line in lines)
    context = {
        "lines": lines, "back": steps_back, "download": query(request, download="xlsx"), "waiting": waiting,
        "earlier": query(request, back=str(steps_back + 1)) if steps_back < BACK else "",
        "later": query(request, back=str(steps_back - 1) if steps_back > 1 else "") if steps_back else "",
    }  # fmt: skip
    return render(request, "reports/returns_due.html", context)


def _due(user: Any, today: Any, steps_back: int) -> list[Due]:
    """Everything due that this person may fill or see."""
    seen = set(Proceeding.objects.visible_to(user, today).filter(kind__in=KINDS).values_list("pk", flat=True))
    found = []
    for one in definitions.all_returns().values():
        period = one.last_period(today)
        for _turn in range(steps_back):
            period = one.last_period(period.start)
        mine = [
            due for due in opening.expected(one, period)
            if (due.row is not None and due.row.pk in seen) or opening.may_fill(due.unit, one, user, today)
        ]  # fmt: skip
        found += mine
    return sorted(found, key=lambda due: (_is_done(due), due.due_on))


def _is_done(due: Due) -> bool:
    return due.row is not None and due.row.state == "sent"


def _said(due: Due, today: Any) -> dict[str, Any]:
    words, tone = ("", "") if _is_done(due) else queue.words(due.due_on, today)
    state = due.row.state_label if due.row is not None else _("未建立")
    return {"words": words, "tone": tone, "state": state, "done": _is_done(due)}


def _cells(due: Due, today: Any) -> list[Any]:
    said = _said(due, today)
    return [
        due.definition.title, due.period.label, due.unit.name, due.definition.receiver, due.due_on, str(said["state"]),
        getattr(due.row, "sent_on", None),
    ]  # fmt: skip
