"""Forms of papers: which paper of which period, when its figures are frozen, that it went out."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField, LongField, StepForm
from cases.matters import OpeningForm, opens
from reports import periods
from reports.models.papers import Bulletin
from reports.periods import PeriodError
from stations.models import Body

from .sections import on_paper

Shape = Bulletin.Shape
KINDS = {Shape.BULLETIN: "quarter", Shape.REPORT: "year", Shape.PACK: "quarter"}


@opens("bulletin")
class OpenBulletin(OpeningForm):
    shape = forms.ChoiceField(label=_("类别"), choices=[("", _("请选择")), *Shape.choices])
    period = forms.CharField(
        label=_("期间"), max_length=10, help_text=_("通报和会议材料写作 2026Q3，年度报告写作 2026。")
    )
    name = forms.CharField(
        label=_("标题"), max_length=120, required=False, help_text=_("不填则按类别和期间拟题。")
    )
    letter_no = forms.CharField(label=_("发文字号"), max_length=60, required=False)
    addressee = forms.CharField(label=_("主送"), max_length=200, required=False)
    copies_to = forms.CharField(label=_("抄送"), max_length=200, required=False)
    decisions = LongField(
        label=_("上次会议议定事项"), max_length=5000, required=False,
        help_text=_("推动会材料用，每行一项及其落实情况；不填则取活动登记中上次推动会的议定事项。"),
    )  # fmt: skip

    def clean_period(self) -> periods.Period:
        try:
            return periods.parse(self.cleaned_data["period"])
        except PeriodError as error:
            raise forms.ValidationError(str(error), code="period") from None

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        shape, period = cleaned.get("shape"), cleaned.get("period")
        if shape and period and period.kind != KINDS[Shape(shape)]:
            self.add_error("period", _("通报和会议材料按季度，年度报告按年，请核对期间。"))
        elif period and not period.has_begun(self.today):
            self.add_error("period", _("期间尚未开始。"))
        return cleaned

    def title(self) -> str:
        given, period = self.cleaned_data["name"], self.cleaned_data["period"]
        body = Body.objects.in_force(self.today).filter(kind=Body.Kind.BUREAU).first()
        district = str(body.name).removesuffix("知识产权局") if body is not None else ""
        usual = {
            Shape.BULLETIN: f"关于{on_paper(period)}保护工作情况的通报",
            Shape.REPORT: f"{district}知识产权发展保护报告（{period.start.year}年）",
            Shape.PACK: f"{on_paper(period)}知识产权重点任务推动会材料",
        }
        return str(given or usual[Shape(self.cleaned_data["shape"])])

    def columns(self) -> dict[str, Any]:
        kept = ("shape", "letter_no", "addressee", "copies_to", "decisions")
        return {
            "title": self.title(), "period": self.cleaned_data["period"].text,
            **{name: self.cleaned_data[name] for name in kept},
        }  # fmt: skip


class TakeFigures(StepForm):
    step = Bulletin.take_figures
    dated = False
    as_of = DayField(
        label=_("数据截至"), required=False, help_text=_("不填为昨天；此日以后登记、更正的不计入。")
    )

    def clean_as_of(self) -> date:
        day: date = self.cleaned_data["as_of"] or self.today - timedelta(1)
        period = self.proceeding.of_period
        if day > self.today:
            raise forms.ValidationError(_("截至日期不能晚于今天。"), code="in_future")
        if not period.has_begun(day):
            raise forms.ValidationError(_("截至日期早于期间的起日，请核对。"), code="not_begun")
        return day


class Issue(StepForm):
    step = Bulletin.issue
