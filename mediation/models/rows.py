"""What a mediation keeps beside its state: consents, contacts, sessions, the agreement and its terms.

What was said in the talks is ciphertext here and stands in no event, queue or log (特邀调解规定第二条第五项).
"""

import json
from datetime import date
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cases import access
from cases.errors import NotFound
from cases.models import Participation, Party, Proceeding
from cases.protection import Sealed
from stations import policy


class RowsOfMediation(models.QuerySet):
    """Rows that are seen by whoever sees their mediation."""

    owner = "mediation"

    def visible_to(self, user: Any, today: date) -> "RowsOfMediation":
        """The rows whose mediation this person may see."""
        seen = Proceeding.objects.visible_to(user, today)
        return self.filter(Exists(seen.filter(pk=OuterRef(self.owner))))


class TermQuerySet(RowsOfMediation):
    owner = "agreement__mediation"


class SessionQuerySet(RowsOfMediation):
    """That a session took place is seen with the mediation; its minutes only by those who take part."""

    def readable_by(self, user: Any, today: date) -> "SessionQuerySet":
        """The sessions whose minutes this person may read: handler or taking part now, or standing in for one."""
        users = policy.standing(user, today).users
        part = Participation.objects.filter(
            proceeding=OuterRef("mediation"), user__in=users, cancelled=False, to_on__isnull=True
        )
        seen: SessionQuerySet = self.visible_to(user, today)  # type: ignore[assignment]
        return seen.filter(Q(mediation__handler__in=users) | Exists(part))


