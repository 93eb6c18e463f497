"""Performance of the agreement: each term is an obligation with a day, followed up to the end (人民调解法第三十一条)."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.protection import Sealed

from .agreement import Term
from .seen import RowsOfMediation


class PerformanceQuerySet(RowsOfMediation):
    owner = "term__agreement__mediation"


class Performance(models.Model):
    """Something done towards a term: a payment, goods destroyed, an apology; with its proof."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="performances")
    on = models.DateField(_("履行日期"))
    amount = models.DecimalField(_("金额（元）"), max_digits=16, decimal_places=2, null=True, blank=True)
    completes = models.BooleanField(_("履行完毕"), default=True)
    proof = models.ForeignKey("cases.Evidence", models.PROTECT, null=True, blank=True, related_name="+")
    remark_sealed = models.TextField(blank=True, default="", editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled = models.BooleanField(default=False)

    remark = Sealed("remark")
    objects = PerformanceQuerySet.as_manager()

    class Meta:
        ordering = ["on", "id"]
        verbose_name = verbose_name_plural = _("履行记录")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(amount__isnull=True) | models.Q(amount__gt=0),
                name="performed_amount_positive",
            )
        ]


class Performing:
    """Mixin of `Mediation`; `self` is the locked row."""
