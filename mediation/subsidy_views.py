"""以案定补 by month: what was graded and paid, the total of each mediator, paying in one go, the sheet on paper."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, QuerySet, Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cases import access, navigation, steps
from cases.documents import docx, pdf
from cases.documents.making import DOCX_TYPE, PDF_TYPE
from cases.documents.template import compose, load
from cases.errors import DomainError
from cases.sheets import MOST_ROWS
from cases.views.pages import address, key_of, new_key, query, refusals, sheet, wants_sheet
from stations import policy
from stations.models import Body

from . import paying
from .models import Subsidy
from .sampling import MONTH

PAGE, MOST_AT_ONCE = 50, 500
KIND = "subsidy_sheet"
PRINTERS = {"pdf": (pdf.render, PDF_TYPE), "docx": (docx.render, DOCX_TYPE)}
COLUMNS = [
    "调解案号",
    "登记号",
    "调解员",
    "协议生效",
    "等级",
    "金额（元）",
    "评定日期",
    "发放月份",
    "发放日期",
    "标准",
]
CHOICES = {"paid": gettext_lazy("已列入本月发放"), "waiting": gettext_lazy("待发放")}
navigation.add("统计督办", "subsidies", gettext_lazy("以案定补"), order=45)


def _graded(user: Any, today: date) -> QuerySet[Subsidy]:
    """The grades that hold, of mediations this person may see."""
    rows = Subsidy.objects.visible_to(user, today).filter(cancelled=False)  # type: ignore[attr-defined]
    return rows.select_related("mediation__case", "mediator").order_by(
        "mediator__display_name", "mediation__number", "pk"
    )


def _chosen(rows: QuerySet[Subsidy], which: str, month: str) -> QuerySet[Subsidy]:
    if which == "waiting":
        return rows.filter(paid_on__isnull=True, amount__gt=0)
    return rows.filter(month=month)


def _month(request: HttpRequest, today: date) -> tuple[str, bool]:
    """The month asked for and whether it is written as one; this month otherwise."""
    asked = request.GET.get("month", "") or request.POST.get("month", "")
    good = bool(MONTH.fullmatch(asked))
    return (asked if good else f"{today:%Y-%m}"), good or not asked


@refusals
def subsidies(request: HttpRequest) -> HttpResponse:
    """What is paid in a month, or still waits; with the total of each mediator."""
    today = timezone.localdate()
    return _page(request, today)


def _page(
    request: HttpRequest, today: date, *, results: Sequence[dict[str, Any]] = (), which: str = ""
) -> HttpResponse:
    month, good = _month(request, today)
    which = which or request.GET.get("which", "")
    which = which if which in CHOICES else "paid"
    rows = _chosen(_graded(request.user, today), which, month)
    if wants_sheet(request):
        name = f"以案定补{month}" if which == "paid" else "以案定补待发放"
        return sheet(request, name, COLUMNS, [_line(row) for row in rows[:MOST_ROWS]])
    page = request.GET.get("page", "")
    start = PAGE * (int(page) if page.isdigit() and len(page) < 6 else 0)
    found = list(rows[start : start + PAGE + 1])
    by_mediator = (
        rows.order_by().values("mediator__display_name").annotate(n=Count("pk"), total=Sum("amount"))
    )
    added = list(by_mediator.order_by("-total", "mediator__display_name"))
    sums = [
        {"name": one["mediator__display_name"], "n": one["n"], "total": f"{one['total']:,.2f}"}
        for one in added
    ]
    held = policy.standing(request.user, today)
    context: dict[str, Any] = {
        "rows": found[:PAGE], "month": month, "wrong": not good, "which": which, "results": results,
        "failed": [one for one in results if one["why"]], "paid_now": sum(not one["why"] for one in results),
        "key": new_key(),
        "sums": sums, "count": sum(one["n"] for one in added),
        "total": f"{sum((one['total'] for one in added), Decimal(0)):,.2f}",
        "choices": [{"key": k, "label": v, "url": query(request, which=k, page="", month=month)} for k, v in CHOICES.items()],
        "may_pay": which == "waiting" and bool(sums) and policy.route_answer("subsidies_pay", "POST", held),
        "may_print": which == "paid" and bool(sums) and policy.route_answer("subsidy_sheet", "GET", held),
        "this_month": f"{today:%Y-%m}", "standard": paying.standard(today),
        "next": query(request, page=str(start // PAGE + 1)) if len(found) > PAGE else "",
        "first": query(request, page="") if start else "",
        "download": query(request, download="xlsx", page=""),
    }  # fmt: skip
    return render(request, "mediation/subsidies.html", context, status=200 if good else 400)


def _line(row: Subsidy) -> list[Any]:
    return [
        row.mediation.number or "", str(row.mediation.case), str(row.mediator), row.mediation.closed_on, row.grade_label,
        row.amount, row.graded_on, row.month, row.paid_on, row.rules,
    ]  # fmt: skip


@refusals
def pay(request: HttpRequest) -> HttpResponse:
    """Everything that waits is entered into one month: a door for each, with the result of each."""
    today = timezone.localdate()
    month, good = _month(request, today)
    results = []
    if good:
        waiting = _chosen(_graded(request.user, today), "waiting", "")
        chosen = [int(pk) for pk in request.POST.getlist("row") if pk.isdigit() and len(pk) < 19]
        for row in waiting.filter(pk__in=chosen)[:MOST_AT_ONCE]:
            results.append(_pay(request, row, month, today))
    return _page(request, today, results=results, which="waiting")


def _pay(request: HttpRequest, row: Subsidy, month: str, today: date) -> dict[str, Any]:
    why: Any = ""
    try:
        steps.act(
            row.mediation_id, "pay_subsidy", by=request.user, data={"month": month}, today=today,
            key=f"{key_of(request)}-{row.pk}",
        )  # fmt: skip
    except DomainError as error:
        fields = [text for texts in (error.fields or {}).values() for text in texts]
        why = "；".join(map(str, fields)) or error.message
    return {"row": row, "why": why}


@refusals
def sheet_on_paper(request: HttpRequest) -> HttpResponse:
    """调解补贴发放表 of a month, to be signed by hand; logged before it leaves."""
    today = timezone.localdate()
    month, _good = _month(request, today)
    ending = request.GET.get("ending", "pdf")
    rows = list(_chosen(_graded(request.user, today), "paid", month)[:MOST_ROWS])
    if ending not in PRINTERS or not rows:
        raise Http404
    access.log_export(request.user, f"{KIND}/{month}", rows=len(rows), address=address(request))
    printer, type_ = PRINTERS[ending]
    content = printer(compose(KIND, content_of(rows, month, today)), load(KIND).layout)
    name = f"调解补贴发放表-{month}.{ending}"
    return HttpResponse(
        content, content_type=type_, headers={"Content-Disposition": content_disposition_header(True, name)}
    )


def content_of(rows: Sequence[Subsidy], month: str, today: date) -> dict[str, Any]:
    """What the sheet says: a line a case, the total of each mediator, who signs."""
    body = Body.objects.filter(pk=rows[0].mediation.body_id).first()
    sums: dict[str, list[Decimal]] = {}
    for row in rows:
        sums.setdefault(str(row.mediator), []).append(row.amount)
    standards = {row.rules for row in rows}
    adopted = [f"{one.version}（{one.adopted}）" for one in paying.standards() if one.version in standards]
    return {
        "issuer": body.name if body else "", "month": _("%(y)s年%(m)s月") % {"y": month[:4], "m": int(month[5:])},
        "standard": "；".join(adopted), "printed_on": today,
        "lines": [
            {
                "number": row.mediation.number or str(row.mediation.case), "mediator": str(row.mediator),
                "on": f"{row.mediation.closed_on:%Y-%m-%d}", "grade": row.grade_label, "amount": f"{row.amount:,.2f}",
            }
            for row in rows
        ],
        "sums": [
            {"mediator": name, "n": str(len(amounts)), "amount": f"{sum(amounts, Decimal(0)):,.2f}", "signed": ""}
            for name, amounts in sums.items()
        ],
        "count": str(len(rows)), "total": f"{sum((row.amount for row in rows), Decimal(0)):,.2f}",
    }  # fmt: skip
