"""Rows of one adjudication that its acts write: services, hearings, recusals, deliberations. No behaviour here.

Those before filing stand in rows_request.py, evidence and inspections in rows_evidence.py, what is decided in
rows_decision.py.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Evidence, Party
from cases.models.visibility import AudienceQuerySet
from cases.protection import Sealed


class StandingManager(models.Manager.from_queryset(AudienceQuerySet)):  # type: ignore[misc]
    """Leaves out what was recorded by mistake and taken back; `_base_manager` still finds it."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(cancelled=False)


class OfAdjudication(models.Model):
    """A row of one adjudication, seen by whoever sees it unless `audience` is narrower."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    proceeding = models.ForeignKey("adjudication.Adjudication", models.PROTECT, related_name="%(class)ss")
    audience = models.CharField(max_length=10, choices=Evidence.Audience.choices, default="proceeding")

    cancelled = models.BooleanField(default=False)  # by 撤回误操作

    objects = StandingManager()

    class Meta:
        abstract = True
        ordering = ["id"]


class Service(OfAdjudication):
    """送达: one paper to one party (办法第十条). Not served until `served_on`: a public notice runs its time first."""

    class Method(models.TextChoices):
        POST = "post", _("邮寄送达")
        DIRECT = "direct", _("直接送达")
        LEFT = "left", _("留置送达")
        PUBLIC_NOTICE = "public_notice", _("公告送达")
        ELECTRONIC = "electronic", _("电子送达")
        OTHER = "other", _("其他方式")

    class Paper(models.TextChoices):
        REQUEST = "request", _("请求书及其附件副本、答辩通知书")
        FILING_NOTICE = "filing_notice", _("立案通知书")
        FILING_REFUSAL = "filing_refusal", _("不予立案通知书")
        CORRECTION_NOTICE = "correction_notice", _("补正通知书")
        EVIDENCE_NOTICE = "evidence_notice", _("举证通知书")
        HEARING_NOTICE = "hearing_notice", _("口头审理通知书")
        STAY_NOTICE = "stay_notice", _("中止处理通知书")
        STAY_REFUSAL = "stay_refusal", _("不予中止处理通知书")
        RESUME_NOTICE = "resume_notice", _("恢复处理通知书")
        RULING = "ruling", _("行政裁决书")
        RULING_CORRECTION = "ruling_correction", _("行政裁决书补正决定书")
        MEDIATED = "mediated_in_case", _("调解协议书")
        DISMISSAL = "dismissal", _("撤销案件决定书")
        EVALUATION = "evaluation_report_notice", _("提交专利权评价报告通知书")
        PANEL = "panel_notice", _("合议组组成人员告知书")
        RECUSAL = "panel_recusal", _("回避决定书")
        JURISDICTION = "jurisdiction_decision", _("管辖异议决定书")
        EXTENSION = "extension_notice", _("延长办理期限通知书")
        JOINDER = "joinder_notice", _("合并审理通知书")
        SPLIT = "split_notice", _("分案审理通知书")
        POSTPONEMENT = "postponement_notice", _("口头审理延期申请决定通知书")
        RULING_CHANGE = "ruling_change", _("变更行政裁决决定书")
        RULING_ANNULMENT = "ruling_annulment", _("撤销行政裁决决定书")
        ADDITION = "addition_notice", _("追加当事人通知书")
        PRESERVATION = "preservation_decision", _("登记保存证据处理决定书")
        OTHER = "other", _("其他文书")

    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("受送达人"))
    paper = models.CharField(_("文书"), max_length=40, choices=Paper.choices)
    method = models.CharField(_("送达方式"), max_length=15, choices=Method.choices)
    sent_on = models.DateField(_("发出（公告）日期"))
    served_on = models.DateField(_("送达日期"), null=True, blank=True)
    consented = models.BooleanField(_("受送达人同意电子送达"), default=False)
    substitute = models.CharField(_("代收人"), max_length=40, blank=True)
    relation = models.CharField(_("代收人与受送达人的关系"), max_length=40, blank=True)
    witness = models.CharField(_("见证人"), max_length=80, blank=True)  # 留置送达
    proof = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.party}：{self.get_paper_display()}（{self.get_method_display()}，{self.served_on or self.sent_on}）"


class AddressConfirmation(OfAdjudication):
    """送达地址确认书: where and how a party wants its papers; the last one of a party holds (办法第十条)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("当事人"))
    confirmed_on = models.DateField(_("确认日期"))
    address_sealed = models.TextField(blank=True, default="", editable=False)
    receiver = models.CharField(_("收件人"), max_length=40, blank=True)
    electronic = models.BooleanField(_("同意电子送达"), default=False)
    electronic_kind = models.CharField(_("电子送达方式"), max_length=20, blank=True)
    electronic_to_sealed = models.TextField(blank=True, default="", editable=False)
    proof = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")

    address = Sealed("address")
    electronic_to = Sealed("electronic_to")


