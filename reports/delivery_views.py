"""外部数据: what a court, the patent office, the statistics office delivered, with its paper and its second person."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import attaching, files
from cases.errors import DomainError
from cases.imports import sheet
from cases.views.pages import refusals
from cases.views.pages import sheet as sheet_of
from reports import court, delivering
from stations import policy

from .delivery_forms import SheetForm, TypedForm
from .models import Delivery

SHOWN = 100
COLUMNS = ["内容", "期间起", "期间止（时点）", "数值", "文号或者来源", "联系人", "录入", "复核", "状态"]
WORDS = {
    "cases": _("案件 %s 件"), "closed": _("结案 %s 件"), "mean_days": _("平均审限 %s 天"), "value": "%s",
    "first_instance_civil_closed": _("一审民事结案 %s 件"), "appealed": _("上诉 %s 件"), "excluded_rule": _("扣除：%s"),
    "submitted": _("预审受理 %s 件"), "passed": _("合格 %s 件"), "granted": _("授权 %s 件"),
    "lines": _("%s 行"), "seizures": _("查获 %s 批次"), "worth": _("案值 %s 元"),
}  # fmt: skip


def line(row: Delivery) -> dict[str, Any]:
    """A delivery in words."""
    state = _("已替换") if row.replaced_on else _("有效") if row.confirmed_on else _("待复核")
    told = [
        WORDS[name] % value for name, value in row.told().items() if name in WORDS and value not in (None, "")
    ]
    return {
        "row": row,
        "numbers": "；".join(told),
        "state": state,
        "waits": row.confirmed_on is None and row.replaced_on is None,
    }


@refusals
@require_http_methods(["GET", "HEAD", "POST"])
def deliveries(request: HttpRequest) -> HttpResponse:
    """What was delivered; a sheet goes up, or numbers are typed from a paper."""
    typed, uploaded = TypedForm(), SheetForm()
    rows = Delivery.objects.select_related("entered_by", "confirmed_by", "paper")
    if request.method == "POST" and "typed" in request.POST:
        typed = TypedForm(request.POST, request.FILES)
        if typed.is_valid() and _type_in(request, typed):
            return redirect("deliveries")
    elif request.method == "POST":
        uploaded = SheetForm(request.POST, request.FILES)
        if uploaded.is_valid() and (report := _take_in(request, uploaded)) is not None:
            if not report.failed:
                return redirect("deliveries")
            return _page(request, rows, TypedForm(), SheetForm(), report=report)
    elif request.GET.get("download") == "xlsx":
        return sheet_of(request, str(_("外部数据")), COLUMNS, [_cells(line(row)) for row in rows])
    return _page(request, rows, typed, uploaded, status=400 if request.method == "POST" else 200)


def _page(
    request: HttpRequest,
    rows: Any,
    typed: forms.Form,
    uploaded: forms.Form,
    *,
    report: Any = None,
    status: int = 200,
) -> HttpResponse:
    held = policy.standing(request.user, timezone.localdate())
    context = {
        "rows": [line(row) for row in rows[:SHOWN]], "typed": typed, "uploaded": uploaded, "report": report,
        "enters": bool(policy.route_answer("deliveries", "POST", held)),
    }  # fmt: skip
    return render(request, "reports/deliveries.html", context, status=status)


def _cells(one: dict[str, Any]) -> list[Any]:
    row = one["row"]
    return [
        str(row.get_kind_display()), row.start, row.end, one["numbers"], row.source_ref or row.paper_name, row.contact,
        str(row.entered_by or ""), str(row.confirmed_by or ""), one["state"],
    ]  # fmt: skip


def _type_in(request: HttpRequest, form: TypedForm) -> bool:
    delivery = form.delivery()
    try:
        delivery.paper, delivery.paper_name = attaching.keep(
            form.cleaned_data["scan"].name, form.cleaned_data["scan"]
        )
        new = delivering.type_in(
            delivery, by=request.user, today=timezone.localdate(), replace=form.cleaned_data["replace"]
        )
    except DomainError as error:
        form.add_error("period" if error.code == "overlaps" else "scan", str(error.message))
        return False
    messages.success(
        request, _("已录入，待另一名工作人员复核后计入。") if new else _("相同的数据已经登记，没有变化。")
    )
    return True


def _take_in(request: HttpRequest, form: SheetForm) -> Any:
    upload, scan = form.cleaned_data["sheet"], form.cleaned_data["scan"]
    try:
        found = sheet.read(upload.read(), upload.name)
        kept = scan if court.is_totals(found) else upload
        paper, name = attaching.keep(kept.name, kept) if kept else (None, "")
        report = court.take_in(
            found,
            paper,
            by=request.user,
            today=timezone.localdate(),
            name=name,
            replace=form.cleaned_data["replace"],
        )
    except DomainError as error:
        form.add_error("scan" if error.code == "scan_required" else "sheet", str(error.message))
        return None
    messages.success(
        request,
        _("共 %(rows)d 行，新增 %(added)d，已有 %(unchanged)d，未通过 %(failed)d 行。")
        % {
            "rows": report.rows,
            "added": report.added,
            "unchanged": report.unchanged,
            "failed": len(report.failed),
        },
    )
    return report


@refusals
@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """A second person has compared the numbers with the paper."""
    if not Delivery.objects.filter(pk=pk).exists():
        raise Http404
    try:
        delivering.confirm(pk, by=request.user, today=timezone.localdate())
        messages.success(request, _("已复核，自今天起计入指标。"))
    except DomainError as error:
        messages.error(request, str(error.message))
    return redirect("deliveries")


@refusals
@require_safe
def paper(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The stamped scan or the sheet itself."""
    row = get_object_or_404(Delivery.objects.select_related("paper"), pk=pk, paper__isnull=False)
    if row.paper is None:
        raise Http404
    return FileResponse(
        files.open(row.paper.sm3), content_type=row.paper.type, as_attachment=True, filename=row.paper_name
    )
