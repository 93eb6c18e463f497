"""Pages of the mediation room: what is kept sealed, shown once with a reason; calendar files.

Steps and acts are the case room's pages.
"""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cases import access
from cases.calendar_file import TYPE as CALENDAR
from cases.views.pages import address, refusals
from cases.views.sealed import handed_out, read_once, reason_of, seen

from .calendar_file import calendar_file
from .minutes import print_minutes
from .models import Mediation, Session
from .sealed import may_read, may_weigh, read_notes


@refusals
def sealed(request: HttpRequest, pk: int) -> HttpResponse:
    """What a mediation keeps sealed, under the reason given, once."""
    today = timezone.localdate()
    row = seen(request, Mediation, pk, today)
    if not may_read(row, request.user, today):
        raise Http404

    def read(reason: str) -> Any:
        return read_notes(row, by=request.user, today=today, reason=reason, address=address(request))

    return read_once(request, "mediation/sealed.html", row, "notes", read)


@refusals
def recusals(request: HttpRequest, pk: int) -> HttpResponse:
    """Why a mediator is asked to withdraw, for who decides it and who mediates here; logged before it is shown."""
    today = timezone.localdate()
    row = seen(request, Mediation, pk, today)
    if not may_weigh(row, request.user, today):
        raise Http404
    access.log_read(
        request.user, f"recusals/{row.pk}", reason=str(_("查阅回避申请")), address=address(request)
    )
    asked = row.recusals.filter(cancelled=False).select_related("user", "party")
    return render(request, "mediation/recusals.html", {"row": row, "case": row.case, "recusals": asked})


@refusals
def session_calendar(request: HttpRequest, pk: int) -> HttpResponse:
    """A sitting as a calendar file, for those who take part."""
    readable = Session.objects.filter(pk=pk).readable_by(request.user, timezone.localdate())
    session = readable.exclude(starts=None).select_related("mediation__case").first()
    if session is None:
        raise Http404
    host = urlsplit(settings.BASE_URL).hostname or "zhiheng"
    return handed_out(
        calendar_file(session, host=host, at=timezone.now()), f"{session.on:%Y%m%d}.ics", CALENDAR
    )


@refusals
def session_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as PDF or for Word, to be signed by hand; with the reason given when they were opened."""
    reason = reason_of(request)
    if not reason:
        raise Http404
    printed = print_minutes(
        pk, request.POST.get("ending", "pdf"), by=request.user, today=timezone.localdate(), reason=reason,
        address=address(request),
    )  # fmt: skip
    return handed_out(*printed)
