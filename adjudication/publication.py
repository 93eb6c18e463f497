"""Makes every public form of a ruling from its one marked text, and searches exactly these bytes for what must not be there.

Runs in the worker. Which bytes become current is decided by the publishing step alone.
"""

import html
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

import pypdf
from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from cases.documents import pdf
from cases.documents.blocks import Block, Item, Note, Signers, plain_text
from cases.documents.template import MissingData, compose
from cases.models import Party, Right
from cases.outbox import effect
from cases.protection import masked_name, sm3

from . import legal_status, protected
from .models import Disclosure, PublicPage, PublishedRuling, Ruling
from .models.public import numbers_of, place
from .redaction import KEEP, Replacement, absent, leaks, redact, secrets, suggest, undecided

TITLE = "专利侵权纠纷行政裁决书"
PDF = "application/pdf"
FORMS = {"html": "网页", "pdf": "PDF 文件", "json": "数据接口", "address": "地址和文件名"}


@dataclass(frozen=True, slots=True)
class Page:
    """Finished bytes of one form."""

    path: str
    content_type: str
    content: bytes
    moved_to: str = ""


class LeakError(RuntimeError):
    """A page that is already public would show what it must not; it is left as it is."""


def suggestions(ruling: Ruling) -> list[Replacement]:
    """What the reviewer is offered before anybody has saved a marked text."""
    return suggest(protected.subjects(ruling), json.loads(ruling.sections), masked_name)


# making --------------------------------------------------------------------------------------------------------


def draft(disclosure: Disclosure, today: date) -> PublishedRuling:
    """The public text of a disclosure's marks, not yet saved and without its pages."""
    ruling, marks = disclosure.ruling, disclosure.marks
    sections = redact(json.loads(ruling.sections), marks)
    text = PublishedRuling(
        ruling=ruling, disclosure=disclosure, revision=disclosure.revision,
        kept=json.dumps([m.original for m in marks if m.category == KEEP], ensure_ascii=False), number=ruling.number, title=TITLE,
        outcome=ruling.outcome, made_on=ruling.made_on, basis=protected.basis(ruling), passed=False,
        sections=json.dumps(sections, ensure_ascii=False, sort_keys=True),
    )  # fmt: skip
    text.year, text.serial = place(ruling.number)
    cases = list(ruling.adjudications.values_list("case_id", flat=True))
    right = Right.objects.filter(case__in=cases, kind__in=Right.PATENTS).order_by("position", "pk").first()
    text.right_kind = right.kind if right else ""
    text.cause = str(sections.get("cause") or "")[:120]
    text.summary = "".join(str(order) for order in sections.get("orders", []))[:200]
    people = Party.objects.filter(case__in=cases, kind__in=(Party.Kind.PERSON, Party.Kind.SOLE_TRADER))
    text.unindexed = people.exists()
    text.status = legal_status.of(ruling, today)[0]
    return text


def patents(ruling: Ruling) -> list[str]:
    """Numbers of the patents in dispute; they are public."""
    cases = ruling.adjudications.values_list("case_id", flat=True)
    rights = Right.objects.filter(case__in=list(cases), kind__in=Right.PATENTS).exclude(number="")
    return list(dict.fromkeys(rights.order_by("position", "pk").values_list("number", flat=True)))


def pages(text: PublishedRuling, today: date, paper: bytes | None = None) -> list[Page]:
    """All public forms as bytes, and the addresses of joined numbers. `paper`: a PDF made before, kept as it is."""
    ruling, data = text.ruling, text.data()
    numbers, subject = numbers_of(ruling), patents(ruling)
    status, history = legal_status.of(ruling, today)
    text.status = status
    simulated = ruling.adjudications.filter(case__simulated=True).exists()
    demo = simulated or not settings.PRODUCTION
    foot = Note(
        f"{'模拟数据。' if demo else ''}本文本为公开文本，依法作了信息处理，以送达当事人的裁决书为准。"
        f"涉案专利：{'、'.join(subject) or '无'}；"
        f"裁决结果：{text.get_outcome_display()}"
    )
    blocks: list[Block] = [*compose(Ruling.PAPER, data), foot]
    paragraphs = readable_lines(blocks)
    text.text = "\n".join(paragraphs)
    about: dict[str, Any] = {
        "number": text.number,
        "numbers": numbers,
        "title": text.title,
        "organ": data.get("issuer", ""),
        "cause": text.cause,
        "parties": [{"role": p.get("role", ""), "name": p.get("name", "")} for p in data.get("parties", [])],
        "panel": [{"role": p.get("role", ""), "name": p.get("name", "")} for p in data.get("panel", [])],
        "right_kind": text.right_kind,
        "patents": subject,
        "outcome": text.outcome,
        "outcome_label": str(text.get_outcome_display()),
        "legal_status": str(status),
        "legal_status_label": str(status.label),
        "history": history,
        "made_on": text.made_on.isoformat(),
        "simulated": simulated,
        "url": f"{settings.BASE_URL}{text.path}",
        "paragraphs": paragraphs,
    }
    seen = {
        "text": text, "about": about, "status": status, "blocks": [_shown(b) for b in blocks], "demo": demo,
        "site": {**settings.SITE, "contact": ""}, "file": f"{text.serial}.pdf",
    }  # fmt: skip
    page = render_to_string("rulings/ruling.html", seen)
    base = text.path
    made = [
        Page(base, "text/html; charset=utf-8", page.encode()),
        Page(f"{base[:-1]}.pdf", PDF, paper or pdf.render(blocks, "legal")),
        Page(
            f"{base[:-1]}.json", "application/json", json.dumps(about, ensure_ascii=False, indent=1).encode()
        ),
    ]
    for joined in numbers:
        year, serial = place(joined)
        if joined != text.number:
            made.append(Page(f"/rulings/{year}/{serial}/", "", b"", moved_to=base))
    return made


