"""Pages everyone may read: no session, no cookie, no script; every answer has an ETag and may be cached.

Reads published rows and the register only, never a case.
"""

import json
import re
from datetime import date
from typing import Any

from django.conf import settings
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

from cases.protection import sm3

from . import searching
from .models import PublicPage, PublishedBatch, PublishedRuling
from .publication import PDF

MAX_AGE = 60  # seconds: a page taken down is gone from every cache after that
RELATED = 10  # rulings of each kind
MASKED = re.compile(r"某|[×*＊]")  # no name to look for


def site() -> dict[str, Any]:
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
    text = render_to_string(template, {**site(), **context})
    return answer(request, text.encode(), "text/html; charset=utf-8")


# one ruling ----------------------------------------------------------------------------------------------------


def ruling(request: HttpRequest, year: int, serial: int, form: str = "") -> HttpResponse:
    """The finished bytes at a permanent address; 410 with the ground when taken down, 301 for a joined number."""
    page = PublicPage.at(f"/rulings/{year}/{serial}{form or '/'}", timezone.localdate())
    if page is None:
        raise Http404
    if page.published.state == PublishedRuling.State.WITHDRAWN:
        return gone(page.published.gone_ground, page.published.gone_on)
    if page.moved_to:
        return HttpResponsePermanentRedirect(f"{settings.SITE['base']}{page.moved_to}")
    return answer_page(request, page.content, page.content_type, page.digest, page.published.unindexed)


def answer_page(
    request: HttpRequest, content: bytes, content_type: str, digest: str, unindexed: bool
) -> HttpResponse:
    """Finished bytes with what a reader's program and a search engine must know of them."""
    response = answer(request, bytes(content), content_type, digest)
    response["X-Frame-Options"] = settings.X_FRAME_OPTIONS
    if unindexed:
        response["X-Robots-Tag"] = "noindex"
    if content_type == PDF and response.status_code == 200:
        name = request.path_info.removeprefix("/rulings/").replace("/", "-")
        response["Content-Disposition"] = f'inline; filename="ruling-{name}"'
    return response


def gone(ground: str, on: date | None) -> HttpResponse:
    """410: what stood here was taken down, on which ground and when."""
    page = render_to_string("rulings/gone.html", {**site(), "ground": ground, "on": on})
    headers = {"Cache-Control": f"public, max-age={MAX_AGE}", "X-Robots-Tag": "noindex"}
    return HttpResponse(page, status=410, headers=headers)


def related(request: HttpRequest, year: int, serial: int) -> HttpResponse:
    """相关裁决: public rulings about the same patent or a company of the same name, and typical cases that tell of this one;
    composed when asked, so that a ruling's own bytes stay as they are when another appears.
    """
    page = PublicPage.at(f"/rulings/{year}/{serial}.json", timezone.localdate())
    if page is None:
        raise Http404
    if page.published.state == PublishedRuling.State.WITHDRAWN:
        return gone(page.published.gone_ground, page.published.gone_on)
    said = json.loads(bytes(page.content))
    companies = [one["name"] for one in said["parties"] if not MASKED.search(one["name"])]
    seen, groups = {page.published_id}, []
    for label, words, part in (("同一专利", said["patents"], ""), ("同一当事人", companies, "party")):
        rows = []
        for word in dict.fromkeys(words):
            found = searching.find(searching.read({"q": word, "in": part}), page=RELATED)
            rows += [(row, word) for row in found.rows if row.pk not in seen]
            seen |= {row.pk for row, _word in rows}
        groups.append((label, rows[:RELATED]))
    path = f"/rulings/{year}/{serial}/"
    told = PublishedBatch.objects.filter(state=PublishedBatch.State.LIVE, text__contains=json.dumps(path))
    context = {"said": said, "path": path, "groups": groups, "told": list(told[:RELATED])}
    response = page_of(request, "rulings/related.html", context)
    if page.published.unindexed:
        response["X-Robots-Tag"] = "noindex"
    return response
