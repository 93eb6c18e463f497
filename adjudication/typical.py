"""What stands in the way of telling a batch of typical cases to the public.

A ruling must be public itself, and no more may be told of its people than its page tells. Of a mediation nothing may
lead to its parties, companies included, and they must have agreed (特邀调解规定: what is agreed is not published).
"""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from cases.models import Party

from . import protected
from .redaction import Secret, leaks, secrets

TOLD = ("title", "facts", "result", "significance")  # what of a case is told, in this order
WORDS = {
    "introduction": "前言",
    "title": "标题",
    "facts": "基本案情",
    "result": "处理结果",
    "significance": "典型意义",
}


def obstacles(batch: Any) -> list[str]:
    """Every reason, in words for whoever edits the batch; never a protected word."""
    rows = list(batch.typical_rows())
    found = [] if rows else [_("还没有加入案例。")]
    hidden = [secret for row in rows for secret in hidden_of(row)]
    found += [
        _("前言中仍有应当隐去的内容（%(what)s）。") % {"what": what}
        for what in _left({"introduction": batch.introduction, "title": batch.title}, hidden)
    ]
    for place, row in enumerate(rows, start=1):
        found += [_("第 %(n)s 件：%(why)s") % {"n": place, "why": why} for why in _of(row)]
    return found


def _of(row: Any) -> Iterator[str]:
    if row.ruling is not None and not row.ruling.published.filter(state="live").exists():
        yield _("该裁决没有公开，不能作为典型案例发布。")
    if row.source is not None and row.consent is None:
        yield _("未附当事人同意书。")
    for what in _left({name: getattr(row, name) for name in TOLD}, hidden_of(row)):
        yield _("仍有应当隐去的内容（%(what)s），请改写。") % {"what": what}


def hidden_of(row: Any) -> list[Secret]:
    """What must not be told of a case: of a ruling's people what its page hides, of a mediation every name."""
    if row.ruling is not None:
        return secrets(protected.subjects(row.ruling))
    people = protected.subjects_of_cases([row.source.case_id]) if row.source is not None else []
    return [*secrets(people), *(Secret("other", one.name) for one in people if len(one.name) > 1)]


def of_people(row: Any) -> bool:
    """Is a natural person or a sole trader party to what is told?"""
    cases = row.ruling.adjudications.values("case") if row.ruling is not None else [row.source.case_id]
    return Party.objects.filter(case__in=cases, kind__in=(Party.Kind.PERSON, Party.Kind.SOLE_TRADER)).exists()


def _left(texts: dict[str, str], hidden: list[Secret]) -> list[str]:
    return [WORDS[name] for name in dict.fromkeys(form for form, _category in leaks(texts, hidden))]
