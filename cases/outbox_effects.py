"""The effects of the case room: rendering a document, telling another case that one was merged into it, or no longer."""

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import blank_printing, bookbinding, steps
from .documents import making
from .errors import Conflict
from .models import Case, Document, Outbox, Volume
from .outbox import effect


@effect("render_document")
def render_document(document: int) -> None:
    """Render a document's PDF and docx once; a second run finds them there."""
    row = Document.objects.get(pk=document)
    if row.pdf_id is None or row.docx_id is None:
        making.render(row)


@effect("print_blank")
def print_blank(kind: str) -> None:
    """Print a blank form; the same again is the same file."""
    blank_printing.print_blank(kind)


@effect("bind_volume")
def bind_volume(volume: str) -> None:
    """Make the PDF of a volume once; one bound again meanwhile is left alone."""
    row = Volume.objects.select_related("proceeding__case", "by").get(uid=volume)
    if row.pdf_id is None and not row.cancelled:
        bookbinding.bind(row)


@effect("case_merged")
def case_merged(into: int, merged: int, proceeding: int, by: int, *, key: str = "") -> None:
    """并案: the receiving case learns of it by its own door, once."""
    user = get_user_model().objects.get(pk=by)
    source = Case.objects.get(pk=merged)
    data = {"merged": str(source), "proceeding": proceeding}
    steps.case_act(into, "merge", by=user, data=data, today=timezone.localdate(), key=key, told=True)


@effect("merge_undone")
def merge_undone(into: int, merged: int, proceeding: int, by: int, void: int, *, key: str = "") -> None:
    """并案 was undone: the case that was told of it (by the event `void`) learns of that too, once and not before."""
    told = Outbox.objects.get(name="case_merged", key__startswith=f"{void}:")
    if told.state == Outbox.State.WAITING:
        raise Conflict("not_told_yet", _("并案尚未告知对方案件，稍后再试。"))
    if told.state == Outbox.State.DEAD:
        return  # it never learned of the merge
    user = get_user_model().objects.get(pk=by)
    data = {"merged": str(Case.objects.get(pk=merged)), "proceeding": proceeding}
    steps.case_act(into, "unmerge", by=user, data=data, today=timezone.localdate(), key=key, told=True)
