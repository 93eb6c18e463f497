"""Forms of reporting a major dispute up and of its answer."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, MajorReport
from cases.forms import LongField, StepForm

from .filing import lines


class ReportMajor(StepForm):
    step = Adjudication.report_major
    recorded = ("to", "letter_no", "ground")
    to = forms.CharField(label=_("上报机关"), max_length=100)
    letter_no = forms.CharField(label=_("发文字号"), max_length=60)
    office = forms.CharField(label=_("印发机构"), max_length=100)
    ground = LongField(
        label=_("事由"), max_length=300,
        help_text=_("涉及重大公共利益、对行业发展有重大影响、跨省级行政区域的重大案件等。"),
    )  # fmt: skip
    attachments = lines(_("附件"), required=False)


class AnswerMajor(StepForm):
    step = Adjudication.answer_major
    recorded = ("answer", "answer_no")
    answer = forms.ChoiceField(label=_("答复"), choices=MajorReport.Answer.choices)
    answer_no = forms.CharField(label=_("答复文号"), max_length=60, required=False)
