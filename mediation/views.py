"""Pages of the mediation room: what is kept sealed, shown once with a reason; calendar files.

Steps and acts are the case room's pages.
"""

from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext_lazy as _

from cases import access
from cases.calendar_file import TYPE as CALENDAR
from cases.models import Proceeding
from cases.views.pages import address, refusals

from .calendar_file import calendar_file
from .minutes import print_minutes
from .models import Mediation, Session
from .sealed import may_read, may_weigh, read_notes


@refusals
def sealed(request: HttpRequest, pk: int) -> HttpResponse:
    """GET asks for the reason; POST shows what was kept sealed, once."""
    today = timezone.localdate()
    row = _seen(request, pk, today)
    if not may_read(row, request.user, today):
        raise Http404
    context: dict[str, Any] = {"row": row, "case": row.case, "notes": None, "error": ""}
    if request.method == "POST":
        reason = request.POST.get("reason", "").strip()[:200]
        if not reason:
            return render(
                request, "mediation/sealed.html", {**context, "error": _("请填写查阅原因。")}, status=400
            )
        context["reason"] = reason
        context["notes"] = read_notes(
            row, by=request.user, today=today, reason=reason, address=address(request)
        )
    return render(request, "mediation/sealed.html", context)


@refusals
def recusals(request: HttpRequest, pk: int) -> HttpResponse:
    """Why a mediator is asked to withdraw, for who decides it and who mediates here; logged before it is shown."""
    today = timezone.localdate()
    row = _seen(request, pk, today)
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
    return HttpResponse(
        calendar_file(session, host=host, at=timezone.now()),
        content_type=CALENDAR,
        headers={"Content-Disposition": content_disposition_header(True, f"{session.on:%Y%m%d}.ics")},
    )


@refusals
def session_minutes(request: HttpRequest, pk: int) -> HttpResponse:
    """The minutes as PDF or for Word, to be signed by hand; with the reason given when they were opened."""
    reason = request.POST.get("reason", "").strip()[:200]
    if not reason:
        raise Http404
    content, name, type_ = print_minutes(
        pk, request.POST.get("ending", "pdf"), by=request.user, today=timezone.localdate(), reason=reason,
        address=address(request),
    )  # fmt: skip
    disposition = content_disposition_header(True, name)
    return HttpResponse(content, content_type=type_, headers={"Content-Disposition": disposition})


def _seen(request: HttpRequest, pk: int, today: date) -> Mediation:
    """The mediation, if this person sees it at all; a foreign one is a missing one."""
    seen = Proceeding.objects.visible_to(request.user, today).filter(pk=pk)
    row: Mediation | None = Mediation.objects.filter(pk__in=seen.values("pk")).select_related("case").first()
    if row is None:
        raise Http404
    return row
