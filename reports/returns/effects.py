"""After the commit: the file of a confirmed return. What is sent is this file, byte for byte."""

from django.db import transaction

from cases import kinds
from cases.documents.making import keep
from cases.outbox import effect
from stations.sheets import TYPE

from . import filling, printing


@effect("make_return_sheet")
def make_return_sheet(kind: str, proceeding: int) -> None:
    """Make and keep the sheet once; a return that was opened again meanwhile is left alone."""
    model = kinds.get(kind).model
    row = model._default_manager.select_related("station", "body", "submitted_by", "confirmed_by").get(
        pk=proceeding
    )
    if row.sheet_id is not None or not row.content_sealed:
        return
    content = printing.workbook(row, filling.from_json(row.content), on=row.as_of)
    made = keep(content, "xlsx", TYPE)
    with transaction.atomic():
        fresh = model._default_manager.select_for_update().get(pk=proceeding)
        if fresh.digest == row.digest and fresh.sheet_id is None:
            fresh.sheet = made
            fresh.save(update_fields=["sheet"])
