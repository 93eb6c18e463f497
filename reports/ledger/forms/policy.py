"""Forms of the city's supporting measures."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import LongField, StepForm
from cases.matters import opens
from reports.ledger.models import SupportPolicy

from .task import OfPlan


@opens("support_policy")
@opens("support_policy", told=True)  # by the plan's text
class OpenPolicy(OfPlan):
    model = SupportPolicy
    department = forms.CharField(label=_("落实单位"), required=False, max_length=80)
    leader_text = forms.CharField(label=_("负责人（方案原文）"), required=False, max_length=60)


class StartPolicy(StepForm):
    step = SupportPolicy.start


class CompletePolicy(StepForm):
    step = SupportPolicy.complete
    recorded = ("summary",)
    summary = LongField(label=_("落实情况"), max_length=1000)


class ReopenPolicy(StepForm):
    step = SupportPolicy.reopen
    recorded = ("reason",)
    reason = forms.CharField(label=_("理由"), max_length=200)
