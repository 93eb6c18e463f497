"""Forms of service: where a party wants its papers, who got which paper, how, with what proof.

Addresses and the names of who took a paper in are never in `recorded`.
"""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Service
from adjudication.models.service import ELECTRONIC_WAYS
from cases.forms import DayField, OfCase, StepForm
from cases.identifiers import check_phone
from cases.models import Evidence, Party

from .parties import OfPartyForm

IN_PERSON = (Service.Method.POST, Service.Method.DIRECT, Service.Method.OTHER)  # somebody else may take it in
ALONE = (Service.Method.LEFT,)  # needs a witness each time


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


def refuse_nameless(form: StepForm, cleaned: dict[str, Any]) -> None:
    """The slip must say which paper was handed over."""
    if cleaned.get("paper") == Service.Paper.OTHER and not cleaned.get("paper_name"):
        form.add_error("paper_name", ValidationError(_("请填写文书名称，印在送达回证上。"), code="required"))


def refuse_way(form: StepForm, paper: str, method: str) -> None:
    """A mediation document takes effect when its party signs for it: it cannot be left at the door."""
    if paper == Service.Paper.MEDIATED and method == Service.Method.LEFT:
        text = _("调解协议书应当由当事人签收，不适用留置送达，请改用其他方式。")
        form.add_error("method", ValidationError(text, code="left_mediation"))


def not_agreed(form: StepForm, cleaned: dict[str, Any], parties: list[Party]) -> list[Party]:
    """Those of these parties to whom nothing may be sent electronically: no consent here, none in a confirmation."""
    if cleaned.get("method") != Service.Method.ELECTRONIC or cleaned.get("consented"):
        return []
    on = cleaned.get("on") or form.today
    return [party for party in parties if not form.proceeding.agreed_to_electronic(party, on)]


class ServiceFields(StepForm):
    """What every service says, whoever gets the paper."""

    shown_if = {"paper_name": "paper=other", "consented": "method=electronic"}
    paper = forms.ChoiceField(label=_("文书"), choices=Service.Paper.choices)
    paper_name = paper_name()
    method = forms.ChoiceField(label=_("送达方式"), choices=Service.Method.choices)
    sent_on = DayField(label=_("发出日期"), required=False)
    consented = forms.BooleanField(
        label=_("受送达人已同意电子送达"),
        required=False,
        help_text=_("送达地址确认书中已经同意的，无需再选；另有其他书面同意的，请选择。"),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        sent, on = cleaned.get("sent_on"), cleaned.get("on")
        if sent and on and sent > on:
            self.add_error("sent_on", ValidationError(_("发出日期不能晚于送达日期。"), code="date_order"))
        refuse_early_paper(self, cleaned.get("paper", ""))
        refuse_nameless(self, cleaned)
        refuse_way(self, cleaned.get("paper", ""), cleaned.get("method", ""))
        return cleaned

    def said_of(self, party: Party) -> str:
        """A party with what it confirmed; the address itself stands on the slip."""
        said = f"{party.role_before_judge} {party.name}"
        held = self.proceeding.confirmation_of(party, self.today)
        if held is None:
            return said + str(_("（未登记送达地址确认书）"))
        way = ELECTRONIC_WAYS.get(held.electronic_kind) if held.electronic else None
        words = _("同意电子送达：%(way)s") % {"way": way} if way else _("不同意电子送达")
        return f"{said}（{held.confirmed_on:%Y-%m-%d} {_('确认送达地址')}，{words}）"


class Serve(ServiceFields, OfPartyForm):
    step = Adjudication.serve
    recorded = ("paper", "method", "sent_on", "consented", "no_domicile")
    shown_if = {
        **ServiceFields.shown_if, "no_domicile": "paper=request", "witness": "method=left",
        **dict.fromkeys(("substitute", "relation"), f"method={'|'.join(IN_PERSON)}"),
    }  # fmt: skip
    no_domicile = forms.BooleanField(label=_("被请求人在中国境内没有固定住所"), required=False)
    substitute = forms.CharField(
        label=_("代收人"), max_length=40, required=False, help_text=_("由他人代收的填写，印在送达回证上。")
    )
    relation = forms.CharField(label=_("代收人与受送达人的关系"), max_length=40, required=False)
    witness = forms.CharField(
        label=_("见证人"), max_length=80, required=False, help_text=_("留置送达的必填：姓名、单位或者住所。")
    )
    proof = OfCase(Evidence, label=_("送达回证"), required=False)
    field_order = ("party", "paper", "paper_name", "method", "sent_on", "consented", "no_domicile")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            self.fields["party"].label_from_instance = self.said_of  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        party, method = cleaned.get("party"), cleaned.get("method")
        if party is not None and not_agreed(self, cleaned, [party]):
            text = _("电子送达须经受送达人同意（%(source)s），请先取得同意或者改用其他方式。")
            text %= {"source": self.proceeding.cite("service")}
            self.add_error("consented", ValidationError(text, code="no_consent"))
        if method == Service.Method.LEFT and not cleaned.get("witness"):
            text = _("留置送达应当有见证人在场并在送达回证上签名，请填写见证人。")
            self.add_error("witness", ValidationError(text, code="required"))
        if cleaned.get("substitute") and method and method not in IN_PERSON:
            text = _("该送达方式没有代收人，请清空该栏，或者更改送达方式。")
            self.add_error("substitute", ValidationError(text, code="not_asked"))
        if bool(cleaned.get("substitute")) != bool(cleaned.get("relation")):
            text = _("代收人和代收人与受送达人的关系应当同时填写。")
            self.add_error("relation", ValidationError(text, code="required"))
        return cleaned


class ServeAll(ServiceFields):
    step = Adjudication.serve_all
    recorded = ("paper", "method", "sent_on", "consented")
    parties = forms.ModelMultipleChoiceField(
        Party.objects.none(), label=_("受送达人"), widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("请至少选择一方当事人。")},
    )  # fmt: skip
    method = forms.ChoiceField(
        label=_("送达方式"),
        choices=[one for one in Service.Method.choices if one[0] not in ALONE],
        help_text=_("留置送达、由他人代收、被请求人在中国境内没有固定住所的，请逐一办理“登记送达”。"),
    )
    field_order = ("parties",)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            field = self.fields["parties"]
            field.queryset = self.proceeding.case.parties.all()  # type: ignore[attr-defined]
            field.label_from_instance = self.said_of  # type: ignore[attr-defined]

    def clean_parties(self) -> list[Party]:
        return list(self.cleaned_data["parties"])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        lacking = not_agreed(self, cleaned, cleaned.get("parties", []))
        if lacking:
            text = _("%(names)s 没有同意电子送达（%(source)s），请先取得同意或者改用其他方式。")
            names = "、".join(party.name for party in lacking)
            text %= {"names": names, "source": self.proceeding.cite("service")}
            self.add_error("parties", ValidationError(text, code="no_consent"))
        return cleaned

    def recorded_data(self) -> dict[str, Any]:
        """The record names the rows, not the people."""
        parties = self.cleaned_data.get("parties", [])
        return {**super().recorded_data(), "parties": [f"party:{one.pk}" for one in parties]}


