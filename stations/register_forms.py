"""Forms of the registers: stations, people, enterprises and what hangs on them. Rows end by a date, none is deleted.

A row two people may edit carries its revision, which comes back with the form: the second one is told, nothing is lost.
"""

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from . import changes
from .models import (
    Appointment,
    Duty,
    Enterprise,
    EnterpriseContact,
    InsurancePolicy,
    Pairing,
    Partner,
    Person,
    Pilot,
    PilotReview,
    ServiceHours,
    Staff,
    Station,
    Training,
    holds,
)


class RowForm(forms.ModelForm):
    """One row of a register. Dates have a picker; an end is not before its begin."""

    def __init__(self, *args: Any, today: date, **kwargs: Any):
        self.today = today
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.DateField):
                field.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            if isinstance(field, forms.ModelChoiceField) and not isinstance(
                field, forms.ModelMultipleChoiceField
            ):
                field.empty_label = _("请选择") if field.required else "—"
            elif isinstance(field, forms.TypedChoiceField) and field.choices and field.choices[0][0] == "":
                field.choices = [("", _("请选择") if field.required else "—"), *field.choices[1:]]
        if hasattr(self.instance, "revision"):
            self.fields["revision"] = forms.IntegerField(
                widget=forms.HiddenInput, required=False, initial=self.instance.revision
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for begin, end in (("valid_from", "valid_to"), ("opened_on", "closed_on"), ("begins_on", "ends_on")):
            if data.get(begin) and data.get(end) and data[end] < data[begin]:
                self.add_error(end, ValidationError(_("不能早于开始的日期，请核对。"), code="date_order"))
        return data

    def keep(self) -> bool:
        """Save and say that figures changed; False where somebody else saved the row meanwhile."""
        with transaction.atomic():
            if self.instance.pk and hasattr(self.instance, "revision") and not self._take_turn():
                text = _("此记录刚被他人修改。您填写的内容仍在下方，请打开原记录核对后再保存。")
                self.add_error(None, ValidationError(text, code="changed"))
                return False
            self._date_the_end()
            self.save()
            changes.say()
        return True

    def _take_turn(self) -> bool:
        """Raise the revision if it is still the one the form was made from; of two at once only one passes."""
        seen = self.cleaned_data.get("revision") or 0
        rows: models.Manager[Any] = type(self.instance)._default_manager
        self.instance.revision = seen + 1
        return bool(rows.filter(pk=self.instance.pk, revision=seen).update(revision=seen + 1))

    def _date_the_end(self) -> None:
        if "valid_to" in self.changed_data and hasattr(self.instance, "end_known_on"):
            self.instance.end_known_on = self.today


class StationForm(RowForm):
    """A station; closing it is a date, and it stays in the list."""

    class Meta:
        model = Station
        fields = (
            "code", "name", "kind", "area", "serves", "tag", "address", "postcode", "phone", "contact", "hours",
            "timezone", "opened_on", "closed_on",
        )  # fmt: skip
        widgets = {"serves": forms.CheckboxSelectMultiple}

    def clean_timezone(self) -> str:
        name: str = self.cleaned_data["timezone"]
        if name not in available_timezones():
            raise ValidationError(
                _("没有这个时区，请写成 Asia/Shanghai、Europe/Berlin 这样的名称。"), code="timezone"
            )
        return name


class StaffForm(RowForm):
    class Meta:
        model = Staff
        fields = ("person", "duty", "valid_from", "valid_to")


class DutyForm(RowForm):
    """Only whoever has a post at the station on that day stands on its roster."""

    class Meta:
        model = Duty
        fields = ("person", "on", "shift")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        posts = Staff.objects.filter(station=self.instance.station_id)
        self.fields["person"].queryset = Person.objects.filter(pk__in=posts.values("person"))  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        person, on = data.get("person"), data.get("on")
        if person and on:
            posts = Staff.objects.filter(holds(on), station=self.instance.station_id, person=person)
            if not posts.exists():
                text = _("该人员当天不在本站任职，请先登记任职期间或者改选日期。")
                self.add_error("on", ValidationError(text, code="no_post"))
            same = Duty.objects.filter(
                station=self.instance.station_id, person=person, on=on, shift=data.get("shift")
            )
            if same.exists():
                self.add_error("on", ValidationError(_("该班次已经排了此人。"), code="twice"))
        return data


class PersonForm(RowForm):
    """No number of an identity card, no private telephone: neither is asked for."""

    class Meta:
        model = Person
        fields = ("name", "unit", "title", "area")

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        same = Person.objects.filter(name=data.get("name"), unit=data.get("unit") or "").exclude(
            pk=self.instance.pk
        )
        if same.exists():
            text = _("同一单位已有同名人员，请在原记录上增加聘任；确为两人的，请在单位中写明部门。")
            self.add_error("name", ValidationError(text, code="twice"))
        return data


class AppointmentForm(RowForm):
    class Meta:
        model = Appointment
        fields = (
            "kind", "field", "languages", "grade", "licence", "body", "document", "valid_from", "valid_to", "vetting",
            "vetted_on", "listed",
        )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        decided = data.get("vetting") in (Appointment.Vetting.PASSED, Appointment.Vetting.REFUSED)
        if decided and not data.get("vetted_on"):
            self.add_error("vetted_on", ValidationError(_("请填写作出审查结论的日期。"), code="required"))
        return data


class TrainingForm(RowForm):
    class Meta:
        model = Training
        fields = ("on", "subject", "hours")


class ServiceForm(RowForm):
    class Meta:
        model = ServiceHours
        fields = ("on", "what", "hours", "station")


class EnterpriseForm(RowForm):
    class Meta:
        model = Enterprise
        fields = ("name", "credit_code", "area", "industry", "is_private", "is_key", "exports_to")


class ContactForm(RowForm):
    class Meta:
        model = EnterpriseContact
        fields = ("name", "post", "office_phone")


class PairingForm(RowForm):
    """A new commissioner follows the old one: two at a time would leave nobody answering."""

    class Meta:
        model = Pairing
        fields = ("commissioner", "valid_from", "valid_to")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        appointed = Appointment.objects.in_force(self.today).filter(kind=Appointment.Kind.COMMISSIONER)
        self.fields["commissioner"].queryset = appointed.select_related("person")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean()
        if begin := data.get("valid_from"):
            others = Pairing.objects.filter(enterprise=self.instance.enterprise_id).exclude(
                pk=self.instance.pk
            )
            others = others.filter(models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=begin))
            if end := data.get("valid_to"):
                others = others.filter(valid_from__lte=end)
            if others.exists():
                text = _("该期间已有保护专员，请先结束原结对。")
                self.add_error("valid_from", ValidationError(text, code="twice"))
        return data


class PilotForm(RowForm):
    class Meta:
        model = Pilot
        fields = ("countries", "document", "valid_from", "valid_to")


class ReviewForm(RowForm):
    """The review of a year of the enterprise's pilot."""

    class Meta:
        model = PilotReview
        fields = ("pilot", "year", "on", "result")


class InsuranceForm(RowForm):
    class Meta:
        model = InsurancePolicy
        fields = ("product", "insurer", "insured", "valid_from", "valid_to", "claims", "paid")


class PartnerForm(RowForm):
    class Meta:
        model = Partner
        fields = ("kind", "name", "region", "office_phone", "agreement", "valid_from", "valid_to")
