"""批量登记: the page, how far its run is, the lines that come back."""

import json
from typing import Any

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from cases import access, steps
from cases.batch_registration import HEADINGS, BatchForm, failed_rows, returned
from cases.batches import address as batch_address
from cases.imports import returning, uploaded
from cases.models import BatchRun, Case, Party
from cases.uploads.refusal import XLSX

from .pages import address, posted, refusals
from .registering import rows_of

LATEST = 5
APPLICANT = {"role": Party.Role.APPLICANT, "kind": Party.Kind.LEGAL}


@sensitive_post_parameters()
@refusals
def batch_new(request: HttpRequest) -> HttpResponse:
    """One right holder, many respondents: what they share on top, the list below."""
    today = timezone.localdate()
    steps.demand_registrar(request.user, today)
    if request.method != "POST":
        return _page(request, _initial(request, today))
    add = request.POST.get("add", "")
    keep = {"rights", "parties"} if add == "parties" else {"rights"}
    data = posted(request, BatchForm, keep=keep)
    if add:
        return _page(request, data, grow=add)
    form = BatchForm(data, by=request.user, today=today, files=request.FILES)
    if not form.is_valid():
        return _page(request, data, form=form, status=400)
    likely = form.likely()
    if {str(case.pk) for case in likely} - set(" ".join(request.POST.getlist("seen")).split()):
        return _page(request, data, form=form, likely=likely)
    return redirect("batch_run", form.start().pk)


def _initial(request: HttpRequest, today: Any) -> dict[str, Any]:
    """Blank, or what a run of mine was told, with the lines that came back."""
    again = request.GET.get("run", "")
    if again.isdigit():
        run = get_object_or_404(BatchRun, pk=int(again[:15]), by=request.user)
        shared, _lines = run.told()
        return {**shared, "respondents": failed_rows(run), "batch": run.code}
    return {
        "received_on": today, "proceeding": "mediation", "mediation_kind": "people",
        "source": Case.Source.APPLICATION, "parties": [APPLICANT], "batch": request.GET.get("batch", "")[:40],
    }  # fmt: skip


def _page(
    request: HttpRequest,
    values: dict[str, Any],
    *,
    form: Any = None,
    likely: list[Case] | None = None,
    grow: str = "",
    status: int = 200,
) -> HttpResponse:
    today = timezone.localdate()
    if form is None:
        form = BatchForm(by=request.user, today=today, initial=values)
    runs = BatchRun.objects.filter(by=request.user)[:LATEST]
    context = {
        "form": form,
        "parties": rows_of(form, "parties", values.get("parties") or [APPLICANT], grow=grow == "parties"),
        "rights": rows_of(form, "rights", values.get("rights"), grow=grow == "rights"),
        "single_station": form.fields["station"].queryset.count() == 1,
        "likely": likely or [],
        "seen": " ".join(request.POST.getlist("seen")),
        "runs": runs,
        "headings": HEADINGS,
        "lost_file": bool(request.FILES) and form.is_bound,
    }
    return render(request, "cases/batch_new.html", context, status=status)


def _mine(request: HttpRequest, pk: int) -> BatchRun:
    found = BatchRun.objects.filter(pk=pk, by=request.user).first()
    if found is None:
        raise Http404
    return found


@require_safe
def batch_run(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a list is; htmx asks for the moving part alone."""
    run = _mine(request, pk)
    failed = json.loads(run.failed)
    context = {
        "run": run, "failed": failed[:50], "failed_count": len(failed), "running": run.state in uploaded.UNFINISHED,
        "halted": uploaded.halted(run), "refreshed": timezone.localtime(), "here": reverse("batch_run", args=[pk]),
        "returned": reverse("batch_failed", args=[pk]), "batch_url": batch_address(run.code),
    }  # fmt: skip
    part = getattr(request, "htmx", False)
    return render(request, "cases/batch_progress.html" if part else "cases/batch_run.html", context)


@require_POST
def batch_continue(request: HttpRequest, pk: int) -> HttpResponse:
    """Go on with a list whose run stopped."""
    _mine(request, pk)
    with transaction.atomic():
        run = BatchRun.objects.select_for_update().get(pk=pk)
        if uploaded.halted(run):
            uploaded.ask(run)
    return redirect("batch_run", pk)


@require_safe
def batch_failed(request: HttpRequest, pk: int) -> HttpResponse:
    """The respondents that did not go in, with their reasons, as XLSX. Logged before it leaves."""
    run = _mine(request, pk)
    failed = json.loads(run.failed)
    content = returning.as_xlsx(returned(run), failed)
    access.log_export(request.user, f"batch:{run.pk}", rows=len(failed), address=address(request))
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="batch-{run.pk}-failed.xlsx"'
    return response
