"""Forms of the examination: service, defence, evidence, jurisdiction, recusal, hearing, stay, extension, deliberation."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Hearing, Outcome, Recusal, Service
from adjudication.models.timing import STAY_GROUNDS, STAY_REFUSALS
from cases.forms import DayField, LongField, OfCase, StepForm, TableField, UserField
from cases.models import Evidence, Party
from stations.models import User

from .filing import SITS, own_column

RECUSAL_GROUNDS = [
    ("relative", _("是当事人，或者当事人、代理人的近亲属")), ("interest", _("与专利申请或者专利权有利害关系")),
    ("agent_or_examiner", _("曾任该专利的代理师或者审查员")), ("other", _("有其他可能影响公正的关系")),
    ("improper", _("接受礼物、宴请或者违规会见")),
]  # fmt: skip


class OfPartyForm(StepForm):
    """An act about one party of the case; `roles` narrows the choice."""

    roles: tuple[str, ...] = tuple(Party.Role.values)
    party = OfCase(Party, label=_("当事人"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["party"]
        field.queryset = field.queryset.filter(role__in=self.roles)  # type: ignore[attr-defined]

    def recorded_data(self) -> dict[str, Any]:
        """The record names the row, not the person."""
        party = self.cleaned_data.get("party")
        return {**super().recorded_data(), "party": f"party:{party.pk}" if party else None}


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


class RespondentForm(OfPartyForm):
    roles = (Party.Role.RESPONDENT,)


class ReceiveDefence(RespondentForm):
    step = Adjudication.receive_defence


class ExtendDefence(RespondentForm):
    step = Adjudication.extend_defence
    recorded = ("due_on", "reason")
    due_on = DayField(label=_("延长至"))
    reason = LongField(label=_("申请理由和合议组意见"), max_length=500)


class RecordNoDefence(RespondentForm):
    step = Adjudication.record_no_defence


class ServeDefenceCopy(RespondentForm):
    step = Adjudication.serve_defence_copy


class ObjectJurisdiction(RespondentForm):
    step = Adjudication.object_jurisdiction
    recorded = ("reason",)
    reason = LongField(label=_("异议理由"), max_length=1000)


class DecideJurisdiction(StepForm):
    step = Adjudication.decide_jurisdiction
    recorded = ("sustained", "reason")
    sustained = forms.TypedChoiceField(
        label=_("决定"), choices=[("no", _("驳回异议")), ("yes", _("异议成立，应当移送"))],
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    reason = LongField(label=_("理由"), max_length=1000)


class SetEvidencePeriod(StepForm):
    step = Adjudication.set_evidence_period
    recorded = ("due_on", "agreed")
    due_on = DayField(label=_("举证期限届满日"), help_text=_("办理日期填当事人收到举证通知的日期。"))
    agreed = forms.BooleanField(label=_("当事人协商并经准许"), required=False)


class ExtendEvidence(StepForm):
    step = Adjudication.extend_evidence
    recorded = ("due_on", "asked_by", "reason")
    due_on = DayField(label=_("延长至"))
    asked_by = forms.ChoiceField(
        label=_("提出"), choices=[("party", _("当事人申请")), ("bureau", _("本局决定"))]
    )
    reason = LongField(label=_("理由"), max_length=500)


class AskRecusal(OfPartyForm):
    step = Adjudication.ask_recusal
    recorded = ("officer", "ground", "stage", "known_on")
    party = OfCase(Party, label=_("申请人"), required=False, help_text=_("本人自行回避的不填。"))
    officer = UserField(label=_("被申请回避的人员"))
    ground = forms.ChoiceField(label=_("事由"), choices=RECUSAL_GROUNDS)
    known_on = DayField(label=_("知道办案人员的日期"))
    stage = forms.ChoiceField(
        label=_("提出的时间"),
        choices=[
            ("in_time", _("知道办案人员后")), ("at_hearing", _("口头审理开始时")),
            ("later_known", _("口头审理开始后知道，终结前提出")),
        ],
    )  # fmt: skip


class DecideRecusal(StepForm):
    step = Adjudication.decide_recusal
    recorded = ("granted", "replacement", "reason")
    recusal = OfCase(Recusal, label=_("回避申请"))
    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("no", _("驳回申请")), ("yes", _("准予回避"))],
        coerce=lambda value: value == "yes",
    )
    replacement = UserField(label=_("接替人员"), required=False, roles=SITS)
    reason = LongField(label=_("理由"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["recusal"]
        field.queryset = field.queryset.filter(proceeding=self.proceeding)  # type: ignore[attr-defined]


class PlanHearing(StepForm):
    step = Adjudication.plan_hearing
    recorded = ("day", "mode", "is_public", "closed_reason")
    day = DayField(label=_("日期"))
    time = forms.TimeField(label=_("时间"), widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(label=_("地点"), max_length=120, help_text=_("在线进行的，填写平台和接入方式。"))
    mode = forms.ChoiceField(label=_("方式"), choices=Hearing.Mode.choices)
    is_public = forms.BooleanField(label=_("公开进行"), required=False, initial=True)
    closed_reason = forms.CharField(label=_("不公开的理由"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("is_public") and not cleaned.get("closed_reason"):
            text = _("口头审理应当公开进行；不公开的，请填写理由（国家秘密、个人隐私、商业秘密等）。")
            self.add_error("closed_reason", ValidationError(text, code="required"))
        return cleaned


class RecordHearing(StepForm):
    step = Adjudication.record_hearing
    attendance = TableField(
        label=_("到场情况"),
        columns={
            "party": OfCase(Party, label=_("当事人")),
            "attended": forms.ChoiceField(
                label=_("到场"),
                choices=[("attended", _("到场")), ("absent", _("未到场")), ("left", _("未经允许中途退出"))],
            ),
            "people": forms.CharField(label=_("参加人员"), max_length=200, required=False),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        party = OfCase(Party, label=_("当事人"))
        party.queryset = Party.objects.filter(case=self.case)
        own_column(self, "attendance", "party", party)

    def clean_attendance(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["attendance"]
        sides = {Party.Role.APPLICANT.value, Party.Role.RESPONDENT.value}
        told = {row["party"].pk for row in rows}
        if len(told) != len(rows):
            raise ValidationError(_("同一当事人只登记一行。"), code="twice")
        missing = [p.name for p in self.case.parties.filter(role__in=sides) if p.pk not in told]
        if missing:
            raise ValidationError(
                _("请登记全部当事人的到场情况，缺：%s。") % "、".join(missing), code="missing"
            )
        return rows


class Stay(StepForm):
    step = Adjudication.stay
    recorded = ("ground", "weighed", "weighed_reason")
    ground = forms.ChoiceField(label=_("中止事由"), choices=STAY_GROUNDS)
    weighed = forms.ChoiceField(
        label=_("可以不中止的情形（已权衡）"), choices=[("", _("无")), *STAY_REFUSALS], required=False
    )
    weighed_reason = LongField(label=_("仍予中止的理由"), max_length=500, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("weighed") and not cleaned.get("weighed_reason"):
            text = _("存在可以不中止的情形（办法第二十九条），请填写仍予中止的理由。")
            self.add_error("weighed_reason", ValidationError(text, code="required"))
        return cleaned


class RefuseStay(OfPartyForm):
    step = Adjudication.refuse_stay
    recorded = ("reason",)
    item = forms.ChoiceField(label=_("不予中止的情形"), choices=STAY_REFUSALS)
    reason = LongField(label=_("理由"), max_length=500)


class Resume(StepForm):
    step = Adjudication.resume
    recorded = ("reason",)
    reason = LongField(label=_("恢复原因"), max_length=300)


class ExtendClosing(StepForm):
    step = Adjudication.extend_closing
    recorded = ("amount", "superior_document", "reason")
    amount = forms.IntegerField(label=_("延长月数"), min_value=1, max_value=2, initial=1)
    superior_document = forms.CharField(
        label=_("上一级部门批准文号"), max_length=80, required=False, help_text=_("第二次延长必填。")
    )
    reason = LongField(label=_("理由"), max_length=500)


class StartAppraisal(StepForm):
    step = Adjudication.start_appraisal
    recorded = ("institution",)
    institution = forms.CharField(label=_("检验、鉴定机构"), max_length=100)


class EndAppraisal(StepForm):
    step = Adjudication.end_appraisal


class StartSettlement(StepForm):
    step = Adjudication.start_settlement


class EndSettlement(StepForm):
    step = Adjudication.end_settlement
    recorded = ("result",)
    result = forms.ChoiceField(
        label=_("结果"), choices=[("settled", _("达成和解")), ("failed", _("未达成和解"))]
    )


VOTES = [*Outcome.choices, ("dismiss", _("撤销案件"))]


class RecordDeliberation(StepForm):
    step = Adjudication.record_deliberation
    votes = TableField(
        label=_("各成员意见"),
        columns={
            "member": UserField(label=_("成员")),
            "vote": forms.ChoiceField(label=_("意见"), choices=VOTES),
            "words": forms.CharField(label=_("理由"), max_length=2000, required=False),
        },
        extra=3,
    )
    minutes = LongField(label=_("合议笔录"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        member = UserField(label=_("成员"))
        member.queryset = User.objects.filter(pk__in=[part.user_id for part in self.proceeding.panel()])
        own_column(self, "votes", "member", member)
