"""Counters and the numbers they gave. A number given stays, as 作废 if its step was undone."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Counter(models.Model):
    """The last serial of one series in one year."""

    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "year"], name="one_counter_per_series_and_year")
        ]


class Number(models.Model):
    """A number that was given to a proceeding, with its fate."""

    series = models.CharField(max_length=40)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    text = models.CharField(_("文号"), max_length=60, unique=True)
    proceeding = models.ForeignKey("cases.Proceeding", models.PROTECT, related_name="numbers")
    given_on = models.DateField(_("编号日期"))
    void_on = models.DateField(_("作废日期"), null=True, blank=True)

    class Meta:
        ordering = ["series", "year", "serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["series", "year", "serial"], name="one_number_per_series_year_serial"
            )
        ]
