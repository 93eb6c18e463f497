"""Forms of 典型案例: a batch is opened, its cases are told, it is published and taken down."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models.public import PublishedRuling
from adjudication.models.typical import TypicalBatch, TypicalCase
from cases import kinds
from cases.forms import Evidence, LongField, OfCase, StepForm
from cases.matters import OpeningForm, opens
from cases.models import Proceeding

SHORT, LONG = 500, 3000


@opens("typical_cases")
class OpenBatch(OpeningForm):
    name = forms.CharField(
        label=_("批次名称"), max_length=120, help_text=_("例如：2026 年知识产权行政保护典型案例（第一批）。")
    )
    introduction = LongField(label=_("前言"), max_length=LONG, required=False)

    def title(self) -> str:
        return str(self.cleaned_data["name"])

    def columns(self) -> dict[str, Any]:
        return {"title": self.title(), "introduction": self.cleaned_data["introduction"]}


class Told(StepForm):
    """One case, told in four parts."""

    number = forms.CharField(
        label=_("案号"), max_length=60,
        help_text=_("已公开的行政裁决的案号，或者已结案的调解案号；案号不发布调解当事人。"),
    )  # fmt: skip
    title = forms.CharField(label=_("标题"), max_length=120)
    facts = LongField(label=_("基本案情"), max_length=LONG)
    result = LongField(label=_("处理结果"), max_length=LONG)
    significance = LongField(label=_("典型意义"), max_length=LONG)
    consent = OfCase(
        Evidence, label=_("当事人同意书"), required=False, help_text=_("调解案件必须附各方当事人同意发布的书面意见。")
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned |= {"ruling": None, "source": None}
        number = cleaned.get("number")
        if not number:
            return cleaned
        text = PublishedRuling.objects.live().filter(number=number).select_related("ruling").first()
        if text is not None:
            return cleaned | {"ruling": text.ruling}
        seen = Proceeding.objects.visible_to(self.by, self.today)
        ended = seen.filter(number=number, kind__in=kinds.confidential(), closed_on__isnull=False).first()
        if ended is None:
            words = _("没有这个案号的公开裁决或者您可以查看的已结调解，请核对案号。")
            self.add_error("number", ValidationError(words, code="unknown_number"))
        elif not cleaned.get("consent"):
            self.add_error("consent", ValidationError(_("调解案件须附当事人同意书。"), code="required"))
        return cleaned | {"source": ended}


class AddTypical(Told):
    step = TypicalBatch.add_typical


class _OneOfThem(StepForm):
    typical = forms.ModelChoiceField(TypicalCase.objects.none(), label=_("案例"), empty_label=_("请选择"))
    revision = forms.IntegerField(label=_("修订号"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            self.fields["typical"].queryset = self.proceeding.typical_rows()  # type: ignore[attr-defined]


class EditTypical(_OneOfThem, Told):
    step = TypicalBatch.edit_typical
    position = forms.IntegerField(label=_("顺序"), required=False, min_value=1, max_value=200)


class DropTypical(_OneOfThem):
    step = TypicalBatch.drop_typical


class PublishBatch(StepForm):
    step = TypicalBatch.publish


class WithdrawBatch(StepForm):
    step = TypicalBatch.withdraw
    recorded = ("ground",)
    ground = forms.CharField(label=_("撤下的理由"), max_length=200, help_text=_("理由将显示在原地址。"))
