"""What the worker does with public texts: make and test candidates, keep public pages true to the day.

Which bytes become current is decided by the publishing step alone.
"""

import json
from datetime import date

from django.db import transaction
from django.utils import timezone

from cases.documents.template import MissingData
from cases.outbox import effect
from cases.protection import sm3

from .. import protected, searching
from ..models import Disclosure, PublicPage, PublishedRuling
from ..redaction import KEEP, Replacement, leaks, secrets
from .checking import findings, readable
from .making import PDF, draft, pages


class LeakError(RuntimeError):
    """A page that is already public would show what it must not; it is left as it is."""


@effect("render_ruling")
def render_ruling(disclosure: int, revision: int) -> None:
    """Make and test the candidates of one revision, once; a revision overtaken meanwhile is left out."""
    row = Disclosure.objects.select_related("ruling").get(pk=disclosure)
    known = PublishedRuling.objects.filter(
        disclosure=row, revision=revision, basis=protected.basis(row.ruling)
    )
    if row.revision != revision or known.exists():
        return
    today, made = timezone.localdate(), []
    text = draft(row, today)
    try:
        made = pages(text, today)
        found = findings(text, made, row.marks)
    except MissingData:  # what was taken out is something a ruling must state
        found = [("text", "missing")]
    text.passed, text.findings = not found, json.dumps(found, ensure_ascii=False)
    text.digest = next((sm3(page.content) for page in made if page.content_type == PDF), "")
    with transaction.atomic():
        text.save()
        for page in made:
            PublicPage.objects.create(
                published=text, path=page.path, content_type=page.content_type, content=page.content,
                digest=sm3(page.content), moved_to=page.moved_to,
            )  # fmt: skip


@effect("refresh_ruling_status")
def refresh_ruling_status(ruling: int) -> None:
    """A page that is public says again where its ruling stands; its text and its PDF stay as they were published."""
    refresh(ruling, timezone.localdate())


def refresh(ruling: int, today: date) -> bool:
    """Bring the live page of a ruling up to this day; True if its bytes changed."""
    with transaction.atomic():
        text = PublishedRuling.objects.select_for_update().filter(ruling=ruling, state="live").first()
        if text is None:
            return False
        kept = {page.path: page for page in text.pages.all()}
        paper = next(page for page in kept.values() if page.content_type == PDF)
        made = pages(text, today, paper=bytes(paper.content))
        moved = [page for page in made if sm3(page.content) != kept[page.path].digest]
        if not moved:
            return False
        kept_words = [Replacement(word, word, KEEP) for word in json.loads(text.kept)]
        if leaks(readable(moved), secrets(protected.subjects(text.ruling)), kept_words):
            raise LeakError(f"ruling {ruling}: the new page was not put up")
        for page in moved:
            row = kept[page.path]
            row.content, row.digest = page.content, sm3(page.content)
            row.save(update_fields=["content", "digest"])
        text.save(update_fields=["status", "history"])
        searching.keep([text], of=[text])
        return True
