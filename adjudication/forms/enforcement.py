"""Forms of enforcement."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Enforcement, EnforcementEnd
from cases.forms import DayField, LongField, StepForm


class OpenEnforcement(StepForm):
    step = Adjudication.open_enforcement
    recorded = ("performance_ended_on", "suing_ended_on")
    suing_ended_on = DayField(label=_("起诉期限届满日"))
    performance_ended_on = DayField(label=_("履行期限届满日"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("suing_ended_on", "performance_ended_on"):
            day = cleaned.get(name)
            if day and day >= self.today:
                self.add_error(name, ValidationError(_("该期限尚未届满，届满后再办理。"), code="not_over"))
        return cleaned


class Demand(StepForm):
    step = Enforcement.demand


class Apply(StepForm):
    step = Enforcement.apply
    recorded = ("court",)
    court = forms.CharField(label=_("申请法院"), max_length=80)


class Conclude(StepForm):
    step = Enforcement.conclude
    recorded = ("outcome", "reason")
    outcome = forms.ChoiceField(label=_("结果"), choices=EnforcementEnd.choices)
    reason = LongField(label=_("说明"), max_length=500, required=False)
