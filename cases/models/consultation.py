"""Consultations (咨询登记): questions answered in minutes, never a case until somebody makes one of them."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.protection import Sealed
from stations.models import Station


class Consultation(models.Model):
    """咨询登记: a question answered in minutes. Never a case until somebody makes it one."""

    class Channel(models.TextChoices):
        COUNTER = "counter", _("窗口")
        PHONE = "phone", _("电话")
        ONLINE = "online", _("网络")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    station = models.ForeignKey(Station, models.PROTECT, null=True, verbose_name=_("工作站"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
    channel = models.CharField(_("方式"), max_length=8, choices=Channel.choices, default=Channel.COUNTER)
    name = models.CharField(_("咨询人"), max_length=80, blank=True)
    phone_sealed = models.TextField(blank=True, default="", editable=False)
    right_kind = models.CharField(_("权利类型"), max_length=25, blank=True)
    question = models.TextField(_("问题"))
    answer = models.TextField(_("答复"), blank=True)
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="consultations"
    )
    at = models.DateTimeField(auto_now_add=True)

    phone = Sealed("phone")

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = _("咨询")
