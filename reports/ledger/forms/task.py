"""Forms of tasks: entered from the plan or by a later decision, moved on, handed to another unit."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField, LongField, StepForm
from cases.matters import OpeningForm, opens
from reports.ledger import presets, reading
from reports.ledger.models import LedgerTask, Plan, TaskUnit
from stations.models import Unit, UnitName

BAD_DEADLINE = _("请写成“2024.5”这样的年月，或者“长期坚持”。")


class DeadlineField(forms.CharField):
    """完成时限 as a plan writes it; cleaned to reading.Deadline."""

    def clean(self, value: Any) -> Any:
        try:
            return reading.deadline(super().clean(value))
        except ValueError:
            raise ValidationError(BAD_DEADLINE, code="bad_deadline") from None


class OfPlan(OpeningForm):
    """What an item of a plan begins with: the plan, its number in it, its words."""

    model: Any = None
    plan = forms.ModelChoiceField(
        Plan.objects.all(), label=_("方案"), required=False, empty_label=_("现行方案")
    )
    item = forms.IntegerField(
        label=_("序号"), required=False, min_value=1, max_value=9999, help_text=_("不填为下一个序号。")
    )
    text = LongField(label=_("内容"), max_length=2000)

    def title(self) -> str:
        return str(self.cleaned_data["text"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        plans = Plan.objects.select_for_update()  # one number at a time
        chosen = cleaned.get("plan")
        found = plans.filter(pk=chosen.pk) if chosen else plans.in_force(self.today).order_by("-pk")
        plan = found.first()
        if plan is None:
            raise ValidationError(_("还没有方案，请先用 import_plan 读入方案文本。"), code="no_plan")
        rows = self.model._default_manager.filter(plan=plan)
        item = cleaned.get("item")
        if item and rows.filter(item=item).exists():
            self.add_error("item", ValidationError(_("该序号已经在台账中。"), code="known_item"))
        cleaned["plan"] = plan
        cleaned["received_on"] = (
            plan.issued_on or self.today
        )  # what was done before it was entered can be dated
        cleaned["item"] = item or (rows.aggregate(last=Max("item"))["last"] or 0) + 1
        return cleaned


@opens("ledger_task")
@opens("ledger_task", told=True)  # by the plan's text
class OpenTask(OfPlan):
    model = LedgerTask
    special = forms.BooleanField(label=_("特色重点任务"), required=False)
    units_text = forms.CharField(label=_("责任单位"), max_length=300, help_text=_("多个单位以顿号分隔。"))
    leaders_text = forms.CharField(label=_("负责人（方案原文）"), required=False, max_length=200)
    deadline = DeadlineField(label=_("完成时限"), max_length=20, help_text=BAD_DEADLINE)

    def clean_units_text(self) -> str:
        names = [one.strip() for one in self.cleaned_data["units_text"].split("、") if one.strip()]
        known = set(UnitName.objects.filter(text__in=names).values_list("text", flat=True))
        if unknown := [name for name in names if name not in known]:
            words = _("没有登记的单位：%(names)s。请先在“责任单位”中登记。") % {"names": "、".join(unknown)}
            raise ValidationError(words, code="unknown_unit")
        return "、".join(dict.fromkeys(names))

    def columns(self) -> dict[str, Any]:
        said = dict(self.cleaned_data)
        until = said.pop("deadline")
        return {**said, **_columns_of(until), "project": presets.task(said["item"]).project}


def _columns_of(until: reading.Deadline) -> dict[str, Any]:
    return {
        "deadline_text": until.text, "deadline_on": until.on, "deadline_always": until.always,
        "deadline_doubtful": until.doubtful,
    }  # fmt: skip


class StartTask(StepForm):
    step = LedgerTask.start


class AskMeaning(StepForm):
    step = LedgerTask.ask_meaning
    recorded = ("question",)
    question = LongField(label=_("需要明确的内容"), max_length=500)


class SettleTask(StepForm):
    step = LedgerTask.settle
    recorded = ("answer", "document", "deadline_on")
    answer = LongField(label=_("明确的内容"), max_length=500)
    document = forms.CharField(label=_("依据"), max_length=120)
    deadline_on = DayField(
        label=_("完成时限"), required=False, help_text=_("方案时限不明确的，填写核实后的日期。")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        row: Any = self.proceeding
        if row is not None and row.deadline_doubtful and not cleaned.get("deadline_on"):
            words = _("方案时限“%(text)s”需核实，请填写核实后的完成时限。") % {"text": row.deadline_text}
            self.add_error("deadline_on", ValidationError(words, code="required"))
        return cleaned


class KeepOn(StepForm):
    step = LedgerTask.keep_on
    recorded = ("reason",)
    reason = forms.CharField(label=_("理由"), max_length=200)


class CompleteTask(StepForm):
    step = LedgerTask.complete
    recorded = ("summary",)
    summary = LongField(label=_("完成情况"), max_length=1000, help_text=_("写明成果和佐证，供领导确认。"))


class ReopenTask(StepForm):
    step = LedgerTask.reopen
    recorded = ("reason",)
    reason = forms.CharField(label=_("理由"), max_length=200)


class HandToUnit(StepForm):
    step = LedgerTask.hand_to_unit
    dated = False
    task_unit = forms.ModelChoiceField(
        TaskUnit.objects.none(), label=_("原责任单位"), empty_label=_("请选择")
    )
    unit = forms.ModelChoiceField(
        Unit.objects.filter(names__isnull=False).distinct(), label=_("现责任单位"), empty_label=_("请选择")
    )
    since = DayField(label=_("自何日起"))
    document = forms.CharField(label=_("依据"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            field: Any = self.fields["task_unit"]
            field.queryset = self.proceeding.units_on(self.today)  # type: ignore[attr-defined]
            field.label_from_instance = lambda row: str(row.name)

    def clean_since(self) -> date:
        since: date = self.cleaned_data["since"]
        if since > self.today:
            raise ValidationError(_("变更日期不能晚于今天。"), code="in_future")
        return since


class Restate(StepForm):
    step = LedgerTask.restate
    dated = False
    text = LongField(label=_("任务内容"), max_length=2000)
    leaders_text = forms.CharField(label=_("负责人（方案原文）"), required=False, max_length=200)
    deadline = DeadlineField(label=_("完成时限"), max_length=20, help_text=BAD_DEADLINE)
    document = forms.CharField(label=_("依据"), max_length=120)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        row: Any = self.proceeding
        if row is not None:
            self.initial |= {
                "text": row.text, "leaders_text": row.leaders_text, "deadline": row.deadline_text,
            }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        return cleaned | _columns_of(cleaned["deadline"]) if cleaned.get("deadline") else cleaned


class MarkTask(StepForm):
    step = LedgerTask.mark
    dated = False
    recorded = ("project", "showcase")
    project = forms.ChoiceField(
        label=_("重点工程"), required=False, choices=[("", "—"), *LedgerTask.Project.choices]
    )
    showcase = forms.BooleanField(label=_("标志性成果"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        row: Any = self.proceeding
        if row is not None:
            self.initial |= {"project": row.project, "showcase": row.showcase}
