"""The pages of one figure: its definition card, its splits; and stations side by side. Thin, as reports/views."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases.views.pages import sheet, wants_sheet
from reports import board, cards, charts, comparison, splits
from reports.asking import Asked
from reports.indicators import REGISTRY, FactIndicator, Reading
from reports.views import asked_of, questions, switch


@require_safe
@questions
def card(request: HttpRequest, code: str) -> HttpResponse:
    """口径卡 of a figure; it prints as it stands."""
    asked = asked_of(request, timezone.localdate())
    if code not in REGISTRY:
        raise Http404
    found = cards.compose(code, asked.period, asked.as_of)
    lists_url = reverse("board_cases", args=[code])
    context = {
        "card": found, "figure": found.figure, "indicator": found.indicator, "text": board.said(found.figure),
        "target": board.target_text(found.figure), "pace": cards.pace_text(found.figure),
        "source": cards.source_text(found.figure), "versions": reversed(found.indicator.versions),
        "groups": [
            {"title": title, "total": total, "parts": [_opened(part, lists_url, asked) for part in parts]}
            for title, total, parts in (
                (_("分子"), found.figure.numerator, found.numerator),
                (_("分母"), found.figure.denominator, found.denominator),
                (_("不计"), sum(found.figure.excluded.values()), found.excluded),
            )
            if parts or total is not None
        ],
        "papers": [{"text": cards.paper_text(one), "url": _paper_url(one)} for one in found.papers],
        "back": f"{reverse('board')}?{_query(asked)}", "json": f"{reverse('api:indicator', args=[code])}?{_query(asked)}",
        "asked": asked, "today": timezone.localdate(),
    }  # fmt: skip
    return render(request, "reports/card.html", context)


@require_safe
@questions
def split(request: HttpRequest, code: str) -> HttpResponse:
    """A figure by one of its splits; the rows add up to the tile."""
    asked = asked_of(request, timezone.localdate())
    indicator, by = REGISTRY.get(code), request.GET.get("by", splits.STATION)
    if not isinstance(indicator, FactIndicator) or not splits.can_split(indicator) or by not in splits.SPLITS:
        raise Http404
    reading = Reading(asked.as_of)
    rows = splits.split(indicator, by, asked.period, reading)
    whole = splits.total(rows, indicator)
    columns = [
        str(splits.SPLITS[by]),
        _("计入"),
        *([_("分母"), _("比率")] if indicator.base else []),
        _("不计"),
    ]
    cells = [_cells(row, indicator) for row in rows]
    title = f"{indicator.name}，{asked.period.label}，{splits.SPLITS[by]}"
    if wants_sheet(request):
        return sheet(request, title, columns, [*cells, _cells(whole, indicator)])
    figure = indicator.figures([asked.period], reading)[0]
    drawn = charts.bars(title, [row.label for row in rows], {_("计入"): [row.numerator for row in rows]})
    context = {
        "figure": figure, "text": board.said(figure), "columns": columns, "rows": cells, "total": _cells(whole, indicator),
        "svg": drawn if rows else "", "how": splits.HOW[by], "asked": asked,
        "tabs": [
            {"url": f"?{_query(asked, by=name)}", "label": label, "current": name == by}
            for name, label in splits.SPLITS.items()
        ],
        "sheet": f"?{_query(asked, by=by, download='xlsx')}", "back": f"{reverse('board')}?{_query(asked)}",
        "card": cards.url(figure), "by": by,
    }  # fmt: skip
    return render(request, "reports/split.html", context)


@require_safe
@questions
def compared(request: HttpRequest) -> HttpResponse:
    """Stations by area and code, each with its case mix and verification; nothing to sort by."""
    today = timezone.localdate()
    asked = asked_of(request, today)
    rows = comparison.compare(asked.period, Reading(asked.as_of))
    columns = [str(heading) for heading in comparison.COLUMNS.values()]
    cells = [[row[name] for name in comparison.COLUMNS] for row in rows]
    if wants_sheet(request):
        return sheet(request, str(_("工作站对照")), columns, cells)
    context = {
        "columns": columns, "rows": [list(zip(columns, row, strict=True)) for row in cells], "asked": asked,
        "switch": switch(asked, today), "sheet": f"?{_query(asked, download='xlsx')}",
    }  # fmt: skip
    return render(request, "reports/comparison.html", context)


def _query(asked: Asked, **more: str) -> str:
    return urlencode({"period": asked.period.text, "as_of": asked.as_of.isoformat(), **more})


def _opened(part: cards.Part, lists_url: str, asked: Asked) -> dict[str, Any]:
    url = f"{lists_url}?{_query(asked, set=part.set)}" if part.set else ""
    return {"label": part.label, "number": part.number, "url": url}


def _paper_url(paper: Any) -> str:
    return reverse("delivery_paper", args=[paper.pk]) if paper.paper_id else ""


def _cells(row: splits.Row, indicator: FactIndicator) -> list[Any]:
    rate = [row.denominator, row.text] if indicator.base else []
    return [row.label, row.numerator, *rate, row.excluded]
