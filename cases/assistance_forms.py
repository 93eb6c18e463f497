"""Forms of rights assistance: the application, its examination, its ends. Those of the help itself: assisting_forms.py."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .forms import Evidence, LongField, OfCase, StepForm, TableField, UserField
from .models import Assistance, Case, Party
from .models.assistance import GROUNDS
from .models.assisting import HELP

ATTACHMENTS = {"name": forms.CharField(label=_("材料名称"), max_length=120)}
CHANNELS = {
    Case.Source.APPLICATION: Assistance.Channel.COUNTER, Case.Source.HOTLINE_12330: Assistance.Channel.HOTLINE,
    Case.Source.PLATFORM: Assistance.Channel.ONLINE,
}  # fmt: skip


def channel_of(source: str) -> str:
    """The channel of W-09 that a source of the case means; whatever another body sent on is 移送."""
    return CHANNELS.get(source, Assistance.Channel.TRANSFER) if source else ""  # type: ignore[call-overload]


def type_of(case: Any) -> str:
    """The applicant's type as far as the record tells: a natural person is one, an entity may be anything."""
    applicant = case.parties.filter(role=Party.Role.APPLICANT).first()
    return Assistance.ApplicantType.PERSON if applicant and applicant.kind == Party.Kind.PERSON else ""


class Statistics(StepForm):
    """The statistics of W-09 that nothing else tells."""

    applicant_type = forms.ChoiceField(
        label=_("申请人类型"), choices=[("", "—"), *Assistance.ApplicantType.choices], required=False,
        help_text=_("统计用，办结前应填写；自然人自动识别。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        row = self.proceeding
        if row is not None:
            self.initial.setdefault("applicant_type", row.applicant_type or type_of(row.case))

    def clean_applicant_type(self) -> str:
        row = self.proceeding
        return str(self.cleaned_data["applicant_type"] or row.applicant_type or type_of(row.case))


class RecordApplication(Statistics):
    step = Assistance.record_application
    recorded = ("applicant_type", "channel", "help_kind")
    channel = forms.ChoiceField(
        label=_("来源渠道"), choices=[("", "—"), *Assistance.Channel.choices], required=False
    )
    help_kind = forms.ChoiceField(label=_("请求的援助"), choices=HELP)
    reasons = LongField(
        label=_("事实和理由"), max_length=3000, required=False, help_text=_("不填时印登记的简要情况。")
    )
    materials = TableField(
        label=_("证据材料"),
        required=False,
        columns={
            "name": forms.CharField(label=_("名称"), max_length=120),
            "proves": forms.CharField(label=_("证明事项"), max_length=200, required=False),
            "copies": forms.CharField(label=_("份数"), max_length=10, required=False),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        row = self.proceeding
        if row is not None:
            self.initial.setdefault("channel", row.channel or channel_of(row.case.source))
            self.initial.setdefault("help_kind", row.help_kind)

    def clean_channel(self) -> str:
        return str(self.cleaned_data["channel"] or channel_of(self.case.source))

    def clean_help_kind(self) -> str:
        asked: str = self.cleaned_data["help_kind"]
        if self.proceeding.state != "received" and asked != self.proceeding.help_kind:
            raise ValidationError(_("已经受理的援助事项不能在申请表中更改。"), code="accepted")
        return asked


class AskCorrection(StepForm):
    step = Assistance.ask_correction
    defects = TableField(
        label=_("需要补正的内容"),
        columns={"text": forms.CharField(label=_("内容"), max_length=200)},
        help_text=_("只能告知一次，请写全。办理日期填当事人收到通知的日期，补正期限自该日起算。"),
    )


class ReceiveCorrection(StepForm):
    step = Assistance.receive_correction
    recorded = ("excuse",)
    excuse = LongField(
        label=_("逾期仍接收的理由"), max_length=300, required=False, help_text=_("补正期限已届满的必填。")
    )


class TakeOn(Statistics):
    """What acceptance decides; the same after a refusal was annulled."""

    recorded = ("help_kind", "competence", "applicant_type", "handler")
    help_kind = forms.ChoiceField(label=_("援助事项"), choices=HELP)
    competence = forms.ChoiceField(
        label=_("管辖依据"), choices=[("", "—"), *Assistance.Competence.choices], required=False,
        help_text=_("侵权行为地已登记在本区的可不选。都不在本区的，请办理不予受理（辖区不符）或者移送。"),
    )  # fmt: skip
    handler = UserField(label=_("承办人"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            self.initial.setdefault("help_kind", self.proceeding.help_kind)
            self.initial.setdefault("competence", self._known())

    def _known(self) -> str:
        return Assistance.Competence.ACT if self.case is not None and self.case.act_place_id else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["competence"] = cleaned.get("competence") or self._known()
        cleaned["channel"] = self.proceeding.channel or channel_of(self.case.source)
        if not cleaned["competence"]:
            text = _("请选择管辖依据；申请人和侵权行为地都不在本区的，请办理不予受理（辖区不符）或者移送。")
            self.add_error("competence", ValidationError(text, code="competence"))
        return cleaned


class Accept(TakeOn):
    step = Assistance.accept


class Reinstate(TakeOn):
    step = Assistance.reinstate


class Refuse(StepForm):
    step = Assistance.refuse
    recorded = ("grounds", "reason")
    grounds = forms.MultipleChoiceField(
        label=_("不予受理的事由"),
        choices=list(GROUNDS.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    reason = LongField(
        label=_("具体理由"), max_length=1000, required=False, help_text=_("事由不足以说明的，请写明。")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("grounds") and not cleaned.get("reason"):
            text = _("请选择不予受理的事由，或者写明理由：通知书要载明。")
            self.add_error("grounds", ValidationError(text, code="required"))
        return cleaned


class RecordReview(StepForm):
    step = Assistance.record_review
    recorded = ("result", "decision_no", "reason")
    result = forms.ChoiceField(label=_("处理结果"), choices=Assistance.Review.choices)
    decision_no = forms.CharField(label=_("处理文号"), max_length=60, required=False)
    reason = LongField(label=_("理由"), max_length=1000, required=False)
    file = OfCase(Evidence, label=_("处理文件"), required=False)


class Withdraw(StepForm):
    step = Assistance.withdraw
    recorded = ("outcome", "reason")
    outcome = forms.ChoiceField(
        label=_("方式"),
        choices=[("withdrawn", _("申请人撤回")), ("deemed_withdrawn", _("逾期未补正，按撤回处理"))],
    )
    reason = LongField(label=_("原因"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None and self.proceeding.correction_lapsed(self.today):
            self.initial.setdefault("outcome", "deemed_withdrawn")


class Complete(Statistics):
    step = Assistance.complete
    recorded = ("applicant_type",)
    opinion = LongField(
        label=_("援助情况或意见"), help_text=_("写入结案报告；咨询类未单独出具意见的，同时印为咨询指导意见。")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("applicant_type") and "applicant_type" not in self.errors:
            text = _("请选择申请人类型，统计报表需要。")
            self.add_error("applicant_type", ValidationError(text, code="required"))
        return cleaned


class Convert(StepForm):
    step = Assistance.convert


class Transfer(StepForm):
    step = Assistance.transfer
    recorded = ("to", "reason", "letter_no")
    to = forms.CharField(label=_("移送机关"), max_length=100)
    letter_no = forms.CharField(label=_("发文字号"), max_length=60, required=False)
    attachments = TableField(label=_("随函材料"), columns=ATTACHMENTS, required=False)
    reason = LongField(label=_("原因"), max_length=500)


__all__ = ["ATTACHMENTS", "channel_of", "type_of"]
