"""What a court sends along with a dispute, and what goes back to it (特邀调解规定第十一条、第二十六条)."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.protection import Sealed

from .seen import RowsOfMediation


class Referral(models.Model):
    """A court's 委派 (before filing) or 委托 (after filing); which of the two, and its number, stand on the case."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mediation = models.OneToOneField("mediation.Mediation", models.PROTECT, related_name="referral")
    court = models.CharField(_("法院"), max_length=80)
    judge = models.CharField(_("承办法官"), max_length=40, blank=True)
    judge_phone = models.CharField(_("法官电话"), max_length=40, blank=True)
    online = models.BooleanField(_("通过在线平台"), default=False)
    pushed_on = models.DateField(_("法院推送（移送）日期"))
    materials_sealed = models.TextField(blank=True, default="", editable=False)
    returned_on = models.DateField(_("材料退回日期"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    materials = Sealed("materials")  # JSON list of {name, pages}
    objects = RowsOfMediation.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("法院委派委托")


class Referred:
    """Mixin of `Mediation`; `self` is the locked row."""
