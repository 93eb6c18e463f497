"""Forms up to filing: correction, the five conditions, the panel, refusal, transfer."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication import earlier, regime
from adjudication.models import Adjudication, Ruling
from adjudication.models.examining import ATTACHMENTS
from cases.forms import DayField, LongField, StepForm, TableField, UserField
from cases.models import Party

from .conflicts import ConflictFields
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


class PanelForm(ConflictFields):
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
        else:
            self.weigh(cleaned, [*panel, *filter(None, [recorder])], "members")
        return cleaned


class AskCorrection(StepForm):
    step = Adjudication.ask_correction
    recorded = ("due_on", "lacking")
    lacking = forms.MultipleChoiceField(
        label=_("缺少的附件"), choices=[(code, words) for code, (words, _defect) in ATTACHMENTS.items()],
        widget=forms.CheckboxSelectMultiple, required=False,
    )  # fmt: skip
    defects = lines(_("其他需要补正的内容（一次性告知全部）"), required=False)
    due_on = DayField(label=_("补正期限"))

    def clean(self) -> dict[str, Any]:
        """What is lacking becomes the first defects of the notice."""
        cleaned = super().clean()
        told = [{"text": str(ATTACHMENTS[code][1])} for code in cleaned.get("lacking") or ()]
        cleaned["defects"] = [*told, *cleaned.get("defects", [])]
        if not cleaned["defects"] and "defects" not in self.errors:
            self.add_error(
                "defects", ValidationError(_("请选择缺少的附件，或者写明需要补正的内容。"), code="required")
            )
        return cleaned

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

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        taken = self.proceeding.taken_over() if self.proceeding is not None else None
        if taken is not None:
            self.initial.setdefault("to", taken.to)


class FindRepeat(StepForm):
    """Rulings to choose from are found by respondent and patent; nothing else can be named."""

    step = Adjudication.find_repeat
    recorded = ("ruling",)
    ruling = forms.ModelChoiceField(
        Ruling.objects.none(), label=_("已经生效的原裁决"), empty_label=_("请选择"),
        help_text=_("列出的是对同一被请求人、同一专利认定侵权成立并已生效的裁决。"),
        error_messages={"invalid_choice": _("该裁决不是对同一被请求人、同一专利作出的生效裁决，请核对。")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            found = earlier.rulings_repeated(self.proceeding, self.by, self.today)
            field = self.fields["ruling"]
            field.queryset = Ruling.objects.filter(pk__in=[one.pk for one in found])  # type: ignore[attr-defined]
            field.label_from_instance = (  # type: ignore[attr-defined]
                lambda one: f"{one.number}（{one.made_on:%Y-%m-%d}，{one.get_outcome_display()}）"
            )
