"""Forms of what stops or lengthens the time for closing: jurisdiction, stay, appraisal, settlement, extension."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication
from adjudication.models.timing import STAY_GROUNDS, STAY_REFUSALS
from cases.forms import LongField, StepForm

from .parties import OfPartyForm, RespondentForm


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


class Stay(StepForm):
    step = Adjudication.stay
    recorded = ("ground", "weighed", "weighed_reason")
    ground = forms.ChoiceField(label=_("中止事由"), choices=STAY_GROUNDS)
    weighed = forms.ChoiceField(
        label=_("可以不中止的情形（已权衡）"), choices=[("", _("无")), *STAY_REFUSALS], required=False
    )
    weighed_reason = LongField(label=_("仍予中止的理由"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("weighed") and not cleaned.get("weighed_reason"):
            text = _("存在可以不中止的情形（办法第二十九条），请填写仍予中止的理由。")
            self.add_error("weighed_reason", ValidationError(text, code="required"))
        return cleaned


class RefuseStay(OfPartyForm):
    step = Adjudication.refuse_stay
    recorded = ("reason",)
    item = forms.ChoiceField(label=_("不予中止的情形"), choices=STAY_REFUSALS)
    reason = LongField(label=_("理由"), max_length=500)


class Resume(StepForm):
    step = Adjudication.resume
    recorded = ("reason",)
    reason = LongField(label=_("恢复原因"), max_length=300)


class ExtendClosing(StepForm):
    step = Adjudication.extend_closing
    recorded = ("amount", "superior_document", "reason")
    amount = forms.IntegerField(label=_("延长月数"), min_value=1, max_value=2, initial=1)
    superior_document = forms.CharField(
        label=_("上一级部门批准文号"), max_length=80, required=False, help_text=_("第二次延长必填。")
    )
    reason = LongField(label=_("理由"), max_length=500)


class StartAppraisal(StepForm):
    step = Adjudication.start_appraisal
    recorded = ("institution",)
    institution = forms.CharField(label=_("检验、鉴定机构"), max_length=100)


class EndAppraisal(StepForm):
    step = Adjudication.end_appraisal


class StartSettlement(StepForm):
    step = Adjudication.start_settlement


class EndSettlement(StepForm):
    step = Adjudication.end_settlement
    recorded = ("result",)
    result = forms.ChoiceField(
        label=_("结果"), choices=[("settled", _("达成和解")), ("failed", _("未达成和解"))]
    )
