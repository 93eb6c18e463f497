"""A plan whose tasks the ledger follows, and each edition of its text as it was read."""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reports.ledger import reading


class PlanQuerySet(models.QuerySet["Plan"]):
    def in_force(self, on: date) -> "PlanQuerySet":
        return self.filter(Q(ended_on__isnull=True) | Q(ended_on__gte=on))


class Plan(models.Model):
    """A plan by its name."""

    name = models.CharField(_("方案"), max_length=120, unique=True)
    issued_on = models.DateField(_("印发日期"), null=True, blank=True)
    ended_on = models.DateField(_("终止日期"), null=True, blank=True)

    objects = PlanQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("建设方案")

    def __str__(self) -> str:
        return self.name


class PlanReading(models.Model):
    """One edition of the text: what it said, row by row. Never changed; the ledger is compared with it."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="readings")
    digest = models.CharField(max_length=64)  # SM3 of the text
    file_name = models.CharField(_("文件"), max_length=200, blank=True)
    content = models.TextField()  # JSON of reading.as_text
    read_on = models.DateField(_("读入日期"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = _("方案文本")
        constraints = [models.UniqueConstraint(fields=["plan", "digest"], name="one_reading_per_edition")]

    def told(self) -> reading.Plan:
        """What it said."""
        return reading.from_text(self.content)