def readable_lines(blocks: Sequence[Block]) -> list[str]:
    """The document as a person reads it, a line per paragraph: a number stands with what it numbers."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Item):
            lines.append(f"{block.number}{block.text}")
        elif isinstance(block, Signers):
            lines += [f"{capacity}　{name}" for capacity, name in block.rows]
        else:
            lines += plain_text([block]).splitlines()
    return [line for line in lines if line.strip()]


def _shown(block: Block) -> dict[str, Any]:
    return {"type": block.type, **{name: getattr(block, name) for name in block.__slots__ if name != "type"}}


# testing -------------------------------------------------------------------------------------------------------


def readable(made: list[Page]) -> dict[str, str]:
    """Everything a reader or a machine can get out of the public bytes, by form."""
    forms = {"address": " ".join(f"{page.path} {page.moved_to}" for page in made)}
    for page in made:
        if page.content_type.startswith("text/html"):
            raw = page.content.decode()
            forms["html"] = "\n".join([raw, html.unescape(raw), html.unescape(re.sub(r"<[^>]*>", "", raw))])
        elif page.content_type == "application/json":
            forms["json"] = "\n".join([page.content.decode(), _flat(json.loads(page.content))])
        elif page.content_type == PDF:
            forms["pdf"] = pdf_text(page.content)
    return forms


def _flat(value: Any) -> str:
    if isinstance(value, dict):
        return "\n".join(_flat(one) for one in value.values())
    return "\n".join(_flat(one) for one in value) if isinstance(value, list) else str(value)


def pdf_text(content: bytes) -> str:
    """The text layer of a PDF and what its properties say."""
    reader = pypdf.PdfReader(BytesIO(content))
    said = [str(value) for value in (reader.metadata or {}).values()]
    return "\n".join([*(page.extract_text() for page in reader.pages), *said])


def pdf_bytes(content: bytes) -> bytes:
    """The file as it lies there and every stream of it, decompressed."""
    reader = pypdf.PdfReader(BytesIO(content))
    parts = [content]
    for number in range(1, int(reader.trailer["/Size"])):
        found = pypdf.generic.IndirectObject(number, 0, reader).get_object()
        if isinstance(found, pypdf.generic.StreamObject):
            parts.append(found.get_data())
    return b"\n".join(parts)


def beneath(content: bytes, words: list[str]) -> bool:
    """Do these words stand anywhere in the file's bytes, in any of the spellings a PDF knows?"""
    lying = pdf_bytes(content)
    lower = lying.lower()
    return content.count(b"%%EOF") != 1 or any(
        word.encode() in lying
        or word.encode("utf-16-be") in lying
        or word.encode("utf-16-be").hex().encode() in lower
        or word.encode().hex().encode() in lower
        for word in words
        if len(word) > 1
    )


def findings(text: PublishedRuling, made: list[Page], marks: list[Replacement]) -> list[tuple[str, str]]:
    """(form, what) of everything that stands in the way of publishing; empty: passed. Never names a secret."""
    people = protected.subjects(text.ruling)
    hidden, forms = secrets(people), readable(made)
    kept = [m.original for m in marks if m.category == KEEP]
    found = leaks(forms, hidden, marks)
    paper = next(page.content for page in made if page.content_type == PDF)
    if beneath(paper, [s.value for s in hidden if s.value not in kept]):
        found.append(("pdf", "beneath"))
    demanded = {"number": text.number, "outcome": str(text.get_outcome_display())}
    demanded |= {f"patent{n}": number for n, number in enumerate(patents(text.ruling))}
    demanded |= {f"panel{n}": one["name"] for n, one in enumerate(text.ruling.data().get("panel", []))}
    found += absent({form: words for form, words in forms.items() if form != "address"}, demanded)
    found += [("text", "undecided") for _name in undecided(people, marks)]
    return list(dict.fromkeys(found))


# effects -------------------------------------------------------------------------------------------------------


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
        text.save(update_fields=["status"])
        return True


def findings_in_words(text: PublishedRuling) -> list[str]:
    """The result of the machine check as the reviewer reads it."""
    words = []
    for form, what in json.loads(text.findings):
        where = FORMS.get(form, "公开文本")
        words.append(f"{where}：{_WORDS.get(what.rstrip('0123456789'), what)}")
    return words


_WORDS: Mapping[str, str] = {
    "person": "仍有应当隐去的自然人姓名",
    "representative": "仍有应当隐去的法定代表人、负责人或者经营者姓名",
    "agent": "仍有应当隐去的代理人姓名",
    "address": "仍有区、县以下的详细地址",
    "id_number": "仍有证件号码",
    "phone": "仍有电话、邮箱等联系方式",
    "secret": "仍有已标为商业秘密的内容",
    "other": "仍有已标为删除的内容",
    "beneath": "文件内部仍可检出应当隐去的内容",
    "number": "缺少案号",
    "outcome": "缺少裁决结果",
    "patent": "缺少涉案专利号",
    "panel": "缺少合议组成员姓名",
    "missing": "删除后缺少裁决书必须写明的内容，请改为替换",
    "undecided": "个体工商户字号可能含经营者姓名，请逐一决定遮盖或者保留",
}
