"""The blocks a document is made of, and their JSON. What they look like is in layouts, pdf and docx.

A document is a list of blocks, frozen when it is issued; PDF and .docx are two prints of the same list.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, ClassVar

from cases.errors import Invalid

# Not printable, or able to reverse what a reader sees (bidirectional overrides); never part of a paper's text.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
    "\ufff9-\ufffc\ufffe\uffff\ud800-\udfff]"
)


_NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?")


class BlockError(Invalid):
    """The JSON or the values do not make a block; the message is Chinese and says which."""

    def __init__(self, message: str) -> None:
        super().__init__("bad_blocks", message)


def clean(text: str) -> str:
    """Text without control, zero-width and direction-override characters; line ends are ``\\n``, tabs spaces."""
    text = re.sub("\r\n?|[\x0b\x0c\x85\u2028\u2029]", "\n", text).replace("\t", " ")
    return _UNPRINTABLE.sub("", text)


@dataclass(frozen=True, slots=True)
class Head:
    """发文机关: full name of the issuing body (red only on an official letter)."""

    type: ClassVar[str] = "head"
    text: str


@dataclass(frozen=True, slots=True)
class Title:
    """Name of the document, centred."""

    type: ClassVar[str] = "title"
    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """文号或者案号: flush right on a legal document, centred on an official letter."""

    type: ClassVar[str] = "number"
    text: str


@dataclass(frozen=True, slots=True)
class Addressee:
    """主送: printed flush left with a full-width colon, which is not part of ``text``."""

    type: ClassVar[str] = "addressee"
    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Body text. ``level`` 0 is running text, 1–4 the headings 一、 （一） 1. （1） of GB/T 9704 7.3.3."""

    type: ClassVar[str] = "paragraph"
    text: str
    level: int = 0


@dataclass(frozen=True, slots=True)
class Item:
    """One numbered item; ``number`` is printed as given (``1.``, ``（一）``, ``□``)."""

    type: ClassVar[str] = "item"
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class Facts:
    """Label and value table; ``pairs`` (1 or 2) label-value pairs stand side by side."""

    type: ClassVar[str] = "facts"
    rows: tuple[tuple[str, str], ...]
    pairs: int = 1


@dataclass(frozen=True, slots=True)
class Table:
    """A ruled table; ``widths`` are relative, one per column."""

    type: ClassVar[str] = "table"
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Box:
    """A labelled field of a form with room for ``lines`` lines and a signature line at its foot."""

    type: ClassVar[str] = "box"
    label: str
    text: str = ""
    signed: str = ""
    lines: int = 3


@dataclass(frozen=True, slots=True)
class Signers:
    """Places where people sign: (capacity, name already known or empty). Ink only, nothing is drawn."""

    type: ClassVar[str] = "signers"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """落款: issuer and date. The seal's place on them stays empty; a seal is never drawn."""

    type: ClassVar[str] = "signature"
    issuer: str
    on: str


@dataclass(frozen=True, slots=True)
class Attachments:
    """附件说明 of the text (GB/T 9704 7.3.4)."""

    type: ClassVar[str] = "attachments"
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """附注 or a remark under the text or a form, printed small on forms and in parentheses elsewhere."""

    type: ClassVar[str] = "note"
    text: str


@dataclass(frozen=True, slots=True)
class Imprint:
    """版记 of an official letter: 抄送 and 印发. Legal documents and forms have none."""

    type: ClassVar[str] = "imprint"
    copies_to: str
    printed_by: str
    printed_on: str


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows begins a new page (a receipt slip, an annex)."""

    type: ClassVar[str] = "page_break"


@dataclass(frozen=True, slots=True)
class Link:
    """A web address people open: as words and, on paper, as QR beside them. Never one that holds a secret."""

    type: ClassVar[str] = "link"
    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Numbers drawn: ``shape`` is columns, lines or bars; each series is its name and one number per label ("" = none).

    Paper shows the drawing; a word processor gets the same numbers as a table, which comes back as the chart.
    """

    type: ClassVar[str] = "chart"
    title: str
    shape: str
    labels: tuple[str, ...]
    series: tuple[tuple[str, ...], ...]


SHAPES = ("columns", "lines", "bars")