class Consent(models.Model):
    """One party's answer to the question whether to mediate. The latest one of each party holds."""

    class Answer(models.TextChoices):
        AGREE = "agree", _("同意调解")
        REFUSE = "refuse", _("不同意调解")
        SILENT = "silent", _("逾期未答复")
        LEFT_OUT = "left_out", _("不参加，其他当事人同意继续调解")

    class Way(models.TextChoices):
        SIGNED = "signed", _("签署同意调解书")
        APPLICATION = "application", _("书面调解申请（请求）")
        STATEMENT = "statement", _("书面意见陈述")
        PLATFORM = "platform", _("在线平台确认")
        PHONE = "phone", _("电话答复")
        COUNTER = "counter", _("当面口头答复")
        NONE = "none", _("无")

    WRITTEN = (Way.SIGNED, Way.APPLICATION, Way.STATEMENT, Way.PLATFORM)

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="consents")
    party = models.ForeignKey(Party, models.PROTECT, related_name="consents", verbose_name=_("当事人"))
    answer = models.CharField(_("意见"), max_length=10, choices=Answer.choices)
    way = models.CharField(_("方式"), max_length=12, choices=Way.choices)
    on = models.DateField(_("日期"))
    remark_sealed = models.TextField(blank=True, default="", editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    remark = Sealed("remark")
    objects = RowsOfMediation.as_manager()

    class Meta:
        ordering = ["on", "id"]
        verbose_name = verbose_name_plural = _("调解意愿")

    @property
    def in_writing(self) -> bool:
        """Is it written consent (民法典第四百六十九条: data messages count as writing)?"""
        return self.answer == self.Answer.AGREE and self.way in self.WRITTEN


class Contact(models.Model):
    """One attempt to reach a party: an invitation, a call, the copy of the request."""

    class Way(models.TextChoices):
        INVITATION = "invitation", _("调解邀请函")
        COPY = "copy", _("送达调解请求书副本")
        CALL = "call", _("电话")
        VISIT = "visit", _("上门")
        MESSAGE = "message", _("短信或者网络消息")

    class Result(models.TextChoices):
        REACHED = "reached", _("已联系上（已收到）")
        UNANSWERED = "unanswered", _("无人应答")
        RETURNED = "returned", _("退回")
        UNREACHABLE = "unreachable", _("无法联系")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="contacts")
    party = models.ForeignKey(Party, models.PROTECT, related_name="contacts", verbose_name=_("当事人"))
    way = models.CharField(_("方式"), max_length=12, choices=Way.choices)
    result = models.CharField(_("结果"), max_length=12, choices=Result.choices)
    on = models.DateField(_("日期"))
    remark_sealed = models.TextField(blank=True, default="", editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    remark = Sealed("remark")
    objects = RowsOfMediation.as_manager()

    class Meta:
        ordering = ["on", "id"]
        verbose_name = verbose_name_plural = _("联系记录")


class Session(models.Model):
    """One sitting. The minutes and who attended are sealed; the timeline says only that it took place."""

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("现场")
        PHONE = "phone", _("电话")
        VIDEO = "video", _("视频")
        SEPARATE = "separate", _("背对背")

    class Result(models.TextChoices):
        REACHED = "reached", _("达成")
        NOT_REACHED = "not_reached", _("未达成")
        CONTINUES = "continues", _("待续")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="sessions")
    on = models.DateField(_("日期"))
    starts = models.TimeField(_("开始时间"), null=True, blank=True)
    ends = models.TimeField(_("结束时间"), null=True, blank=True)
    mode = models.CharField(_("方式"), max_length=10, choices=Mode.choices)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    result = models.CharField(_("结果"), max_length=12, choices=Result.choices)
    attendance_sealed = models.TextField(blank=True, default="", editable=False)
    minutes_sealed = models.TextField(blank=True, default="", editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    attendance = Sealed("attendance")
    minutes = Sealed("minutes")
    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["on", "id"]
        verbose_name = verbose_name_plural = _("调解会议")


def read_minutes(session_id: int, *, by: Any, today: date, reason: str, address: str = "") -> dict[str, Any]:
    """The minutes of a session and who attended, for those who take part; the reading is logged first.

    Raises NotFound for everybody else: a foreign session answers like one that does not exist.
    """
    session = Session.objects.filter(pk=session_id).readable_by(by, today).first()  # type: ignore[attr-defined]
    if session is None:
        raise NotFound("not_found", _("没有这次调解会议的记录，或您无权查看。"))
    access.log_read(by, f"session/{session.pk}", reason=reason, address=address)
    return {"minutes": session.minutes, "attendance": json.loads(session.attendance or "[]")}


class Agreement(models.Model):
    """What was agreed: written (signed, then sealed), oral (recorded), or the settlement behind a withdrawal."""

    class Form(models.TextChoices):
        WRITTEN = "written", _("书面协议")
        ORAL = "oral", _("口头协议")
        SETTLEMENT = "settlement", _("自行和解")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="agreements")
    form = models.CharField(_("形式"), max_length=10, choices=Form.choices)
    facts_sealed = models.TextField(blank=True, default="", editable=False)
    performance_sealed = models.TextField(blank=True, default="", editable=False)
    signed_on = models.DateField(_("当事人签署日期"), null=True, blank=True)
    mediator_signed_on = models.DateField(_("调解员签名日期"), null=True, blank=True)
    sealed_on = models.DateField(_("用印日期"), null=True, blank=True)
    effective_on = models.DateField(_("生效日期"), null=True, blank=True)
    cancelled = models.BooleanField(default=False)

    facts = Sealed("facts")  # main facts, issues, responsibilities (人民调解法第二十九条)
    performance = Sealed("performance")  # manner, place and time; the whole text of a settlement
    objects = RowsOfMediation.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("调解协议")
        constraints = [
            models.UniqueConstraint(
                fields=["mediation"], condition=models.Q(cancelled=False), name="one_agreement_per_mediation"
            ),
            models.CheckConstraint(
                condition=models.Q(effective_on__isnull=True)
                | models.Q(form="oral")
                | models.Q(
                    signed_on__isnull=False, mediator_signed_on__isnull=False, sealed_on__isnull=False
                ),
                name="written_agreement_effective_when_signed_and_sealed",
            ),
        ]


class Term(models.Model):
    """One thing somebody has to do under the agreement: an obligation to be."""

    class Kind(models.TextChoices):
        PAY = "pay", _("付款")
        STOP = "stop", _("停止侵权")
        DESTROY = "destroy", _("销毁或者下架")
        LICENSE = "license", _("许可")
        APOLOGISE = "apologise", _("道歉")
        OTHER = "other", _("其他")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="terms")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(_("类型"), max_length=10, choices=Kind.choices)
    what_sealed = models.TextField(blank=True, default="", editable=False)
    who = models.ForeignKey(Party, models.PROTECT, related_name="terms", verbose_name=_("履行人"))
    due_on = models.DateField(_("履行期限"), null=True, blank=True)
    amount = models.DecimalField(_("金额（元）"), max_digits=16, decimal_places=2, null=True, blank=True)

    what = Sealed("what")
    objects = TermQuerySet.as_manager()

    class Meta:
        ordering = ["agreement", "position"]
        verbose_name = verbose_name_plural = _("协议事项")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0), name="term_amount_positive"
            )
        ]

    def sentence(self) -> str:
        """The term as it stands on paper."""
        text = f"{self.who.name}：{self.what.rstrip('。；，')}"
        if self.amount is not None:
            text += f"，金额{self.amount:,.2f}元"
        if self.due_on is not None:
            text += f"，于{self.due_on.year}年{self.due_on.month}月{self.due_on.day}日前履行"
        return text + "。"
