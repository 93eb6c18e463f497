"""Pages of the hearing room: a hearing for the calendar, its minutes read and printed, what the panel was told alone.

Steps and acts are the case room's pages.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases.calendar_file import TYPE as CALENDAR
from cases.calendar_file import Entry, calendar_file
from cases.views.pages import address, refusals
from cases.views.sealed import handed_out, read_once, seen

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
    return handed_out(
        calendar_file(entry, host=host, at=timezone.now()), f"{hearing.day:%Y%m%d}.ics", CALENDAR
    )


@refusals
def hearing_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """GET shows the minutes; POST gives them as PDF or for Word, to be signed by hand."""
    today = timezone.localdate()
    if request.method == "POST":
        ending = request.POST.get("ending", "pdf")
        return handed_out(*print_minutes(pk, ending, by=request.user, today=today, address=address(request)))
    record = read_minutes(pk, by=request.user, today=today, address=address(request))
    context = {"record": record, "row": record.proceeding, "case": record.proceeding.case}
    return render(request, "adjudication/minutes.html", context)


@refusals
def opinions(request: HttpRequest, pk: int) -> HttpResponse:
    """What the panel was told alone, under the reason given, once."""
    today = timezone.localdate()
    row = seen(request, Adjudication, pk, today)
    if not may_read_opinions(row, request.user, today):
        raise Http404

    def read(reason: str) -> Any:
        return read_opinions(row, by=request.user, today=today, reason=reason, address=address(request))

    return read_once(request, "adjudication/opinions.html", row, "opinions", read)
