"""Forms of enforcement."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Demand, Enforcement, EnforcementEnd, Service
from cases.forms import DayField, Evidence, LongField, OfCase, StepForm
from cases.models import Party

from .parties import RespondentForm


class OpenEnforcement(StepForm):
    step = Adjudication.open_enforcement
    recorded = ("performance_ended_on", "suing_ended_on")
    suing_ended_on = DayField(label=_("起诉期限届满日"))
    performance_ended_on = DayField(label=_("履行期限届满日"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None and not self.is_bound:
            periods = self.proceeding.deadlines.filter(rule="T-21", cancelled=False)
            self.initial["suing_ended_on"] = max(periods.values_list("due_on", flat=True), default=None)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("suing_ended_on", "performance_ended_on"):
            day = cleaned.get(name)
            if day and day >= self.today:
                self.add_error(name, ValidationError(_("该期限尚未届满，届满后再办理。"), code="not_over"))
        return cleaned


class MakeOutDemand(StepForm):
    step = Enforcement.demand


class DemandServed(RespondentForm):
    step = Enforcement.demand_served
    recorded = ("method",)
    method = forms.ChoiceField(label=_("送达方式"), choices=Service.Method.choices)
    proof = OfCase(Evidence, label=_("送达回证"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = _("填催告书送达的日期（公告送达的，填公告期满之日）；不填为今天。")


class RecordObjection(StepForm):
    """What the debtor states is sealed; the record says that he stated it and whether it holds."""

    step = Enforcement.record_objection
    recorded = ("heeded",)
    demand = forms.ModelChoiceField(Demand.objects.none(), label=_("被催告人"), empty_label=_("请选择"))
    objection = LongField(label=_("陈述申辩的内容"), max_length=2000)
    heeded = forms.BooleanField(
        label=_("意见成立"), required=False, help_text=_("成立的应当采纳，不再对其申请强制执行。")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["demand"]
        field.label_from_instance = lambda one: f"{one.party.name}（{one.served_on}）"  # type: ignore[attr-defined]
        if self.proceeding is not None:
            field.queryset = self.proceeding.demands.select_related("party")  # type: ignore[attr-defined]


class Apply(StepForm):
    step = Enforcement.apply
    recorded = ("court", "late_ground")
    court = forms.CharField(label=_("申请法院"), max_length=80)
    debtors = forms.ModelMultipleChoiceField(
        Party.objects.none(), label=_("被申请人"), widget=forms.CheckboxSelectMultiple, required=False,
        help_text=_("不选的为全部被请求人；已自行履行的不选。"),
    )  # fmt: skip
    late_ground = LongField(
        label=_("逾期申请的正当理由"), max_length=300, required=False,
        help_text=_("三个月的申请期限已满的必填（行诉法解释第一百五十六条）。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.case is not None:
            field = self.fields["debtors"]
            field.queryset = self.case.parties.filter(role=Party.Role.RESPONDENT)  # type: ignore[attr-defined]

    def clean_debtors(self) -> list[Party]:
        return list(self.cleaned_data["debtors"] or self.fields["debtors"].queryset)  # type: ignore[attr-defined]


class RecordAdmission(StepForm):
    step = Enforcement.record_admission
    recorded = ("review", "court_case_no")
    review = forms.ChoiceField(
        label=_("法院的审查"),
        choices=[
            ("plain", _("书面审查（七日内裁定执行）")),
            ("doubtful", _("裁决可能明显违法（三十日内裁定是否执行）")),
        ],
        help_text=_("法院不予受理的，请办理“执行结束”。"),
    )
    court_case_no = forms.CharField(label=_("法院案号"), max_length=60, required=False)


class Conclude(StepForm):
    step = Enforcement.conclude
    recorded = ("outcome", "reason")
    outcome = forms.ChoiceField(label=_("结果"), choices=EnforcementEnd.choices)
    reason = LongField(label=_("说明"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("outcome") == EnforcementEnd.GIVEN_UP and not cleaned.get("reason"):
            text = _("不再申请的，请写明原因，并告知权利人可以自行申请的期限。")
            self.add_error("reason", ValidationError(text, code="required"))
        return cleaned
