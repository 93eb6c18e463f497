"""The blank forms, for anyone: which there are, how to fill them in, where to hand them in. No session, no cookie."""

from typing import Any

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render

from cases import blank_printing
from cases.blank_forms import FORMS
from stations.models import Station

MAX_AGE = 300  # seconds


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shared = {"site": settings.SITE, "demo": not settings.PRODUCTION}
    response = render(request, template, {**shared, **context}, status=status)
    response["Cache-Control"] = f"public, max-age={MAX_AGE}" if status == 200 else "no-store"
    return response


def forms(request: HttpRequest) -> HttpResponse:
    """All forms with what each is for."""
    return _page(request, "cases/forms.html", {"forms": list(FORMS.values())})


def form(request: HttpRequest, kind: str) -> HttpResponse:
    """One form: how to fill it in, what to enclose, where to hand it in. The QR on the paper leads here."""
    found = FORMS.get(kind)
    if found is None:
        raise Http404
    places = Station.objects.filter(closed_on__isnull=True).select_related("area").order_by("code")
    return _page(request, "cases/form.html", {"form": found, "stations": list(places)})


def form_file(request: HttpRequest, kind: str, ending: str) -> HttpResponseBase:
    """The blank as PDF or docx; 202 while the worker prints it for the first time."""
    found = FORMS.get(kind)
    if found is None:
        raise Http404
    if not blank_printing.ready(kind, ending):
        return _page(request, "cases/form_being_made.html", {"form": found, "ending": ending}, status=202)
    response = FileResponse(
        default_storage.open(blank_printing.stored_name(kind, ending), "rb"),
        as_attachment=ending != "pdf",
        filename=f"{found.title}.{ending}",
        content_type=blank_printing.ENDINGS[ending],
    )
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = (
        "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    return response
