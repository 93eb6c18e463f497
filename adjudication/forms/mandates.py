"""Forms of who acts for a party: mandate given, mandate ended; and the field of acts done by an agent."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Mandate
from adjudication.models.mandates import GENERAL, POWERS, names_of, said
from cases.errors import DomainError
from cases.forms import DayField, Evidence, OfCase, StepForm
from cases.models import Party

from .conflicts import ConflictFields
from .parties import OfPartyForm


class RecordMandate(ConflictFields, OfPartyForm):
    step = Adjudication.record_mandate
    recorded = ("powers", "from_on")
    party = OfCase(Party, label=_("委托人"))
    name = forms.CharField(label=_("委托代理人"), max_length=40)
    firm = forms.CharField(label=_("工作单位"), max_length=100, required=False)
    licence_no = forms.CharField(label=_("执业证号（律师、专利代理师）"), max_length=40, required=False)
    phone = forms.CharField(label=_("联系电话"), max_length=40, required=False)
    powers = forms.MultipleChoiceField(
        label=_("授权委托书写明的权限"),
        choices=list(POWERS.items()),
        widget=forms.CheckboxSelectMultiple,
        initial=list(GENERAL),
        help_text=_("只写“全权代理”“特别授权”而没有写明具体事项的，不选特别授权各项。"),
    )
    from_on = DayField(label=_("委托自何日起"), required=False, help_text=_("不填为办理日期。"))
    proof = OfCase(Evidence, label=_("授权委托书扫描件"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        since, on = cleaned.get("from_on"), cleaned.get("on")
        if since and on and since > on:
            self.add_error(
                "from_on", ValidationError(_("委托尚未开始，请在开始之日登记。"), code="in_future")
            )
        if not self.errors:
            agent = Mandate(party=cleaned["party"], name=cleaned["name"], firm=cleaned["firm"])
            self.weigh_new(cleaned, names_of(agent), "name")
        return cleaned


class OfMandate(StepForm):
    """Base of what names one agent of the case; whoever reads the page sees for whom he acts."""

    field: ClassVar[str] = "mandate"
    roles: ClassVar[tuple[str, ...]] = tuple(Party.Role.values)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields[self.field]
        field.label_from_instance = lambda one: f"{one}：{said(one.powers)}"  # type: ignore[attr-defined]
        if self.proceeding is not None:
            field.queryset = Mandate.objects.filter(  # type: ignore[attr-defined]
                proceeding=self.proceeding.pk, party__role__in=self.roles
            ).select_related("party")

    def recorded_data(self) -> dict[str, Any]:
        """The record names the row, not the person."""
        mandate = self.cleaned_data.get(self.field)
        return {**super().recorded_data(), self.field: f"mandate:{mandate.pk}" if mandate else None}


class EndMandate(OfMandate):
    step = Adjudication.end_mandate
    mandate = OfCase(Mandate, label=_("委托"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["mandate"]
        field.queryset = field.queryset.filter(to_on__isnull=True)  # type: ignore[attr-defined]


class ByAgentForm(OfMandate):
    """Base of what an agent may do for a party only with an express power: his powers are tested with the form.

    `power` is one of adjudication/models/mandates.py; `roles` says whose agents may do it.
    """

    field = "by_agent"
    power: ClassVar[str]
    by_agent = OfCase(
        Mandate,
        label=_("由委托代理人办理的，选择代理人"),
        required=False,
        help_text=_("当事人本人办理的不填。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        on = cleaned.get("on")
        if on is not None:
            try:
                self.proceeding.require_power(cleaned.get("by_agent"), self.power, on)
            except DomainError as refusal:
                self.add_error("by_agent", ValidationError(str(refusal), code=refusal.code))
        return cleaned
