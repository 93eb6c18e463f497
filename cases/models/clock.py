"""The clock on a row: deadlines that run and intervals that do not count."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Interval(models.Model):
    """A stretch that does not count: stay, announcement, appraisal and the like. Open while `to_on` is NULL."""

    proceeding = models.ForeignKey("cases.Proceeding", models.PROTECT, related_name="intervals")
    kind = models.CharField(_("事由"), max_length=30)
    ground = models.CharField(_("依据"), max_length=200, blank=True)
    from_on = models.DateField(_("起（首个不计日）"))
    to_on = models.DateField(_("恢复计算日"), null=True, blank=True)
    opened_by = models.ForeignKey("cases.Event", models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey("cases.Event", models.PROTECT, null=True, related_name="+")
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["from_on", "id"]


class Deadline(models.Model):
    """One running limit of the law for one proceeding; the rule says how it is counted."""

    proceeding = models.ForeignKey("cases.Proceeding", models.PROTECT, related_name="deadlines")
    rule = models.CharField(_("规则"), max_length=20)
    subject = models.CharField(max_length=60, blank=True)
    starts_on = models.DateField(_("起算日"))
    extended = models.CharField(max_length=60, blank=True)  # units given on top of the rule, comma separated
    set_due_on = models.DateField(
        null=True, blank=True
    )  # a limit the officer set, where the law has no number
    due_on = models.DateField(_("届满日"))
    provisional = models.BooleanField(_("暂定"), default=False)
    met_on = models.DateField(_("完成日"), null=True, blank=True)
    opened_by = models.ForeignKey("cases.Event", models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey("cases.Event", models.PROTECT, null=True, related_name="+")
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["due_on", "id"]
        indexes = [
            models.Index(
                fields=["due_on"],
                condition=models.Q(met_on__isnull=True, cancelled=False),
                name="deadline_open",
            )
        ]
