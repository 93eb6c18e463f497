"""Makes every public form of a ruling from its one marked text: page, PDF, JSON, addresses."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from cases.documents import pdf
from cases.documents.blocks import Block, Item, Note, Signers, plain_text
from cases.documents.template import compose
from cases.models import Party, Right
from cases.protection import sm3

from .. import legal_status, protected, regime
from ..check_report import log_of
from ..models import Disclosure, PublishedRuling, Ruling
from ..models.public import LegalStatus, numbers_of, place
from ..redaction import KEEP, Replacement, profile, redact, suggest

TITLE = "专利侵权纠纷行政裁决书"
PDF = "application/pdf"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Page:
    """Finished bytes of one form, as they answer from a day on."""

    path: str
    content_type: str
    content: bytes
    valid_from: date
    moved_to: str = ""


def suggestions(ruling: Ruling, today: date | None = None) -> list[Replacement]:
    """What the reviewer is offered before anybody has saved a marked text, by the profile of that day."""
    rules = profile(regime.redaction_profile(today or ruling.made_on)[0])
    return suggest(protected.subjects(ruling), json.loads(ruling.sections), profile=rules)


def of_the_house() -> list[Replacement]:
    """What every page says of the house in its foot, its telephone too: no secret of anybody's."""
    words = (settings.SITE[name] for name in ("contact", "site_code", "icp", "police"))
    return [Replacement(word, word, KEEP) for word in words if word]


def draft(disclosure: Disclosure, today: date) -> PublishedRuling:
    """The public text of a disclosure's marks, not yet saved and without its pages."""
    ruling, marks = disclosure.ruling, disclosure.marks
    sections = redact(json.loads(ruling.sections), marks)
    text = PublishedRuling(
        ruling=ruling, disclosure=disclosure, revision=disclosure.revision,
        kept=json.dumps([m.original for m in marks if m.category == KEEP], ensure_ascii=False), number=ruling.number, title=TITLE,
        outcome=ruling.outcome, made_on=ruling.made_on, basis=protected.basis(ruling), passed=False,
        sections=json.dumps(sections, ensure_ascii=False, sort_keys=True), summary_english=redact(disclosure.summary_english, marks),
    )  # fmt: skip
    text.profile, text.profile_document = regime.redaction_profile(today)
    text.log = json.dumps(
        log_of(str(disclosure.uid), json.loads(ruling.sections), marks, text.profile), ensure_ascii=False
    )
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


def pages(text: PublishedRuling, today: date, paper: bytes | None = None) -> list[Page]:
    """All public forms as bytes, and the addresses of joined numbers; those that say another status from a later day on
    by the calendar alone are made ahead. `paper`: a PDF made before, kept as it is.
    """
    ruling, base = text.ruling, text.path
    numbers = numbers_of(ruling)
    demo = _simulated(ruling) or not settings.PRODUCTION
    foot = Note(
        f"{'模拟数据。' if demo else ''}本文本为公开文本，依法作了信息处理，以送达当事人的裁决书为准。"
        f"涉案专利：{'、'.join(protected.patents(ruling)) or '无'}；"
        f"裁决结果：{text.get_outcome_display()}"
    )
    blocks: list[Block] = [*compose(Ruling.PAPER, text.data()), foot]
    paragraphs = readable_lines(blocks)
    status, history = legal_status.of(ruling, today)
    text.text, text.status = "\n".join(paragraphs), status
    text.history = json.dumps([later.words for later in history], ensure_ascii=False)
    text.effective_on = legal_status.turns_on(ruling, today)
    made = [Page(f"{base[:-1]}.pdf", PDF, paper or pdf.render(blocks, "legal"), today)]
    text.digest = text.digest or sm3(made[0].content)
    for day in filter(None, (today, text.effective_on)):
        status, history = legal_status.of(ruling, day)
        about = _about(text, numbers, status, history)
        seen = {
            "text": text, "about": about, "status": status, "history": history, "blocks": [_shown(b) for b in blocks],
            "site": settings.SITE, "demo": demo,
        }  # fmt: skip
        page = render_to_string("rulings/ruling.html", seen)
        said = json.dumps({**about, "paragraphs": paragraphs}, ensure_ascii=False)
        made.append(Page(base, "text/html; charset=utf-8", page.encode(), day))
        made.append(Page(f"{base[:-1]}.json", JSON, said.encode(), day))
    for joined in numbers:
        year, serial = place(joined)
        if joined != text.number:
            made.append(Page(f"/rulings/{year}/{serial}/", "", b"", today, moved_to=base))
    return made


def _simulated(ruling: Ruling) -> bool:
    return bool(ruling.adjudications.filter(case__simulated=True).exists())


def _about(
    text: PublishedRuling, numbers: list[str], status: LegalStatus, history: list[legal_status.Later]
) -> dict[str, Any]:
    """What page and JSON say beside the text. The JSON has no line break: it is one line of the open data."""
    data = text.data()
    return {
        "number": text.number,
        "numbers": numbers,
        "title": text.title,
        "organ": data.get("issuer", ""),
        "cause": text.cause,
        "parties": [{"role": p.get("role", ""), "name": p.get("name", "")} for p in data.get("parties", [])],
        "panel": [{"role": p.get("role", ""), "name": p.get("name", "")} for p in data.get("panel", [])],
        "right_kind": text.right_kind,
        "patents": protected.patents(text.ruling),
        "outcome": text.outcome,
        "outcome_label": str(text.get_outcome_display()),
        "legal_status": str(status),
        "legal_status_label": str(status.label),
        "history": [
            {
                "on": later.on.isoformat() if later.on else "",
                "words": str(later.words),
                "number": later.number,
            }
            for later in history
        ],
        "made_on": text.made_on.isoformat(),
        "simulated": _simulated(text.ruling),
        "pdf_sm3": text.digest,
        "url": f"{settings.PUBLIC_URL}{text.path}",
        "summary_english": text.summary_english,
    }


def readable_lines(blocks: Sequence[Block]) -> list[str]:
    """The document as a person reads it, a line per paragraph: a number stands with what it numbers."""
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Item):
            lines.append(f"{block.number}{block.text}")
        elif isinstance(block, Signers):
            lines += [f"{capacity}　　{name}" for capacity, name in block.rows]
        else:
            lines += plain_text([block]).splitlines()
    return [line for line in lines if line.strip()]


def _shown(block: Block) -> dict[str, Any]:
    return {"type": block.type, **{name: getattr(block, name) for name in block.__slots__ if name != "type"}}
