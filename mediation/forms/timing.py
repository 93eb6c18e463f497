"""Forms of the time a mediation may take."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField, OfCase, StepForm
from cases.models import Evidence
from mediation.models import Mediation


class Extend(StepForm):
    step = Mediation.extend
    recorded = ("days", "applicant_signed_on", "respondent_signed_on", "consent")
    days = forms.IntegerField(label=_("延长日数"), min_value=1, max_value=180)
    applicant_signed_on = DayField(label=_("申请人签署延长同意书日期"))
    respondent_signed_on = DayField(label=_("被申请人签署延长同意书日期"))
    consent = OfCase(Evidence, label=_("双方签署的延长同意书（扫描件）"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        not_after(self, cleaned, ("applicant_signed_on", "respondent_signed_on"))
        return cleaned


def not_after(form: StepForm, cleaned: dict[str, Any], names: tuple[str, ...]) -> None:
    """Each day lies between receipt and the day of the act."""
    on, received = cleaned.get("on"), form.proceeding.received_on
    for name in names:
        day = cleaned.get(name)
        if isinstance(day, date) and ((on and day > on) or (received and day < received)):
            text = _("日期应在收到申请之后、办理日期（含当日）之前，请核对。")
            form.add_error(name, ValidationError(text, code="date_order"))


class StartAppraisal(StepForm):
    step = Mediation.start_appraisal
    recorded = ("institution",)
    institution = forms.CharField(label=_("鉴定机构"), max_length=100)


class EndAppraisal(StepForm):
    step = Mediation.end_appraisal