class Hearing(OfAdjudication):
    """口头审理: when, where, how; held once `held_on` is stated (办法第二十六条、第二十七条)."""

    class Mode(models.TextChoices):
        ROOM = "room", _("现场")
        ONLINE = "online", _("在线")

    day = models.DateField(_("日期"))
    time = models.TimeField(_("时间"))
    place = models.CharField(_("地点"), max_length=120)
    mode = models.CharField(_("方式"), max_length=6, choices=Mode.choices, default=Mode.ROOM)
    is_public = models.BooleanField(_("公开进行"), default=True)
    planned_on = models.DateField()
    held_on = models.DateField(_("举行日期"), null=True, blank=True)
    dropped = models.BooleanField(_("已变更"), default=False)
    attendance = models.TextField(_("到场情况"), blank=True)  # JSON: [{party, attended, people}]
    closed_ground = models.CharField(_("不公开的事由"), max_length=20, blank=True)
    shared_with = models.CharField(
        _("合并审理"), max_length=200, blank=True
    )  # numbers of the cases heard with it

    @property
    def begins(self) -> datetime:
        """Day and hour, as the notice prints them."""
        return datetime.combine(self.day, self.time)


class HearingRecord(OfAdjudication):
    """口头审理笔录: what was said, and the signed sheet; read by both sides, sealed at rest (办法第二十七条)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="records")
    on = models.DateField(_("日期"))
    text_sealed = models.TextField(blank=True, default="", editable=False)
    scan = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")

    text = Sealed("text")


class ReplySlip(OfAdjudication):
    """口头审理回执: a side comes or does not, with whom, or asks for another day (T-15; the panel decides)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    hearing = models.ForeignKey(Hearing, models.PROTECT, related_name="replies")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("当事人"))
    received_on = models.DateField(_("收到日期"))
    attends = models.BooleanField(_("参加"))
    people_sealed = models.TextField(
        blank=True, default="", editable=False
    )  # JSON: [{name, unit, post, phone}]
    reason = models.CharField(_("理由"), max_length=300, blank=True)
    asks_later = models.BooleanField(_("申请延期"), default=False)
    granted = models.BooleanField(_("准许延期"), null=True, blank=True)

    people = Sealed("people")


class Assistant(OfAdjudication):
    """Who helps the panel without a vote: technical investigator, interpreter, expert (办法第五条, law.md 1.5)."""

    class Capacity(models.TextChoices):
        INVESTIGATOR = "investigator", _("技术调查官")
        INTERPRETER = "interpreter", _("翻译人员")
        EXPERT = "expert", _("专家")
        APPRAISER = "appraiser", _("检验、鉴定人员")

    capacity = models.CharField(_("身份"), max_length=12, choices=Capacity.choices)
    person = models.ForeignKey("stations.Person", models.PROTECT, null=True, blank=True, related_name="+")
    name = models.CharField(_("姓名"), max_length=40)
    unit = models.CharField(_("单位"), max_length=100, blank=True)
    field = models.CharField(_("专业领域"), max_length=80, blank=True)
    from_on = models.DateField(_("起"))
    to_on = models.DateField(_("止"), null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.get_capacity_display()} {self.name}"


class TechnicalOpinion(OfAdjudication):
    """技术调查意见: for the panel, in the closed volume; it binds nobody and is no vote."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    assistant = models.ForeignKey(Assistant, models.PROTECT, related_name="opinions")
    on = models.DateField(_("日期"))
    issues_sealed = models.TextField(blank=True, default="", editable=False)
    opinion_sealed = models.TextField(blank=True, default="", editable=False)

    issues = Sealed("issues")
    opinion = Sealed("opinion")


class Appraisal(OfAdjudication):
    """检验、鉴定: entrusted to a body; its days do not count for closing (办法第三十七条)."""

    institution = models.CharField(_("检验、鉴定机构"), max_length=100)
    matter = models.CharField(_("委托事项"), max_length=300, blank=True)
    entrusted_on = models.DateField(_("委托日期"))
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    result = models.CharField(_("结论"), max_length=300, blank=True)


class Recusal(OfAdjudication):
    """回避: who is challenged, by whom, in time or not, and what was decided (办法第五条)."""

    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )  # or the assistant
    assistant = models.ForeignKey(Assistant, models.PROTECT, null=True, blank=True, related_name="+")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.CharField(_("事由"), max_length=20)
    asked_on = models.DateField()
    late = models.BooleanField(_("逾期提出"), default=False)
    decided_on = models.DateField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.officer or self.assistant}（{self.asked_on}）"


class Deliberation(OfAdjudication):
    """合议: each member's vote and words; read by those who take part only (办法第二十五条)."""

    on = models.DateField(_("日期"))
    conclusion = models.CharField(_("合议结论"), max_length=20)
    votes = models.TextField(_("各成员意见"))  # JSON: [{member, vote, words}]
    minutes = models.TextField(_("合议笔录"), blank=True)

    @property
    def subject(self) -> str:
        return f"deliberation:{self.pk}"
