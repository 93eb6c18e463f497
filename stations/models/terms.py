"""Periods of validity, as every register of the house keeps them."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


def holds(on: date, at: str = "") -> Q:
    """The row is in force on that day; both ends belong to it, an open end is NULL. `at` leads to a related row."""
    return Q(**{f"{at}valid_from__lte": on}) & (
        Q(**{f"{at}valid_to__isnull": True}) | Q(**{f"{at}valid_to__gte": on})
    )


def held(on: date, as_of: date) -> Q:
    """The `Term` was in force on that day as far as was known by `as_of`; an end written later is not known yet."""
    ended = Q(valid_to__lt=on, end_known_on__lte=as_of)
    return Q(known_on__lte=as_of, valid_from__lte=on) & ~ended


class InForce(models.QuerySet):
    """Rows with a period of validity."""

    def in_force(self, on: date) -> "InForce":
        return self.filter(holds(on))


class Term(models.Model):
    """A row of a register with its period, and the days on which its begin and its end were entered."""

    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"), null=True, blank=True)
    known_on = models.DateField(_("登记日期"), default=timezone.localdate, editable=False)
    end_known_on = models.DateField(null=True, editable=False)  # the day the end was written

    objects = InForce.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: object, **kwargs: object) -> None:
        """A period that is entered whole is known whole."""
        if self.pk is None and self.end_known_on is None:
            self.end_known_on = self.known_on
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    def end(self, on: date, today: date) -> None:
        """The row ends on that day, and this is known from today on."""
        self.valid_to, self.end_known_on = on, today
        self.save(update_fields=["valid_to", "end_known_on"])

    def is_in_force(self, on: date) -> bool:
        return self.valid_from <= on and (self.valid_to is None or self.valid_to >= on)
