"""Forms of the lawsuit about a ruling."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Judgment, Litigation
from cases.forms import DayField, StepForm

JUDGED = [choice for choice in Judgment.choices if choice[0] != Judgment.WITHDRAWN]


class Answer(StepForm):
    step = Litigation.answer


class JudgmentForm(StepForm):
    """A judgment or ruling of a court; `on` is the day the bureau was served."""

    recorded = ("outcome", "judged_on")
    judged_on = DayField(label=_("裁判日期"), help_text=_("办理日期填本局收到裁判文书的日期。"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        judged, served = cleaned.get("judged_on"), cleaned.get("on")
        if judged and served and judged > served:
            self.add_error(
                "judged_on", ValidationError(_("裁判日期不能晚于收到裁判文书的日期。"), code="date_order")
            )
        return cleaned


class RecordJudgment(JudgmentForm):
    step = Litigation.record_judgment
    outcome = forms.ChoiceField(label=_("一审结果"), choices=JUDGED)
    form = forms.ChoiceField(label=_("文书"), choices=[("judgment", _("判决书")), ("ruling", _("裁定书"))])


class Appeal(StepForm):
    step = Litigation.appeal
    recorded = ("appellant",)
    appellant = forms.ChoiceField(label=_("上诉人"), choices=[("party", _("当事人")), ("bureau", _("本局"))])


class RecordSecondJudgment(JudgmentForm):
    step = Litigation.record_second_judgment
    outcome = forms.ChoiceField(
        label=_("二审后的结果"), choices=[("", _("驳回上诉，维持原判")), *JUDGED], required=False
    )


class Conclude(StepForm):
    step = Litigation.conclude


class WithdrawSuit(StepForm):
    step = Litigation.withdraw_suit
