"""The rows of a mediation and who sees them: whoever sees the mediation.

What was said in it needs more (mediation/sealed.py).
"""

from datetime import date
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef

from cases.models import Proceeding


class RowsOfMediation(models.QuerySet):
    """Rows that are seen by whoever sees their mediation."""

    owner = "mediation"

    def visible_to(self, user: Any, today: date) -> "RowsOfMediation":
        """The rows whose mediation this person may see."""
        seen = Proceeding.objects.visible_to(user, today)
        return self.filter(Exists(seen.filter(pk=OuterRef(self.owner))))


class Row(models.Model):
    """What an act or step of a mediation left behind. `cancelled`: it was taken back and holds no longer."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    cancelled = models.BooleanField(default=False)

    objects = RowsOfMediation.as_manager()

    class Meta:
        abstract = True


class Recorded(Row):
    """A row that names who recorded it."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        abstract = True
