"""Forms of 移送 and 案源通报."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases import kinds
from cases.forms import LongField, StepForm
from cases.matters import FilesField, opens
from cases.matters.places import Named
from cases.models import Case, LeadNotice, Transfer

LONG = 4000


class OfCaseNumber(forms.CharField):
    """A case by its registration number, one that whoever types it may see."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("max_length", 20)
        super().__init__(**kwargs)

    @staticmethod
    def find(text: str, by: Any, today: Any) -> Case | None:
        """The case, None for a blank. Raises ValidationError for one that is not there or not his."""
        if not text:
            return None
        found: Case | None = Case.objects.visible_to(by, today).filter(registration_no=text.strip()).first()
        if found is None:
            raise ValidationError(_("没有这个登记号的案件，或者您无权查看，请核对。"), code="unknown_number")
        return found


@opens("transfer")
class OpenTransfer(Named):
    subject = forms.CharField(label=_("名称"), max_length=120, help_text=_("列表中显示，不写举报人。"))
    target = forms.ChoiceField(label=_("移送对象"), choices=Transfer.Target.choices)
    recipient = forms.CharField(label=_("接收机关"), max_length=80)
    of_case = OfCaseNumber(label=_("原案件登记号"), required=False)
    content = LongField(label=_("移送内容"), max_length=LONG, help_text=_("写入移送函。"))
    enclosures = LongField(
        label=_("附件清单"), max_length=1000, required=False, help_text=_("每行一项，写明页数。")
    )
    files = FilesField(label=_("证据材料"), required=False, most=10)

    def clean_of_case(self) -> Case | None:
        return OfCaseNumber.find(self.cleaned_data["of_case"], self.by, self.today)


class Rewrite(StepForm):
    step = Transfer.rewrite
    dated = False
    content = LongField(label=_("移送内容"), max_length=LONG)
    enclosures = LongField(label=_("附件清单"), max_length=1000, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None and not self.is_bound:
            self.initial |= {"content": self.proceeding.content, "enclosures": self.proceeding.enclosures}


class Send(StepForm):
    step = Transfer.send
    recorded = ("letter_no",)
    letter_no = forms.CharField(label=_("发文字号"), max_length=60)


class RecordReceipt(StepForm):
    step = Transfer.record_receipt
    recorded = ("receipt_no",)
    receipt_no = forms.CharField(label=_("回执文号或者接收人"), max_length=60, required=False)


class RecordResult(StepForm):
    step = Transfer.record_result
    recorded = ("outcome", "result_no", "words")
    outcome = forms.ChoiceField(
        label=_("处理结果"),
        choices=[(k, v) for k, v in kinds.get("transfer").outcomes.items() if k != "returned"],
    )  # fmt: skip
    result_no = forms.CharField(label=_("结果文号"), max_length=60, required=False)
    words = LongField(label=_("说明"), max_length=500, required=False, help_text=_("不写举报人。"))


class RecordReturn(StepForm):
    step = Transfer.record_return
    recorded = ("reason",)
    reason = LongField(label=_("退回的理由"), max_length=500)


class Remind(StepForm):
    step = Transfer.remind
    recorded = ("words",)
    words = forms.CharField(label=_("催办方式和答复"), max_length=200)


class RecordRecognition(StepForm):
    step = Transfer.record_recognition
    recorded = ("recognition", "words")
    recognition = forms.ChoiceField(label=_("答复"), choices=Transfer.Recognition.choices)
    words = LongField(label=_("说明"), max_length=500, required=False)


@opens("lead_notice")
class OpenLeadNotice(Named):
    partner = forms.ChoiceField(label=_("通报地区"), choices=LeadNotice.Partner.choices)
    sender = forms.CharField(label=_("通报单位"), max_length=80)
    their_no = forms.CharField(label=_("对方文号"), max_length=60, required=False)
    files = FilesField(label=_("通报材料"), required=False, most=10)


class Accept(StepForm):
    step = LeadNotice.accept


class Report(StepForm):
    step = LeadNotice.report
    recorded = ("outcome",)
    outcome = forms.ChoiceField(
        label=_("结果"),
        choices=[(k, v) for k, v in kinds.get("lead_notice").outcomes.items() if k != "declined"],
    )
    words = LongField(label=_("核查情况"), max_length=2000)
    letter_no = forms.CharField(label=_("发文字号"), max_length=60)


class Decline(StepForm):
    step = LeadNotice.decline
    recorded = ("reason",)
    reason = LongField(label=_("理由"), max_length=500)
