"""Forms of 以案定补: the grade of a mediation, the month it is paid in."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import LongField, StepForm
from mediation import paying
from mediation.models import Mediation

MONTH = re.compile(r"[0-9]{4}-(0[1-9]|1[0-2])")


class GradeSubsidy(StepForm):
    step = Mediation.grade_subsidy
    recorded = ("grade", "reason")
    grade = forms.ChoiceField(
        label=_("补贴等级"), widget=forms.RadioSelect,
        choices=[(one.code, one.label) for standard in paying.standards() for one in standard.grades],
    )  # fmt: skip
    reason = LongField(label=_("评定理由"), max_length=300, help_text=_("不要写入调解中的谈话内容。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        held = [one for one in paying.standards() if one.begins <= self.today] or list(paying.standards()[:1])
        self.fields["grade"].choices = [  # type: ignore[attr-defined]
            (one.code, f"{one.label}（{one.amount:,.2f} 元）：{one.when}") for one in held[-1].grades
        ]


class PaySubsidy(StepForm):
    step = Mediation.pay_subsidy
    recorded = ("month",)
    month = forms.CharField(
        label=_("发放月份"), max_length=7, help_text=_("按 2026-11 的格式填写；列入该月的发放表。")
    )

    def clean_month(self) -> str:
        month: str = self.cleaned_data["month"]
        if not MONTH.fullmatch(month):
            raise ValidationError(_("请按 2026-11 的格式填写月份。"), code="month")
        if month > f"{self.today:%Y-%m}":
            raise ValidationError(_("发放月份不能晚于本月。"), code="in_future")
        return month
