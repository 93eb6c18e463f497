"""Forms of reaching the parties and asking whether they want mediation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import LongField, OfCase, StepForm
from cases.models import Party
from mediation.models import Consent, Contact, Mediation


class Contacted(StepForm):
    step = Mediation.contact
    recorded = ("party", "way", "result")
    party = OfCase(Party, label=_("当事人"))
    way = forms.ChoiceField(label=_("方式"), choices=Contact.Way.choices)
    result = forms.ChoiceField(label=_("结果"), choices=Contact.Result.choices)
    remark = LongField(label=_("备注（密存）"), required=False, max_length=2000)


class RecordConsent(StepForm):
    step = Mediation.record_consent
    recorded = ("party", "answer", "way")
    party = OfCase(Party, label=_("当事人"))
    answer = forms.ChoiceField(label=_("意见"), choices=Consent.Answer.choices)
    way = forms.ChoiceField(label=_("方式"), choices=Consent.Way.choices, initial=Consent.Way.SIGNED)
    remark = LongField(label=_("理由或者备注（密存）"), required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        party, answer, way = cleaned.get("party"), cleaned.get("answer"), cleaned.get("way")
        if answer == Consent.Answer.LEFT_OUT and party and party.role == Party.Role.APPLICANT:
            self.add_error(
                "answer", ValidationError(_("申请人不参加的，请办理撤回。"), code="applicant_left_out")
            )
        if answer == Consent.Answer.AGREE and way == Consent.Way.NONE:
            self.add_error("way", ValidationError(_("请填写同意的方式。"), code="required"))
        return cleaned
