"""Forms up to filing: correction, the five conditions, the panel, refusal, transfer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication import regime
from adjudication.models import Adjudication
from cases.forms import DayField, LongField, StepForm, TableField, UserField
from cases.models import Party

from .mandates import ByAgentForm

SITS, RECORDS = (
    ("adjudicator",),
    ("recorder", "adjudicator"),
)  # who may sit on a panel, who may keep its record


def lines(label: Any, *, max_length: int = 300, required: bool = True) -> TableField:
    """Numbered lines of text, as a list of one-column rows."""
    column = forms.CharField(label=_("内容"), max_length=max_length, widget=forms.Textarea(attrs={"rows": 2}))
    return TableField(label=label, columns={"text": column}, required=required)


def own_column(form: StepForm, table: str, name: str, column: forms.Field) -> None:
    """Give one form's table a column of its own; those of the class are shared by every request."""
    field = form.fields[table]
    field.columns = {**field.columns, name: column}  # type: ignore[attr-defined]
    field.widget.columns = field.columns  # type: ignore[attr-defined]


class PanelForm(StepForm):
    """合议组: a leader and an even number of members, three or more in all, and a recorder (办法第二十条)."""

    leader = UserField(label=_("合议组组长"), roles=SITS)
    members = TableField(label=_("合议组成员"), columns={"user": UserField(label=_("成员"))})
    recorder = UserField(label=_("书记员"), roles=RECORDS)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        member = UserField(label=_("成员"), roles=SITS)
        member.narrow(self.today)
        own_column(self, "members", "user", member)

    def recorded_data(self) -> dict[str, Any]:
        names = [row["user"].username for row in self.cleaned_data["members"]]
        return {**super().recorded_data(), "panel": [self.cleaned_data["leader"].username, *names]}

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        leader, recorder = cleaned.get("leader"), cleaned.get("recorder")
        members = [row["user"] for row in cleaned.get("members", [])]
        if leader is None or not members:
            return cleaned
        panel = [leader, *members]
        if len(set(panel)) != len(panel) or recorder in panel:
            self.add_error(
                "members", ValidationError(_("同一人不能重复任职，请核对合议组和书记员。"), code="twice")
            )
        elif len(panel) < 3 or len(panel) % 2 == 0:
            source = regime.cite("panel", cleaned.get("on") or self.today)
            text = _("合议组应由三人以上单数组成（%(source)s），现为 %(n)s 人。") % {
                "source": source,
                "n": len(panel),
            }
            self.add_error("members", ValidationError(text, code="not_odd"))
        return cleaned


class AskCorrection(StepForm):
    step = Adjudication.ask_correction
    recorded = ("due_on",)
    defects = lines(_("需要补正的内容（一次性告知全部）"))
    due_on = DayField(label=_("补正期限"))

    def clean_due_on(self) -> Any:
        due = self.cleaned_data["due_on"]
        if due <= self.today:
            raise ValidationError(_("补正期限应当晚于今天，给当事人留出时间。"), code="due_past")
        return due


class ReceiveCorrection(StepForm):
    step = Adjudication.receive_correction


class ExtendFiling(StepForm):
    step = Adjudication.extend_filing
    recorded = ("amount", "reason")
    amount = forms.IntegerField(label=_("延长工作日"), min_value=1, initial=5)
    reason = LongField(label=_("理由（案情特别复杂或者有其他特殊情况）"), max_length=500)


CONDITIONS = {
    "interested": (_("请求人是专利权人或者利害关系人"), _("请求人不是专利权人或者利害关系人的，不予立案")),
    "definite_respondent": (_("有明确的被请求人"), _("没有明确被请求人的，不予立案")),
    "definite_claims": (
        _("有明确的请求事项和具体事实、理由"),
        _("请求事项、事实、理由不明确的，请先通知补正"),
    ),
    "competent": (_("属于本部门受案和管辖范围"), _("不属于本部门受案和管辖范围的，不予立案或者移送")),
    "not_elsewhere": (_("当事人没有起诉，也没有约定其他纠纷解决方式"), _("已起诉或者另有约定的，不予立案")),
}


class File(PanelForm):
    step = Adjudication.file
    recorded = ("handler", "claim_count", "claims_relied")
    interested = forms.BooleanField(label=CONDITIONS["interested"][0], required=False)
    definite_respondent = forms.BooleanField(label=CONDITIONS["definite_respondent"][0], required=False)
    definite_claims = forms.BooleanField(label=CONDITIONS["definite_claims"][0], required=False)
    competent = forms.BooleanField(label=CONDITIONS["competent"][0], required=False)
    not_elsewhere = forms.BooleanField(label=CONDITIONS["not_elsewhere"][0], required=False)
    claim_count = forms.IntegerField(
        label=_("权利要求项数"), min_value=1, max_value=999, required=False, help_text=_("外观设计专利不填。")
    )
    claims_relied = forms.CharField(
        label=_("作为依据的权利要求"),
        max_length=200,
        required=False,
        help_text=_("两项以上的必填，如“权利要求1、3”。"),
    )
    handler = UserField(label=_("承办人"), required=False, roles=SITS)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        filed = cleaned.get("on") or self.today
        source = regime.cite("conditions", filed)
        for name, (_label, consequence) in CONDITIONS.items():
            if not cleaned.get(name):
                self.add_error(name, ValidationError(f"{consequence}（{source}）。", code="condition"))
        if self.case.handled_elsewhere:
            text: Any = _("登记时写明已起诉、仲裁或由其他机关处理，请核实后更正案件信息，或者不予立案。")
            self.add_error("not_elsewhere", ValidationError(text, code="elsewhere"))
        many = (cleaned.get("claim_count") or 0) >= 2
        if many and regime.is_new(filed) and not cleaned.get("claims_relied"):
            text = _("专利有两项以上权利要求，请写明作为依据的权利要求（%(source)s）。") % {
                "source": regime.cite("claims", filed)
            }
            self.add_error("claims_relied", ValidationError(text, code="claims"))
        return cleaned


class ChangePanel(PanelForm):
    step = Adjudication.change_panel
    recorded = ("reason",)
    reason = LongField(label=_("变更原因"), max_length=300)


class Refuse(StepForm):
    step = Adjudication.refuse
    reasons = lines(_("不予立案的理由"))


class WithdrawBefore(ByAgentForm):
    step = Adjudication.withdraw_before
    recorded = ("reason",)
    power, roles = "withdraw", (Party.Role.APPLICANT,)
    reason = LongField(label=_("撤回原因"), max_length=300)


class Transfer(StepForm):
    step = Adjudication.transfer
    recorded = ("to", "letter_no", "reason")
    to = forms.CharField(label=_("移送机关"), max_length=100)
    letter_no = forms.CharField(label=_("发文字号"), max_length=60)
    office = forms.CharField(label=_("印发机构"), max_length=100)
    reason = LongField(label=_("移送理由"), max_length=500)
    attachments = lines(_("附件"), required=False)
