"""The tasks in the pack of a push meeting: how many stand where, and those that are late or silent, by number."""

from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext as _

from cases.documents.blocks import Block, Item, Paragraph
from reports.papers.sections import PACK, Scope, section

from . import standing
from .standing import LATE, Line

MOST = 20  # tasks named


@section("任务进展", of=(PACK,), order=45)
def tasks(scope: Scope) -> Sequence[Block]:
    """Counts by standing, then what wants a word at the meeting; nothing where no plan was read in."""
    lines = standing.tasks(scope.today)
    if not lines:
        return []
    numbers = Counter(line.standing.words for line in lines)
    told = "，".join(_("%(words)s %(n)d 项") % {"words": words, "n": n} for words, n in numbers.items())
    wanting = [one for one in lines if one.standing.code == LATE or one.standing.silent]
    found: list[Block] = [Paragraph(_("任务共 %(n)d 项：%(told)s。") % {"n": len(lines), "told": told})]
    if wanting:
        found.append(
            Paragraph(
                _("逾期或者 60 日没有新佐证的 %(n)d 项，列前 %(most)d 项：")
                % {"n": len(wanting), "most": MOST}
            )
        )
    return [*found, *(Item(f"{n}.", _said(line)) for n, line in enumerate(wanting[:MOST], 1))]


def _said(line: Line) -> str:
    task = line.task
    words = {"item": task.item, "text": task.text[:60], "units": line.unit_words, "state": line.standing.words,
             "days": line.standing.silent_days}  # fmt: skip
    return _("第 %(item)s 项 %(text)s（%(units)s）：%(state)s，%(days)d 日无新佐证") % words
