"""典型案例: for staff the batches and what stands in the way of each; for everyone what was published."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from cases import matters, steps
from cases.errors import DomainError
from cases.models import Approval, Proceeding
from cases.permissions import can
from cases.stepping import steps_of
from cases.views.pages import key_of, messages_of, new_key, posted, refusals

from .models import PublishedBatch, TypicalBatch
from .public_views import gone, page_of
from .typical import WORDS, obstacles

SHOWN = 100
OF_A_CASE = ("edit_typical", "drop_typical")
OWN = ("add_typical",)  # before what every proceeding has


def seen(user: Any, today: date) -> Any:
    """The batches this person may see, newest first."""
    rows = Proceeding.objects.visible_to(user, today).filter(kind="typical_cases")
    return TypicalBatch.objects.filter(pk__in=rows.values("pk")).order_by("-pk")


@refusals
def batches(request: HttpRequest) -> HttpResponse:
    """The batches; POST opens one."""
    today = timezone.localdate()
    form_class = matters.opening_form("typical_cases")
    form = form_class(by=request.user, today=today)
    if request.method == "POST":
        data = posted(request, form_class)
        try:
            made = steps.open_matter(
                "typical_cases", by=request.user, data=data, today=today, key=key_of(request)
            )
            return redirect("typical_batch", made.proceeding)
        except DomainError as error:
            form = form_class(data, by=request.user, today=today)
            messages_of(error, form)
            return _list(request, form, today, status=error.status)
    return _list(request, form, today)


def _list(request: HttpRequest, form: Any, today: date, status: int = 200) -> HttpResponse:
    context = {
        "rows": seen(request.user, today)[:SHOWN], "form": form, "key": new_key(),
        "may_open": matters.may_open("typical_cases", request.user, today),
    }  # fmt: skip
    return render(request, "adjudication/typical_batches.html", context, status=status)


@refusals
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch as it will be read, with what stands in its way."""
    today = timezone.localdate()
    row = seen(request.user, today).filter(pk=pk).first()
    if row is None:
        raise Http404
    asked = (
        Approval.objects.filter(proceeding=row.pk, state=Approval.State.OPEN)
        .select_related("proposer")
        .first()
    )
    context = {
        "row": row, "rows": [_told(one, request.user, row, today) for one in row.typical_rows()],
        "obstacles": obstacles(row) if row.state == "received" else [], "approval": asked,
        "actions": _actions(request.user, row, today),
        "public": reverse("rulings_typical_batch", args=[row.pk]) if row.state != "received" else "",
    }  # fmt: skip
    return render(request, "adjudication/typical_batch.html", context)


def _told(one: Any, user: Any, row: TypicalBatch, today: date) -> dict[str, Any]:
    """A case of the batch and the ways to change it."""
    links = [
        {
            "label": steps_of(TypicalBatch)[name].label,
            "url": f"{reverse('act', args=[row.pk, name])}?typical={one.pk}",
        }
        for name in OF_A_CASE
        if can(user, row, name, today)
    ]
    parts = [(WORDS[name], getattr(one, name)) for name in ("facts", "result", "significance")]
    return {"case": one, "parts": parts, "links": links}


def _actions(user: Any, row: TypicalBatch, today: date) -> list[dict[str, Any]]:
    """What this person may do now, what the batch waits for first; repairs last, and only where they can be done."""
    found = []
    for name, meta in steps_of(TypicalBatch).items():
        answer = can(user, row, name, today)
        if name in OF_A_CASE or not (answer or (meta.daily and answer.obstacle is not None)):
            continue
        main = meta.kind == "step" and meta.daily and not meta.grave
        route = "step" if meta.kind == "step" else "act"
        found.append(
            {"label": meta.label, "url": reverse(route, args=[row.pk, name]), "allowed": bool(answer), "grave": meta.grave,
             "primary": main, "order": (not main, not meta.daily, name not in OWN)}
        )  # fmt: skip
    return sorted(found, key=lambda one: one["order"])


# for everyone --------------------------------------------------------------------------------------------------


def public_batches(request: HttpRequest) -> HttpResponse:
    """典型案例: what was published, newest first."""
    rows = list(PublishedBatch.objects.filter(state=PublishedBatch.State.LIVE)[:SHOWN])
    return page_of(request, "rulings/typical.html", {"rows": rows})


def public_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One batch; 410 with the ground once it is taken down."""
    shown = (PublishedBatch.State.LIVE, PublishedBatch.State.WITHDRAWN)
    text = PublishedBatch.objects.filter(batch=pk, state__in=shown).first()
    if text is None:
        raise Http404
    if text.state == PublishedBatch.State.WITHDRAWN:
        return gone(text.gone_ground, text.gone_on)
    told = text.told()
    cases = [
        {**one, "parts": [(WORDS[name], one[name]) for name in ("facts", "result", "significance")]}
        for one in told["cases"]
    ]
    response = page_of(
        request,
        "rulings/typical_batch.html",
        {"text": text, "introduction": told["introduction"], "cases": cases},
    )
    if text.unindexed:
        response["X-Robots-Tag"] = "noindex"
    return response
