"""工作站年度评价结果: a year's results in the order of the stations' codes, each beside the mix of its cases."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cases import matters, steps
from cases.errors import Conflict, Invalid
from cases.models import Proceeding
from cases.views.pages import query, refusals, sheet, wants_sheet
from reports.evaluation import evidence
from reports.evaluation.evidence import Mix
from reports.models import Evaluation
from stations.models import Station

COLUMNS = [
    "工作站",
    "区域",
    "环节",
    "等次",
    "得分",
    "维权援助",
    "人民调解",
    "行政调解",
    "行政裁决",
    "人民调解达成 / 结案",
    "回访核实",
]


@refusals
@require_http_methods(["GET", "HEAD", "POST"])
def evaluations(request: HttpRequest) -> HttpResponse:
    """The results of a year, never a ranking: by code, with mix and verification. POST opens what is missing."""
    today = timezone.localdate()
    asked = (request.POST if request.method == "POST" else request.GET).get("year", "")
    year = int(asked) if asked.isdigit() and 2000 <= int(asked) <= today.year else today.year - 1
    if request.method == "POST":
        opened = _open_all(request.user, year, today)
        messages.success(request, _("已建立 %(n)d 份 %(year)d 年度评价。") % {"n": opened, "year": year})
        return redirect(f"{reverse('evaluations')}?year={year}")
    seen = Proceeding.objects.visible_to(request.user, today).filter(kind="evaluation").exclude(state="void")
    rows = Evaluation.objects.filter(pk__in=seen.values("pk"), year=year).select_related("station__area")
    mixes = evidence.mixes(year, today)
    lines = [_line(row, mixes.get(row.station_id, Mix())) for row in rows.order_by("place")]
    if wants_sheet(request):
        return sheet(request, f"{year}年度工作站评价结果", COLUMNS, [[*line["cells"]] for line in lines])
    context = {
        "year": year, "years": range(today.year, 2023, -1), "lines": lines, "columns": COLUMNS[1:],
        "download": query(request, download="xlsx"), "may_open": matters.may_open("evaluation", request.user, today),
    }  # fmt: skip
    return render(request, "reports/evaluations.html", context)


def _open_all(user: Any, year: int, today: Any) -> int:
    """Open one for every station of that year that has none; each by its own door."""
    opened = 0
    known = set(Evaluation.objects.filter(year=year, stands=True).values_list("place", flat=True))
    for station in Station.objects.exclude(code__in=known):
        try:
            steps.open_matter(
                "evaluation", by=user, data={"year": year, "station": station.code}, today=today
            )
            opened += 1
        except (Conflict, Invalid):  # did not run in that year, or was opened meanwhile
            continue
    return opened


def _line(row: Evaluation, mix: Mix) -> dict[str, Any]:
    told = row.state == "published"
    cells = [
        str(row.station), str(row.station.area) if row.station else "", str(row.state_label),
        str(row.outcome_label) if told else "", row.total if told else None, mix.assistance, mix.people, mix.administrative,
        mix.adjudications, mix.success, mix.verified,
    ]  # fmt: skip
    named = zip(COLUMNS[1:], cells[1:], strict=True)
    return {
        "row": row,
        "cells": cells,
        "named": [(label, value, isinstance(value, int)) for label, value in named],
    }
