"""Open data: every public ruling as CSV and JSON Lines, and what search engines are told; nobody signs in.

Rows are made of the finished JSON at each address, so they say nothing that was not checked.
"""

import csv
import io
import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.loader import render_to_string
from django.utils import timezone

from cases.protection import sm3

from .models import PublicPage, PublishedBatch, PublishedRuling, RegisterLine
from .models.public import LegalStatus
from .public_views import MAX_AGE, answer, page_of
from .publication import JSON

CHUNK = 200  # rulings read at a time
BOM = "\ufeff"  # tells office programs that a CSV is UTF-8
COLUMNS = {
    "number": "案号", "numbers": "所含案号", "title": "文书名称", "organ": "作出机关", "cause": "案由",
    "right_kind": "权利类型", "patents": "专利号", "parties": "当事人（公开称谓）", "panel": "合议组", "outcome": "结果代码",
    "outcome_label": "结果", "legal_status": "法律状态代码", "legal_status_label": "法律状态", "history": "后续情况",
    "made_on": "作出日期", "published_on": "首次公开日期", "url": "永久地址", "pdf_sm3": "PDF 的 SM3 值",
    "simulated": "是否模拟数据",
}  # fmt: skip
LISTS = {
    "numbers": str, "patents": str, "parties": lambda one: f"{one['role']}：{one['name']}",
    "panel": lambda one: f"{one['role']}：{one['name']}", "history": lambda one: f"{one['on']} {one['words']}".strip(),
}  # fmt: skip


def rows_on(day: date) -> QuerySet[PublicPage]:
    """The JSON pages that answer on a day, by year and serial."""
    begun = PublicPage.objects.filter(valid_from__lte=day)
    later = begun.filter(
        published=OuterRef("published"), path=OuterRef("path"), valid_from__gt=OuterRef("valid_from")
    )
    live = begun.filter(content_type=JSON, published__state=PublishedRuling.State.LIVE)
    return live.exclude(Exists(later)).order_by("published__year", "published__serial")


def csv_lines(rows: QuerySet[PublicPage]) -> Iterator[str]:
    """A heading in the names of the JSON, then a line for each ruling; several values are separated by “；”."""
    yield BOM + _csv(list(COLUMNS))
    for content, published_on in rows.values_list("content", "published__published_on").iterator(CHUNK):
        said = {**json.loads(bytes(content)), "published_on": published_on.isoformat()}
        yield _csv([_cell(name, said.get(name, "")) for name in COLUMNS])


def _cell(name: str, value: Any) -> str:
    if name in LISTS:
        value = "；".join(LISTS[name](one) for one in value)
    words = {True: "true", False: "false"}.get(value) if isinstance(value, bool) else str(value)
    return (
        f"'{words}" if words[:1] in ("=", "+", "-", "@", "\t", "\r") else words
    )  # no formula for a spreadsheet


def _csv(values: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow(values)
    return out.getvalue()


def json_lines(rows: QuerySet[PublicPage]) -> Iterator[bytes]:
    """Each ruling's JSON with its full text, byte for byte as at its address, a line each."""
    for (content,) in rows.values_list("content").iterator(CHUNK):
        yield bytes(content) + b"\n"


def open_csv(request: HttpRequest) -> HttpResponse:
    """All public rulings without their full text."""
    return _streamed(
        request, "csv", "text/csv; charset=utf-8", lambda rows: (line.encode() for line in csv_lines(rows))
    )


def open_jsonl(request: HttpRequest) -> HttpResponse:
    """All public rulings with their full text."""
    return _streamed(request, "jsonl", "application/jsonl; charset=utf-8", json_lines)


def _streamed(request: HttpRequest, form: str, content_type: str, lines: Any) -> HttpResponse:
    rows = rows_on(timezone.localdate())
    tag = sm3("".join([form, *rows.values_list("digest", flat=True)]).encode())
    known = answer(request, b"", content_type, tag)
    if known.status_code == 304:
        return known
    response = StreamingHttpResponse(lines(rows), content_type=content_type)
    response["ETag"], response["Cache-Control"] = f'"{tag}"', f"public, max-age={MAX_AGE}"
    response["Content-Disposition"] = f'attachment; filename="rulings.{form}"'
    response["X-Robots-Tag"] = "noindex"
    return response  # type: ignore[return-value]


def about(request: HttpRequest) -> HttpResponse:
    """使用说明: how to search, cite and check, the fields of the open data, whom to tell of a mistake."""
    context = {"columns": COLUMNS, "statuses": RegisterLine.Status.choices, "legal": LegalStatus.choices}
    return page_of(request, "rulings/about.html", context)


# search engines ------------------------------------------------------------------------------------------------


def sitemap(request: HttpRequest, year: int | None = None) -> HttpResponse:
    """Addresses that search engines may index, by year: none about a natural person or a sole trader."""
    rulings = PublishedRuling.objects.live().filter(unindexed=False)
    batches = [
        row for row in PublishedBatch.objects.filter(state=PublishedBatch.State.LIVE) if not row.unindexed
    ]
    if year is None:
        years = {
            *rulings.values_list("year", flat=True).distinct(),
            *(row.published_on.year for row in batches),
        }
        context: dict[str, Any] = {"maps": [f"/rulings/sitemap-{one}.xml" for one in sorted(years)]}
    else:
        pages = [row.path for row in rulings.filter(year=year).order_by("serial").only("year", "serial")]
        pages += [row.path for row in batches if row.published_on.year == year]
        if not pages:
            raise Http404
        context = {"pages": pages}
    text = render_to_string("rulings/sitemap.xml", {**context, "site": settings.SITE})
    return answer(request, text.encode(), "application/xml; charset=utf-8")


def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: the public column and its look, nothing of the workplace."""
    base = settings.SITE["base"]
    lines = [
        "User-agent: *", f"Allow: {base}/rulings/", f"Allow: {base}/static/", "Disallow: /",
        f"Sitemap: {settings.PUBLIC_URL}/rulings/sitemap.xml", "",
    ]  # fmt: skip
    return answer(request, "\n".join(lines).encode(), "text/plain; charset=utf-8")
