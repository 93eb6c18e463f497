"""检索: what is public, found by words and facets; nobody signs in."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from cases.models import Right

from .models import Outcome, PublishedRuling
from .public_views import page_of
from .register_views import counted

PAGE = 20


def found(query: Any) -> QuerySet[PublishedRuling]:
    """Public rulings that fit the search: words anywhere in the published text, year, right, outcome."""
    rows = PublishedRuling.objects.live()
    for word in str(query.get("q", ""))[:100].split()[:5]:
        rows = rows.filter(Q(text__contains=word) | Q(number__contains=word))
    year = str(query.get("year", ""))
    if year.isdecimal() and len(year) == 4:
        rows = rows.filter(year=int(year))
    if query.get("right") in Right.Kind.values:
        rows = rows.filter(right_kind=query["right"])
    if query.get("outcome") in Outcome.values:
        rows = rows.filter(outcome=query["outcome"])
    return rows


def after(rows: QuerySet[PublishedRuling], cursor: str) -> QuerySet[PublishedRuling]:
    """Rows behind a place in the list, "2026-7"; an unreadable cursor means the beginning."""
    year, dash, serial = cursor.partition("-")
    if not (dash and year.isdecimal() and serial.isdecimal() and len(cursor) < 16):
        return rows
    return rows.filter(Q(year__lt=int(year)) | Q(year=int(year), serial__lt=int(serial)))


def rulings(request: HttpRequest) -> HttpResponse:
    """检索: what is public, newest first."""
    query = request.GET
    rows = found(query)
    total = rows.count()
    listed = list(after(rows, query.get("after", "")).defer("text", "sections")[: PAGE + 1])
    more = listed[PAGE - 1] if len(listed) > PAGE else None
    again = query.copy()
    if more:
        again["after"] = f"{more.year}-{more.serial}"
    context = {
        "rows": listed[:PAGE],
        "total": total,
        "next": f"?{again.urlencode()}" if more else "",
        "q": query.get("q", "")[:100],
        "chosen": {name: query.get(name, "") for name in ("year", "right", "outcome")},
        "years": list(
            PublishedRuling.objects.live().order_by("-year").values_list("year", flat=True).distinct()
        ),
        "rights": [(kind, Right.Kind(kind).label) for kind in Right.PATENTS],
        "outcomes": Outcome.choices,
        "count": counted(timezone.localdate()),
    }
    return page_of(request, "rulings/list.html", context)
