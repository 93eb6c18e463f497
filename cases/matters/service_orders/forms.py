"""Forms of 订单+专家."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases import kinds
from cases.forms import DayField, LongField, StepForm
from cases.matters import FilesField, opens
from cases.matters.places import Named
from cases.models import ServiceOrder
from stations.models import Appointment, Enterprise, Person


class Agreed(forms.Form):
    """The day on which delivery was agreed."""

    agreed_on = DayField(label=_("约定交付日期"))

    def clean_agreed_on(self) -> date:
        day: date = self.cleaned_data["agreed_on"]
        if day < self.today:  # type: ignore[attr-defined]
            raise ValidationError(_("约定交付日期不能早于今天。"), code="in_past")
        return day


@opens("service_order")
class OpenOrder(Agreed, Named):
    subject = forms.CharField(label=_("需求"), max_length=120)
    what = forms.ChoiceField(label=_("订单类型"), choices=ServiceOrder.What.choices)
    client = forms.CharField(label=_("下单单位"), max_length=120)
    enterprise = forms.ModelChoiceField(
        Enterprise.objects.all(),
        label=_("名册中的企业"),
        required=False,
        empty_label="—",
        to_field_name="credit_code",
    )
    need = LongField(label=_("需求说明"), max_length=3000)
    files = FilesField(label=_("材料"), required=False)
    field_order = ("subject", "what", "client", "enterprise", "need", "agreed_on", "files")


class NameTeam(StepForm):
    step = ServiceOrder.name_team
    recorded = ("names",)
    experts = forms.ModelMultipleChoiceField(
        Person.objects.none(), label=_("专家"), widget=forms.CheckboxSelectMultiple
    )
    lead = forms.ModelChoiceField(Person.objects.none(), label=_("牵头人"), empty_label=_("请选择"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        appointed = Appointment.objects.in_force(self.today)
        people = Person.objects.filter(pk__in=appointed.values("person"))
        for name in ("experts", "lead"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        chosen, lead = cleaned.get("experts"), cleaned.get("lead")
        if chosen is not None and lead is not None and lead not in chosen:
            self.add_error("lead", ValidationError(_("牵头人应当是所选专家之一。"), code="not_chosen"))
        cleaned["names"] = "、".join(person.name for person in chosen or ())
        return cleaned


class Decline(StepForm):
    step = ServiceOrder.decline
    recorded = ("reason",)
    reason = LongField(label=_("理由和指引"), max_length=500)


class Deliver(StepForm):
    step = ServiceOrder.deliver
    deliverable = LongField(
        label=_("交付成果"), max_length=3000, help_text=_("成果名称和要点；文件在“添加材料”中上传。")
    )


class Rework(Agreed, StepForm):
    step = ServiceOrder.rework
    recorded = ("agreed_on", "reason")
    reason = LongField(label=_("需要补充的内容"), max_length=500)


class AcceptWork(StepForm):
    step = ServiceOrder.accept_work
    recorded = ("outcome",)
    outcome = forms.ChoiceField(
        label=_("评价"),
        choices=[(k, v) for k, v in kinds.get("service_order").outcomes.items() if k != "declined"],
    )
    words = LongField(label=_("意见"), max_length=1000, required=False)
