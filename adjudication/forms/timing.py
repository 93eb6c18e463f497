"""Forms of what stops or lengthens the time for closing: jurisdiction, settlement, extension."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication
from adjudication.models.timing import SETTLEMENTS
from cases.forms import DayField, LongField, OfCase, StepForm
from cases.models import Evidence

from .parties import RespondentForm

SUPERIOR = ("superior_document", "superior_on", "superior_scan")


class ObjectJurisdiction(RespondentForm):
    step = Adjudication.object_jurisdiction
    recorded = ("reason",)
    reason = LongField(label=_("异议理由"), max_length=1000)


class DecideJurisdiction(StepForm):
    step = Adjudication.decide_jurisdiction
    recorded = ("sustained", "reason")
    sustained = forms.TypedChoiceField(
        label=_("决定"), choices=[("no", _("驳回异议")), ("yes", _("异议成立，应当移送"))],
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    reason = LongField(label=_("理由"), max_length=1000)


class ExtendClosing(StepForm):
    step = Adjudication.extend_closing
    recorded = ("amount", "superior_document", "superior_on", "superior_scan", "reason")
    amount = forms.IntegerField(label=_("延长月数"), min_value=1, max_value=2, initial=1)
    superior_document = forms.CharField(
        label=_("上一级部门批准文号"), max_length=80, required=False, help_text=_("第二次延长必填。")
    )
    superior_on = DayField(label=_("上一级部门批准日期"), required=False)
    superior_scan = OfCase(Evidence, label=_("上一级部门批准文件（扫描件）"), required=False)
    reason = LongField(label=_("理由"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        running = self.proceeding.open_deadline("T-18") if self.proceeding is not None else None
        if running is not None and running.extended:
            self.fields["amount"].initial = 2
        elif (
            running is not None and not self.is_bound
        ):  # the head's alone; a second one takes the superior's paper
            for name in SUPERIOR:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        approved, on = cleaned.get("superior_on"), cleaned.get("on")
        if approved and on and not self.proceeding.filed <= approved <= on:
            text = _("批准日期应在立案之后、办理日期（含当日）之前，请核对。")
            self.add_error("superior_on", ValidationError(text, code="date_order"))
        return cleaned


class StartSettlement(StepForm):
    step = Adjudication.start_settlement
    recorded = ("kind", "applicant_agreed_on", "respondent_agreed_on")
    shown_if = dict.fromkeys(("applicant_agreed_on", "respondent_agreed_on"), "kind=panel")
    kind = forms.ChoiceField(label=_("方式"), choices=list(SETTLEMENTS.items()))
    applicant_agreed_on = DayField(
        label=_("请求人同意调解的日期"), required=False, help_text=_("合议组主持调解的，须双方同意。")
    )
    respondent_agreed_on = DayField(label=_("被请求人同意调解的日期"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        on, filed = cleaned.get("on"), self.proceeding.filed
        for name in ("applicant_agreed_on", "respondent_agreed_on"):
            agreed = cleaned.get(name)
            if cleaned.get("kind") == "panel" and not agreed and name not in self.errors:
                text = _("合议组主持调解须双方同意（%(source)s），请填写同意的日期。")
                self.add_error(
                    name,
                    ValidationError(text % {"source": self.proceeding.cite("mediation")}, code="required"),
                )
            if agreed and on and not filed <= agreed <= on:
                text = _("同意的日期应在立案之后、办理日期（含当日）之前，请核对。")
                self.add_error(name, ValidationError(text, code="date_order"))
        return cleaned


class EndSettlement(StepForm):
    step = Adjudication.end_settlement
    recorded = ("result",)
    result = forms.ChoiceField(
        label=_("结果"), choices=[("settled", _("达成协议")), ("failed", _("未达成协议"))]
    )
