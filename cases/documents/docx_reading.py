"""An edited .docx back to blocks, by the paragraph styles :mod:`cases.documents.docx` wrote. Reads nothing else.

Tracked insertions count as text, tracked deletions do not; pictures, comments and text boxes are not read.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from cases.documents import blocks as b
from cases.documents import charts
from cases.documents.html import OPEN_SIGNATURE
from cases.errors import Invalid

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 100 * 1024 * 1024

_LEVEL = {"文书正文": 0, "文书一级": 1, "文书二级": 2, "文书三级": 3, "文书四级": 4}
_CHARTS = {style: shape for shape, style in charts.STYLES.items()}
_FOREIGN = {"Title": "文书标题", "Heading 1": "文书一级", "Heading 2": "文书二级", "Heading 3": "文书三级"}
_ITEM = re.compile(r"(（[一二三四五六七八九十百]+）|[一二三四五六七八九十百]+、|\d+[.．、]|（\d+）|[□☑■○●])")
_SKIP = {qn("w:pPr"), qn("w:rPr"), qn("w:del"), qn("w:moveFrom"), qn("w:drawing"), qn("w:pict"), qn("w:object"),
         "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"}  # fmt: skip


class UnreadableDocument(Invalid):
    """The file is not a .docx that can be taken back; the message is Chinese and says why."""

    def __init__(self, message: str) -> None:
        super().__init__("unreadable_docx", message)


def _words(element: Any) -> str:
    """Text of a paragraph as it reads with all tracked changes accepted; ``\\f`` is a page break."""
    parts: list[str] = []
    for child in element:
        if child.tag in _SKIP:
            continue
        if child.tag == qn("w:t"):
            parts.append(child.text or "")
        elif child.tag == qn("w:tab"):
            parts.append("\t")
        elif child.tag in (qn("w:br"), qn("w:cr")):
            parts.append("\f" if child.get(qn("w:type")) == "page" else "\n")
        elif child.tag == qn("w:noBreakHyphen"):
            parts.append("-")
        else:
            parts.append(_words(child))
    return "".join(parts)


def _paragraph(paragraph: Any) -> tuple[str, str]:
    name = paragraph.style.name if paragraph.style is not None else ""
    return _FOREIGN.get(name, name), _words(paragraph._p)


def _cell(cell: Any) -> tuple[str, str, str]:
    """Style of the first paragraph, the text, and the signature line of a box."""
    style, lines, signed = "", [], []
    for paragraph in cell.paragraphs:
        name, text = _paragraph(paragraph)
        if name == "文书意见签名":
            signed.append(b.clean(text))
        else:
            style = style or name
            lines.append(b.clean(text))
    return style, "\n".join(lines).strip("\n"), "\n".join(signed)


def _rows(table: Any) -> Iterator[tuple[list[tuple[str, str, str]], Any]]:
    for row in table.rows:
        seen: list[Any] = []
        for cell in row.cells:  # a merged cell is listed once for each column it spans
            if not any(cell._tc is other._tc for other in seen):
                seen.append(cell)
        yield [_cell(cell) for cell in seen], row


def _percent(row: Any) -> tuple[int, ...]:
    widths = [int(cell.width or 0) for cell in row.cells]
    total = sum(widths)
    if not total or min(widths) <= 0:
        return ()
    return tuple(max(1, round(100 * width / total)) for width in widths)


def _table_blocks(table: Any) -> list[b.Block]:
    """Row by row: neighbouring tables may have been joined by the word processor."""
    blocks: list[b.Block] = []
    for cells, row in _rows(table):
        style = cells[0][0]
        last = blocks[-1] if blocks else None
        texts = tuple(text for _, text, _ in cells)
        if style == "文书意见栏" and len(cells) == 2:
            height = row.height.pt if row.height else 0
            signed = cells[1][2].removesuffix(OPEN_SIGNATURE)
            lines = max(0, min(40, round((height - 8) / 20) - bool(signed)))
            blocks.append(b.Box(texts[0], texts[1], signed, lines))
        elif style == "文书栏目" and len(cells) in (2, 4):
            pairs = tuple(
                (texts[at], texts[at + 1]) for at in range(0, len(texts), 2) if texts[at] or texts[at + 1]
            )
            if isinstance(last, b.Facts) and last.pairs == len(cells) // 2:
                blocks[-1] = b.Facts(last.rows + pairs, last.pairs)
            else:
                blocks.append(b.Facts(pairs, len(cells) // 2))
        elif style != "文书表头" and isinstance(last, b.Table) and len(last.columns) == len(texts):
            blocks[-1] = b.Table(last.columns, (*last.rows, texts), last.widths)
        else:  # a head row, or a table somebody drew: its first row is the head
            widths = _percent(row)
            blocks.append(b.Table(texts, (), widths if len(widths) == len(texts) else ()))
    return blocks


class _Reader:
    def __init__(self) -> None:
        self.blocks: list[b.Block] = []
        self.issuer: str | None = None
        self.copies: str | None = None
        self.chart: tuple[str, str] | None = None  # caption and shape of a chart whose table comes next

    def take(self, style: str, raw: str) -> None:
        if "\f" in raw:
            before, _, after = raw.partition("\f")
            if before.strip():
                self.take(style, before)
            self.blocks.append(b.PageBreak())
            if after.strip("\n "):
                self.take(style, after)
            return
        text = b.clean(raw.replace("\t", " ")).strip(" \n")
        if style not in ("文书签名", "文书印发", "文书抄送") and not text:
            return
        if style != "文书日期":
            self.flush()
        if style in _CHARTS:
            self.chart = (text, _CHARTS[style])
            return
        match style:
            case "文书机关":
                self.blocks.append(b.Head(text))
            case "文书标题":
                self.blocks.append(b.Title(text))
            case "文书文号":
                self.blocks.append(b.Number(text))
            case "文书主送":
                self.blocks.append(b.Addressee(text.rstrip("：:")))
            case "文书条目":
                found = _ITEM.match(text)
                number = found[0] if found else ""
                self.blocks.append(b.Item(number, text[len(number) :]))
            case "文书附件":
                self._attachment(text)
            case "文书附注":
                self.blocks.append(b.Note(_unwrap(text)))
            case "文书链接":
                words, _, address = text.rpartition("\n")
                self.blocks.append(b.Link(words, address))
            case "文书署名":
                self.issuer = text
            case "文书日期":
                self.blocks.append(b.Signature(self.issuer or "", text))
                self.issuer = None
            case "文书签名":
                self._signer(raw)
            case "文书抄送":
                self.copies = text.removeprefix("抄送：").removesuffix("。")
            case "文书印发":
                by, _, on = raw.rpartition("\t")
                self.blocks.append(
                    b.Imprint(
                        self.copies or "", b.clean(by).strip(), b.clean(on).strip().removesuffix("印发")
                    )
                )
                self.copies = None
            case _:
                self.blocks.append(b.Paragraph(text, _LEVEL.get(style, 0)))

    def take_table(self, table: Any) -> None:
        self.flush_issuer()
        found = _table_blocks(table)
        if self.chart is not None and found and isinstance(found[0], b.Table):
            found[0] = charts.chart(*self.chart, found[0])
            self.chart = None
        self.flush()
        self.blocks.extend(found)

    def flush(self) -> None:
        """A caption whose table was removed stays as words."""
        self.flush_issuer()
        if self.chart is not None:
            self.blocks.append(b.Paragraph(self.chart[0]))
            self.chart = None

    def flush_issuer(self) -> None:
        """An issuer whose date line was removed is kept."""
        if self.issuer is not None:
            self.blocks.append(b.Signature(self.issuer, ""))
            self.issuer = None

    def _attachment(self, text: str) -> None:
        first = text.startswith("附件：")
        item = re.sub(r"^\d+[.．]", "", text.removeprefix("附件：").strip("　 "))
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, b.Attachments) and not first:
            self.blocks[-1] = b.Attachments((*last.items, item))
        else:
            self.blocks.append(b.Attachments((item,)))

    def _signer(self, raw: str) -> None:
        capacity, _, name = raw.partition("\t")
        name = "" if "\t" in name else name
        row = (b.clean(capacity).strip().removesuffix("："), b.clean(name).strip())
        if not row[0] and not row[1]:
            return
        last = self.blocks[-1] if self.blocks else None
        if isinstance(last, b.Signers):
            self.blocks[-1] = b.Signers((*last.rows, row))
        else:
            self.blocks.append(b.Signers((row,)))


def _unwrap(text: str) -> str:
    text = text.removeprefix("说明：")
    return text[1:-1] if text.startswith("（") and text.endswith("）") else text


def read_docx(content: bytes) -> list[b.Block]:
    """The blocks of an edited .docx. Raises :class:`UnreadableDocument`.

    Text in a style that is not ours comes back as running text, a table that is not ours as a table.
    """
    if len(content) > MAX_BYTES:
        raise UnreadableDocument("文件超过 20 MB，请删去图片后重新上传")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if sum(entry.file_size for entry in package.infolist()) > MAX_UNPACKED:
                raise UnreadableDocument("文件展开后过大，请另存为新的 .docx 后重新上传")
            if any("vbaproject" in name.lower() for name in package.namelist()):
                raise UnreadableDocument("文件含有宏，请另存为不含宏的 .docx 后重新上传")
        document = Document(io.BytesIO(content))
        reader = _Reader()
        for part in document.iter_inner_content():
            if hasattr(part, "rows"):
                reader.take_table(part)
            else:
                reader.take(*_paragraph(part))
        reader.flush()
    except UnreadableDocument:
        raise
    except b.BlockError as error:
        raise UnreadableDocument(str(error)) from None
    except Exception:
        raise UnreadableDocument("不能识别这个文件，请用 WPS 或者 Word 另存为 .docx 后重新上传") from None
    return reader.blocks
