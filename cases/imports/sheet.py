"""Reads a CSV or XLSX file into lines of text, trusting nothing in it. What a heading means is not known here."""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zipfile import BadZipFile

from defusedxml.common import DefusedXmlException
from django.utils.translation import gettext_lazy as _
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from .problems import SheetRefused

MAX_LINES = 200_000
MAX_COLUMNS = 200
MAX_CELL = 20_000  # characters
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True)
class Line:
    """One line of the sheet: its number as a person counts them (the headings are line 1), its cells by heading."""

    number: int
    cells: dict[str, str]
    surplus: int = 0  # filled cells to the right of the last heading


@dataclass(frozen=True)
class Sheet:
    """The headings and every line that is not empty, as text: dates ISO, numbers without exponent."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read(content: bytes, name: str, *, titled: bool = False) -> Sheet:
    """Read the first sheet of an XLSX, or a CSV in UTF-8, UTF-16 with a mark or GB 18030.

    `titled`: a line of one cell above the headings is the title that our own lists carry.

    Raises SheetRefused: `type`, `encoding`, `broken`, `too_long`, `no_headings`, `heading_twice`.
    """
    ending = name.rpartition(".")[2].lower()
    if ending == "xlsx":
        rows = _xlsx_rows(content)
    elif ending in ("csv", "txt"):
        rows = _csv_rows(content)
    else:
        raise SheetRefused("type", _("只能导入 CSV 或 XLSX 文件，请另存后再导入。"))
    return _sheet(rows, titled)


def _sheet(rows: Iterator[tuple[int, list[str]]], titled: bool) -> Sheet:
    headings: tuple[str, ...] = ()
    lines: list[Line] = []
    for number, cells in rows:
        if not any(cells):
            continue
        if not headings and titled and sum(map(bool, cells)) == 1:
            titled = False
            continue
        if not headings:
            headings = _headings(cells)
            continue
        if len(lines) >= MAX_LINES:
            raise SheetRefused("too_long", _("表格超过 20 万行，请拆分后分次导入。"))
        values = {heading: cell for heading, cell in zip(headings, cells, strict=False) if heading}
        surplus = sum(bool(c) for c in cells[len(headings) :])
        surplus += sum(bool(c) and not h for h, c in zip(headings, cells, strict=False))
        lines.append(Line(number, values, surplus))
    if not headings:
        raise SheetRefused("no_headings", _("表格是空的，第一行应为栏目名称。"))
    return Sheet(headings, tuple(lines))


def _headings(cells: list[str]) -> tuple[str, ...]:
    while cells and not cells[-1]:
        cells = cells[:-1]
    if len(cells) > MAX_COLUMNS:
        raise SheetRefused("too_long", _("表格超过 200 列，请删去无关的列。"))
    twice = sorted({c for c in cells if c and cells.count(c) > 1})
    if twice:
        raise SheetRefused(
            "heading_twice", _("栏目名称重复：%(names)s，请改名后再导入。") % {"names": "、".join(twice)}
        )
    return tuple(cells)


def clean(text: str) -> str:
    """A cell without blanks at its ends and without control characters (line breaks stay)."""
    kept = "".join(c for c in text if c in "\t\n" or (c >= " " and c != "\x7f" and c != "\ufeff"))
    return kept.replace("\u3000", " ").strip()[:MAX_CELL]


# CSV ---------------------------------------------------------------------------------------------------------


def _decoded(content: bytes) -> str:
    marked = [codec for mark, codec in MARKS if content.startswith(mark)]
    for codec in marked or ("utf-8", "gb18030"):
        try:
            return content.decode(codec)
        except UnicodeDecodeError:
            continue
    raise SheetRefused("encoding", _("无法识别文字编码，请另存为 UTF-8 编码的 CSV 后再导入。"))


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = _decoded(content).replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text:
        raise SheetRefused("broken", _("文件不是文本表格，请另存为 CSV 后再导入。"))
    first = text.lstrip("\n").partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    csv.field_size_limit(1_000_000)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
    try:
        begin = 1
        for cells in reader:
            yield begin, [clean(c) for c in cells]
            begin = reader.line_num + 1
    except csv.Error as error:
        raise SheetRefused(
            "broken",
            _("第 %(line)s 行附近的引号不成对，请用电子表格软件打开核对后另存。") % {"line": reader.line_num},
        ) from error


# XLSX --------------------------------------------------------------------------------------------------------


def _xlsx_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        page = book.worksheets[0]
        page.reset_dimensions()  # what the file says of its own size is not believed
        for number, cells in enumerate(page.iter_rows(values_only=True), start=1):
            if number > MAX_LINES + 1_000:
                raise SheetRefused("too_long", _("表格超过 20 万行，请拆分后分次导入。"))
            yield number, [clean(_text(c)) for c in cells[: MAX_COLUMNS + 50]]
        book.close()
    except SheetRefused:
        raise
    except (
        BadZipFile, InvalidFileException, DefusedXmlException, KeyError, IndexError, ValueError, TypeError, OSError,
        SyntaxError, AttributeError,
    ) as error:  # fmt: skip
        raise SheetRefused(
            "broken", _("XLSX 文件已损坏或不是表格，请用电子表格软件另存后再导入。")
        ) from error


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "是" if value else "否"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "seconds")
        case date():
            return value.isoformat()
        case float():  # exact text of what the cell shows; no arithmetic is done with it
            number = Decimal(repr(value))
            return format(
                number.quantize(Decimal(1)) if number == number.to_integral_value() else number, "f"
            )
    return str(value)
