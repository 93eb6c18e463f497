"""Forms of service: who got which paper, how, with what proof."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Service
from cases.forms import DayField, OfCase, StepForm
from cases.models import Evidence

from .parties import OfPartyForm


def paper_name() -> forms.CharField:
    """What 其他文书 is called on the slip."""
    return forms.CharField(
        label=_("文书名称"),
        max_length=100,
        required=False,
        help_text=_("选“其他文书”的填写，印在送达回证上。"),
    )


def refuse_early_paper(form: StepForm, paper: str) -> None:
    """Neither the ruling before it is signed nor the request before the case is filed is served."""
    if paper == Service.Paper.RULING and form.proceeding.state != "ruled":
        form.add_error("paper", ValidationError(_("本案尚未签发行政裁决书。"), code="no_ruling"))
    if paper == Service.Paper.REQUEST and form.proceeding.state == "received":
        text = _("本案尚未立案，立案后再送达请求书副本和答辩通知书。")
        form.add_error("paper", ValidationError(text, code="not_filed"))


class Serve(OfPartyForm):
    step = Adjudication.serve
    recorded = ("paper", "method", "sent_on", "consented", "no_domicile")
    paper = forms.ChoiceField(label=_("文书"), choices=Service.Paper.choices)
    paper_name = paper_name()
    method = forms.ChoiceField(label=_("送达方式"), choices=Service.Method.choices)
    sent_on = DayField(label=_("发出日期"), required=False)
    consented = forms.BooleanField(
        label=_("受送达人已同意电子送达"),
        required=False,
        help_text=_("以送达地址确认书或者其他书面材料为准。"),
    )
    no_domicile = forms.BooleanField(label=_("被请求人在中国境内没有固定住所"), required=False)
    proof = OfCase(Evidence, label=_("送达回证"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("method") == Service.Method.ELECTRONIC and not cleaned.get("consented"):
            text = _("电子送达须经受送达人同意（%(source)s），请先取得同意或者改用其他方式。")
            text %= {"source": self.proceeding.cite("service")}
            self.add_error("consented", ValidationError(text, code="no_consent"))
        sent, on = cleaned.get("sent_on"), cleaned.get("on")
        if sent and on and sent > on:
            self.add_error("sent_on", ValidationError(_("发出日期不能晚于送达日期。"), code="date_order"))
        refuse_early_paper(self, cleaned.get("paper", ""))
        return cleaned


class MakeOutService(OfPartyForm):
    step = Adjudication.make_out_service
    recorded = ("paper", "method", "no_domicile")
    paper = forms.ChoiceField(label=_("文书"), choices=Service.Paper.choices)
    paper_name = paper_name()
    method = forms.ChoiceField(
        label=_("送达方式"),
        choices=[one for one in Service.Method.choices if one[0] != Service.Method.PUBLIC_NOTICE],
        help_text=_("公告送达不制作送达回证，请直接登记送达。"),
    )
    no_domicile = forms.BooleanField(label=_("被请求人在中国境内没有固定住所"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        refuse_early_paper(self, cleaned.get("paper", ""))
        return cleaned


class ReturnProof(StepForm):
    step = Adjudication.return_proof
    service = OfCase(Service, label=_("送达"), help_text=_("已登记送达、尚未收回送达回证的文书。"))
    proof = OfCase(Evidence, label=_("签收后的送达回证（扫描件）"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        served = field.queryset.filter(proceeding=self.proceeding, served_on__isnull=False)  # type: ignore[attr-defined]
        field.queryset = served.filter(proof__isnull=True)  # type: ignore[attr-defined]

    def recorded_data(self) -> dict[str, Any]:
        """The record names the rows."""
        service, proof = self.cleaned_data.get("service"), self.cleaned_data.get("proof")
        return {
            **super().recorded_data(),
            "service": service.pk if service else None,
            "proof": proof.pk if proof else None,
        }


class CompleteAnnouncement(StepForm):
    step = Adjudication.complete_announcement
    recorded = ("service", "no_domicile")
    service = OfCase(Service, label=_("公告送达的文书"))
    no_domicile = forms.BooleanField(label=_("被请求人在中国境内没有固定住所"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        waiting = field.queryset.filter(proceeding=self.proceeding, method=Service.Method.PUBLIC_NOTICE)  # type: ignore[attr-defined]
        field.queryset = waiting.filter(served_on__isnull=True)  # type: ignore[attr-defined]
