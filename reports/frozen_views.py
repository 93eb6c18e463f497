"""冻结数据: the rounds of figures that were reported, one round, and what has changed of it since. Thin."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cases.errors import DomainError
from cases.views.pages import sheet, wants_sheet
from reports import asking, differences, freezing, lists, status
from reports.indicators import REGISTRY
from reports.models import Frozen
from reports.views import questions
from stations import policy

from .frozen_forms import FreezeForm

LIST = [_("轮次"), _("期间"), _("截至日期"), _("用途"), _("冻结人"), _("冻结时间")]


@require_http_methods(["GET", "HEAD", "POST"])
def rounds(request: HttpRequest) -> HttpResponse:
    """Every round, the newest first; who keeps the figures freezes another."""
    today = timezone.localdate()
    form = FreezeForm(request.POST or None, initial={"as_of": today})
    if request.method == "POST" and form.is_valid() and (made := _freeze(request, form)) is not None:
        return redirect("frozen_round", seq=made.seq)
    rows = Frozen.objects.select_related("by").defer("body")
    if wants_sheet(request):
        return sheet(request, str(_("冻结数据")), LIST, [_cells(row) for row in rows])
    page = Paginator(rows, lists.PAGE).get_page(request.GET.get("page"))
    held = policy.standing(request.user, today)
    context = {
        "rows": page, "form": form, "freezes": bool(policy.route_answer("frozen", "POST", held)),
        "count_text": _("共 %d 轮") % page.paginator.count,
        "prev": f"?page={page.previous_page_number()}" if page.has_previous() else "",
        "next": f"?page={page.next_page_number()}" if page.has_next() else "",
    }  # fmt: skip
    return render(request, "reports/frozen.html", context, status=400 if request.method == "POST" else 200)


def _freeze(request: HttpRequest, form: FreezeForm) -> Frozen | None:
    data = form.cleaned_data
    try:
        made = freezing.freeze(
            data["period"], by=request.user, today=timezone.localdate(), as_of=data["as_of"], why=data["why"]
        )
    except DomainError as error:
        form.add_error("as_of" if error.code == "not_yet" else "why", str(error.message))
        return None
    messages.success(request, _("已冻结为第 %d 轮，此后不再改变。") % made.seq)
    return made


def _cells(row: Frozen) -> list[Any]:
    return [row.seq, row.of_period.label, row.as_of, row.why, str(row.by), row.at]


@require_safe
@questions
def one_round(request: HttpRequest, seq: int) -> HttpResponse:
    """One round: each figure as frozen, as it reads on a day, and how many rows changed."""
    row = get_object_or_404(Frozen.objects.select_related("by"), seq=seq)
    as_of = asking.day(request.GET.get("as_of", ""), today=timezone.localdate())
    found = differences.of_round(row, as_of)
    columns = [_("指标"), _("冻结值"), _("分子"), _("分母"), _("现值"), _("变动条数")]
    if wants_sheet(request):
        cells = [
            [d.then["name"], d.then["text"], d.then["numerator"], d.then["denominator"], d.now.text, len(d.moves)]
            for d in found
        ]  # fmt: skip
        return sheet(request, _("冻结数据第 %d 轮") % seq, columns, cells)
    lines = [
        {"code": d.code, "then": d.then, "now": d.now.text, "moved": len(d.moves), "changed": d.changed, "unit": _unit(d)}
        for d in found
    ]  # fmt: skip
    context = {"row": row, "lines": lines, "as_of": as_of, "columns": columns}
    return render(request, "reports/frozen_round.html", context)


def _unit(found: differences.Difference) -> str:
    text = found.then["text"]
    return "" if text == status.NOTHING or " / " in text else found.then["unit"].split("/")[0]


@require_safe
@questions
def one_figure(request: HttpRequest, seq: int, code: str) -> HttpResponse:
    """The rows that make the difference: added, gone, or moved to another bucket; masked as every list is."""
    row = get_object_or_404(Frozen.objects.select_related("by"), seq=seq)
    if code not in row.figures or code not in REGISTRY:
        raise Http404
    today = timezone.localdate()
    as_of = asking.day(request.GET.get("as_of", ""), today=today)
    found, indicator = differences.of_figure(row, code, as_of), REGISTRY[code]
    columns = differences.columns(indicator)
    if wants_sheet(request):
        every = differences.lines(found, list(found.moves), request.user, today)
        title = _("%(name)s（第 %(seq)d 轮以来的变动）") % {"name": indicator.name, "seq": seq}
        return sheet(
            request, title, list(columns.values()), [[one.cells[n] for n in columns] for one in every]
        )
    page = Paginator(list(found.moves), lists.PAGE).get_page(request.GET.get("page"))
    listed = differences.lines(found, list(page), request.user, today)
    address = f"?as_of={as_of.isoformat()}"
    context = {
        "row": row, "then": found.then, "now": found.now, "as_of": as_of, "columns": columns.values(),
        "lines": [{"masked": one.masked, "cells": [(columns[n], one.cells[n]) for n in columns]} for one in listed],
        "count_text": _("共 %d 行") % len(found.moves), "sheet": f"{address}&download=xlsx",
        "prev": f"{address}&page={page.previous_page_number()}" if page.has_previous() else "",
        "next": f"{address}&page={page.next_page_number()}" if page.has_next() else "",
        "back": reverse("frozen_round", args=[seq]),
    }  # fmt: skip
    return render(request, "reports/frozen_figure.html", context)
