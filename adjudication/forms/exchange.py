"""Forms of the exchange: defence and periods for evidence."""

from django import forms
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication
from cases.forms import DayField, LongField, StepForm

from .parties import RespondentForm


class ReceiveDefence(RespondentForm):
    step = Adjudication.receive_defence


class ExtendDefence(RespondentForm):
    step = Adjudication.extend_defence
    recorded = ("due_on", "reason")
    due_on = DayField(label=_("延长至"))
    reason = LongField(label=_("申请理由和合议组意见"), max_length=500)


class RecordNoDefence(RespondentForm):
    step = Adjudication.record_no_defence


class ServeDefenceCopy(RespondentForm):
    step = Adjudication.serve_defence_copy


class SetEvidencePeriod(StepForm):
    step = Adjudication.set_evidence_period
    recorded = ("due_on", "agreed")
    due_on = DayField(
        label=_("举证期限届满日"),
        help_text=_("自当事人收到举证通知起不少于十五日；登记送达时收到较晚的一方自动顺延。"),
    )
    agreed = forms.BooleanField(label=_("当事人协商并经准许"), required=False)


class ExtendEvidence(StepForm):
    step = Adjudication.extend_evidence
    recorded = ("due_on", "asked_by", "reason")
    due_on = DayField(label=_("延长至"))
    asked_by = forms.ChoiceField(
        label=_("提出"), choices=[("party", _("当事人申请")), ("bureau", _("本局决定"))]
    )
    reason = LongField(label=_("理由"), max_length=500)
