"""验收卷: for each task its text, state, evidence with digests and addresses; what is missing, by unit; then the policies.

Collected from the ledger as it stands; printed and packed in handing.py.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from pypdf import PdfReader, PdfWriter

from cases.documents import pdf
from cases.documents.blocks import Block, Facts, Note, PageBreak, Paragraph, Table, Title
from cases.models import Evidence
from cases.protection import sm3

from . import standing
from .evidence import Answers
from .models import EvidenceTie, Plan, Progress, SupportPolicy

LAYOUT = "form"
AT_ONCE = 15  # items of one printing: they share their fonts, and progress shows
PAPER = _("文件")


@dataclass(frozen=True)
class Proof:
    """One piece of evidence: what it is, what it says, where it opens, its SM3 (of the file, or of what it says)."""

    label: str
    words: str
    address: str
    sm3: str
    file: str = ""  # its name in the ZIP, "" = no file


@dataclass
class Item:
    """A task or policy as the dossier tells it."""

    kind: str
    number: int
    title: str
    facts: list[tuple[str, str]]
    units: list[str]
    proofs: list[Proof] = field(default_factory=list)
    progress: list[tuple[str, str]] = field(default_factory=list)
    gaps: list[str] = field(default_factory=list)

    @property
    def mark(self) -> str:
        return f"{'任务' if self.kind == 'task' else '政策'} {self.number:02d}"


def collect(today: date) -> list[Item]:
    """Everything of the plans in force, in the plan's order; a constant number of queries beside those of the sources."""
    lines = standing.tasks(today)
    policies = list(
        SupportPolicy.objects.filter(plan__in=Plan.objects.in_force(today))
        .exclude(state="void")
        .order_by("plan", "item")
    )
    ids = [line.task.pk for line in lines] + [policy.pk for policy in policies]
    ties = _by_matter(EvidenceTie.objects.filter(matter__in=ids, cancelled=False), "matter_id")
    notes = _by_matter(Progress.objects.filter(matter__in=ids, cancelled=False), "matter_id")
    files = _by_matter(Evidence.objects.filter(proceeding__in=ids).select_related("file"), "proceeding_id")
    answers = Answers(today)
    items = [_of_task(line) for line in lines] + [_of_policy(policy) for policy in policies]
    for item, pk in zip(items, ids, strict=True):
        item.proofs = [_live(told) for _tie, told in answers.of(ties[pk]) if told.proves]
        item.proofs += [_file(one, item) for one in files[pk]]
        item.progress = [(one.on.isoformat(), one.text) for one in notes[pk]]
        if not (item.proofs or item.progress):
            item.gaps.insert(0, _("没有佐证"))
    return items


