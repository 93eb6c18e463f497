"""Forms of responsible units: reference data, no steps."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField
from stations.models import Unit, UnitContact, UnitName


class NewUnitForm(forms.Form):
    name = forms.CharField(label=_("名称"), max_length=80)
    kind = forms.ChoiceField(label=_("类别"), choices=Unit.Kind.choices)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"].strip()
        if UnitName.objects.filter(text=name).exists():
            raise ValidationError(_("该名称已经登记。"), code="known")
        return name


class UnitForm(forms.ModelForm):
    valid_from = DayField(label=_("设立日期"))
    valid_to = DayField(label=_("终止日期"), required=False)

    class Meta:
        model = Unit
        fields = ["kind", "valid_from", "valid_to", "successor"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        field: Any = self.fields["successor"]
        field.queryset = Unit.objects.filter(names__isnull=False).exclude(pk=self.instance.pk).distinct()
        field.help_text = _("职能由谁承继。任务是否改由它负责，在任务页逐项“变更责任单位”。")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        start, end = cleaned.get("valid_from"), cleaned.get("valid_to")
        if start and end and end < start:
            self.add_error("valid_to", ValidationError(_("终止日期不能早于设立日期。"), code="date_order"))
        return cleaned


class ContactForm(forms.ModelForm):
    valid_from = DayField(label=_("自何日起"))

    class Meta:
        model = UnitContact
        fields = ["duty", "name", "title", "phone", "valid_from"]

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})


class JoinForm(forms.Form):
    """This unit's names are another's."""

    into = forms.ModelChoiceField(Unit.objects.none(), label=_("并入"), empty_label=_("请选择"))

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any):
        super().__init__(*args, **{"label_suffix": "", **kwargs})
        others: Any = self.fields["into"]
        others.queryset = Unit.objects.filter(names__isnull=False).exclude(pk=unit.pk).distinct()
