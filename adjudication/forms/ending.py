"""Forms of the end of an adjudication without a ruling, and of its handing to the panel."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Mandate
from adjudication.models.ending import DISMISSALS
from adjudication.models.hearing import nobody_requests
from adjudication.models.mandates import said
from cases.errors import DomainError
from cases.forms import LongField, StepForm
from cases.models import Party

from .filing import lines
from .mandates import ByAgentForm


class Deliberate(StepForm):
    step = Adjudication.deliberate


class CloseMediated(StepForm):
    step = Adjudication.close_mediated
    terms = lines(_("协议内容"), max_length=2000)
    by_agents = forms.ModelMultipleChoiceField(
        Mandate.objects.none(), label=_("由委托代理人签署的，选择代理人"), required=False,
        widget=forms.CheckboxSelectMultiple, help_text=_("代理人和解、调解须有特别授权；当事人本人签署的不选。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["by_agents"]
        field.label_from_instance = lambda one: f"{one}：{said(one.powers)}"  # type: ignore[attr-defined]
        if self.proceeding is not None:
            mandates = Mandate.objects.filter(proceeding=self.proceeding.pk, to_on__isnull=True)
            field.queryset = mandates.select_related("party")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for mandate in cleaned.get("by_agents") or () if cleaned.get("on") else ():
            try:
                self.proceeding.require_power(mandate, "settle", cleaned["on"])
            except DomainError as refusal:
                self.add_error("by_agents", ValidationError(str(refusal), code=refusal.code))
        return cleaned


class Dismiss(ByAgentForm):
    step = Adjudication.dismiss
    recorded = ("ground",)
    power, roles = "withdraw", (Party.Role.APPLICANT.value,)
    ground = forms.ChoiceField(
        label=_("撤销案件的事由"), choices=[(k, words) for k, (words, _article) in DISMISSALS.items()]
    )
    detail = LongField(label=_("具体情况（写入决定书）"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        held = self.proceeding.hearings.filter(held_on__isnull=False).last() if self.proceeding else None
        if held is not None and nobody_requests(self.proceeding, held):
            self.initial.setdefault("ground", "requester_absent")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("ground") == "other" and not cleaned.get("detail"):
            self.add_error("detail", ValidationError(_("请写明具体情况。"), code="required"))
        if cleaned.get("by_agent") and cleaned.get("ground") not in (None, "withdrawn"):
            self.add_error(
                "by_agent",
                ValidationError(_("只有撤回请求由代理人办理时才选择代理人。"), code="no_agent_here"),
            )
        return cleaned
