"""The board and the lists behind its numbers. Thin: figures in reports/indicators, lines in reports/lists."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import wraps
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from cases import access, sheets
from cases.views.pages import sheet, wants_sheet
from reports import asking, board, cards, conditional, lists, periods
from reports.asking import Asked, BadQuestion
from reports.indicators import REGISTRY, Indicator, Reading, figures
from reports.periods import Period
from stations import policy

FIRST_YEAR = 2023
View = Callable[..., HttpResponse]


def questions(view: View) -> View:
    """A question that cannot be answered comes back as a page that says why."""

    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except BadQuestion as error:
            return render(request, "reports/refused.html", {"message": error.message}, status=error.status)

    return answered


@require_safe
@questions
def board_page(request: HttpRequest) -> HttpResponse:
    """The indicators of a period; unchanged since the last look: 304 without computing."""
    today = timezone.localdate()
    asked = asked_of(request, today)
    if wants_sheet(request):
        found = figures(REGISTRY, [asked.period], asked.as_of)
        title = f"指标看板（{asked.period.label}，截至 {asked.as_of.isoformat()}）"
        return sheet(request, title, board.SHEET, [board.sheet_row(one[0]) for one in found.values()])
    held = policy.standing(request.user, today)
    opens = bool(policy.route_answer("board_cases", "GET", held))

    def make() -> tuple[str, HttpResponse]:
        shown = board.compose(asked.period, asked.as_of, today=today, opens=opens)
        content = render_to_string("reports/board_content.html", {"board": shown})
        context = {"board": shown, "content": content, "switch": switch(asked, today)}
        return conditional.etag_of(content), render(request, "reports/board.html", context)

    scope = (conditional.stamps(), conditional.last_event(), today, asked.period.text, asked.as_of, opens)
    return conditional.answer(request, conditional.digest("board", *scope, request.user.pk), make)


@require_safe
@questions
def board_cases(request: HttpRequest, code: str) -> HttpResponse:
    """The list behind a number: the rows it counts, one line each, parties masked."""
    behind = _behind(request, code)
    today, asked, indicator, which, found = (
        behind.today,
        behind.asked,
        behind.indicator,
        behind.which,
        behind.rows,
    )
    after = request.GET.get("after", "")
    taken, following = lists.page_of(found, int(after) if after.isdigit() and len(after) < 19 else None)
    columns = lists.columns(indicator)
    listed = [_row(line, columns) for line in lists.lines(indicator, taken, request.user, today)]
    figure = indicator.figures([asked.period], Reading(asked.as_of))[0]
    query = f"period={asked.period.text}&set={which}&as_of={asked.as_of.isoformat()}"
    context = {
        "figure": figure, "text": board.said(figure), "indicator": indicator, "which": which, "columns": columns.values(),
        "rows": listed, "count_text": f"共 {found.count()} 行", "sets": _sets(indicator, which, asked),
        "next": f"{reverse('board_cases', args=[code])}?{query}&after={following}" if following else "",
        "card": cards.url(figure), "sheet": f"{reverse('board_sheet', args=[code])}?{query}",
        "json": f"{_json_url(code)}?{query}",
        "back": f"{reverse('board')}?period={asked.period.text}&as_of={asked.as_of.isoformat()}",
    }  # fmt: skip
    return render(request, "reports/board_cases.html", context)


@require_safe
@questions
def board_sheet(request: HttpRequest, code: str) -> HttpResponse:
    """The same list as xlsx, every row; the export is logged before it leaves."""
    behind = _behind(request, code)
    asked, indicator, which = behind.asked, behind.indicator, behind.which
    total = behind.rows.count()
    if total > sheets.MOST_ROWS:
        raise BadQuestion("too_many_rows", f"共 {total} 行，超出一个表格的上限，请缩短期间后导出。")
    access.log_export(
        request.user, f"board/{code}/{which}", rows=total, address=request.META.get("REMOTE_ADDR", "")
    )
    columns = lists.columns(indicator)
    every = lists.lines(indicator, behind.rows, request.user, behind.today)
    title = f"{indicator.name}（{lists.set_label(indicator, which)}）{asked.period.label}，截至 {asked.as_of.isoformat()}"
    data = sheets.workbook(
        title, list(columns.values()), ([line.cells[name] for name in columns] for line in every)
    )
    response = HttpResponse(data, content_type=sheets.TYPE)
    response["Content-Disposition"] = f'attachment; filename="{code}-{which}-{asked.period.text}.xlsx"'
    return response


# what the pages share ---------------------------------------------------------------------------------------


def switch(asked: Asked, today: date) -> dict[str, Any]:
    """Links to years, and to the quarters and months of the year shown."""
    shown = asked.period.end.year
    return {
        "years": [_link(periods.year(n), asked) for n in range(FIRST_YEAR, max(today.year, shown) + 1)],
        "quarters": [_link(periods.quarter(shown, n), asked) for n in (1, 2, 3, 4)],
        "months": [_link(period, asked) for period in periods.months_of(shown)],
        "cycle": _link(periods.CYCLE, asked),
    }


def _link(period: Period, asked: Asked) -> dict[str, Any]:
    return {
        "url": f"?period={period.text}&as_of={asked.as_of.isoformat()}", "label": period.label,
        "month": f"{period.start.month} 月", "quarter": f"{(period.start.month + 2) // 3} 季度",
        "current": period.text == asked.period.text,
    }  # fmt: skip


def asked_of(request: HttpRequest, today: date) -> Asked:
    """The period and the day an address asks for."""
    return asking.asked(request.GET.get("period", ""), request.GET.get("as_of", ""), today=today)


@dataclass(frozen=True)
class Behind:
    """A list behind a number, as asked for: whose, which of its sets, and the rows."""

    today: date
    asked: Asked
    indicator: Indicator
    which: str
    rows: QuerySet[Any]


def _behind(request: HttpRequest, code: str) -> Behind:
    today = timezone.localdate()
    asked = asked_of(request, today)
    indicator = REGISTRY.get(code)
    which = request.GET.get("set", "numerator")
    if indicator is None or not lists.known_set(indicator, which):
        raise Http404
    return Behind(today, asked, indicator, which, lists.rows(indicator, which, asked.period, asked.as_of))


def _sets(indicator: Indicator, which: str, asked: Asked) -> list[dict[str, Any]]:
    return [
        {
            "url": f"?period={asked.period.text}&set={name}&as_of={asked.as_of.isoformat()}",
            "label": lists.set_label(indicator, name), "current": name == which,
        }
        for name in indicator.sets
    ]  # fmt: skip


def _row(line: lists.Line, columns: dict[str, str]) -> dict[str, Any]:
    url = ""
    if line.case is not None:
        try:
            url = reverse("case", args=[line.case])
        except NoReverseMatch:
            url = ""
    cells = [{"label": heading, "value": _text(line.cells[name])} for name, heading in columns.items()]
    return {"cells": cells, "masked": line.masked, "url": url}


def _text(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return "" if value is None else str(value)


def _json_url(code: str) -> str:
    return reverse("api:indicator_cases", args=[code])
