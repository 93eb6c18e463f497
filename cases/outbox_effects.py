"""The effects of the case room: rendering a document, telling another case that one was merged into it."""

from django.contrib.auth import get_user_model
from django.utils import timezone

from . import steps
from .documents import making
from .models import Case, Document
from .outbox import effect


@effect("render_document")
def render_document(document: int) -> None:
    """Render a document's PDF and docx once; a second run finds them there."""
    row = Document.objects.get(pk=document)
    if row.pdf_id is None or row.docx_id is None:
        making.render(row)


@effect("case_merged")
def case_merged(into: int, merged: int, proceeding: int, by: int, *, key: str = "") -> None:
    """并案: the receiving case learns of it by its own door, once."""
    user = get_user_model().objects.get(pk=by)
    source = Case.objects.get(pk=merged)
    data = {"merged": str(source), "proceeding": proceeding}
    steps.case_act(into, "merge", by=user, data=data, today=timezone.localdate(), key=key, told=True)
