"""门户导出: published rulings as the editor of the district portal enters them; for those who publish.

Made of the finished JSON and PDF at each address, so nothing leaves that was not checked.
"""

import json
from collections.abc import Iterator
from datetime import date
from html import escape
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_date

from cases import sheets

from .models import PublishedRuling
from .open_data import rows_on
from .publication import PDF

HEADINGS = (
    "标题",
    "索引号",
    "文号",
    "发布机构",
    "成文日期",
    "发布日期",
    "永久地址",
    "正文（HTML）",
    "正文（文本）",
    "附件",
)


def portal(request: HttpRequest) -> HttpResponse:
    """What was published first in a period, to be taken one by one or all at once."""
    first, last = _period(request)
    context = {
        "rows": list(_rows(first, last)),
        "first": first,
        "last": last,
        "index_code": settings.SITE["index_code"],
    }
    return render(request, "adjudication/portal.html", context)


def portal_file(request: HttpRequest) -> HttpResponse:
    """A zip with a sheet (目录) and, for each ruling, its body as clean HTML and as text, and its PDF."""
    first, last = _period(request)
    one = request.GET.get("ruling", "")
    rows = list(_rows(first, last, pk=int(one) if one.isdecimal() and len(one) < 12 else None))
    if not rows:
        raise Http404
    out, listed = BytesIO(), []
    with ZipFile(out, "w", ZIP_DEFLATED) as folder:
        for row in rows:
            names = {form: f"{row['name']}.{form}" for form in ("html", "txt", "pdf")}
            folder.writestr(names["html"], body(row["said"]))
            folder.writestr(names["txt"], "\r\n".join(row["said"]["paragraphs"]))
            folder.writestr(names["pdf"], row["pdf"])
            told = (row["title"], row["index"], row["said"]["number"], row["said"]["organ"])
            days = (date.fromisoformat(row["said"]["made_on"]), row["text"].published_on)
            listed.append((*told, *days, row["said"]["url"], *names.values()))
        folder.writestr("目录.xlsx", sheets.workbook("行政裁决公开", HEADINGS, listed))
    response = HttpResponse(out.getvalue(), content_type="application/zip")
    name = rows[0]["name"] if one else f"{first:%Y%m%d}-{last:%Y%m%d}"
    response["Content-Disposition"] = f'attachment; filename="rulings-{name}.zip"'
    return response


def body(said: dict[str, Any]) -> str:
    """The text for the portal's editor: paragraphs and nothing else, no style, no class."""
    return "\n".join(f"<p>{escape(line)}</p>" for line in said["paragraphs"]) + "\n"


def index_number(text: PublishedRuling) -> str:
    """索引号: the code of the organ in the directory of government information, year and serial."""
    code = settings.SITE["index_code"]
    return f"{code}/{text.year}-{text.serial:05d}" if code else f"{text.year}-{text.serial:05d}"


def _rows(first: date, last: date, pk: int | None = None) -> Iterator[dict[str, Any]]:
    """Rulings that are public today and were first so within the period; or the one asked for."""
    pages = rows_on(timezone.localdate()).select_related("published")
    which = {"published": pk} if pk else {"published__published_on__range": (first, last)}
    for page in pages.filter(**which):
        text = page.published
        papers = text.pages.filter(content_type=PDF).values_list("content", flat=True)
        yield {
            "text": text, "said": json.loads(bytes(page.content)), "pdf": bytes(papers[0]), "index": index_number(text),
            "title": f"{text.title}（{text.number}）", "name": f"{text.year}-{text.serial}",
        }  # fmt: skip


def _period(request: HttpRequest) -> tuple[date, date]:
    """Both days included; this month until today if nothing readable is asked for."""
    today = timezone.localdate()
    asked = [_day(request.GET.get(name, "")) for name in ("from", "to")]
    return asked[0] or today.replace(day=1), asked[1] or today


def _day(words: str) -> date | None:
    try:
        return parse_date(words)
    except ValueError:  # written as a day, but there is none such
        return None
