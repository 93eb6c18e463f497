"""Periods of validity, as every register of the house keeps them."""

from datetime import date

from django.db import models
from django.db.models import Q


class InForce(models.QuerySet):
    """Rows with a period of validity; both ends belong to it, an open end is NULL."""

    def in_force(self, on: date) -> "InForce":
        return self.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))
