"""Forms of inspections. What was found, and who was present, is never in `recorded`."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Inspection
from adjudication.models.inspecting import COLLECT, DECIDE
from cases.forms import LongField, OfCase, StepForm, TableField, UserField
from cases.models import Party

from .filing import RECORDS, own_column

ITEM = {
    "name": forms.CharField(label=_("名称"), max_length=100),
    "spec": forms.CharField(label=_("规格型号（特征）"), max_length=100, required=False),
    "quantity": forms.CharField(label=_("数量"), max_length=40),
    "price": forms.CharField(label=_("单价"), max_length=40, required=False),
    "place": forms.CharField(label=_("存放（保存）地点"), max_length=100, required=False),
}
LISTED = (Inspection.Kind.SAMPLING, Inspection.Kind.PRESERVATION)
TIME = {"widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M")}


class RecordInspection(StepForm):
    step = Adjudication.record_inspection
    recorded = ("kind",)
    kind = forms.ChoiceField(label=_("种类"), choices=Inspection.Kind.choices)
    starts = forms.TimeField(label=_("开始时间"), **TIME)
    ends = forms.TimeField(label=_("结束时间"), **TIME)
    place = forms.CharField(label=_("地点"), max_length=200)
    officers = TableField(label=_("执法人员（二人以上）"), columns={"user": UserField(label=_("执法人员"))})
    party = OfCase(Party, label=_("被调查的当事人"), required=False)
    present = forms.CharField(
        label=_("被调查人、到场人"), max_length=200, help_text=_("姓名、单位、职务；无人到场的写明情况。")
    )
    items = TableField(label=_("物品"), columns=ITEM, required=False)
    findings = LongField(
        label=_("询问、检查情况"), required=False, max_length=10000, widget=forms.Textarea(attrs={"rows": 8})
    )
    field_order = ("on", "late_reason")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        officer = UserField(label=_("执法人员"), roles=RECORDS)
        officer.narrow(self.today)
        own_column(self, "officers", "user", officer)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        people = [line["user"].pk for line in cleaned.get("officers", [])]
        if "officers" not in self.errors and (len(people) < 2 or len(set(people)) != len(people)):
            text = _("调查取证应当由二名以上执法人员进行，请填写不同的人员。")
            self.add_error("officers", ValidationError(text, code="two_officers"))
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if starts and ends and ends <= starts:
            self.add_error("ends", ValidationError(_("结束时间应当晚于开始时间。"), code="date_order"))
        listed = cleaned.get("kind") in LISTED
        if listed and not cleaned.get("items") and "items" not in self.errors:
            text = _("抽样取证、登记保存应当写明物品的名称、特征、数量和保存地点。")
            self.add_error("items", ValidationError(text, code="required"))
        if cleaned.get("kind") and not listed and not cleaned.get("findings"):
            self.add_error("findings", ValidationError(_("请填写询问、检查的情况。"), code="required"))
        return cleaned


class OfPreservation(StepForm):
    """An act on evidence registered and preserved, while a limit of it (`waits_for`) runs."""

    waits_for: ClassVar[str]
    inspection = OfCase(Inspection, label=_("登记保存"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["inspection"]
        field.label_from_instance = lambda one: f"{one.on:%Y-%m-%d} {one.place}"  # type: ignore[attr-defined]
        if self.proceeding is not None:
            field.queryset = self.proceeding.preservations(self.waits_for)  # type: ignore[attr-defined]


class DecidePreservation(OfPreservation):
    step = Adjudication.decide_preservation
    recorded = ("decision",)
    waits_for = DECIDE
    decision = forms.ChoiceField(label=_("处理"), choices=Inspection.Decision.choices)
    reason = LongField(label=_("理由"), max_length=500)


class CollectReleased(OfPreservation):
    step = Adjudication.collect_released
    waits_for = COLLECT
