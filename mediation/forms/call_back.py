"""Forms of the call-back. What the party said is never in `recorded`."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import LongField, StepForm
from mediation.models import CallBack


class Answer(StepForm):
    step = CallBack.answer
    recorded = ("outcome",)
    outcome = forms.ChoiceField(
        label=_("当事人答复"), choices=[("confirmed", _("确认达成协议")), ("denied", _("否认"))]
    )
    remark = LongField(label=_("说明（密存）"), required=False, max_length=2000)


class GiveUp(StepForm):
    step = CallBack.give_up
    remark = LongField(label=_("联系经过（密存）"), max_length=2000)
