"""Forms of the agreement: looked at, signed or oral, taken to court."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField, LongField, StepForm, TableField
from cases.identifiers import name_key
from mediation import confirmable
from mediation.models import Mediation, Term
from mediation.sealed import may_read

from .timing import not_after

TERMS = {
    "kind": forms.ChoiceField(label=_("类型"), choices=Term.Kind.choices),
    "what": forms.CharField(label=_("内容"), max_length=500),
    "who": forms.CharField(label=_("履行人"), max_length=120),
    "due_on": DayField(label=_("履行期限"), required=False),
    "amount": forms.DecimalField(label=_("金额（元）"), max_digits=16, decimal_places=2, required=False),
}
HOLDS = [("", _("请选择")), ("yes", _("符合")), ("no", _("不符合"))]


class AgreementFields(StepForm):
    """What a written and an oral agreement both state (人民调解法第二十八条、第二十九条).

    It begins with the words last looked at, for those who take part; nobody types them twice.
    """

    facts = LongField(label=_("纠纷主要事实、争议事项以及各方责任"), max_length=5000)
    terms = TableField(
        label=_("协议内容"), columns=TERMS, help_text=_("每一项填一行；分期付款的，每期填一行。")
    )
    performance = LongField(label=_("履行方式、地点和期限"), max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        row = self.proceeding
        if self.case is not None:
            field: Any = self.fields["terms"]
            names = list(dict.fromkeys(one.name for one in self.case.parties.all()))
            who = forms.CharField(
                label=_("履行人"), max_length=120,
                widget=forms.Select(choices=[("", _("请选择")), *((name, name) for name in names)]),
            )  # fmt: skip
            field.columns = {**field.columns, "who": who}
            field.widget.columns = field.columns
        if row is not None and not self.is_bound and may_read(row, self.by, self.today):
            self.initial = {**self.words_known(row), **self.initial}

    def words_known(self, row: Mediation) -> dict[str, Any]:
        """Facts, terms and manner of performance as last looked at, or as signed."""
        check, agreement = row.last_check, row.agreement
        if agreement is not None:
            terms = [
                {"kind": t.kind, "what": t.what, "who": t.who.name, "due_on": t.due_on, "amount": t.amount}
                for t in agreement.terms.select_related("who")
            ]
            return {"facts": agreement.facts, "terms": terms, "performance": agreement.performance}
        if check is None:
            return {}
        said = check.said()
        return {name: said.get(name) for name in ("facts", "terms", "performance") if said.get(name)}

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


class CheckAgreement(AgreementFields):
    """The items of confirmable.ITEMS, each answered; what the record knows is filled in and not contradicted."""

    step = Mediation.check_agreement
    words_seen = forms.BooleanField(
        label=_("已逐项核对协议内容中提示的字样，仅为提及，不确认权利归属或者效力"), required=False
    )
    court = forms.CharField(label=_("拟申请的法院"), max_length=80, required=False)
    remark = LongField(label=_("问题和说明（密存）"), required=False, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.order_fields(["facts", "terms", "performance", *(item.key for item in confirmable.ITEMS)])
        self.against = confirmable.known(self.case) if self.case is not None else {}
        last = self.proceeding.last_check if self.proceeding is not None and not self.is_bound else None
        if self.case is not None:
            court = confirmable.court_for(self.case, self.proceeding._referring_court())
            field = self.fields["court"]
            field.help_text = court.why
            field.initial = court.name
        if last is not None:
            held = last.said()["items"]
            self.initial |= {key: "yes" if ok else "no" for key, ok in held.items()}
        for key in ("identity", "authority"):
            if key in self.against:
                self.initial[key] = "no"
                self.fields[key].help_text = self.against[key]
            elif self.case is not None:
                self.initial.setdefault(key, "yes")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for key, why in self.against.items():
            if cleaned.get(key) == "yes":
                text = _("%(why)s，请先在“当事人”中补充，或者选“不符合”。") % {"why": why}
                self.add_error(key, ValidationError(text, code="record_says_no"))
        words = confirmable.suspicious(cleaned.get("terms") or [])
        if words and cleaned.get("ownership") == "yes" and not cleaned.get("words_seen"):
            text = _(
                "协议内容出现%(words)s。确认权利归属或者效力的，请选“不符合”；仅为提及的，请勾选已核对。"
            ) % {"words": "、".join(words)}
            self.add_error("ownership", ValidationError(text, code="suspicious_words"))
        cleaned["items"] = {item.key: cleaned.get(item.key) == "yes" for item in confirmable.ITEMS}
        return cleaned


for _item in confirmable.ITEMS:
    CheckAgreement.base_fields[_item.key] = forms.ChoiceField(
        label=_item.label, choices=HOLDS, help_text=_item.article
    )


class SignAgreement(AgreementFields):
    step = Mediation.sign_agreement
    recorded = ("parties_signed_on", "mediator_signed_on", "no_confirmation")
    parties_signed_on = DayField(label=_("各方当事人签署日期"))
    mediator_signed_on = DayField(label=_("调解员签名日期"))
    copies = forms.CharField(label=_("份数"), max_length=10, required=False, help_text=_("不填为三份。"))
    no_confirmation = forms.BooleanField(
        label=_("双方当事人声明不申请司法确认，未作签署前审查"), required=False,
        help_text=_("已按本协议内容办理“签署前审查”的，不勾选。"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        not_after(self, cleaned, ("parties_signed_on", "mediator_signed_on"))
        terms = cleaned.get("terms")
        if terms and not cleaned.get("no_confirmation"):
            check = self.proceeding.last_check
            if check is None:
                text = _("请先办理“签署前审查（司法确认）”；双方声明不申请司法确认的，请勾选本项。")
                self.add_error("no_confirmation", ValidationError(text, code="not_checked"))
            elif not confirmable.same_terms(check.said().get("terms", []), confirmable.stored_terms(terms)):
                text = _("协议内容与 %(day)s 审查的不同，请按现在的内容重新审查；双方声明不申请司法确认的，请勾选本项。") % {
                    "day": check.on
                }  # fmt: skip
                self.add_error("no_confirmation", ValidationError(text, code="checked_otherwise"))
        return cleaned


class SealAgreement(StepForm):
    step = Mediation.seal_agreement


class RecordOral(AgreementFields):
    step = Mediation.record_oral


class OpenConfirmation(StepForm):
    step = Mediation.open_confirmation
