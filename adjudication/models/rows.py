"""Rows of one adjudication that its acts write: services, hearings, recusals, deliberations. No behaviour here."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Evidence, Party
from cases.models.visibility import AudienceQuerySet


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
        OTHER = "other", _("其他文书")

    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("受送达人"))
    paper = models.CharField(_("文书"), max_length=20, choices=Paper.choices)
    method = models.CharField(_("送达方式"), max_length=15, choices=Method.choices)
    sent_on = models.DateField(_("发出（公告）日期"))
    served_on = models.DateField(_("送达日期"), null=True, blank=True)
    consented = models.BooleanField(_("受送达人同意电子送达"), default=False)
    proof = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")


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

    @property
    def begins(self) -> datetime:
        """Day and hour, as the notice prints them."""
        return datetime.combine(self.day, self.time)


class Recusal(OfAdjudication):
    """回避: who is challenged, by whom, in time or not, and what was decided (办法第五条)."""

    officer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    ground = models.CharField(_("事由"), max_length=20)
    asked_on = models.DateField()
    late = models.BooleanField(_("逾期提出"), default=False)
    decided_on = models.DateField(null=True, blank=True)
    granted = models.BooleanField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.officer}（{self.asked_on}）"


class Deliberation(OfAdjudication):
    """合议: each member's vote and words; read by those who take part only (办法第二十五条)."""

    on = models.DateField(_("日期"))
    conclusion = models.CharField(_("合议结论"), max_length=20)
    votes = models.TextField(_("各成员意见"))  # JSON: [{member, vote, words}]
    minutes = models.TextField(_("合议笔录"), blank=True)

    @property
    def subject(self) -> str:
        return f"deliberation:{self.pk}"
