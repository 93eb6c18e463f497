"""The public register as page, file and feed, and its daily seals; nobody signs in."""

import json
import re
import unicodedata
from collections import Counter
from datetime import date
from urllib.parse import urlencode

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
PLACE = re.compile(r"(\d{4})\D{1,4}(\d{1,6})")  # year and serial in any writing of a number
SHOWN = ("published", "changed")
TELLING = (*SHOWN, "withheld", "withdrawn")  # statuses the feed tells of


def counted(today: date) -> dict[str, int]:
    """本年应公开、已公开、依法不公开、已撤下, by the register alone: rulings made this year whose time has come.

    As the indicator 行政裁决案件公开率 counts them, number by number: what was taken down stays in what should be public.
    `late`: made public after their time, or owed and not public yet (超期).
    """
    due = RegisterLine.objects.filter(status="due", on__year=today.year).values("number")
    lines = RegisterLine.objects.filter(number__in=due).order_by("seq")
    made: dict[str, date] = {}
    limits: dict[str, date] = {}
    last: dict[str, str] = {}
    late: set[str] = set()
    for number, status, on, due_on in lines.values_list("number", "status", "on", "due_on"):
        last[number] = status
        if status == "due":
            made.setdefault(number, on)
            limits[number] = due_on or on
        elif status in SHOWN and on > limits.pop(number, on):
            late.add(number)
        elif status == "pending":  # signing was taken back
            made.pop(number, None)
    last = {
        number: status
        for number, status in last.items()
        if number in made and made[number].year == today.year
    }
    owed = {number for number, status in last.items() if status == "due" and limits[number] < today}
    now = Counter(last.values())
    published = now["published"] + now["changed"]
    return {
        "year": today.year,
        "should": published + now["withdrawn"] + len(owed),
        "published": published,
        "withheld": now["withheld"],
        "withdrawn": now["withdrawn"],
        "late": len(owed) + sum(last.get(number) in SHOWN for number in late),
    }


def register_page(request: HttpRequest) -> HttpResponse:
    """公开登记簿: the lines as they were added, newest first, or those of one number; how to check them stands below."""
    today = timezone.localdate()
    lines = RegisterLine.objects.order_by("-seq")
    asked = request.GET.get("number", "")[:60].strip()
    if asked:
        place_of = PLACE.search(unicodedata.normalize("NFKC", asked))
        lines = (
            lines.filter(number__endswith=f"〔{place_of[1]}〕{int(place_of[2])}号")
            if place_of
            else lines.none()
        )
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 12:
        lines = lines.filter(seq__lt=int(before))
    listed = list(lines[: LINES + 1])
    more = {"number": asked, "before": listed[LINES - 1].seq} if len(listed) > LINES else {}
    listed = listed[:LINES]
    numbers = {line.number for line in listed}
    shown = set(PublishedRuling.objects.live().filter(number__in=numbers).values_list("number", flat=True))
    late = _late(numbers, today)
    context = {
        "rows": [
            {
                "line": line,
                "url": _address(line.number) if line.number in shown else "",
                "late": line.seq in late,
            }
            for line in listed
        ],
        "next": f"?{urlencode(more)}" if more else "",
        "asked": asked,
        "count": counted(today),
    }
    return page_of(request, "rulings/register.html", context)


def _late(numbers: set[str], today: date) -> set[int]:
    """Lines that made a ruling public after its time, and lines of what is owed and not public today (超期)."""
    limits: dict[str, date] = {}
    owed: dict[str, RegisterLine] = {}
    found = set()
    for line in RegisterLine.objects.filter(number__in=numbers).order_by("seq"):
        owed.pop(line.number, None)
        if line.status == "due" and line.due_on:
            limits[line.number], owed[line.number] = line.due_on, line
        elif line.status in SHOWN and line.on > limits.pop(line.number, line.on):
            found.add(line.seq)
    return found | {line.seq for line in owed.values() if line.due_on and line.due_on < today}


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
    """Changes as Atom (RFC 4287): number, what happened, when; no word of any text."""
    lines = list(RegisterLine.objects.filter(status__in=TELLING).order_by("-seq")[:FEED])
    context = {**site(), "rows": [{"line": line, "path": _address(line.number)} for line in lines]}
    text = render_to_string("rulings/feed.xml", context)
    return answer(request, text.encode(), "application/atom+xml; charset=utf-8")
