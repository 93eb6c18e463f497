"""What the worker does with public texts: make and test candidates, keep public pages true to the day.

Which bytes become current is decided by the publishing step alone.
"""

import json
from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.utils import timezone

from cases.documents.template import MissingData
from cases.outbox import effect
from cases.protection import sm3

from .. import protected, searching
from ..models import Disclosure, PublicPage, PublishedRuling
from ..models.public import LegalStatus
from ..redaction import KEEP, Replacement, leaks
from .checking import findings
from .making import PDF, Page, draft, of_the_house, pages
from .reading import readable


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
    keep(text, made)


def keep(text: PublishedRuling, made: Sequence[Page]) -> None:
    """Save a new text with its pages."""
    with transaction.atomic():
        text.save()
        for page in made:
            _row(text, page).save()


def _row(text: PublishedRuling, page: Page) -> PublicPage:
    return PublicPage(
        published=text, path=page.path, content_type=page.content_type, content=page.content,
        digest=sm3(page.content), moved_to=page.moved_to, valid_from=page.valid_from,
    )  # fmt: skip


@effect("refresh_ruling_status")
def refresh_ruling_status(ruling: int) -> None:
    """A page that is public says again where its ruling stands; its text and its PDF stay as they were published."""
    refresh(ruling, timezone.localdate())


def refresh(ruling: int, today: date) -> bool:
    """Bring what is public of a ruling up to this day, and what the calendar will say of it; True if anything changed."""
    with transaction.atomic():
        text = PublishedRuling.objects.select_for_update().filter(ruling=ruling, state="live").first()
        if text is None:
            return False
        said = (text.status, text.history, text.effective_on)
        rows = list(text.pages.order_by("valid_from"))
        now: dict[str, PublicPage] = {}  # of each address the last that has begun
        for row in rows:
            if row.valid_from <= today or row.path not in now:
                now[row.path] = row
        ahead = {(row.path, row.valid_from): row for row in rows if row not in now.values()}
        paper = next(row for row in now.values() if row.content_type == PDF)
        made = pages(text, today, paper=bytes(paper.content))
        moved, holding = [], set()
        for page in made:
            row = now.get(page.path) if page.valid_from <= today else ahead.get((page.path, page.valid_from))
            if row is None or row.digest != sm3(page.content):
                moved.append((page, row))
            holding.add(row and row.pk)
        stale = [row.pk for row in rows if row.pk not in holding]
        if not moved and not stale and said == (text.status, text.history, text.effective_on):
            return False
        kept_words = [*of_the_house(), *(Replacement(word, word, KEEP) for word in json.loads(text.kept))]
        if leaks(
            readable(text, [page for page, _row in moved]),
            protected.hidden(text.ruling, text.profile),
            kept_words,
        ):
            raise LeakError(f"ruling {ruling}: the new page was not put up")
        text.pages.filter(pk__in=stale).delete()
        for page, row in moved:
            new = _row(text, page)
            if row is not None:
                new.pk, new.valid_from = row.pk, row.valid_from
            new.save()
        text.save(update_fields=["status", "history", "effective_on"])
        searching.keep([text], of=[text])
        return True


def turn(today: date) -> None:
    """Rulings whose last suing period is over are effective, in list and search too, though no worker has woken yet.

    Their pages were made ahead. Nothing of a case is read: a public request may call this.
    """
    for text in list(PublishedRuling.objects.behind(today)):
        with transaction.atomic():
            text.status = LegalStatus.EFFECTIVE
            text.save(update_fields=["status"])
            searching.keep([text], of=[text])
