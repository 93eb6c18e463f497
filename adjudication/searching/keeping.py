"""What of a public text is searched, and that exactly the live texts are: rows written, rebuilt, verified.

Everything comes from the published text itself, nothing from the case.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator

from django.db import transaction
from django.db.models import QuerySet

from adjudication.models.public import PublishedRuling
from adjudication.models.searching import SearchPart
from cases import verifying
from cases.backups.tables import derived
from cases.outbox import effect

from . import index
from .index import SLOT
from .words import indexed, mark, normal, pieces

Part = SearchPart.Part
PORTION = 200  # texts written in one transaction
_PATH = re.compile(r"/rulings/(\d+)/(\d+)/")


def parts_of(text: PublishedRuling) -> list[tuple[str, str]]:
    """(part, its words in normal form as they are indexed) of a public text; lines of a field do not run together."""
    said = json.loads(text.sections)
    fields = {
        Part.PARTY: [one.get("name", "") for one in said.get("parties", [])],
        Part.CAUSE: [text.cause],
        Part.PANEL: [one.get("name", "") for one in said.get("panel", [])],
        Part.ORDERS: said.get("orders", []),
    }
    made = [(str(part), "\n".join(map(normal, map(str, lines)))) for part, lines in fields.items()]
    whole = "\n".join([*_joined(text), normal(text.text), normal(text.summary_english)])
    return [(part, body) for part, body in made if body] + [
        (str(Part.TEXT), piece) for piece in pieces(whole)
    ]


def _joined(text: PublishedRuling) -> list[str]:
    """Numbers that the ruling ends too: their addresses point to this text."""
    moved = text.pages.exclude(moved_to="").values_list("path", flat=True) if text.pk else []
    found = (_PATH.fullmatch(path) for path in moved)
    return [normal(f"〔{one[1]}〕{one[2]}号") for one in found if one]


def tokens_of(text: PublishedRuling, parts: list[tuple[str, str]]) -> list[set[str]]:
    """Tokens of each part: its words, which part it is, and the facets of its ruling."""
    facts = {"year": text.year, "right": text.right_kind, "outcome": text.outcome, "status": text.status}
    marks = {mark(name, value) for name, value in facts.items()}
    if sum(part == Part.TEXT for part, _body in parts) > 1:
        marks.add(MANY)
    return [indexed(body) | marks | {mark("part", part)} for part, body in parts]


MANY = mark("parts", "many")  # the text of this ruling is in more than one part

# writing -------------------------------------------------------------------------------------------------------


@effect("index_ruling")
def index_ruling(ruling: int) -> None:
    """Make what is searched of a ruling equal to what is public of it: one text, or nothing."""
    with transaction.atomic():
        texts = list(PublishedRuling.objects.select_for_update().filter(ruling=ruling))
        keep([text for text in texts if text.state == PublishedRuling.State.LIVE], of=texts)


def keep(live: Iterable[PublishedRuling], *, of: Iterable[PublishedRuling]) -> None:
    """Write the rows of these live texts, and no rows for the others among `of`. Inside a transaction."""
    old = SearchPart.objects.filter(published__in=list(of))
    index.remove({pk // SLOT for pk in old.values_list("pk", flat=True)})
    old.delete()
    rows, tokens = [], []
    for text in live:
        parts, slot = parts_of(text), _slot(text)
        for number, ((part, body), words) in enumerate(zip(parts, tokens_of(text, parts), strict=True)):
            rows.append(SearchPart(pk=slot * SLOT + number, published=text, part=part, body=body))
            tokens.append((rows[-1].pk, words))
    SearchPart.objects.bulk_create(rows, 500)
    index.put(tokens)


def slot_of(year: int, serial: int, nth: int = 0) -> int:
    """The place of a ruling in the order of the list; later ones have higher slots."""
    return (year * 1_000_000 + serial) * 10 + nth


def _slot(text: PublishedRuling) -> int:
    """A ruling and the one that changes it bear the same number: the later text stands above the earlier."""
    first = slot_of(text.year, text.serial)
    others = SearchPart.objects.filter(pk__gte=first * SLOT, pk__lt=(first + 10) * SLOT)
    taken = [pk // SLOT for pk in others.exclude(published=text.pk).values_list("pk", flat=True)]
    return max(taken, default=first - 1) + 1


@derived("adjudication.searchpart")
def rebuild(progress: Callable[[int], None] = lambda done: None) -> int:
    """Make all rows anew, in portions, while readers search; how many texts are searched now."""
    done = 0
    for portion in _portions(PublishedRuling.objects.live().order_by("pk")):
        with transaction.atomic():
            keep(portion, of=portion)
        done += len(portion)
        progress(done)
    with transaction.atomic():
        SearchPart.objects.exclude(published__state=PublishedRuling.State.LIVE).delete()
        kept = set(SearchPart.objects.values_list("pk", flat=True))
        index.remove({pk // SLOT for pk in index.ids() - kept} - {pk // SLOT for pk in kept})
    return done


def _portions(texts: QuerySet[PublishedRuling]) -> Iterator[list[PublishedRuling]]:
    last = 0
    while portion := list(texts.filter(pk__gt=last)[:PORTION]):
        yield portion
        last = portion[-1].pk


# verifying -----------------------------------------------------------------------------------------------------


@verifying.check("search")
def check() -> list[verifying.Finding]:
    """Every live text is searched exactly as it stands, and nothing else is."""
    checked, broken = 0, []
    for portion in _portions(PublishedRuling.objects.live().order_by("pk")):
        checked += len(portion)
        rows: dict[int, list[SearchPart]] = {text.pk: [] for text in portion}
        for row in SearchPart.objects.filter(published__in=portion).order_by("pk"):
            rows[row.published_id].append(row)
        for text in portion:
            mine, parts = rows[text.pk], parts_of(text)
            said = index.stored(mine[0].pk, mine[-1].pk) if mine else {}
            if [(row.part, row.body) for row in mine] != parts or [
                said.get(row.pk) for row in mine
            ] != tokens_of(text, parts):
                broken.append(f"public text {text.pk}: is not searched as it stands")
    for pk in SearchPart.objects.exclude(published__state=PublishedRuling.State.LIVE).values_list(
        "pk", flat=True
    ):
        broken.append(f"search part {pk}: its text is not public")
    kept = set(SearchPart.objects.values_list("pk", flat=True))
    broken += [f"search index {pk}: belongs to no part" for pk in sorted(index.ids() - kept)]
    return [verifying.Finding("search", checked, broken)]
