"""Forms of disclosure: the marked text, publishing, withholding, taking down."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Disclosure
from adjudication.models.disclosure import GROUNDS
from adjudication.redaction import CATEGORIES, KEEP, Words, normal
from cases.forms import LongField, StepForm, TableField

MARK = {
    "original": forms.CharField(label=_("原文"), max_length=500),
    "replacement": forms.CharField(label=_("公开为"), max_length=200, required=False),
    "category": forms.ChoiceField(label=_("类别"), choices=list(CATEGORIES.items())),
    "reason": forms.CharField(label=_("理由"), max_length=100, required=False),
}


class Redact(StepForm):
    """`replacements` is the whole list; what is not in it is no longer replaced."""

    step = Disclosure.redact
    dated = False
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    replacements = TableField(label=_("遮盖和替换"), columns=MARK, required=False, extra=3)
    summary_english = LongField(label=_("英文摘要"), max_length=4000, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None and not self.proceeding.is_foreign:
            del self.fields["summary_english"]

    def clean_replacements(self) -> list[dict[str, Any]]:
        rows = self.cleaned_data["replacements"]
        text = Words(self.proceeding.ruling.data())
        problems, seen = [], set()
        for n, row in enumerate(rows, start=1):
            original = row["original"]
            if row["category"] == KEEP:
                row["replacement"] = original
            if len(normal(original)) < 2:
                problems.append(_("第 %(n)s 行：原文至少两个字，请写得更完整。") % {"n": n})
            elif not text.hold(original, row["category"]):
                problems.append(_("第 %(n)s 行：裁决书中没有这段文字，请核对或删去该行。") % {"n": n})
            elif row["category"] != KEEP and normal(original) in normal(row["replacement"]):
                problems.append(_("第 %(n)s 行：替换后仍含原文；不遮盖的请选“保留”。") % {"n": n})
            if original in seen:
                problems.append(_("第 %(n)s 行：与前面的行重复，请删去。") % {"n": n})
            seen.add(original)
        if problems:
            raise ValidationError(problems, code="marks")
        return list(rows)


class _Reviewed(StepForm):
    """What a reviewer states before a text goes public."""

    revision = forms.IntegerField(label=_("公开文本修订号"), help_text=_("审核时所见公开文本的修订号。"))
    seal = forms.CharField(label=_("公开文本校验值"), widget=forms.HiddenInput, max_length=64, required=False)
    state_secret = forms.BooleanField(label=_("涉及国家秘密"), required=False)
    trade_secret = forms.BooleanField(label=_("涉及商业秘密，已删除"), required=False)
    privacy = forms.BooleanField(label=_("涉及个人隐私，已作隐名或者删除处理"), required=False)
    proposal = LongField(
        label=_("拟办意见"), max_length=500, initial=_("拟隐去应当保密的内容后予以公开。"), required=False
    )
    recorded = ("revision", "trade_secret", "privacy")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["revision"].initial = getattr(self.proceeding, "revision", None)
        text = self.proceeding.candidate() if self.proceeding is not None else None
        self.fields["seal"].initial = text.seal if text is not None else ""

    def clean_state_secret(self) -> bool:
        if self.cleaned_data["state_secret"]:
            raise ValidationError(_("涉及国家秘密的不得公开，请改办“依法不公开”。"), code="state_secret")
        return False

    def clean_proposal(self) -> str:
        return self.cleaned_data["proposal"] or str(_("拟隐去应当保密的内容后予以公开。"))


class Publish(_Reviewed):
    step = Disclosure.publish


class Republish(_Reviewed):
    step = Disclosure.republish


class Withhold(StepForm):
    step = Disclosure.withhold
    recorded = ("ground",)
    ground = forms.ChoiceField(label=_("依据"), choices=GROUNDS, help_text=_("依据将列入公开登记簿。"))
    reason = LongField(label=_("理由（仅供审批，不公开）"), max_length=500)


class Withdraw(StepForm):
    step = Disclosure.withdraw
    recorded = ("ground",)
    ground = forms.ChoiceField(
        label=_("依据"), choices=GROUNDS, help_text=_("依据将显示在原地址并列入公开登记簿。")
    )
    reason = LongField(label=_("理由（仅供审批，不公开）"), max_length=500)
