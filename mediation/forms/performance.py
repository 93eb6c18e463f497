"""Forms of following up the agreement: performance, release, reminders."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import LongField, OfCase, StepForm
from cases.models import Evidence
from mediation.models import Mediation, Term
from mediation.models.performance import paid


class TermField(forms.ModelChoiceField):
    """An obligation of this mediation that is still owed. Its words are sealed; kind, debtor, day and amount tell it."""

    def __init__(self, **kwargs: Any):
        super().__init__(Term.objects.none(), label=_("协议事项"), empty_label=_("请选择"), **kwargs)

    def label_from_instance(self, term: Term) -> str:
        parts = [f"{term.position}. {term.get_kind_display()}（{term.who.name}）"]
        if term.due_on is not None:
            parts.append(f"{term.due_on:%Y-%m-%d}")
        if term.amount is not None:
            parts.append(_("约定 %(n)s 元，尚欠 %(owed)s 元") % {
                "n": f"{term.amount:,.2f}", "owed": f"{term.amount - paid(term):,.2f}",
            })  # fmt: skip
        return "，".join(str(part) for part in parts)


class OwedForm(StepForm):
    """About one obligation that is still owed."""

    term = TermField()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["term"]
        field.error_messages["invalid_choice"] = _("该事项已登记履行完毕或者免除，请刷新后重新选择。")
        if self.proceeding is not None:
            owed = self.proceeding.obligations.filter(performed_on__isnull=True, released_on__isnull=True)
            field.queryset = owed.select_related("who")  # type: ignore[attr-defined]


class RecordPerformance(OwedForm):
    step = Mediation.record_performance
    amount = forms.DecimalField(
        label=_("金额（元）"), max_digits=16, decimal_places=2, min_value=0, required=False,
        help_text=_("有约定金额的必填，按实际收到的金额逐笔登记；“办理日期”填实际履行日。"),
    )  # fmt: skip
    completes = forms.BooleanField(
        label=_("履行完毕"), required=False, help_text=_("付款累计达到约定金额的自动记为履行完毕。")
    )
    another = forms.BooleanField(
        label=_("确为另一笔"), required=False, help_text=_("仅在提示已有同日同额付款时勾选。")
    )
    proof = OfCase(Evidence, label=_("履行凭证"), required=False)
    remark = LongField(label=_("备注（密存）"), required=False, max_length=1000)

    def clean_amount(self) -> Any:
        amount = self.cleaned_data.get("amount")
        if amount is not None and amount <= 0:
            raise ValidationError(_("金额应大于零。"), code="not_positive")
        return amount

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        term, amount = cleaned.get("term"), cleaned.get("amount")
        if term is None or "amount" in self.errors:
            return cleaned
        if term.amount is not None and amount is None:
            self.add_error("amount", ValidationError(_("请填写实际支付的金额。"), code="required"))
        if term.amount is None and amount is not None:
            text = _("该事项没有约定金额，请勿填写。")
            self.add_error("amount", ValidationError(text, code="no_amount"))
        return cleaned


class ReleaseTerm(OwedForm):
    step = Mediation.release_term
    recorded = ("ground",)
    ground = forms.ChoiceField(
        label=_("事由"),
        choices=[
            ("waived", _("对方当事人同意免除")), ("set_off", _("相互抵销")), ("replaced", _("双方另行约定，原约定不再履行")),
            ("impossible", _("已不能履行，对方不再要求")),
        ],
    )  # fmt: skip
    proof = OfCase(Evidence, label=_("对方当事人的书面意见"), required=False)


class Remind(OwedForm):
    step = Mediation.remind
    recorded = ("way", "reached")
    way = forms.ChoiceField(
        label=_("方式"),
        choices=[("phone", _("电话")), ("message", _("短信")), ("letter", _("书面")), ("visit", _("上门"))],
    )
    reached = forms.TypedChoiceField(
        label=_("是否联系上"), choices=[("yes", _("已联系上")), ("no", _("未联系上"))], coerce=lambda said: said == "yes",
        initial="yes",
    )  # fmt: skip
