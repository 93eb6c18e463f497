"""Forms of a court's referral and of the answer to whoever sent the dispute."""

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField, LongField, StepForm, TableField
from cases.models import Case
from mediation.models import Mediation

MATERIALS = {
    "name": forms.CharField(label=_("材料名称"), max_length=120),
    "pages": forms.IntegerField(label=_("页数"), min_value=1, max_value=9999, required=False),
}
RESULTS = {
    "settled": _("经调解，双方达成协议"),
    "failed": _("经调解，双方未达成协议"),
    "terminated": _("调解已经终止"),
    "withdrawn": _("申请人撤回调解申请"),
    "not_accepted": _("未能开始调解"),
    "transferred": _("已移送其他机关"),
}


class RecordReferral(StepForm):
    step = Mediation.record_referral
    recorded = ("court", "procedure", "online", "pushed_on", "materials_on")
    court = forms.CharField(label=_("法院"), max_length=80)
    judge = forms.CharField(label=_("承办法官"), max_length=40, required=False)
    judge_phone = forms.CharField(label=_("法官电话"), max_length=40, required=False)
    procedure = forms.ChoiceField(
        label=_("法院程序"), choices=[("", "—"), *Mediation.Procedure.choices], required=False,
        help_text=_("委托调解的必填：普通程序十五日，简易程序七日。"),
    )  # fmt: skip
    online = forms.BooleanField(label=_("通过在线调解平台"), required=False)
    pushed_on = DayField(label=_("法院推送（移送）日期"))
    materials_on = DayField(
        label=_("签收材料日期"), required=False,
        help_text=_("调解期限自该日起算；通过平台的，为平台确认接受之日，尚未确认的不填。"),
    )  # fmt: skip
    materials = TableField(label=_("法院移送的材料"), columns=MATERIALS, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        pushed, signed, on = (cleaned.get(name) for name in ("pushed_on", "materials_on", "on"))
        if self.case.source == Case.Source.COURT_ENTRUSTED and not cleaned.get("procedure"):
            self.add_error("procedure", ValidationError(_("请选择法院程序。"), code="required"))
        if not cleaned.get("online") and signed is None and "materials_on" not in self.errors:
            self.add_error("materials_on", ValidationError(_("请填写签收法院材料的日期。"), code="required"))
        for name, day in (("pushed_on", pushed), ("materials_on", signed)):
            if day and on and day > on:
                self.add_error(name, ValidationError(_("日期不能晚于办理日期。"), code="date_order"))
        if pushed and signed and signed < pushed:
            self.add_error(
                "materials_on", ValidationError(_("签收日期不能早于法院推送日期。"), code="date_order")
            )
        return cleaned


class ConfirmPlatform(StepForm):
    step = Mediation.confirm_platform


class HandBack(StepForm):
    """The result is the record's; what went on in the talks has no field here."""

    step = Mediation.hand_back
    recorded = ("letter_no", "with_agreement")
    letter_no = forms.CharField(label=_("发文字号"), max_length=40, required=False)
    with_agreement = forms.BooleanField(
        label=_("附送调解协议"), required=False, help_text=_("委托调解达成协议的，应当附送。")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        row = self.proceeding
        settled = row.state == "settled" and row.agreement is not None
        if cleaned.get("with_agreement") and not settled:
            self.add_error(
                "with_agreement", ValidationError(_("本案没有生效的调解协议。"), code="no_agreement")
            )
        entrusted = self.case.source == Case.Source.COURT_ENTRUSTED
        if settled and entrusted and not cleaned.get("with_agreement"):
            self.add_error(
                "with_agreement", ValidationError(_("委托调解达成协议的，请附送调解协议。"), code="required")
            )
        ended = row.events.filter(name="terminate", version=row.version).first()
        cleaned["sham"] = ended is not None and json.loads(ended.body)["notes"].get("ground") == "sham"
        cleaned["result_words"] = RESULTS[row.state]
        return cleaned


class ReplySender(StepForm):
    step = Mediation.reply_sender
    recorded = ("addressee", "letter_no")
    addressee = forms.CharField(label=_("转办、移送机关"), max_length=100)
    letter_no = forms.CharField(label=_("发文字号"), max_length=40, required=False)
    remark = LongField(
        label=_("补充说明"), required=False, max_length=1000, help_text=_("不写调解中的陈述和让步。")
    )
