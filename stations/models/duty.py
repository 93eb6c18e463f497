"""Who works at a station, for how long, and who is on duty when."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .places import Station
from .terms import InForce
from .users import User


class Member(models.Model):
    """One of a station's staff for a term; a sign-in is not needed to be on the roster."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="members", verbose_name=_("工作站"))
    name = models.CharField(_("姓名"), max_length=40)
    title = models.CharField(_("职务"), max_length=40, blank=True)
    phone = models.CharField(_("办公电话"), max_length=40, blank=True)
    user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("用户")
    )
    valid_from = models.DateField(_("到岗日期"))
    valid_to = models.DateField(_("离岗日期"), null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["station", "valid_from", "id"]
        verbose_name = verbose_name_plural = _("工作站人员")

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """Somebody on duty at a station on a day, or half of it."""

    class Part(models.TextChoices):
        MORNING = "am", _("上午")
        AFTERNOON = "pm", _("下午")

    station = models.ForeignKey(Station, models.PROTECT, related_name="shifts", verbose_name=_("工作站"))
    day = models.DateField(_("日期"))
    part = models.CharField(_("时段"), max_length=2, choices=Part.choices)
    member = models.ForeignKey(Member, models.PROTECT, related_name="shifts", verbose_name=_("值班人员"))

    class Meta:
        ordering = ["day", "part", "id"]
        verbose_name = verbose_name_plural = _("值班")
        constraints = [
            models.UniqueConstraint(fields=["station", "day", "part", "member"], name="on_duty_once_a_part")
        ]  # fmt: skip
