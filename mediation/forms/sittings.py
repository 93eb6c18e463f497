"""Forms of sittings. Minutes and notes are never in `recorded`."""

from datetime import time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import LongField, StepForm, TableField
from mediation.models import Mediation, Session

ATTENDANCE = {
    "party": forms.CharField(label=_("所代表的当事人"), max_length=120, required=False),
    "name": forms.CharField(label=_("到场人"), max_length=80),
    "capacity": forms.CharField(label=_("身份"), max_length=60, required=False),
}


class HoldSession(StepForm):
    step = Mediation.session
    mode = forms.ChoiceField(label=_("方式"), choices=Session.Mode.choices)
    starts = forms.TimeField(label=_("开始时间"), required=False)
    ends = forms.TimeField(label=_("结束时间"), required=False)
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    attendance = TableField(label=_("到场人员"), columns=ATTENDANCE)
    result = forms.ChoiceField(label=_("结果"), choices=Session.Result.choices)
    minutes = LongField(label=_("笔录（密存，仅调解人员可见）"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if isinstance(starts, time) and isinstance(ends, time) and ends < starts:
            self.add_error("ends", ValidationError(_("结束时间不能早于开始时间。"), code="date_order"))
        return cleaned
