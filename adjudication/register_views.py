"""The public register as page, file and feed, and its daily seals; nobody signs in."""

import json
from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from cases.models import Chain, Seal

from . import register
from .models import PublishedRuling, RegisterLine
from .models.public import place
from .models.register import CHAIN_KEY
from .public_views import answer, page_of, site

LINES = 100
FEED = 50
TELLING = ("published", "changed", "withheld", "withdrawn")  # statuses the feed tells of


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
        **site(),
        "base": settings.BASE_URL,
        "rows": [{"line": line, "url": f"{settings.BASE_URL}{_address(line.number)}"} for line in lines],
    }
    text = render_to_string("rulings/feed.xml", context)
    return answer(request, text.encode(), "application/atom+xml; charset=utf-8")
