"""Pages of the hearing room: a hearing for the calendar, its minutes read and printed, what the panel was told alone.

Steps and acts are the case room's pages.
"""

from datetime import date, datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from cases.calendar_file import TYPE as CALENDAR
from cases.calendar_file import Entry, calendar_file
from cases.models import Proceeding
from cases.views.pages import address, refusals

from .minutes import may_read_opinions, print_minutes, read_minutes, read_opinions
from .models import Adjudication, Hearing


@refusals
def hearing_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A hearing as a calendar file, for whoever sees the adjudication."""
    seen = Hearing.objects.visible_to(request.user, timezone.localdate()).filter(pk=pk)
    hearing = seen.select_related("proceeding").first()
    if hearing is None:
        raise Http404
    begins = datetime.combine(hearing.day, hearing.time, timezone.get_default_timezone())
    entry = Entry(
        f"hearing-{hearing.pk}", begins, None, f"{_('口头审理')} {hearing.proceeding.number}", hearing.place,
        off=hearing.dropped,
    )  # fmt: skip
    host = urlsplit(settings.BASE_URL).hostname or "zhiheng"
    return HttpResponse(
        calendar_file(entry, host=host, at=timezone.now()),
        content_type=CALENDAR,
        headers={"Content-Disposition": content_disposition_header(True, f"{hearing.day:%Y%m%d}.ics")},
    )


@refusals
def hearing_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the minutes; POST gives them as PDF or for Word, to be signed by hand."""
    today = timezone.localdate()
    if request.method == "POST":
        content, name, type_ = print_minutes(
            pk, request.POST.get("ending", "pdf"), by=request.user, today=today, address=address(request)
        )
        disposition = content_disposition_header(True, name)
        return HttpResponse(content, content_type=type_, headers={"Content-Disposition": disposition})
    record = read_minutes(pk, by=request.user, today=today, address=address(request))
    context = {"record": record, "row": record.proceeding, "case": record.proceeding.case}
    return render(request, "adjudication/minutes.html", context)


@refusals
def opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks for the reason; POST shows what the panel was told, once."""
    today = timezone.localdate()
    row = _seen(request, pk, today)
    if not may_read_opinions(row, request.user, today):
        raise Http404
    context: dict[str, Any] = {"row": row, "case": row.case, "opinions": None, "error": ""}
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()[:200]
        if not reason:
            context["error"] = _("请填写查阅原因。")
            return render(request, "adjudication/opinions.html", context, status=400)
        context["opinions"] = read_opinions(
            row, by=request.user, today=today, reason=reason, address=address(request)
        )
    return render(request, "adjudication/opinions.html", context)


def _seen(request: HttpRequest, pk: int, today: date) -> Adjudication:
    """The adjudication, if this person sees it at all; a foreign one is a missing one."""
    seen = Proceeding.objects.visible_to(request.user, today).filter(pk=pk)
    row = Adjudication.objects.filter(pk__in=seen.values("pk")).select_related("case").first()
    if row is None:
        raise Http404
    return row