def _by_matter(rows: Iterable[Any], column: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    return found


def _of_task(line: standing.Line) -> Item:
    task, now = line.task, line.standing
    facts = [
        (_("类别"), task.special_words), (_("责任单位（方案）"), task.units_text), (_("现责任单位"), line.unit_words),
        (_("负责人（方案）"), task.leaders_text), (_("完成时限（方案）"), task.deadline_text),
        (_("状态"), str(now.words)), (_("完成日期"), task.closed_on.isoformat() if task.closed_on else "—"),
    ]  # fmt: skip
    gaps = []
    if now.code == standing.UNCLEAR:
        gaps.append(_("时限或者内容需要明确"))
    if now.code == standing.LATE:
        gaps.append(_("已过完成时限，未确认完成"))
    if now.silent:
        gaps.append(_("近 %s 日没有佐证") % standing.SILENT_DAYS)
    return Item("task", task.item, task.matter_title(), facts, line.unit_words.split("、"), gaps=gaps)


def _of_policy(policy: SupportPolicy) -> Item:
    facts = [
        (_("落实单位"), policy.department),
        (_("负责人（方案）"), policy.leader_text),
        (_("状态"), str(policy.state_label)),
    ]
    gaps = [] if policy.state == "done" else [_("未确认落实")]
    return Item("policy", policy.item, policy.matter_title(), facts, [policy.department], gaps=gaps)


def _live(told: Any) -> Proof:
    address = f"{settings.BASE_URL}{told.url}" if told.url else ""
    return Proof(told.label, told.words, address, sm3(f"{told.label}|{told.words}".encode()))


def _file(one: Evidence, item: Item) -> Proof:
    ending = one.name.rpartition(".")[2][:8]
    name = f"{item.kind}-{item.number:02d}/{one.file.sm3[:12]}.{ending}"
    return Proof(
        str(PAPER),
        one.title or one.name,
        f"{settings.BASE_URL}{reverse('file', args=[one.pk])}",
        one.file.sm3,
        name,
    )


# what is missing -------------------------------------------------------------------------------------------------


def gaps_by_unit(items: Sequence[Item]) -> dict[str, list[tuple[Item, str]]]:
    """Unit -> its items with what is missing of each."""
    found: dict[str, list[tuple[Item, str]]] = defaultdict(list)
    for item in items:
        for unit in item.units if item.gaps else ():
            found[unit or _("未写明单位")].append((item, "；".join(item.gaps)))
    return dict(sorted(found.items()))


# print -----------------------------------------------------------------------------------------------------------


def front(items: Sequence[Item], pages: dict[str, int], today: date) -> list[Block]:
    """Cover: what it is, index with pages, gaps by unit."""
    rows = tuple(
        (item.mark, item.title[:60], dict(item.facts)[_("状态")], str(len(item.proofs)), str(pages.get(item.mark, "")))
        for item in items
    )  # fmt: skip
    lacking = tuple(
        (unit, item.mark, words) for unit, found in gaps_by_unit(items).items() for item, words in found
    )
    blocks: list[Block] = [
        Title(_("国家知识产权保护示范区建设任务验收卷")),
        Paragraph(
            _("截至 %(day)s，方案任务和支持政策共 %(n)s 项。") % {"day": today.isoformat(), "n": len(items)}
        ),
        Table((_("序号"), _("内容"), _("状态"), _("佐证"), _("页")), rows, (10, 56, 14, 10, 10)),
        Title(_("缺口（按责任单位）")),
    ]
    if lacking:
        blocks.append(Table((_("责任单位"), _("项目"), _("缺口")), lacking, (28, 16, 56)))
    else:
        blocks.append(Paragraph(_("没有缺口。")))
    return blocks


def blocks_of(item: Item) -> list[Block]:
    """The pages of one item."""
    blocks: list[Block] = [
        Title(item.mark), Paragraph(item.title), Facts(tuple((a, b or "—") for a, b in item.facts)),
    ]  # fmt: skip
    proofs = tuple(
        (one.label, one.words, one.file or one.address or "—", one.sm3[:16]) for one in item.proofs
    )
    if proofs:
        blocks.append(
            Table((_("佐证"), _("内容"), _("位置"), _("SM3（前 16 位）")), proofs, (20, 36, 26, 18))
        )
    if item.progress:
        blocks.append(Table((_("日期"), _("进展")), tuple(item.progress), (18, 82)))
    if item.gaps:
        blocks.append(Note(_("缺口：%s。") % "；".join(item.gaps)))
    return blocks


def printed(items: Sequence[Item], today: date, told: Callable[[int], None]) -> bytes:
    """One PDF: index and gaps in front, each item from a page of its own, with an outline. `told`: items done so far."""
    parts: list[PdfReader] = []
    pages: dict[str, int] = {}  # item -> its first page, the front not yet counted
    at = 1
    for begun in range(0, len(items), AT_ONCE):
        some = items[begun : begun + AT_ONCE]
        part = PdfReader(BytesIO(pdf.render(_apart(some), LAYOUT)))
        pages |= {mark: at + page for mark, page in _beginnings(part, some).items()}
        at += len(part.pages)
        parts.append(part)
        told(begun + len(some))
    length = len(PdfReader(BytesIO(pdf.render(front(items, {}, today), LAYOUT))).pages)
    pages = {mark: length + page for mark, page in pages.items()}
    whole = PdfWriter()
    for part in [PdfReader(BytesIO(pdf.render(front(items, pages, today), LAYOUT))), *parts]:
        for page in part.pages:
            whole.add_page(page)
    whole.add_outline_item(_("目录与缺口"), 0)
    for item in items:
        whole.add_outline_item(f"{item.mark} {item.title[:40]}", pages[item.mark] - 1)
    whole.metadata = None
    made = BytesIO()
    whole.write(made)
    return made.getvalue()


def _apart(items: Sequence[Item]) -> list[Block]:
    """The pages of several items, each from a new page."""
    blocks: list[Block] = []
    for item in items:
        blocks += [PageBreak()] if blocks else []
        blocks += blocks_of(item)
    return blocks


def _beginnings(part: PdfReader, items: Sequence[Item]) -> dict[str, int]:
    """On which page (from 0) each item begins: its mark is the first line of that page."""
    found: dict[str, int] = {}
    waiting = list(items)
    for n, page in enumerate(part.pages):
        said = "".join(page.extract_text().split())
        if waiting and said.startswith("".join(waiting[0].mark.split())):
            found[waiting.pop(0).mark] = n
    if waiting:
        raise ValueError(f"no page of {waiting[0].mark}")
    return found


def manifest(items: Sequence[Item], today: date, paper: bytes) -> bytes:
    """The ZIP's list: every item, its state, its evidence with digests, its gaps; JSON with sorted keys."""
    told = {
        "as_of": today.isoformat(),
        "index.pdf": sm3(paper),
        "items": [
            {
                "kind": item.kind, "number": item.number, "title": item.title, "facts": dict(item.facts),
                "gaps": item.gaps,
                "evidence": [
                    {"label": p.label, "said": p.words, "address": p.address, "file": p.file, "sm3": p.sm3}
                    for p in item.proofs
                ],
                "progress": [{"on": on, "text": text} for on, text in item.progress],
            }
            for item in items
        ],
        "gaps_by_unit": {
            unit: [{"item": item.mark, "gap": words} for item, words in found]
            for unit, found in gaps_by_unit(items).items()
        },
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()
