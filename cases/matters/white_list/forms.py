"""Forms of 天津港白名单."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField, LongField, StepForm
from cases.identifiers import normalise
from cases.matters import FilesField, OpeningForm, opens
from cases.models import WhiteList
from stations.models import Enterprise


def enterprise_of(text: str) -> Enterprise:
    """The enterprise of a credit code. Raises ValidationError."""
    found = Enterprise.objects.filter(credit_code=normalise(text)).first()
    if found is None:
        raise ValidationError(_("没有登记这个统一社会信用代码的企业，请先在企业名册中登记。"), code="unknown")
    return found


@opens("white_list")
class OpenWhiteList(OpeningForm):
    enterprise = forms.CharField(label=_("统一社会信用代码"), max_length=30)
    reason = LongField(label=_("申请理由"), max_length=2000, required=False)
    files = FilesField(label=_("申请材料"), required=False)

    def clean_enterprise(self) -> Enterprise:
        found = enterprise_of(self.cleaned_data["enterprise"])
        if WhiteList.objects.filter(enterprise=found, is_open=True).exists():
            raise ValidationError(_("该企业已有正在办理或者已列入的事项。"), code="open_already")
        return found

    def title(self) -> str:
        return str(self.cleaned_data["enterprise"].name)

    def columns(self) -> dict[str, Any]:
        return super().columns() | {"title": self.title()}


class Review(StepForm):
    step = WhiteList.review
    recorded = ("advice", "words")
    advice = forms.ChoiceField(
        label=_("评审意见"), choices=[("grant", _("建议列入")), ("refuse", _("建议不予列入"))]
    )
    words = LongField(label=_("评审情况"), max_length=1000)


class Grant(StepForm):
    step = WhiteList.grant
    recorded = ("until",)
    until = DayField(label=_("有效期至"))

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        if (until - self.today).days > 3 * 366:
            raise ValidationError(_("有效期最长三年，请核对。"), code="too_long")
        return until


class _Reasoned(StepForm):
    recorded = ("reason",)
    reason = LongField(label=_("理由"), max_length=500)


class Refuse(_Reasoned):
    step = WhiteList.refuse


class Suspend(_Reasoned):
    step = WhiteList.suspend


class Restore(_Reasoned):
    step = WhiteList.restore


class Expire(StepForm):
    step = WhiteList.expire


class Remove(_Reasoned):
    step = WhiteList.remove