class ConfirmAddress(OfPartyForm):
    step = Adjudication.confirm_address
    recorded = ("electronic", "electronic_kind")
    shown_if = dict.fromkeys(("electronic_kind", "electronic_to"), "electronic=on")
    address = forms.CharField(label=_("送达地址"), max_length=200)
    receiver = forms.CharField(label=_("收件人"), max_length=40, required=False)
    electronic = forms.BooleanField(label=_("同意电子送达"), required=False)
    electronic_kind = forms.ChoiceField(
        label=_("电子送达方式"), choices=[("", "—"), *ELECTRONIC_WAYS.items()], required=False
    )
    electronic_to = forms.CharField(label=_("手机号码、电子邮箱或者账号"), max_length=120, required=False)
    proof = OfCase(Evidence, label=_("签名的送达地址确认书（扫描件）"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        agrees, kind, where = (
            cleaned.get("electronic"),
            cleaned.get("electronic_kind"),
            cleaned.get("electronic_to"),
        )
        for name, value in (("electronic_kind", kind), ("electronic_to", where)):
            if agrees and not value:
                text = _("同意电子送达的，请填写方式和号码（账号）。")
                self.add_error(name, ValidationError(text, code="required"))
            if value and not agrees:
                text = _("没有同意电子送达的，请清空该栏。")
                self.add_error(name, ValidationError(text, code="not_asked"))
        if agrees and where and kind == "email":
            try:
                validate_email(where)
            except ValidationError as error:
                self.add_error("electronic_to", error)
        if agrees and where and kind == "sms" and (answer := check_phone(where)).level == "error":
            self.add_error("electronic_to", ValidationError(answer.message, code="identifier"))
        return cleaned


class MakeOutService(OfPartyForm):
    step = Adjudication.make_out_service
    recorded = ("paper", "method", "no_domicile")
    shown_if = {"paper_name": "paper=other", "no_domicile": "paper=request"}
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
        refuse_nameless(self, cleaned)
        refuse_way(self, cleaned.get("paper", ""), cleaned.get("method", ""))
        return cleaned


class ReturnProof(StepForm):
    step = Adjudication.return_proof
    service = OfCase(Service, label=_("送达"), help_text=_("已登记送达、尚未收回送达回证的文书。"))
    proof = OfCase(Evidence, label=_("签收后的送达回证（扫描件）"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["service"]
        served = field.queryset.filter(proceeding=self.proceeding, served_on__isnull=False).select_related(
            "party"
        )  # type: ignore[attr-defined]
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
        waiting = field.queryset.filter(
            proceeding=self.proceeding, method=Service.Method.PUBLIC_NOTICE
        ).select_related("party")  # type: ignore[attr-defined]
        field.queryset = waiting.filter(served_on__isnull=True)  # type: ignore[attr-defined]
