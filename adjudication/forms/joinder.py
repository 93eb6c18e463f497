"""Forms of joining and splitting. What one case tells another names rows, never people."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Hearing
from cases.forms import LongField, StepForm
from cases.models import Proceeding


class Join(StepForm):
    step = Adjudication.join
    recorded = ("lead_number",)
    lead_number = forms.CharField(
        label=_("主案的案号"), max_length=60, help_text=_("同一专利或者当事人相同、正在审理的行政裁决案件；口头审理在主案安排。")
    )  # fmt: skip
    ground = LongField(label=_("合并审理的理由"), max_length=300)

    def clean_lead_number(self) -> str:
        number = self.cleaned_data["lead_number"].strip()
        seen = Proceeding.objects.visible_to(self.by, self.today).filter(kind="adjudication", number=number)
        self.lead = Adjudication.objects.filter(pk__in=seen.values("pk")).select_related("case").first()
        if self.lead is None:
            raise ValidationError(_("没有这个案号的案件，或您无权查看，请核对案号。"), code="not_found")
        if (why_not := self.proceeding.cannot_lead(self.lead)) is not None:
            raise ValidationError(str(why_not.message), code=why_not.code)
        return number

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["lead"] = getattr(self, "lead", None)
        return cleaned


class Joined(StepForm):
    step = Adjudication.joined
    dated = False
    member = forms.ModelChoiceField(Adjudication.objects.all(), label=_("合并审理的案件"))
    ground = LongField(label=_("合并审理的理由"), max_length=300)


class Split(StepForm):
    step = Adjudication.split
    recorded = ("reason",)
    reason = LongField(label=_("分案的理由"), max_length=300)


class SplitOff(StepForm):
    step = Adjudication.split_off
    dated = False
    other = forms.ModelChoiceField(Adjudication.objects.all(), label=_("分案的案件"))


class ShareHearing(StepForm):
    step = Adjudication.share_hearing
    hearing = forms.ModelChoiceField(Hearing.objects.all(), label=_("口头审理"))
