"""304 without computing: what a body was made from, and the ETag it had. No figure is kept here, only digests."""

import hashlib
from collections.abc import Callable
from typing import Any

from django.core.cache import cache
from django.db.models import Max
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.http import parse_etags

from cases.models import Event, Stamp

KEPT = 24 * 60 * 60


def stamps() -> str:
    """What figures are made from: the stamps of facts, imports and reference data."""
    found = Stamp.objects.order_by("source").values_list("source", "value")
    return ",".join(f"{source}={value}" for source, value in found)


def last_event() -> int:
    """The newest event: raised by every door call, also those that state no fact."""
    return Event.objects.aggregate(last=Max("pk"))["last"] or 0


def digest(*parts: Any) -> str:
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()


def etag_of(body: str | bytes) -> str:
    """The digest of a body as an ETag."""
    data = body.encode() if isinstance(body, str) else body
    return f'"{hashlib.sha256(data).hexdigest()[:32]}"'


def answer(request: HttpRequest, key: str, make: Callable[[], tuple[str, HttpResponse]]) -> HttpResponse:
    """The response with its ETag, or 304. `key` digests all that the body is made from; `make` computes it."""
    asked = parse_etags(request.headers.get("If-None-Match", ""))
    name = f"figures:{key}"
    known = cache.get(name)
    if known and _matches(known, asked):
        return _not_modified(known)
    etag, response = make()
    cache.set(name, etag, KEPT)
    if _matches(etag, asked):
        return _not_modified(etag)
    response["ETag"] = etag
    return response


def _matches(etag: str, asked: list[str]) -> bool:
    return "*" in asked or etag in [one.removeprefix("W/") for one in asked]


def _not_modified(etag: str) -> HttpResponse:
    response = HttpResponseNotModified()
    response["ETag"] = etag
    return response
