"""Forms of 通报 and 约谈."""

import re
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField, LongField, StepForm
from cases.matters import OpeningForm, opens
from reports.ledger.models import LedgerNotice, LedgerTask, Plan
from stations.models import Unit

LONG = 3000


def _not_past(day: date, today: date) -> date:
    if day < today:
        raise ValidationError(_("回复期限不能早于今天。"), code="in_past")
    return day


@opens("ledger_notice")
class OpenNotice(OpeningForm):
    form = forms.ChoiceField(label=_("形式"), choices=LedgerNotice.Form.choices)
    unit = forms.ModelChoiceField(
        Unit.objects.filter(names__isnull=False).distinct(), label=_("责任单位"), empty_label=_("请选择")
    )
    items = forms.CharField(
        label=_("所涉任务序号"), max_length=300, help_text=_("多项以顿号分隔，例如：5、9。")
    )
    problems = LongField(label=_("存在问题"), max_length=LONG)
    demand = LongField(label=_("工作要求"), max_length=LONG)
    reply_by = DayField(label=_("回复期限"))

    def clean_items(self) -> str:
        numbers = [int(one) for one in re.findall(r"\d{1,4}", self.cleaned_data["items"])]
        plan = Plan.objects.in_force(self.today).order_by("-pk").first()
        known = set(LedgerTask.objects.filter(plan=plan, item__in=numbers).values_list("item", flat=True))
        if not numbers or known != set(numbers):
            raise ValidationError(_("台账中没有这些序号的任务，请核对。"), code="unknown_items")
        return "、".join(map(str, sorted(known)))

    def clean_reply_by(self) -> date:
        return _not_past(self.cleaned_data["reply_by"], self.today)

    def title(self) -> str:
        form, unit = LedgerNotice.Form(self.cleaned_data["form"]), self.cleaned_data["unit"]
        words = _("关于%(unit)s承担的示范区建设任务推进情况的%(form)s")
        return str(
            words
            % {"unit": unit, "form": form.label if form == LedgerNotice.Form.CIRCULAR else _("约谈通知")}
        )

    def columns(self) -> dict[str, Any]:
        return {**self.cleaned_data, "title": self.title()}


class EditDraft(StepForm):
    step = LedgerNotice.edit_draft
    dated = False
    problems = LongField(label=_("存在问题"), max_length=LONG)
    demand = LongField(label=_("工作要求"), max_length=LONG)
    reply_by = DayField(label=_("回复期限"))
    revision = forms.IntegerField(label=_("修订号"), required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        row: Any = self.proceeding
        if row is not None:
            self.initial |= {
                name: getattr(row, name) for name in ("problems", "demand", "reply_by", "revision")
            }

    def clean_reply_by(self) -> date:
        return _not_past(self.cleaned_data["reply_by"], self.today)


class SignNotice(StepForm):
    step = LedgerNotice.sign
    recorded = ("letter_no",)
    letter_no = forms.CharField(label=_("发文字号"), max_length=60)


class ServeNotice(StepForm):
    step = LedgerNotice.serve
    recorded = ("how", "receiver")
    how = forms.ChoiceField(
        label=_("送达方式"),
        choices=[("official", _("公文交换")), ("direct", _("直接送达")), ("system", _("办公系统"))],
    )
    receiver = forms.CharField(label=_("签收人"), max_length=40)


class RecordReply(StepForm):
    step = LedgerNotice.record_reply
    reply = LongField(label=_("回复内容"), max_length=LONG, help_text=_("回复原件在本页“添加材料”上传。"))


class RecordTalk(StepForm):
    step = LedgerNotice.record_talk
    attended = forms.CharField(label=_("参加人"), max_length=200)
    talk = LongField(label=_("约谈记录"), max_length=LONG)


class CloseNotice(StepForm):
    step = LedgerNotice.close
    recorded = ("result",)
    result = LongField(label=_("办结意见"), max_length=500)
