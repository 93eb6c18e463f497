"""Forms of the call-back. What the party said is never in `recorded`."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.forms import LongField, OfCase, StepForm
from cases.models import Party
from mediation.models import CallBack


class Answer(StepForm):
    step = CallBack.answer
    recorded = ("outcome",)
    party = OfCase(Party, label=_("回访对象"), help_text=_("选择接听电话、作出答复的当事人。"))
    outcome = forms.ChoiceField(
        label=_("当事人答复"), choices=[("confirmed", _("确认达成协议")), ("denied", _("否认达成协议"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
    remark = LongField(label=_("说明（密存）"), required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("outcome") == "denied" and not cleaned.get("remark"):
            self.add_error(
                "remark", forms.ValidationError(_("当事人否认的，请写明其说法。"), code="required")
            )
        return cleaned

    def recorded_data(self) -> dict[str, Any]:
        return super().recorded_data() | {"party": f"party:{self.cleaned_data['party'].pk}"}


class GiveUp(StepForm):
    step = CallBack.give_up
    remark = LongField(
        label=_("联系经过（密存）"), max_length=2000, help_text=_("写明在哪几天、以什么方式联系，至少三次。")
    )
