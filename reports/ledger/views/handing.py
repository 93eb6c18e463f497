"""验收卷 and 抽样: asked for, made by the worker, downloaded; each download is logged before it leaves."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cases import access, files
from cases.forms import DayField
from cases.imports.uploaded import UNFINISHED, halted
from cases.views.pages import address, refusals, sheet, wants_sheet
from reports import periods
from reports.ledger import handing, sampling
from reports.ledger.models import Dossier, Sample
from reports.periods import PeriodError

SHOWN = 20
COLUMNS = ["种类", "内容", "截至", "状态", "项（件）数", "SM3", "制作人", "时间"]


class SampleForm(forms.Form):
    """What is drawn: from which list, by which seed, how many."""

    code = forms.ChoiceField(label=_("指标"), choices=sampling.codes)
    period = forms.CharField(
        label=_("期间"), max_length=40, help_text=_("例如：2026、2026Q3、2026-09、2026-01-01..2026-06-30。")
    )
    as_of = DayField(label=_("截至"), help_text=_("按当日已知的清单抽取；同一清单、同一种子，抽取结果相同。"))
    seed = forms.CharField(
        label=_("种子"), max_length=40, help_text=_("任意数字或者文字，由评估方给出，写入清单。")
    )
    size = forms.IntegerField(label=_("件数"), min_value=1, max_value=sampling.MOST)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_period(self) -> str:
        text: str = self.cleaned_data["period"].strip()
        try:
            periods.parse(text)
        except PeriodError as error:
            raise ValidationError(str(error), code="bad_period") from error
        return text

    def clean_as_of(self) -> Any:
        day = self.cleaned_data["as_of"]
        if day > timezone.localdate():
            raise ValidationError(_("截至日期不能晚于今天。"), code="in_future")
        return day


@require_http_methods(["GET", "HEAD", "POST"])
def dossiers(request: HttpRequest) -> HttpResponse:
    """What was made so far; POST has a new dossier made as of today."""
    if request.method == "POST":
        handing.begin(Dossier(by=_who(request), as_of=timezone.localdate()))
        return redirect("dossiers")
    if wants_sheet(request):
        return sheet(request, str(_("验收卷与抽样")), COLUMNS, _cells())
    return _page(request, _first_form())


def _who(request: HttpRequest) -> Any:
    return request.user


def _first_form() -> SampleForm:
    today = timezone.localdate()
    return SampleForm(initial={"period": str(today.year), "as_of": today, "size": 10})


def _page(request: HttpRequest, form: SampleForm) -> HttpResponse:
    made = list(Dossier.objects.select_related("by", "pdf", "zip")[:SHOWN])
    drawn = list(Sample.objects.select_related("by", "zip")[:SHOWN])
    names = dict(sampling.codes())
    context = {
        "dossiers": [(row, halted(row)) for row in made],
        "samples": [(row, names.get(row.code, row.code), halted(row)) for row in drawn],
        "form": form, "running": any(row.state in UNFINISHED for row in [*made, *drawn]),
    }  # fmt: skip
    return render(request, "ledger/dossiers.html", context, status=400 if form.errors else 200)


def _cells() -> list[list[Any]]:
    names = dict(sampling.codes())
    made = [
        [_("验收卷"), "", row.as_of, row.get_state_display(), row.rows, _digest(row), row.by, row.at]
        for row in Dossier.objects.select_related("by", "zip")
    ]
    drawn = [
        [_("抽样"), f"{names.get(row.code, row.code)} {row.period} {row.seed}", row.as_of, row.get_state_display(),
         row.added, _digest(row), row.by, row.at]
        for row in Sample.objects.select_related("by", "zip")
    ]  # fmt: skip
    return [*made, *drawn]


def _digest(row: Any) -> str:
    return row.zip.sm3 if row.zip else ""


@require_POST
@refusals
def samples(request: HttpRequest) -> HttpResponse:
    """Have a sample drawn."""
    form = SampleForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    handing.begin(Sample(by=_who(request), **form.cleaned_data))
    return redirect("dossiers")


@require_safe
def dossier_file(request: HttpRequest, pk: int, ending: str) -> HttpResponseBase:
    """The PDF or the ZIP of a dossier."""
    row = get_object_or_404(Dossier.objects.select_related("pdf", "zip"), pk=pk)
    stored = {"pdf": row.pdf, "zip": row.zip}.get(ending)
    return _given(request, stored, f"验收卷-{row.as_of:%Y%m%d}.{ending}", f"dossier:{row.pk}", row.rows)


@require_safe
def sample_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The ZIP of a sample."""
    row = get_object_or_404(Sample.objects.select_related("zip"), pk=pk)
    return _given(request, row.zip, f"抽样-{row.pk}.zip", f"sample:{row.pk}", row.added)


def _given(request: HttpRequest, stored: Any, name: str, subject: str, rows: int) -> HttpResponseBase:
    if stored is None:
        raise Http404
    access.log_export(request.user, subject, rows=rows, address=address(request))
    opened = files.open(stored.sm3)
    return FileResponse(opened, content_type=stored.type, as_attachment=True, filename=name)
