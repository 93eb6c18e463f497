"""Pages everyone may read: no session, no cookie, no script; every answer has an ETag and may be cached.

Reads published rows and the register only, never a case.
"""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseNotModified,
    HttpResponsePermanentRedirect,
)
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import get_conditional_response

from cases.models import Chain, Right, Seal
from cases.protection import sm3

from . import register
from .models import Outcome, PublicPage, PublishedRuling, RegisterLine
from .models.public import place
from .models.register import CHAIN_KEY
from .publication import PDF

PAGE = 20
LINES = 100
FEED = 50
MAX_AGE = 60  # seconds: a page taken down is gone from every cache after that
TELLING = ("published", "changed", "withheld", "withdrawn")  # statuses the feed tells of


def _site() -> dict[str, Any]:
    return {"site": settings.SITE, "demo": not settings.PRODUCTION}


def answer(request: HttpRequest, content: bytes, content_type: str, digest: str = "") -> HttpResponse:
    """Public bytes with their digest as ETag; 304 to whoever has them already."""
    response = HttpResponse(content, content_type=content_type)
    response["ETag"] = f'"{digest or sm3(content)}"'
    response["Cache-Control"] = f"public, max-age={MAX_AGE}"
    found = get_conditional_response(request, etag=response["ETag"], response=response)
    if isinstance(found, HttpResponseNotModified):
        found["Cache-Control"] = response["Cache-Control"]
    return found  # type: ignore[return-value]


def page_of(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A public page composed when asked."""
    text = render_to_string(template, {**_site(), **context})
    return answer(request, text.encode(), "text/html; charset=utf-8")


# one ruling ----------------------------------------------------------------------------------------------------


def ruling(request: HttpRequest, year: int, serial: int, form: str = "") -> HttpResponse:
    """The finished bytes at a permanent address; 410 with the ground when taken down, 301 for a joined number."""
    path = f"/rulings/{year}/{serial}{form or '/'}"
    page = PublicPage.at(path)
    if page is None:
        raise Http404
    if page.published.state == PublishedRuling.State.WITHDRAWN:
        return gone(page.published.gone_ground, page.published.gone_on)
    if page.moved_to:
        return HttpResponsePermanentRedirect(page.moved_to)
    response = answer(request, bytes(page.content), page.content_type, page.digest)
    if page.content_type == PDF and response.status_code == 200:
        response["Content-Disposition"] = f'inline; filename="ruling-{year}-{serial}.pdf"'
    return response


def gone(ground: str, on: date | None) -> HttpResponse:
    """410: what stood here was taken down, on which ground and when."""
    page = render_to_string("errors/410.html", {**_site(), "ground": ground, "on": on})
    return HttpResponse(page, status=410, headers={"Cache-Control": f"public, max-age={MAX_AGE}"})


# the list ------------------------------------------------------------------------------------------------------


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


def counted(today: date) -> dict[str, int]:
    """本年应公开、已公开、依法不公开、已撤下, by the register alone: rulings made this year whose time has come."""
    due = RegisterLine.objects.filter(status="due", on__year=today.year).values("number")
    limits: dict[str, date | None] = {}
    last: dict[str, str] = {}
    for number, status, due_on in (
        RegisterLine.objects.filter(number__in=due).order_by("seq").values_list("number", "status", "due_on")
    ):
        last[number] = status
        if status == "due":
            limits[number] = due_on
    late = sum(s == "due" and (limits[n] or today) < today for n, s in last.items())
    published = sum(s in ("published", "changed") for s in last.values())
    return {
        "year": today.year,
        "should": published + late,
        "published": published,
        "withheld": sum(s == "withheld" for s in last.values()),
        "withdrawn": sum(s == "withdrawn" for s in last.values()),
    }


# the register --------------------------------------------------------------------------------------------------


def register_page(request: HttpRequest) -> HttpResponse:
    """公开登记簿: the lines as they were added, newest first; how to check them stands below."""
    lines = RegisterLine.objects.order_by("-seq")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 12:
        lines = lines.filter(seq__lt=int(before))
    listed = list(lines[: LINES + 1])
    shown = set(
        PublishedRuling.objects.live()
        .filter(number__in={r.number for r in listed})
        .values_list("number", flat=True)
    )
    context = {
        "rows": [
            {"line": line, "url": _address(line.number) if line.number in shown else ""}
            for line in listed[:LINES]
        ],
        "next": f"?before={listed[LINES - 1].seq}" if len(listed) > LINES else "",
        "count": counted(timezone.localdate()),
    }
    return page_of(request, "rulings/register.html", context)


def _address(number: str) -> str:
    year, serial = place(number)
    return f"/rulings/{year}/{serial}/"


def _head() -> str:
    chain = Chain.objects.filter(kind=Chain.Kind.REGISTER, key=CHAIN_KEY).first()
    return chain.head if chain else ""


def register_csv(request: HttpRequest) -> HttpResponse:
    """The whole register as one file; its ETag is the hash of its last line."""
    head = _head()
    if head and f'"{head}"' in request.headers.get("If-None-Match", ""):
        return answer(request, b"", "text/csv; charset=utf-8", head)
    return answer(request, "".join(register.csv_lines()).encode(), "text/csv; charset=utf-8", head)


def seals(request: HttpRequest) -> HttpResponse:
    """Daily seals, a line each: day, number, hash; and how long the register was, with the hash of its last line."""
    chain = Chain.objects.filter(kind=Chain.Kind.REGISTER, key=CHAIN_KEY).first()
    lines = ["# day seal hash register_lines register_hash"]
    length, head = 0, ""
    for seal in Seal.objects.order_by("id").iterator(1000):
        for pk, sealed, top in json.loads(seal.body)["chains"]:
            if chain is not None and pk == chain.pk:
                length, head = sealed, top
        lines.append(f"{seal.day.isoformat()} {seal.pk} {seal.hash} {length} {head or '-'}")
    return answer(request, ("\n".join(lines) + "\n").encode(), "text/plain; charset=utf-8")


def feed(request: HttpRequest) -> HttpResponse:
    """Changes as Atom: number, what happened, when; no word of any text."""
    lines = list(RegisterLine.objects.filter(status__in=TELLING).order_by("-seq")[:FEED])
    context = {
        **_site(),
        "base": settings.BASE_URL,
        "rows": [{"line": line, "url": f"{settings.BASE_URL}{_address(line.number)}"} for line in lines],
    }
    text = render_to_string("rulings/feed.xml", context)
    return answer(request, text.encode(), "application/atom+xml; charset=utf-8")
