"""Forms of the ends without an agreement."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import LongField, StepForm
from mediation.models import Mediation

GROUNDS_OF_FAILURE = {
    "no_agreement": _("经调解，双方未能达成调解协议"),
    "absent": _("当事人经通知未参加调解"),
    "expired": _("调解期限届满，双方未同意延长"),
    "repudiated": _("当事人在协议生效前反悔"),
}
GROUNDS_OF_TERMINATION = {
    "party_ends": _("当事人要求终止调解"),
    "no_chance": _("调解员认为没有达成协议的可能"),
    "prevented": _("因特定事由调解无法继续"),
    "lost_contact": _("当事人在调解期限内无法取得联系"),
    "sham": _("有虚假调解嫌疑"),
    "harm": _("当事人恶意串通，损害他人合法权益"),
    "elsewhere": _("当事人已就同一纠纷提起诉讼、申请仲裁或者行政处理"),
    "not_ours": _("依法不属于可以调解的纠纷"),
}
ROUTES = [("arbitration", _("仲裁")), ("administrative", _("行政")), ("judicial", _("司法"))]


class Withdraw(StepForm):
    step = Mediation.withdraw
    recorded = ("outcome",)
    outcome = forms.ChoiceField(
        label=_("方式"),
        choices=[
            ("withdrawn", _("申请人撤回")), ("withdrawn_settled", _("双方自行和解后撤回")),
            ("deemed_withdrawn", _("申请人无故不参加，按撤回处理")),
        ],
    )  # fmt: skip
    settlement = LongField(label=_("和解内容（密存）"), required=False, max_length=5000)
    reason = LongField(label=_("原因（密存）"), max_length=1000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        settled = cleaned.get("outcome") == "withdrawn_settled"
        if settled and not cleaned.get("settlement"):
            text = _("和解后撤回须登记和解内容；没有和解内容的，请选“申请人撤回”。")
            self.add_error("settlement", ValidationError(text, code="required"))
        if cleaned.get("settlement") and not settled:
            text = _("填写了和解内容，请选“双方自行和解后撤回”。")
            self.add_error("outcome", ValidationError(text, code="settled"))
        return cleaned


class Fail(StepForm):
    step = Mediation.fail
    recorded = ("ground", "routes_told")
    ground = forms.ChoiceField(label=_("原因"), choices=list(GROUNDS_OF_FAILURE.items()))
    routes_told = forms.MultipleChoiceField(
        label=_("已告知的其他途径"), choices=ROUTES, widget=forms.CheckboxSelectMultiple
    )
    reason = LongField(label=_("说明（密存）"), max_length=1000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["ground_label"] = str(GROUNDS_OF_FAILURE.get(cleaned.get("ground", ""), ""))
        return cleaned


class Terminate(StepForm):
    step = Mediation.terminate
    recorded = ("ground",)
    ground = forms.ChoiceField(label=_("终止原因"), choices=list(GROUNDS_OF_TERMINATION.items()))
    reason = LongField(label=_("说明（密存）"), max_length=1000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["ground_label"] = str(GROUNDS_OF_TERMINATION.get(cleaned.get("ground", ""), ""))
        return cleaned


class Transfer(StepForm):
    step = Mediation.transfer
    recorded = ("to",)
    to = forms.CharField(label=_("移送机关"), max_length=100)
    reason = LongField(label=_("原因"), max_length=1000)
