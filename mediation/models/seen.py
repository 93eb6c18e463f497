"""Who sees the rows of a mediation: whoever sees the mediation. What was said in it needs more (mediation/sealed.py)."""

from datetime import date
from typing import Any

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
