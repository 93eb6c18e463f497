"""检索: what is public, found by words and facets; nobody signs in."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from . import publication, searching
from .models import PublishedRuling
from .public_views import page_of
from .register_views import counted

PAGE = 20
SELECTS = {
    "right": "权利类型",
    "year": "年份",
    "outcome": "结果",
    "status": "法律状态",
}  # in the order of the page


def rulings(request: HttpRequest) -> HttpResponse:
    """检索: what is public, newest first."""
    query, today = request.GET, timezone.localdate()
    publication.turn(today)
    question = searching.read(query)
    found = searching.find(question, after=query.get("after", ""), page=PAGE)
    context = {
        "rows": [{"text": row, "passage": passage(row, question.words)} for row in found.rows],
        "found": found,
        "next": following(query, found.after),
        "question": question,
        "q": query.get("q", "")[: searching.LONGEST],
        "fields": [(value, label, value == question.part) for value, label in searching.FIELDS.items()],
        "selects": [(facet, label, options(facet, question, found)) for facet, label in SELECTS.items()],
        "total": f"{found.total:,}",
        "count": counted(today),
    }
    return page_of(request, "rulings/list.html", context)


def following(query: Any, after: str) -> str:
    """The address of the next page, empty on the last."""
    again = query.copy()
    again["after"] = after
    return f"?{again.urlencode()}" if after else ""


def options(
    facet: str, question: searching.Question, found: searching.Found
) -> list[tuple[str, str, int | None, bool]]:
    """(value, label, rulings or None where they are not counted, chosen) of a facet.

    Once a value is chosen, the others are in no ruling of the selection: they are offered without a count.
    """
    chosen, counts = question.value(facet), found.counts.get(facet, {})
    values = searching.FACETS[facet] or [(str(year), str(year)) for year in found.years]
    return [
        (
            value,
            label,
            None if found.more or chosen not in ("", value) else counts.get(value, 0),
            value == chosen,
        )
        for value, label in values
    ]


def passage(text: PublishedRuling, words: tuple[str, ...]) -> SafeString:
    """Where the words stand in a text, marked; without words, or where they stand only in a number, what it is about."""
    lines = searching.passages(text.text, words) if words else []
    if not lines:
        about = text.summary[:110] + ("…" if len(text.summary) > 110 else "")
        return format_html("{}{}{}", text.cause, "。" if text.cause and text.summary else "", about)
    return format_html_join(
        " ", "{}", ((format_html_join("", "{}", ((_run(run, hit),) for run, hit in line)),) for line in lines)
    )


def _run(run: str, hit: bool) -> SafeString | str:
    return format_html("<mark>{}</mark>", run) if hit else run
