"""Forms of parties added: asked for, decided with what is known of the new party (never in `recorded`)."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Addition, Adjudication
from cases.conflicts import names_of
from cases.forms import LongField, OfCase, StepForm
from cases.identifiers import check_id_number, check_phone
from cases.models import Party

from .conflicts import ConflictFields

ROLES = [(Party.Role.RESPONDENT.value, _("被请求人")), (Party.Role.THIRD.value, _("第三人"))]


class AskAddition(StepForm):
    step = Adjudication.ask_addition
    recorded = ("role",)
    role = forms.ChoiceField(label=_("追加为"), choices=ROLES)
    name = forms.CharField(label=_("被追加人的姓名或者名称"), max_length=120)
    asked_by = OfCase(Party, label=_("提出人"), required=False, help_text=_("被追加人自己请求参加的不填。"))
    reason = LongField(label=_("理由"), max_length=500)

    def recorded_data(self) -> dict[str, Any]:
        """The record names the row, not the person."""
        party = self.cleaned_data.get("asked_by")
        return {**super().recorded_data(), "asked_by": f"party:{party.pk}" if party else None}


class DecideAddition(ConflictFields):
    step = Adjudication.decide_addition
    recorded = ("granted",)
    shown_if = dict.fromkeys(("kind", "legal_representative", "id_number", "phone", "address"), "granted=yes")
    addition = OfCase(Addition, label=_("追加请求"))
    granted = forms.TypedChoiceField(
        label=_("是否准许追加"),
        choices=[("yes", _("准许追加")), ("no", _("不予追加"))],
        coerce=lambda value: value == "yes",
    )
    reason = LongField(label=_("理由"), max_length=500)
    kind = forms.ChoiceField(
        label=_("被追加人类型"), choices=Party.Kind.choices, initial=Party.Kind.LEGAL, required=False
    )
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=40, required=False)
    id_number = forms.CharField(label=_("证件号"), max_length=30, required=False)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    address = forms.CharField(
        label=_("地址"), max_length=200, required=False, help_text=_("准许追加的必填，向其送达请求书副本。")
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["addition"]
        roles = dict(ROLES)
        field.label_from_instance = lambda one: f"{roles.get(one.role, one.role)} {one.name}"  # type: ignore[attr-defined]
        if self.proceeding is not None:
            field.queryset = self.proceeding.additions.filter(decided_on__isnull=True)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["kind"] = cleaned.get("kind") or Party.Kind.LEGAL
        if cleaned.get("granted") and not cleaned.get("address"):
            text = _("请填写被追加人的地址，以便送达。")
            self.add_error("address", ValidationError(text, code="required"))
        number, phone = cleaned.get("id_number"), cleaned.get("phone")
        for name, answer in (
            ("id_number", check_id_number(number, cleaned["kind"]) if number else None),
            ("phone", check_phone(phone) if phone else None),
        ):
            if answer is not None and answer.level == "error":
                self.add_error(name, ValidationError(answer.message, code="identifier"))
        if cleaned.get("granted") and not self.errors:
            asked: Addition = cleaned["addition"]
            party = Party(
                role=asked.role, name=asked.name, legal_representative=cleaned["legal_representative"]
            )
            party.refresh_keys()
            self.weigh_new(cleaned, names_of(party), "addition")
        return cleaned
