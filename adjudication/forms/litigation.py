"""Forms of the lawsuit: sued or not, answered, in court, judged in every instance."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication import answering_suit
from adjudication.models import Adjudication, Judgment, Litigation
from adjudication.models.rows_court import overall
from cases.forms import DayField, LongField, OfCase, StepForm, TableField
from cases.models import Party

from .filing import own_column
from .parties import OfPartyForm

JUDGED = [choice for choice in Judgment.choices if choice[0] != Judgment.WITHDRAWN]
HEAD = {
    "head": forms.CharField(label=_("出庭负责人（姓名、职务）"), max_length=60, required=False),
    "reason": LongField(label=_("负责人不能出庭的理由"), max_length=300, required=False),
    "staff": forms.CharField(
        label=_("代为出庭的工作人员（姓名、职务）"), max_length=200, required=False,
        help_text=_("负责人不能出庭的，应当委托本机关工作人员出庭，不能只由律师出庭。"),
    ),
}  # fmt: skip


# sued or not --------------------------------------------------------------------------------------------------


class RecordSuit(OfPartyForm):
    step = Adjudication.record_suit
    recorded = ("court", "court_case_no")
    party = OfCase(Party, label=_("原告"))
    court = forms.CharField(label=_("受诉法院"), max_length=80)
    court_case_no = forms.CharField(label=_("法院案号"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = _("填本局收到起诉状副本的日期，十五日答辩期自次日起算；不填为今天。")


class RecordNoSuit(StepForm):
    """Every party whose fifteen days are over and who has not sued, at once."""

    step = Adjudication.record_no_suit
    parties = forms.ModelMultipleChoiceField(
        Party.objects.none(), label=_("期满未起诉的当事人"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一方当事人。")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is None:
            return
        running = self.proceeding.deadlines.filter(rule="T-21", met_on__isnull=True, cancelled=False)
        ends = {one.subject.removeprefix("party:"): one.due_on for one in running}
        field = self.fields["parties"]
        field.queryset = self.case.parties.all()  # type: ignore[attr-defined]
        if self.is_bound:
            return
        field.queryset = self.case.parties.filter(pk__in=ends)  # type: ignore[attr-defined]
        field.label_from_instance = lambda one: _("%(name)s（至 %(day)s）") % {  # type: ignore[attr-defined]
            "name": one.name, "day": ends[str(one.pk)],
        }  # fmt: skip
        field.initial = [pk for pk, day in ends.items() if day < self.today]

    def clean_parties(self) -> list[Party]:
        return list(self.cleaned_data["parties"])

    def recorded_data(self) -> dict[str, Any]:
        """The record names the rows, not the persons."""
        return {
            **super().recorded_data(),
            "parties": [f"party:{one.pk}" for one in self.cleaned_data["parties"]],
        }


# answering and appearing ----------------------------------------------------------------------------------------


class Answer(StepForm):
    """What was not made here is explained: nothing is skipped silently."""

    step = Litigation.answer
    recorded = ("reason",)
    reason = LongField(label=_("未在本系统签发应诉材料的原因"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.lacking = answering_suit.missing(self.proceeding) if self.proceeding is not None else []
        said = _("尚未签发：%(names)s。可以先“拟制文书”，或者写明原因。") % {"names": "、".join(self.lacking)}
        self.fields["reason"].help_text = said if self.lacking else _("应诉材料已经签发，不需要填写。")

    def clean_reason(self) -> str:
        reason: str = self.cleaned_data["reason"]
        if self.lacking and not reason:
            raise ValidationError(
                _("尚未签发：%(names)s。请先签发，或者写明原因。") % {"names": "、".join(self.lacking)},
                code="required",
            )
        return reason if self.lacking else ""


class HeadForm(StepForm):
    """负责人出庭: himself, or the reason in writing and staff (行政诉讼法第三条第三款)."""

    asks_head = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        head, reason, staff = (cleaned.get(name) for name in HEAD)
        if head and (reason or staff):
            text = _("负责人出庭的，不填写不能出庭的理由和代为出庭的工作人员。")
            self.add_error("head", ValidationError(text, code="not_asked"))
        elif reason and not staff:
            text = _("负责人不能出庭的，应当委托工作人员出庭，请填写（行政诉讼法第三条第三款）。")
            self.add_error("staff", ValidationError(text, code="required"))
        elif staff and not reason:
            text = _("负责人不能出庭的，应当书面说明理由，请填写（行政诉讼法第三条第三款）。")
            self.add_error("reason", ValidationError(text, code="required"))
        elif self.asks_head and not (head or reason):
            text = _("请填写出庭的负责人，或者不能出庭的理由（行政诉讼法第三条第三款）。")
            self.add_error("head", ValidationError(text, code="required"))
        return cleaned


class NameAgents(HeadForm):
    step = Litigation.name_agents
    asks_head = False
    judge = forms.CharField(label=_("承办法官"), max_length=40, required=False)
    agents = TableField(
        label=_("诉讼代理人（一至二人）"), required=False,
        columns={
            "name": forms.CharField(label=_("姓名"), max_length=30),
            "post": forms.CharField(label=_("单位、职务"), max_length=60),
        },
    )  # fmt: skip
    head, reason, staff = HEAD["head"], HEAD["reason"], HEAD["staff"]

    def clean_agents(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["agents"]
        if len(rows) > 2:
            raise ValidationError(
                _("诉讼代理人为一至二人（行政诉讼法第三十一条），请删去多余的行。"), code="too_many"
            )
        return rows

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not self.errors and not any(cleaned.get(name) for name in ("judge", "agents", "head", "reason")):
            raise ValidationError(_("请至少填写一项。"), code="required")
        return cleaned


class PlanCourtHearing(StepForm):
    step = Litigation.plan_court_hearing
    recorded = ("day", "place")
    day = DayField(label=_("开庭日期"))
    time = forms.TimeField(
        label=_("开庭时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    place = forms.CharField(label=_("地点"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        day, on = cleaned.get("day"), cleaned.get("on")
        if day and on and day < on:
            text = _("开庭日期不能早于收到通知的日期。")
            self.add_error("day", ValidationError(text, code="date_order"))
        return cleaned


class RecordCourtHearing(HeadForm):
    step = Litigation.record_court_hearing
    head, reason, staff = HEAD["head"], HEAD["reason"], HEAD["staff"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        planned = self.proceeding.planned_hearing() if self.proceeding is not None else None
        if planned is not None and not self.is_bound:
            self.initial.update({name: getattr(planned, name) for name in HEAD})


# judged ---------------------------------------------------------------------------------------------------------


class OfJudgment(StepForm):
    """A judgment or ruling of a court; `on` is the day the bureau was served."""

    recorded = ("outcome", "judged_on")
    judged_on = DayField(label=_("裁判日期"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["on"].help_text = _("填本局收到裁判文书的日期；不填为今天。")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        judged, served = cleaned.get("judged_on"), cleaned.get("on")
        if judged and served and judged > served:
            self.add_error(
                "judged_on", ValidationError(_("裁判日期不能晚于收到裁判文书的日期。"), code="date_order")
            )
        before = self.proceeding.judged_on  # of the instance below; none while the first instance judges
        if judged and before and judged < before:
            words = _("二审裁判日期不能早于一审裁判日期 %(day)s。") % {"day": before}
            self.add_error("judged_on", ValidationError(words, code="date_order"))
        return cleaned


class ItemsForm(OfJudgment):
    """What was held of each claim or order; the result as a whole follows from it and is not contradicted."""

    items = TableField(
        label=_("逐项结果（各项结果不同时填写）"), required=False,
        columns={
            "respondent": OfCase(Party, label=_("被请求人"), required=False),
            "claim": forms.CharField(label=_("权利要求或者裁决项"), max_length=60, required=False),
            "outcome": forms.ChoiceField(label=_("结果"), choices=[("", _("请选择")), *JUDGED]),
        },
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.case is not None:
            respondent = OfCase(Party, label=_("被请求人"), required=False)
            respondent.queryset = self.case.parties.filter(role=Party.Role.RESPONDENT)
            own_column(self, "items", "respondent", respondent)

    def clean_items(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["items"]
        if any(not (row["respondent"] or row["claim"]) for row in rows):
            raise ValidationError(_("每行请填写被请求人，或者权利要求、裁决项。"), code="nameless")
        if len({(row["respondent"], row["claim"]) for row in rows}) < len(rows):
            raise ValidationError(_("同一项只登记一行。"), code="twice")
        return rows

    def follow(self, cleaned: dict[str, Any]) -> None:
        """Refuse a result as a whole that the items contradict."""
        found, said = overall(row["outcome"] for row in cleaned.get("items") or []), cleaned.get("outcome")
        if found is not None and said is not None and said != found:
            text = _("与逐项结果不一致：按逐项结果应为“%(found)s”。") % {"found": found.label}
            self.add_error("outcome", ValidationError(text, code="items_contradict"))


class RecordJudgment(ItemsForm):
    step = Litigation.record_judgment
    outcome = forms.ChoiceField(
        label=_("一审结果"), choices=[("", _("请选择，或者填写逐项结果")), *JUDGED], required=False
    )
    form = forms.ChoiceField(label=_("文书"), choices=[("judgment", _("判决书")), ("ruling", _("裁定书"))])
    field_order = ("form", "outcome", "items", "judged_on", "on", "late_reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("outcome"):
            self.follow(cleaned)
        elif items := cleaned.get("items"):
            cleaned["outcome"] = str(overall(row["outcome"] for row in items))
        elif "outcome" in cleaned and "items" in cleaned:
            text = _("请选择一审结果，或者填写逐项结果。")
            self.add_error("outcome", ValidationError(text, code="required"))
        by_ruling = cleaned.get("outcome") == Judgment.DISMISSED_SUIT
        if cleaned.get("outcome") and by_ruling != (cleaned.get("form") == "ruling"):
            text = _("驳回起诉用裁定书，其他结果用判决书；上诉期分别为十日、十五日，请核对文书。")
            self.add_error("form", ValidationError(text, code="form_of_outcome"))
        return cleaned


class Appeal(StepForm):
    step = Litigation.appeal
    recorded = ("appellant",)
    appellant = forms.ChoiceField(label=_("上诉人"), choices=[("party", _("当事人")), ("bureau", _("本局"))])


class RecordSecondJudgment(ItemsForm):
    step = Litigation.record_second_judgment
    outcome = forms.ChoiceField(
        label=_("二审后的结果"), required=False,
        choices=[("", _("驳回上诉，维持原判")), ("appeal_withdrawn", _("准许撤回上诉（含按撤回上诉处理）")), *JUDGED],
        help_text=_("发回重审的，请办理“二审发回重审”。"),
    )  # fmt: skip
    field_order = ("outcome", "items", "judged_on", "on", "late_reason")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "outcome" in cleaned:
            self.follow(cleaned)
        return cleaned


class Remand(OfJudgment):
    step = Litigation.remand
    recorded = ("judged_on", "court_case_no")
    court_case_no = forms.CharField(label=_("重审案号"), max_length=60, required=False)


class Conclude(StepForm):
    step = Litigation.conclude


class WithdrawSuit(StepForm):
    step = Litigation.withdraw_suit
