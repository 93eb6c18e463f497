"""督办提示: what asks for somebody's answer, and what became of it. Written by reports/watching alone."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import guards
from stations import policy
from stations.models import Body, Station


class NoticeQuerySet(models.QuerySet["Notice"]):
    def standing(self) -> "NoticeQuerySet":
        """Not ended: open, or answered while the cause lasts."""
        return self.exclude(status=Notice.Status.ENDED)

    def answered_by(self, held: policy.Standing) -> "NoticeQuerySet":
        """Those this standing answers for: by its role at the station or in the body concerned, or in the district."""
        asked = Q(pk__in=())
        for role in held.roles:
            at = Q(station__isnull=True, body__isnull=True)
            at |= Q(station__in=held.stations(role)) | Q(body__in=held.bodies(role))
            asked |= Q(roles__contains=f" {role} ") & at
        return self.filter(asked)


class Notice(models.Model):
    """One rule that does not hold of one subject. It stays the same one until its cause ends."""

    class Status(models.TextChoices):
        OPEN = "open", _("待答复")
        ANSWERED = "answered", _("已答复")
        ENDED = "ended", _("已消除")

    rule = models.CharField(_("规则"), max_length=40)
    subject = models.CharField(
        max_length=80
    )  # a code, a kind of limit, a station: never a person, never a case's words
    text = models.CharField(_("事项"), max_length=200)
    number = models.PositiveIntegerField(_("数量"), default=0)
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, related_name="+", verbose_name=_("工作站")
    )
    body = models.ForeignKey(Body, models.PROTECT, null=True, related_name="+", verbose_name=_("单位"))
    roles = models.CharField(max_length=120)  # " head station_head ": who answers, a blank around each
    status = models.CharField(_("状态"), max_length=8, choices=Status.choices, default=Status.OPEN)
    opened_on = models.DateField(_("提示日期"))
    answered_on = models.DateField(_("答复日期"), null=True)
    ended_on = models.DateField(_("消除日期"), null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = _("督办提示")
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "subject"],
                condition=~Q(status="ended"),
                name="one_standing_notice_per_subject",
            )
        ]
        indexes = [models.Index(fields=["status", "rule"], name="notice_by_status")]

    def __str__(self) -> str:
        return self.text

    @property
    def place(self) -> Any:
        return self.station or self.body


class NoticeEntry(models.Model):
    """What became of a notice, line by line: seen, answered, raised again, ended. Never changed."""

    class What(models.TextChoices):
        OPENED = "opened", _("提示")
        SEEN = "seen", _("已查看")
        ANSWERED = "answered", _("答复")
        AGAIN = "again", _("仍未消除，再次提示")
        ENDED = "ended", _("已消除")

    notice = models.ForeignKey(Notice, models.PROTECT, related_name="entries")
    what = models.CharField(max_length=8, choices=What.choices)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.CharField(max_length=500, blank=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.notice_id} {self.what}"


guards.protect(NoticeEntry._meta.db_table)
