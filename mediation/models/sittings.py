"""Sittings of a mediation: planned, held or called off, with minutes and private notes that stay sealed.

What was said is ciphertext here and stands in no event, queue or log (特邀调解规定第二条第五项).
"""

import json
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cases import access
from cases.errors import NotFound
from cases.models import Participation, Party
from cases.protection import Sealed
from cases.stepping import act
from stations import policy

from .seen import RowsOfMediation

if TYPE_CHECKING:
    from cases.entry import Entry


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


class Session(models.Model):
    """One sitting. The minutes and who attended are sealed; the timeline says only that it took place."""

    class Mode(models.TextChoices):
        IN_PERSON = "in_person", _("现场")
        PHONE = "phone", _("电话")
        VIDEO = "video", _("视频")
        SEPARATE = "separate", _("背对背")

    class Status(models.TextChoices):
        PLANNED = "planned", _("已安排")
        HELD = "held", _("已召开")
        CALLED_OFF = "called_off", _("已取消")

    class Result(models.TextChoices):
        REACHED = "reached", _("达成")
        NOT_REACHED = "not_reached", _("未达成")
        CONTINUES = "continues", _("待续")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="sessions")
    on = models.DateField(_("日期"))
    starts = models.TimeField(_("开始时间"), null=True, blank=True)
    ends = models.TimeField(_("结束时间"), null=True, blank=True)
    status = models.CharField(_("状态"), max_length=10, choices=Status.choices, default=Status.HELD)
    mode = models.CharField(_("方式"), max_length=10, choices=Mode.choices)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    link_sealed = models.TextField(blank=True, default="", editable=False)
    result = models.CharField(_("结果"), max_length=12, choices=Result.choices, blank=True)
    attendance_sealed = models.TextField(blank=True, default="", editable=False)
    minutes_sealed = models.TextField(blank=True, default="", editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled = models.BooleanField(default=False)  # the act that wrote it was taken back

    link = Sealed("link")  # the video room: whoever knows it can listen
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


class Note(models.Model):
    """What one side told the mediator alone. Read by the mediators taking part, never by the other side or anybody above."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="notes")
    side = models.CharField(_("一方"), max_length=12, choices=Party.Role.choices)
    on = models.DateField(_("日期"))
    text_sealed = models.TextField(blank=True, default="", editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled = models.BooleanField(default=False)

    text = Sealed("text")
    objects = RowsOfMediation.as_manager()

    class Meta:
        ordering = ["on", "id"]
        verbose_name = verbose_name_plural = _("单方谈话记录")


class Sittings:
    """Mixin of `Mediation`; `self` is the locked row."""

    @act(open_in="in_mediation", label=_("调解会议"))
    def session(self: Any, entry: "Entry") -> None:
        """A sitting with its minutes, sealed (人民调解法第二十七条): the record says that it took place, no more."""
        data = entry.data
        row = Session(
            mediation=self, on=entry.on, starts=data["starts"], ends=data["ends"], mode=data["mode"],
            place=data["place"], result=data["result"], by=entry.by,
        )  # fmt: skip
        row.minutes = data["minutes"]
        row.attendance = json.dumps(data["attendance"], ensure_ascii=False) if data["attendance"] else ""
        entry.save(row)
