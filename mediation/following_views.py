"""Pages about what follows an agreement: the list of obligations, the papers for the court as one file."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from cases.models import Proceeding
from cases.queue import parse_cursor
from cases.sheets import MOST_ROWS
from cases.views.pages import address, query, refusals, sheet, wants_sheet

from . import following, packet
from .models import JudicialConfirmation

PAGE = 50
COLUMNS = [
    "案号",
    "登记号",
    "协议事项",
    "履行人",
    "履行期限",
    "金额（元）",
    "尚欠（元）",
    "履行情况",
    "逾期天数",
    "协议生效",
    "调解员",
]


@refusals
def obligations(request: HttpRequest) -> HttpResponse:
    """Every obligation this person may see, by its day; `which` narrows it (following.CHOICES)."""
    today = timezone.localdate()
    which = request.GET.get("which", "late")
    which = which if which in following.CHOICES or which == "all" else "late"
    terms = following.chosen(following.owing(request.user, today), which, today).order_by("by_day", "pk")
    terms = terms.select_related("who", "agreement__mediation__case", "agreement__mediation__handler")
    if wants_sheet(request):
        return sheet(request, "协议履行台账", COLUMNS, [_line(term, today) for term in terms[:MOST_ROWS]])
    cursor = parse_cursor(request.GET.get("after", ""))
    if cursor is not None:
        later = terms.filter(by_day__gt=cursor[0]) | terms.filter(by_day=cursor[0], pk__gt=cursor[1])
        terms = later.order_by("by_day", "pk")
    found: list[Any] = list(terms[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "rows": [following.line(term, today) for term in found[:PAGE]],
        "which": which,
        "choices": [
            {"key": key, "label": label, "url": query(request, which=key, after="")}
            for key, label in [*following.CHOICES.items(), ("all", _("全部"))]
        ],
        "next": query(request, after=f"{last.by_day.isoformat()}.{last.pk}") if last is not None else "",
        "first": query(request, after="") if cursor is not None else "",
        "download": query(request, download="xlsx", after=""),
    }
    return render(request, "mediation/obligations.html", context)


def _line(term: Any, today: date) -> list[Any]:
    said, row = following.line(term, today), term.agreement.mediation
    return [
        row.number or "", str(row.case), f"{term.position}. {term.get_kind_display()}", term.who.name, term.due_on,
        term.amount, said.owed, said.words, said.late_days or None, term.agreement.effective_on, str(row.handler or ""),
    ]  # fmt: skip


@refusals
def confirmation_packet(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The papers for the court as one ZIP; logged before it leaves. Not the mediator of the case: as if not there."""
    today = timezone.localdate()
    seen = Proceeding.objects.visible_to(request.user, today).filter(pk=pk)
    found = JudicialConfirmation.objects.filter(pk__in=seen.values("pk")).select_related("parent", "case")
    row = found.first()
    if row is None or not packet.may_pack(row, request.user, today):
        raise Http404
    made = packet.packet(row, request.user, today)
    packet.log(row, made, by=request.user, address=address(request))
    name = f"司法确认申请材料-{made.about or row.pk}.zip"
    return StreamingHttpResponse(
        packet.stream(made), content_type="application/zip",
        headers={
            "Content-Disposition": content_disposition_header(True, name),
            "Content-Security-Policy": "default-src 'none'; sandbox", "X-Content-Type-Options": "nosniff",
        },
    )  # fmt: skip
