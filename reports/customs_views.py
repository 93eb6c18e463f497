"""海关数据: what customs seized by goods, brand, country and route over the years; a sheet goes up, or lines are typed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from cases import attaching
from cases.errors import DomainError
from cases.imports import sheet
from cases.views.pages import query, refusals, wants_sheet
from cases.views.pages import sheet as sheet_of
from stations import policy

from . import customs
from .delivery_forms import STAMPED
from .models import CustomsLine
from .periods import Period, PeriodError, parse

MOST_TYPED = 200
ORDER = [customs.COLUMNS[name] for name in customs.TYPED]


class CustomsSheetForm(forms.Form):
    """A sheet of customs; it is its own paper."""

    sheet = forms.FileField(
        label=gettext_lazy("海关表格"), help_text=gettext_lazy("CSV 或者 XLSX，每行一项。")
    )
    replace = forms.BooleanField(label=gettext_lazy("期间重叠时替换原数据"), required=False)


class CustomsTypedForm(forms.Form):
    """Lines copied from a stamped paper."""

    period = forms.CharField(
        label=gettext_lazy("期间"), max_length=24, help_text=gettext_lazy("例如 2026、2026Q3、2026-07。")
    )
    lines = forms.CharField(
        label=gettext_lazy("查获数据"), widget=forms.Textarea(attrs={"rows": 6}), max_length=40_000,
        help_text=gettext_lazy("每行一项，依次为 %s，用逗号分隔，或者从表格整块复制。") % "、".join(ORDER),
    )  # fmt: skip
    source_ref = forms.CharField(label=gettext_lazy("文号或者文件名称"), max_length=120)
    contact = forms.CharField(label=gettext_lazy("提供单位联系人"), max_length=80, required=False)
    scan = forms.FileField(label=gettext_lazy("盖章扫描件"), help_text=STAMPED)
    replace = forms.BooleanField(label=gettext_lazy("替换期间重叠的原数据"), required=False)

    def clean_period(self) -> Period:
        try:
            return parse(self.cleaned_data["period"])
        except PeriodError as error:
            raise ValidationError(str(error), code="period") from None

    def clean_lines(self) -> list[CustomsLine]:
        said = [line for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(said) > MOST_TYPED:
            raise ValidationError(_("超过 %d 行，请改用表格上传。") % MOST_TYPED, code="too_many")
        found, wrong = [], []
        for number, line in enumerate(said, start=1):
            try:
                found.append(customs.read(dict(zip(customs.TYPED, _split(line), strict=False))))
            except customs.BadCell as bad:
                label = customs.COLUMNS[bad.column]
                wrong.append(
                    _("第 %(line)d 行“%(column)s”：%(why)s")
                    % {"line": number, "column": label, "why": bad.reason}
                )
        if wrong:
            raise ValidationError([ValidationError(text, code="line") for text in wrong[:20]])
        return found


def _split(line: str) -> list[str]:
    mark = "\t" if "\t" in line else ","
    return [cell.strip() for cell in line.replace("，", ",").split(mark)]


@refusals
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The trend by one property; the district enters."""
    today = timezone.localdate()
    typed, uploaded, report = CustomsTypedForm(), CustomsSheetForm(), None
    if request.method == "POST" and "typed" in request.POST:
        typed = CustomsTypedForm(request.POST, request.FILES)
        if typed.is_valid() and _type_in(request, typed, today):
            return redirect("deliveries")
    elif request.method == "POST":
        uploaded = CustomsSheetForm(request.POST, request.FILES)
        report = _take_in(request, uploaded, today) if uploaded.is_valid() else None
        if report is not None and not report.failed:
            return redirect("customs")
    by = request.GET.get("by", "goods") if request.GET.get("by") in customs.BY else "goods"
    years, groups = customs.trend(customs.holding(today), by)
    if wants_sheet(request):
        columns = [customs.BY[by], *(f"{year} 年查获批次" for year in years), "合计批次", "案值（元）"]
        rows = [[one.name, *one.seizures.values(), one.total, one.value] for one in groups]
        return sheet_of(request, str(_("海关查获趋势")), columns, rows)
    context = {
        "years": years, "groups": groups, "label": customs.BY[by], "typed": typed, "uploaded": uploaded, "report": report,
        "tabs": [{"url": query(request, by=name), "label": label, "current": name == by} for name, label in customs.BY.items()],
        "download": query(request, download="xlsx"),
        "enters": bool(policy.route_answer("customs", "POST", policy.standing(request.user, today))),
        "columns": "、".join(customs.COLUMNS.values()),
    }  # fmt: skip
    return render(
        request, "reports/customs.html", context, status=400 if _refused(request, typed, uploaded) else 200
    )


def _refused(request: HttpRequest, *asked: forms.Form) -> bool:
    return request.method == "POST" and any(form.is_bound and form.errors for form in asked)


def _type_in(request: HttpRequest, form: CustomsTypedForm, today: date) -> bool:
    said = form.cleaned_data
    lines: Sequence[CustomsLine] = said["lines"]
    delivery = customs.typed(said["period"], lines, said["source_ref"], said["contact"])
    try:
        delivery.paper, delivery.paper_name = attaching.keep(said["scan"].name, said["scan"])
        new = customs.type_in(delivery, lines, by=request.user, today=today, replace=said["replace"])
    except DomainError as error:
        form.add_error("period" if error.code == "overlaps" else "scan", str(error.message))
        return False
    messages.success(
        request, _("已录入，待另一名工作人员复核后计入。") if new else _("相同的数据已经登记，没有变化。")
    )
    return True


def _take_in(request: HttpRequest, form: CustomsSheetForm, today: date) -> Any:
    upload = form.cleaned_data["sheet"]
    try:
        found = sheet.read(upload.read(), upload.name)
        paper, name = attaching.keep(upload.name, upload)
        report = customs.take_in(
            found, paper, by=request.user, today=today, name=name, replace=form.cleaned_data["replace"]
        )
    except DomainError as error:
        form.add_error("sheet", str(error.message))
        return None
    words = _("共 %(rows)d 行，新增 %(added)d，已有 %(unchanged)d，未通过 %(failed)d 行。")
    counts = {
        "rows": report.rows,
        "added": report.added,
        "unchanged": report.unchanged,
        "failed": len(report.failed),
    }
    messages.success(request, words % counts)
    return report
