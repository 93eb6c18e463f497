"""The list and the page of any matter. What a kind shows of its own: its model's columns and `cases.panels`."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters

from cases import kinds, matters, panels, queue, steps
from cases.calendar import office_calendar
from cases.clock_words import clocks
from cases.errors import DomainError
from cases.models import Document, Evidence, Proceeding
from cases.models.matter import PAGE
from cases.models.proceeding import BASE_STATES
from cases.sheets import MOST_ROWS
from cases.stepping import steps_of

from .next_steps import actions, open_approval
from .pages import key_of, messages_of, new_key, posted, query, refusals, sheet, wants_sheet
from .uploading import kept_of, without_tokens
from .way import way_of
from .workspace import record_of

LINES = 50
FIRST = {"title": _("名称"), "number": _("编号"), "state": _("环节"), "received_on": _("建立日期")}
LAST = {"station": _("工作站"), "handler": _("承办人"), "due_on": _("时限")}


def known(slug: str) -> kinds.Kind:
    """The kind, if it is a matter with the common page. Raises Http404."""
    found = kinds.all_kinds().get(slug)
    if found is None or found.page != PAGE:
        raise Http404
    return found


def seen(slug: str, user: Any, today: date) -> QuerySet[Any]:
    """The matters of a kind this person may see, newest first."""
    rows = Proceeding.objects.visible_to(user, today).filter(kind=slug)
    model = known(slug).model
    related = ("case", "station", "handler", "body", *model.related)
    return model._default_manager.filter(pk__in=rows.values("pk")).select_related(*related).order_by("-pk")


@sensitive_post_parameters()
@refusals
def matters_of(request: HttpRequest, slug: str) -> HttpResponse:
    """The matters of a kind; POST opens one."""
    today, kind = timezone.localdate(), known(slug)
    may_open = matters.may_open(slug, request.user, today)
    rows = seen(slug, request.user, today)
    if not may_open and not matters.may_view(slug, request.user, today):
        raise Http404
    form = None
    if request.method == "POST":
        if not may_open:  # the door says who does, and writes the refusal down
            steps.open_matter(slug, by=request.user, data={}, today=today)
        form_class = matters.opening_form(slug)
        data, files = without_tokens(posted(request, form_class)), {}
        try:
            files = kept_of(request, form_class)
            made = steps.open_matter(
                slug, by=request.user, data=data, today=today, key=key_of(request), files=files
            )
            return redirect(PAGE, made.proceeding)
        except DomainError as error:
            form = form_class(data, files, by=request.user, today=today)
            messages_of(error, form)
            return _list(request, kind, rows, form, today, status=error.status)
    if wants_sheet(request):
        columns = [*FIRST.values(), *map(str, kind.model.listed.values()), *LAST.values()]
        chosen, _said = _filtered(request, kind, rows)
        return sheet(
            request,
            str(kind.label),
            list(map(str, columns)),
            [_cells(row, today) for row in chosen[:MOST_ROWS]],
        )
    if may_open:
        form = matters.opening_form(slug)(by=request.user, today=today)
    return _list(request, kind, rows, form, today)


def _filtered(
    request: HttpRequest, kind: kinds.Kind, rows: QuerySet[Any]
) -> tuple[QuerySet[Any], dict[str, str]]:
    state = request.GET.get("state", "")
    state = state if state in kind.states or state in BASE_STATES else ""
    still = request.GET.get("open", "") if request.GET.get("open", "") in ("1", "0") else ""
    words = request.GET.get("q", "").strip()[:60]
    if state:
        rows = rows.filter(state=state)
    if still:
        rows = rows.filter(is_open=still == "1")
    if words:
        rows = rows.filter(**{f"{kind.model.named}__icontains": words})
    return rows, {"state": state, "open": still, "q": words}


def _list(
    request: HttpRequest, kind: kinds.Kind, rows: QuerySet[Any], form: Any, today: date, status: int = 200
) -> HttpResponse:
    rows, chosen = _filtered(request, kind, rows)
    after = request.GET.get("after", "")
    if after.isdigit() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    taken = list(rows[: LINES + 1])
    shown = taken[:LINES]
    context = {
        "kind": kind, "columns": list(kind.model.listed.values()), "chosen": chosen, "form": form, "key": new_key(),
        "rows": [_line(row, today) for row in shown], "states": list(kind.states.items()),
        "next": query(request, after=str(shown[-1].pk)) if len(taken) > LINES else "",
        "first": query(request, after="") if after else "",
        "download": query(request, download="xlsx", after=""),
        "filtered": any(chosen.values()), "figures": panels.above_of(kind.slug, request.user, today),
    }  # fmt: skip
    return render(request, "cases/matters.html", context, status=status)


def _line(row: Any, today: date) -> dict[str, Any]:
    words, tone = queue.words(row.due_on, today) if row.is_open else ("", "")
    values = zip(row.listed.values(), row.cells().values(), strict=True)
    return {"row": row, "title": row.matter_title(), "cells": list(values), "words": words, "tone": tone}


def _cells(row: Any, today: date) -> list[Any]:
    words, _tone = queue.words(row.due_on, today) if row.is_open else ("", "")
    return [
        row.matter_title(), row.number or "", str(row.state_label), row.received_on, *row.cells().values(),
        str(row.station or ""), str(row.handler or ""), words,
    ]  # fmt: skip


@refusals
def matter(request: HttpRequest, pk: int) -> HttpResponse:
    """One matter: its way, what may be done, its clock, what its kind tells, papers, files, record."""
    today, user = timezone.localdate(), request.user
    slug = Proceeding.objects.visible_to(user, today).filter(pk=pk).values_list("kind", flat=True).first()
    if slug is None:
        raise Http404
    row = seen(slug, user, today).get(pk=pk)
    asked = open_approval(row, user)
    panel = panels.of(row, user, today)
    limits = clocks(row, today, office_calendar())
    documents = Document.objects.visible_to(user, today, row.case_id).filter(proceeding=row.pk)
    files = Evidence.objects.visible_to(user, today, row.case_id).filter(proceeding=row.pk)
    files = files.select_related("file", "party", "uploaded_by")
    context = {
        "case": row.case, "row": row, "kind": row.facts, "title": row.matter_title(), "today": today, "approval": asked,
        "steps": way_of(row), "facts": _facts(row) + panel.facts, "links": panel.links, "tables": panel.tables,
        "meetings": panel.meetings, "actions": actions(user, None, row, today, asked, _of_rows(row)),
        "clocks": [one for one in limits if not one.get("met")], "met": [one for one in limits if one.get("met")],
        "met_late": sum(bool(one.get("late")) for one in limits),
        "documents": list(documents.select_related("body")), "files": list(files),
        "base": "?",
        **record_of(request, row.case, row, documents, files, today),
    }  # fmt: skip
    return render(request, "cases/matter.html", context)


def _facts(row: Any) -> list[dict[str, Any]]:
    found = [
        {"label": _("编号"), "value": row.number, "num": True} if row.number else None,
        {"label": _("建立日期"), "value": row.received_on, "num": True},
        {"label": _("单位"), "value": row.body} if row.body else None,
        {"label": _("工作站"), "value": row.station} if row.station else None,
        {"label": _("承办人"), "value": row.handler} if row.handler else None,
        {"label": _("结果"), "value": row.outcome_label} if row.outcome else None,
        {"label": _("办结日期"), "value": row.closed_on, "num": True} if row.closed_on else None,
    ]
    return [one for one in found if one is not None]


def _of_rows(row: Any) -> frozenset[str]:
    """Acts about one of several rows of the matter: its panel links them beside the row, not among the next steps."""
    return frozenset(name for name, meta in steps_of(type(row)).items() if meta.revises)
