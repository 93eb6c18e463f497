"""以案定补: what a committee pays for a case well done, by grades that are data (mediation/subsidy.toml)."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .seen import RowsOfMediation


class Subsidy(models.Model):
    """The grade the committee gave a closed mediation, and the month in which it is paid."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mediation = models.OneToOneField("mediation.Mediation", models.PROTECT, related_name="subsidy")
    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("调解员")
    )
    grade = models.CharField(_("等级"), max_length=20)
    amount = models.DecimalField(_("金额（元）"), max_digits=10, decimal_places=2)
    rules = models.CharField(_("标准版本"), max_length=40)
    graded_on = models.DateField(_("评定日期"))
    month = models.CharField(_("发放月份"), max_length=7, blank=True)  # "2026-11", empty = not yet
    paid_on = models.DateField(_("发放日期"), null=True, blank=True)
    cancelled = models.BooleanField(default=False)

    objects = RowsOfMediation.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("以案定补")


class Subsidised:
    """Mixin of `Mediation`; `self` is the locked row."""
