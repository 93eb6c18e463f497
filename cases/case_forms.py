"""Forms of the acts on a case: corrections of its data, files, further proceedings."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stations.models import Area

from .forms import LongField, OfCase, StepForm
from .identifiers import check_id_number, check_phone, check_right_number
from .models import Approval, Case, Evidence, Party, Proceeding, Right
from .registration import KINDS, MEDIATION_KINDS


class OpenProceeding(StepForm):
    step = Case.open_proceeding
    recorded = ("proceeding",)
    proceeding = forms.ChoiceField(label=_("办理方式"), choices=KINDS)
    mediation_kind = forms.ChoiceField(
        label=_("调解种类"), choices=[("", "—"), *MEDIATION_KINDS], required=False
    )

    def clean_proceeding(self) -> str:
        slug: str = self.cleaned_data["proceeding"]
        if slug == "adjudication" and not self.case.rights.filter(kind__in=Right.PATENTS).exists():
            raise ValidationError(_("行政裁决仅适用于专利侵权纠纷。"), code="patent_only")
        if self.case.proceedings.filter(kind=slug, is_open=True).exists():
            raise ValidationError(_("本案已有正在办理的同类程序。"), code="already_open")
        return slug


class Correction(StepForm):
    """Base of corrections: a blank field stays as it is; the reason is on the record."""

    dated = False
    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)
    reason = LongField(label=_("更正原因"), max_length=300)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in list(cleaned):
            if cleaned[name] == "" or (name in self.fields and name not in self.data):
                cleaned[name] = None
        return cleaned


class CorrectCase(Correction):
    step = Case.correct_case
    cause = forms.CharField(label=_("案由"), max_length=120, required=False)
    summary = LongField(label=_("简要情况"), required=False)
    claim_amount = forms.DecimalField(
        label=_("标的额（元）"), max_digits=16, decimal_places=2, min_value=0, required=False
    )
    source = forms.ChoiceField(label=_("案源"), choices=[("", "—"), *Case.Source.choices], required=False)
    foreign = forms.ChoiceField(label=_("涉外"), choices=[("", "—"), *Case.Foreign.choices], required=False)
    court_case_no = forms.CharField(label=_("法院案号"), max_length=60, required=False)
    external_no = forms.CharField(label=_("外部编号"), max_length=60, required=False)
    act_place = forms.ModelChoiceField(
        Area.objects.all(), label=_("侵权行为地"), to_field_name="code", required=False
    )
    act_platform = forms.CharField(label=_("电商平台"), max_length=80, required=False)
    handled_elsewhere = forms.NullBooleanField(label=_("是否已起诉、仲裁或由其他机关处理"), required=False)
    batch = forms.CharField(label=_("批量"), max_length=40, required=False)


class PartyFields(forms.Form):
    """The columns of a party, checked as typed at registration."""

    role = forms.ChoiceField(label=_("地位"), choices=[("", "—"), *Party.Role.choices], required=False)
    kind = forms.ChoiceField(label=_("类型"), choices=[("", "—"), *Party.Kind.choices], required=False)
    name = forms.CharField(label=_("姓名或名称"), max_length=120, required=False)
    id_number = forms.CharField(label=_("证件号"), max_length=30, required=False)
    phone = forms.CharField(label=_("电话"), max_length=30, required=False)
    address = forms.CharField(label=_("地址"), max_length=200, required=False)
    service_address = forms.CharField(label=_("送达地址"), max_length=200, required=False)
    legal_representative = forms.CharField(label=_("法定代表人"), max_length=40, required=False)
    post = forms.CharField(label=_("职务"), max_length=40, required=False)
    agent_name = forms.CharField(label=_("代理人"), max_length=40, required=False)
    agent_firm = forms.CharField(label=_("代理机构"), max_length=80, required=False)
    agent_authority = forms.ChoiceField(
        label=_("代理权限"), choices=[("", "—"), *Party.Authority.choices], required=False
    )

    def check_numbers(self, cleaned: dict[str, Any], kind: str) -> None:
        for name, answer in (
            ("id_number", check_id_number(cleaned["id_number"], kind) if cleaned.get("id_number") else None),
            ("phone", check_phone(cleaned["phone"]) if cleaned.get("phone") else None),
        ):
            if answer is not None and answer.level == "error":
                self.add_error(name, ValidationError(answer.message, code="identifier"))


class CorrectParty(PartyFields, Correction):
    step = Case.correct_party
    party = OfCase(Party, label=_("当事人"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        party = cleaned.get("party")
        self.check_numbers(cleaned, cleaned.get("kind") or (party.kind if party else Party.Kind.LEGAL))
        return cleaned


class AddParty(PartyFields, StepForm):
    step = Case.add_party

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("role", "name"):
            if not cleaned.get(name):
                self.add_error(name, ValidationError(_("这个字段是必填项。"), code="required"))
        cleaned["kind"] = cleaned.get("kind") or Party.Kind.LEGAL
        self.check_numbers(cleaned, cleaned["kind"])
        return cleaned


class CorrectRight(Correction):
    step = Case.correct_right
    right = OfCase(Right, label=_("权利"))
    kind = forms.ChoiceField(label=_("类型"), choices=[("", "—"), *Right.Kind.choices], required=False)
    number = forms.CharField(label=_("权利号"), max_length=80, required=False)
    title = forms.CharField(label=_("名称"), max_length=200, required=False)
    holder = forms.CharField(label=_("权利人"), max_length=120, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        right = cleaned.get("right")
        if right and cleaned.get("number"):
            answer = check_right_number(cleaned.get("kind") or right.kind, cleaned["number"])
            if answer.level == "error":
                self.add_error("number", ValidationError(answer.message, code="identifier"))
            else:
                cleaned["number"] = answer.normalised
        return cleaned


class MaterialFields(StepForm):
    """What a file is: stored before the door opens, named by its row."""

    file = OfCase(Evidence, label=_("文件"))
    title = forms.CharField(label=_("名称"), max_length=200, required=False)
    proves = forms.CharField(label=_("证明事项"), max_length=300, required=False)
    party = OfCase(Party, label=_("提交人"), required=False)


class AddEvidence(MaterialFields):
    step = Case.add_evidence


class AddEvidenceToProceeding(MaterialFields):
    step = Proceeding.add_evidence


class PrintApproval(StepForm):
    step = Proceeding.print_approval
    dated = False
    approval = OfCase(Approval, label=_("审批事项"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["approval"]
        field.queryset = Approval.objects.filter(proceeding=self.proceeding).exclude(
            state=Approval.State.OPEN
        )  # type: ignore[attr-defined]
        field.label_from_instance = lambda a: f"{a.asked_on} {a.get_state_display()}（{a.proposer}）"  # type: ignore[attr-defined]


class Merge(StepForm):
    """Filled by the outbox when another case ends by 并案."""

    step = Case.merge
    dated = False
    merged = forms.CharField(max_length=80)
    proceeding = forms.IntegerField()


class Unmerge(Merge):
    """Filled by the outbox when a merge was undone."""

    step = Case.unmerge


class OpenCallBack(StepForm):
    """Filled by the outbox when a sample has drawn a proceeding of the case."""

    step = Case.open_call_back
    dated = False
    proceeding = forms.IntegerField()
    sample = forms.IntegerField()


class ExcludeFromFigures(StepForm):
    step = Case.exclude_from_figures
    recorded = ("reason",)
    reason = LongField(label=_("原因"), max_length=200)