Block = (
    Head
    | Title
    | Number
    | Addressee
    | Paragraph
    | Item
    | Facts
    | Table
    | Box
    | Signers
    | Signature
    | Attachments
    | Note
    | Imprint
    | PageBreak
    | Link
    | Chart
)
TYPES: MappingProxyType[str, type[Block]] = MappingProxyType(
    {
        cls.type: cls
        for cls in (
            Head, Title, Number, Addressee, Paragraph, Item, Facts, Table, Box, Signers, Signature, Attachments,
            Note, Imprint, PageBreak, Link, Chart,
        )
    }
)  # fmt: skip


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return value


def _frozen(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_frozen(one) for one in value)
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise BlockError(f"文书内容中有不能识别的值：{type(value).__name__}")


def _check(block: Block) -> Block:
    """The block itself if its values have the declared shape, else :class:`BlockError`."""
    for field in fields(block):
        value = getattr(block, field.name)
        kind = str(field.type)
        good = (
            isinstance(value, str) if kind == "str"
            else isinstance(value, int) if kind == "int"
            else isinstance(value, tuple)
        )  # fmt: skip
        if good and "tuple[str, str]" in kind:
            good = all(
                isinstance(row, tuple) and len(row) == 2 and all(isinstance(cell, str) for cell in row)
                for row in value
            )
        elif good and kind == "tuple[str, ...]":
            good = all(isinstance(one, str) for one in value)
        if not good:
            raise BlockError(f"文书内容“{block.type}”的“{field.name}”格式不对")
    if isinstance(block, Table):
        for row in block.rows:
            if not isinstance(row, tuple) or not all(isinstance(cell, str) for cell in row):
                raise BlockError("表格的行格式不对")
            if len(row) != len(block.columns):
                raise BlockError(f"表格有 {len(block.columns)} 栏，其中一行有 {len(row)} 栏")
        if block.widths and (len(block.widths) != len(block.columns) or min(block.widths) < 1):
            raise BlockError("表格的栏宽与栏数不一致")
    if isinstance(block, Chart):
        _check_chart(block)
    if isinstance(block, Paragraph) and not 0 <= block.level <= 4:
        raise BlockError("段落层次只能是 0 至 4")
    if isinstance(block, Facts) and block.pairs not in (1, 2):
        raise BlockError("信息栏只能一列或者两列")
    if isinstance(block, Box) and not 0 <= block.lines <= 40:
        raise BlockError("意见栏高度只能是 0 至 40 行")
    return block


def _check_chart(block: Chart) -> None:
    if block.shape not in SHAPES:
        raise BlockError("图表只能是柱图、线图或者条图")
    for row in block.series:
        if not isinstance(row, tuple) or len(row) != len(block.labels) + 1:
            raise BlockError("图表的一组数据与项目数不一致")
        if not all(isinstance(cell, str) and (not cell or _NUMBER.fullmatch(cell)) for cell in row[1:]):
            raise BlockError("图表的数据应当是数字")


def make(type_: str, **values: Any) -> Block:
    """One block from plain values (lists allowed); raises :class:`BlockError`."""
    cls = TYPES.get(type_)
    if cls is None:
        raise BlockError(f"没有“{type_}”这种文书内容")
    try:
        return _check(cls(**{name: _frozen(value) for name, value in values.items()}))
    except TypeError:
        raise BlockError(f"文书内容“{type_}”缺少或者多出字段") from None


def to_json(blocks: Iterable[Block]) -> str:
    """Canonical JSON: sorted keys, no spaces, no floats; the same blocks give the same bytes."""
    rows = [
        {"type": block.type, **{field.name: _plain(getattr(block, field.name)) for field in fields(block)}}
        for block in blocks
    ]
    return json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def from_json(text: str) -> list[Block]:
    """The blocks of :func:`to_json`; raises :class:`BlockError` on anything else."""
    try:
        rows = json.loads(text)
    except ValueError:
        raise BlockError("文书内容不是有效的 JSON") from None
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and isinstance(row.get("type"), str) for row in rows
    ):
        raise BlockError("文书内容应当是一组带类型的段落")
    return [made(row) for row in rows]


def made(row: Mapping[str, Any]) -> Block:
    """One block from its JSON, its type among the values; raises :class:`BlockError`."""
    return make(row["type"], **{name: value for name, value in row.items() if name != "type"})


def plain_text(blocks: Sequence[Block]) -> str:
    """All words of the document, a line per piece, for search, comparison and the machine check."""
    lines: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, str) and value:
            lines.append(value)
        elif isinstance(value, tuple):
            for one in value:
                walk(one)

    for block in blocks:
        for field in fields(block):
            if field.name != "shape":  # how a chart is drawn is no word of it
                walk(getattr(block, field.name))
    return "\n".join(lines)
