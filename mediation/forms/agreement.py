"""Forms of the agreement, written or oral."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField, LongField, StepForm, TableField
from cases.identifiers import name_key
from mediation.models import Mediation, Term

from .timing import not_after

TERMS = {
    "kind": forms.ChoiceField(label=_("类型"), choices=Term.Kind.choices),
    "what": forms.CharField(label=_("内容"), max_length=500),
    "who": forms.CharField(label=_("履行人"), max_length=120),
    "due_on": DayField(label=_("履行期限"), required=False),
    "amount": forms.DecimalField(label=_("金额（元）"), max_digits=16, decimal_places=2, required=False),
}


class AgreementFields(StepForm):
    """What a written and an oral agreement both state (人民调解法第二十八条、第二十九条)."""

    facts = LongField(label=_("纠纷主要事实、争议事项以及各方责任"), max_length=5000)
    terms = TableField(
        label=_("协议内容"), columns=TERMS, help_text=_("履行人请填写当事人名称；每期付款填一行。")
    )
    performance = LongField(label=_("履行方式、地点和期限"), max_length=2000)

    def clean_terms(self) -> list[dict[str, Any]]:
        parties = {name_key(p.name): p for p in self.case.parties.all()}
        problems = []
        for number, row in enumerate(self.cleaned_data["terms"], start=1):
            who = parties.get(name_key(row["who"]))
            if who is None:
                names = "、".join(p.name for p in parties.values())
                problems.append(
                    _("第 %(n)s 行：履行人应为本案当事人（%(names)s）。") % {"n": number, "names": names}
                )
            if row["amount"] is not None and row["amount"] <= 0:
                problems.append(_("第 %(n)s 行：金额应大于零。") % {"n": number})
            if row["kind"] == Term.Kind.PAY and (row["amount"] is None or row["due_on"] is None):
                problems.append(_("第 %(n)s 行：付款请填写金额和履行期限。") % {"n": number})
            row["who"] = who
        if problems:
            raise ValidationError(problems, code="terms")
        return list(self.cleaned_data["terms"])


class SignAgreement(AgreementFields):
    step = Mediation.sign_agreement
    recorded = ("parties_signed_on", "mediator_signed_on")
    parties_signed_on = DayField(label=_("各方当事人签署日期"))
    mediator_signed_on = DayField(label=_("调解员签名日期"))
    copies = forms.CharField(label=_("份数"), max_length=10, required=False, help_text=_("不填为三份。"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        not_after(self, cleaned, ("parties_signed_on", "mediator_signed_on"))
        return cleaned


class SealAgreement(StepForm):
    step = Mediation.seal_agreement


class RecordOral(AgreementFields):
    step = Mediation.record_oral


class OpenConfirmation(StepForm):
    step = Mediation.open_confirmation
