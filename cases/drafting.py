"""Papers that people write: what stands open in a draft, what it may not lack when issued, the mark it bears.

Which kinds are drafted stands in their templates (`drafts`); who may, in the policy. Nothing here touches the database.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from .documents.blocks import (
    Block,
    Box,
    Facts,
    Head,
    Imprint,
    Item,
    Note,
    Number,
    Paragraph,
    Signature,
    Signers,
    Title,
    plain_text,
)
from .documents.template import Template, chinese_date, kinds, load

_GAP = re.compile(r"【待补充：([^】]*)】")
_MARK = "拟稿（第"


@dataclass(frozen=True)
class Form:
    """A paper to be filled in and signed: what the case does not know stays open."""


@dataclass(frozen=True)
class NewDraft:
    """A first draft, prefilled from the case; what it lacks is named in its place."""

    sealed: bool = False  # of the closed volume, whatever the paper will be once issued


@dataclass(frozen=True)
class Revised:
    """A draft as it came back from the word processor."""

    document: Any
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Issued:
    """A draft whose words are fixed from here on."""

    document: Any


How = Form | NewDraft | Revised | Issued


@cache
def drafted_for(slug: str) -> tuple[Template, ...]:
    """The templates that may be drafted in a proceeding of this kind, by title."""
    return tuple(sorted((t for t in map(load, kinds()) if slug in t.drafts), key=lambda t: t.title))


def named(label: str) -> str:
    """What stands in a draft where something is still missing."""
    return f"【待补充：{label}】"


def gaps(blocks: Sequence[Block]) -> list[str]:
    """The labels still open in a draft, in order, each once."""
    return list(dict.fromkeys(_GAP.findall(plain_text(blocks))))


def mark(revision: int) -> Note:
    """The first line of every print of a draft."""
    return Note(f"{_MARK}{revision}稿），未经签发，不具效力")


def unmarked(blocks: Sequence[Block]) -> list[Block]:
    """The blocks without the mark a print bore; wherever the word processor left it."""
    return [
        block
        for block in blocks
        if not (isinstance(block, Note | Paragraph) and block.text.lstrip("（").startswith(_MARK))
    ]


def dated(blocks: Sequence[Block], day: date) -> list[Block]:
    """The blocks with the day of issue under the signature and in the imprint: a draft bore the day it was begun."""
    words = chinese_date(day)
    return [
        replace(block, on=words)
        if isinstance(block, Signature)
        else replace(block, printed_on=words)
        if isinstance(block, Imprint)
        else block
        for block in blocks
    ]


def lacking(expected: Sequence[Block], blocks: Sequence[Block]) -> list[str]:
    """What a paper of this kind must have and these blocks have not: gaps, fixed headings, filled fields, signatures.

    `expected` is the paper as the template makes it today.
    """
    missing = gaps(blocks)
    text = re.sub(r"\s", "", plain_text(blocks))
    filled: set[str] = set()
    for block in blocks:
        if isinstance(block, Facts):
            filled |= {_plain(label) for label, value in block.rows if value.strip()}
        elif isinstance(block, Box) and block.text.strip():
            filled.add(_plain(block.label))
    for block in expected:
        match block:
            case Head(said) | Title(said) | Number(said) if not _GAP.search(said):
                missing += [said] if _plain(said) not in text else []
            case Head() | Title() | Number() if not any(type(b) is type(block) for b in blocks):
                missing += _GAP.findall(block.text)
            case Paragraph(said, level) if level and not _GAP.search(said):
                missing += [said] if _plain(said) not in text else []
            case Facts(rows):
                missing += [label for label, value in rows if value.strip() and _plain(label) not in filled]
            case Box(label, said) if said.strip():
                missing += [label.replace("\n", "")] if _plain(label) not in filled else []
            case Item(_number, said) if _GAP.search(said) and not any(isinstance(b, Item) for b in blocks):
                missing += _GAP.findall(said)
            case Signature() if not any(isinstance(b, Signature) and b.issuer and b.on for b in blocks):
                missing.append("落款和日期")
            case Signers() if not any(isinstance(b, Signers) for b in blocks):
                missing.append("签名栏")
    return [one for one in dict.fromkeys(missing) if _plain(one)]


def _plain(text: str) -> str:
    return re.sub(r"\s", "", text)
