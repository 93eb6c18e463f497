"""Forms of judicial confirmation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField, OfCase, StepForm
from cases.identifiers import check_court_number
from cases.models import Evidence
from mediation import confirmable
from mediation.models import JudicialConfirmation


def clean_court_number(form: forms.Form) -> str:
    """A court's number in its one form; blank stays blank."""
    value: str = form.cleaned_data.get("court_case_no") or ""
    answer = check_court_number(value) if value else None
    if answer is not None and answer.level == "error":
        raise ValidationError(answer.message, code="identifier")
    return answer.normalised if answer else ""


class NamesCourt(StepForm):
    """Begins with the court found before signing, else by the kind of right (J-02)."""

    court = forms.CharField(label=_("法院"), max_length=80)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.case is None or self.proceeding is None or self.is_bound:
            return
        mediation = self.proceeding.parent.concrete()
        court = confirmable.court_for(self.case, mediation._referring_court())
        check = mediation.last_check
        self.fields["court"].initial = (check.said().get("court") if check else "") or court.name
        self.fields["court"].help_text = court.why


class PrepareApplication(NamesCourt):
    step = JudicialConfirmation.prepare_application
    recorded = ("court",)


class Apply(NamesCourt):
    step = JudicialConfirmation.apply
    recorded = ("court", "applicant_signed_on", "respondent_signed_on")
    applicant_signed_on = DayField(label=_("申请人签署日期"), help_text=_("司法确认须由双方共同申请。"))
    respondent_signed_on = DayField(label=_("被申请人签署日期"))
    no_ownership = forms.BooleanField(
        label=_("协议不涉及知识产权权属、效力的确认（民诉法解释第三百五十五条）"), required=True
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("applicant_signed_on", "respondent_signed_on"):
            day, on = cleaned.get(name), cleaned.get("on")
            if day and ((on and day > on) or day < self.proceeding.effective_on):
                text = _("签署日期应在协议生效之后、申请日期（含当日）之前，请核对。")
                self.add_error(name, ValidationError(text, code="date_order"))
        return cleaned


class Admit(StepForm):
    step = JudicialConfirmation.admit
    recorded = ("court_case_no",)
    court_case_no = forms.CharField(label=_("法院案号"), max_length=60, required=False)
    clean_court_case_no = clean_court_number


class Confirm(StepForm):
    step = JudicialConfirmation.confirm
    recorded = ("court_case_no",)
    court_case_no = forms.CharField(label=_("裁定书案号"), max_length=60, required=False)
    paper = OfCase(Evidence, label=_("法院裁定书"), required=False)
    clean_court_case_no = clean_court_number


class RefuseConfirmation(StepForm):
    step = JudicialConfirmation.refuse
    recorded = ("ground",)
    paper = OfCase(Evidence, label=_("法院裁定书或者通知书"), required=False)
    ground = forms.ChoiceField(
        label=_("理由"),
        choices=[
            ("jurisdiction", _("不属于法院主管或者本院管辖")), ("identity", _("涉及身份关系")),
            ("ownership", _("涉及知识产权确权")), ("illegal", _("违反法律强制性规定")),
            ("harm", _("损害国家、社会公共利益或者他人合法权益")), ("morals", _("违背公序良俗")),
            ("unwilling", _("违反自愿原则")), ("unclear", _("内容不明确")), ("other", _("其他")),
        ],
    )  # fmt: skip


class WithdrawConfirmation(StepForm):
    step = JudicialConfirmation.withdraw
    recorded = ("reason",)
    reason = forms.ChoiceField(
        label=_("原因"),
        choices=[
            ("performed", _("已经履行，无需确认")), ("one_side", _("一方不愿申请")), ("too_late", _("已逾三十日")),
            ("other", _("其他")),
        ],
    )  # fmt: skip
