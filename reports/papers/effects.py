"""After the commit: the figures of a paper are frozen, its sections laid out. Reading all figures takes no lock."""

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone

from cases.documents.blocks import to_json
from cases.outbox import effect
from reports import freezing
from reports.models.papers import Bulletin

from . import sections


@effect("freeze_bulletin")
def freeze_bulletin(proceeding: int, by: int) -> None:
    """Freeze the period and the same one a year before, on the day asked for; one taken anew meanwhile is left alone."""
    row = Bulletin.objects.get(pk=proceeding)
    if row.frozen_id is not None or row.as_of is None:
        return
    user, today = get_user_model().objects.get(pk=by), timezone.localdate()
    asked = {"by": user, "today": today, "as_of": row.as_of}
    now = freezing.freeze(row.of_period, why=row.title, **asked)
    before = freezing.freeze(sections.year_before(row.of_period), why=f"{row.title}（上年同期）", **asked)
    scope = sections.Scope(row, row.of_period, row.as_of, now, before, today)
    text = to_json(sections.compose(scope))
    with transaction.atomic():
        fresh = Bulletin.objects.select_for_update().get(pk=proceeding)
        if fresh.frozen_id is None and fresh.as_of == row.as_of:
            fresh.frozen, fresh.before, fresh.parts = now, before, text
            fresh.save(update_fields=["frozen", "before", "parts"])
