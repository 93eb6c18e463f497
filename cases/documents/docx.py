"""Blocks to .docx and back: the same geometry as the PDF, opened unchanged by WPS, LibreOffice and Word.

Each paragraph style carries a block's type, so that an edited file comes back as blocks. No seal, no QR, no macro.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from math import floor
from types import MappingProxyType
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.enum.text import WD_BREAK, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from cases.documents import blocks as b
from cases.documents import charts
from cases.documents.html import kept, note_text, shares, signature_indents, signed_text, width_em
from cases.documents.layouts import FANGSONG, HEITI, KAITI, LAYOUTS, SONGTI, XIAOBIAOSONG, Layout
from cases.documents.pdf import metadata_title

TWIPS_PER_MM = 1440 / 25.4
_EPOCH = (1980, 1, 1, 0, 0, 0)

# style name -> (fonts, kind of alignment); sizes and indents come from the layout
STYLES: MappingProxyType[str, tuple[Sequence[str], ALIGN]] = MappingProxyType(
    {
        "文书机关": (XIAOBIAOSONG, ALIGN.CENTER),
        "文书标题": (XIAOBIAOSONG, ALIGN.CENTER),
        "文书文号": (FANGSONG, ALIGN.RIGHT),
        "文书主送": (FANGSONG, ALIGN.LEFT),
        "文书正文": (FANGSONG, ALIGN.JUSTIFY),
        "文书一级": (HEITI, ALIGN.LEFT),
        "文书二级": (KAITI, ALIGN.LEFT),
        "文书三级": (FANGSONG, ALIGN.LEFT),
        "文书四级": (FANGSONG, ALIGN.LEFT),
        "文书条目": (FANGSONG, ALIGN.JUSTIFY),
        "文书附件": (FANGSONG, ALIGN.LEFT),
        "文书附注": (FANGSONG, ALIGN.LEFT),
        "文书署名": (FANGSONG, ALIGN.RIGHT),
        "文书日期": (FANGSONG, ALIGN.RIGHT),
        "文书签名": (FANGSONG, ALIGN.LEFT),
        "文书链接": (FANGSONG, ALIGN.LEFT),
        **dict.fromkeys(charts.STYLES.values(), (HEITI, ALIGN.CENTER)),
        "文书抄送": (FANGSONG, ALIGN.LEFT),
        "文书印发": (FANGSONG, ALIGN.LEFT),
        "文书栏目": (HEITI, ALIGN.CENTER),
        "文书栏值": (FANGSONG, ALIGN.LEFT),
        "文书表头": (HEITI, ALIGN.CENTER),
        "文书表格": (FANGSONG, ALIGN.LEFT),
        "文书意见栏": (HEITI, ALIGN.CENTER),
        "文书意见": (FANGSONG, ALIGN.LEFT),
        "文书意见签名": (FANGSONG, ALIGN.RIGHT),
    }
)
_LEVELS = ("文书正文", "文书一级", "文书二级", "文书三级", "文书四级")
_CELLS = ("文书栏目", "文书栏值", "文书表头", "文书表格", "文书意见栏", "文书意见", "文书意见签名")


def _fonts(target: Any, names: Sequence[str]) -> None:
    properties = target._element.get_or_add_rPr() if hasattr(target, "_element") else target
    fonts = properties.get_or_add_rFonts()
    fonts.set(qn("w:eastAsia"), names[0])
    fonts.set(qn("w:ascii"), names[0])
    fonts.set(qn("w:hAnsi"), names[0])


class _Printer:
    """Writes one document."""

    def __init__(self, layout: Layout) -> None:
        self.layout = layout
        self.document = Document()
        self.line_pt = round(225 / 25.4 * 72 / layout.lines, 2) if layout.lines else 20.0
        self._page()
        self._styles()

    def _page(self) -> None:
        section = self.document.sections[0]
        width, height = self.layout.page_mm
        section.page_width, section.page_height = Mm(width), Mm(height)
        section.orientation = WD_ORIENT.LANDSCAPE if width > height else WD_ORIENT.PORTRAIT
        top, left, right, bottom = self.layout.margins
        section.top_margin, section.bottom_margin = Mm(top), Mm(bottom)
        section.left_margin, section.right_margin = Mm(left), Mm(right)
        section.footer_distance = Mm(bottom - 7 - 5) if self.layout.lines else Mm(12)
        grid = section._sectPr.find(qn("w:docGrid"))
        if grid is None:
            grid = OxmlElement("w:docGrid")
            section._sectPr.append(grid)
        for name in list(grid.attrib):
            del grid.attrib[name]
        if self.layout.lines:
            # Lines only: LibreOffice gives a character two cells where a cell is narrower than the character,
            # as 156 mm / 28 is at 16 pt. The characters are set closer instead, which every program reads alike.
            grid.set(qn("w:type"), "lines")
            grid.set(qn("w:linePitch"), str(round(self.line_pt * 20)))
        if self.layout.lines:
            self.document.settings.odd_and_even_pages_header_footer = True
            self._page_number(section.footer, "— ", " —", ALIGN.RIGHT, right=1)
            self._page_number(section.even_page_footer, "— ", " —", ALIGN.LEFT, left=1)
        else:
            self._page_number(section.footer, "第", "页", ALIGN.CENTER)
        if self.layout.foot:
            for footer in (section.footer, section.even_page_footer):
                self._foot(footer, self.layout.foot)

    @staticmethod
    def _foot(footer: Any, text: str) -> None:
        """Words that end every page, above its number."""
        paragraph = footer.paragraphs[0].insert_paragraph_before(text)
        paragraph.alignment = ALIGN.CENTER
        for run in paragraph.runs:
            run.font.size = Pt(10.5)
            _fonts(run, FANGSONG)

    def _page_number(
        self, footer: Any, before: str, after: str, align: ALIGN, left: int = 0, right: int = 0
    ) -> None:
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = align
        paragraph.paragraph_format.left_indent = Pt(16 * left)
        paragraph.paragraph_format.right_indent = Pt(16 * right)
        paragraph.add_run(before)
        field = OxmlElement("w:fldSimple")
        field.set(qn("w:instr"), "PAGE")
        run = OxmlElement("w:r")
        text = OxmlElement("w:t")
        text.text = "1"
        run.append(text)
        field.append(run)
        paragraph._p.append(field)
        paragraph.add_run(after)
        size = Pt(14 if self.layout.lines else 10.5)
        for one in paragraph.runs:
            one.font.size = size
            _fonts(one, SONGTI)
        properties = OxmlElement("w:rPr")
        run.insert(0, properties)
        for name in ("w:rFonts", "w:sz"):
            properties.append(OxmlElement(name))
        for attribute in ("w:ascii", "w:hAnsi", "w:eastAsia"):
            properties[0].set(qn(attribute), SONGTI[0])
        properties[1].set(qn("w:val"), str(int(size.pt * 2)))

    def _styles(self) -> None:
        text = Pt(self.layout.text_pt)
        normal = self.document.styles["Normal"]
        normal.font.size = text
        _fonts(normal, FANGSONG)
        self._spacing(normal.paragraph_format)
        if self.layout.chars:
            self._closer(normal)
        indent = Pt(2 * (self.layout.area_mm[0] / 25.4 * 72 / self.layout.chars if self.layout.chars else 12))
        official = self.layout.name == "official"
        for name, (fonts, align) in STYLES.items():
            style = self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = normal
            style.quick_style = True
            style.font.size = text
            _fonts(style, fonts)
            style.paragraph_format.alignment = align
            if name in (*_LEVELS, "文书条目", "文书附注", "文书附件"):
                style.paragraph_format.first_line_indent = indent
            if name in _CELLS:
                style.font.size = Pt(14 if self.layout.lines else 12)
                style.paragraph_format.line_spacing = Pt(20)
        self.document.styles["文书标题"].font.size = Pt(self.layout.title_pt)
        head = self.document.styles["文书机关"]
        head.font.size = Pt(36 if official else 22 if self.layout.lines else 16)
        if official:
            head.font.color.rgb = RGBColor(0xE6, 0, 0)
            head.paragraph_format.space_before = Mm(35)
            head.paragraph_format.line_spacing = Pt(42)
            number = self.document.styles["文书文号"].paragraph_format
            number.alignment = ALIGN.CENTER
            number.space_before, number.space_after = Pt(2 * self.line_pt), Pt(2 * self.line_pt)
            self._rule(number._element, "bottom", "E60000", 12, 8)
        self.document.styles["文书标题"].paragraph_format.space_after = Pt(
            self.line_pt if self.layout.lines else 8
        )
        small = self.document.styles["文书附注"]
        if not self.layout.lines:
            small.font.size = Pt(10.5)
            small.paragraph_format.first_line_indent = Pt(0)
        for name in ("文书抄送", "文书印发"):
            self.document.styles[name].font.size = Pt(14)
        self._rule(self.document.styles["文书抄送"].paragraph_format._element, "top", "000000", 8, 1)
        self._rule(self.document.styles["文书印发"].paragraph_format._element, "bottom", "000000", 8, 1)

    def _closer(self, style: Any) -> None:
        """Sets the characters so close, in twentieths of a point, that a line of the type area holds them all."""
        pitch = self.layout.area_mm[0] / 25.4 * 72 / self.layout.chars  # points from character to character
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), str(floor((pitch - self.layout.text_pt) * 20)))
        style.element.get_or_add_rPr().insert_element_before(
            spacing, "w:w", "w:kern", "w:position", "w:sz", "w:szCs", "w:lang"
        )

    def _spacing(self, shape: Any) -> None:
        shape.line_spacing = Pt(self.line_pt)
        shape.space_before = shape.space_after = Pt(0)
        shape.widow_control = False

    @staticmethod
    def _rule(element: Any, side: str, colour: str, eighths: int, gap: int) -> None:
        properties = element.get_or_add_pPr()
        borders = OxmlElement("w:pBdr")
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", str(eighths)), ("space", str(gap)), ("color", colour)):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
        properties.insert_element_before(
            borders,
            "w:shd",
            "w:tabs",
            "w:suppressAutoHyphens",
            "w:snapToGrid",
            "w:spacing",
            "w:ind",
            "w:jc",
            "w:rPr",
        )

    def _lines(self, paragraph: Any, text: str) -> Any:
        for at, line in enumerate(text.split("\n")):
            if at:
                paragraph.add_run().add_break(WD_BREAK.LINE)
            paragraph.add_run(line)
        return paragraph

    def add(self, style: str, text: str) -> Any:
        return self._lines(self.document.add_paragraph(style=style), text)

    def put(self, block: b.Block) -> None:
        match block:
            case b.Head(text):
                paragraph = self.add("文书机关", text)
                if self.layout.name == "official" and width_em(text) > 12:
                    for run in paragraph.runs:
                        run.font.size = Pt(24 if width_em(text) <= 18 else 20)
            case b.Title(text):
                self.add("文书标题", text)
            case b.Number(text):
                self.add("文书文号", text)
            case b.Addressee(text):
                self.add("文书主送", f"{text}：")
            case b.Paragraph(text, level):
                self.add(_LEVELS[level], text).paragraph_format.keep_with_next = bool(level) or None
            case b.Item(number, text):
                self.add("文书条目", f"{number}{text}")
            case b.Attachments(items):
                for at, item in enumerate(items, 1):
                    order = f"{at}." if len(items) > 1 else ""
                    paragraph = self.add("文书附件", ("附件：" if at == 1 else "　　　") + order + item)
                    if at == 1:
                        paragraph.paragraph_format.space_before = Pt(self.line_pt)
            case b.Note():
                self.add("文书附注", note_text(block, self.layout))
            case b.Signature(issuer, on):
                self._signature(block, issuer, on)
            case b.Signers(rows):
                self._signers(rows)
            case b.Imprint(copies_to, printed_by, printed_on):
                self.add("文书抄送", f"抄送：{copies_to}。" if copies_to else "")
                paragraph = self.add("文书印发", f"{printed_by}\t{printed_on}印发")
                paragraph.paragraph_format.tab_stops.add_tab_stop(
                    Mm(self.layout.area_mm[0]), WD_TAB_ALIGNMENT.RIGHT
                )
            case b.Link(text, address):
                self.add("文书链接", f"{text}\n{address}")
            case b.PageBreak():
                self.document.add_paragraph(style="文书正文").add_run().add_break(WD_BREAK.PAGE)
            case b.Chart(title, shape):
                self.add(charts.STYLES[shape], title).paragraph_format.keep_with_next = True
                self._form(charts.table(block))
            case b.Facts() | b.Table() | b.Box():
                self._form(block)

    def _signature(self, block: b.Signature, issuer: str, on: str) -> None:
        indents = signature_indents(block)
        first = self.add("文书署名", issuer)
        first.paragraph_format.space_before = Pt(2 * self.line_pt)
        first.paragraph_format.keep_with_next = True
        second = self.add("文书日期", on)
        for paragraph, indent in ((first, indents[0]), (second, indents[1])):
            paragraph.paragraph_format.right_indent = Pt(indent * self.layout.text_pt)

    def _signers(self, rows: Sequence[tuple[str, str]]) -> None:
        width = self.layout.area_mm[0] / 25.4 * 72
        for at, (capacity, name) in enumerate(rows):
            known = bool(name)
            paragraph = self.add(
                "文书签名", f"{capacity}\t{name}" if known else f"{capacity}：\t\t年　月　日"
            )
            shape = paragraph.paragraph_format
            if at == 0 or (known and not rows[at - 1][1]):
                shape.space_before = Pt(self.line_pt)
            shape.keep_with_next = at + 1 < len(rows)
            if known:
                shape.left_indent = Pt(width * 0.52)
                shape.tab_stops.add_tab_stop(
                    Pt(width * 0.52 + 7 * self.layout.text_pt), WD_TAB_ALIGNMENT.LEFT
                )
            else:
                end = width - 6 * self.layout.text_pt
                shape.tab_stops.add_tab_stop(Pt(end), WD_TAB_ALIGNMENT.LEFT, WD_TAB_LEADER.LINES)
                shape.tab_stops.add_tab_stop(Pt(width), WD_TAB_ALIGNMENT.RIGHT)

    def _form(self, block: b.Facts | b.Table | b.Box) -> None:
        if isinstance(block, b.Facts):
            columns = [18.0, 82.0] if block.pairs == 1 else [18.0, 32.0, 18.0, 32.0]
            grid = self._grid(columns)
            for at in range(0, len(block.rows), block.pairs):
                cells = [word for pair in block.rows[at : at + block.pairs] for word in pair]
                cells += [""] * (len(columns) - len(cells))
                self._row(
                    grid, [(("文书栏目", "文书栏值")[place % 2], cell) for place, cell in enumerate(cells)]
                )
        elif isinstance(block, b.Table):
            grid = self._grid(shares(block))
            head = self._row(grid, [("文书表头", column) for column in block.columns])
            head._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
            for row in block.rows:
                self._row(grid, [("文书表格", cell) for cell in row])
        else:
            grid = self._grid([18.0, 82.0])
            row = self._row(grid, [("文书意见栏", block.label), ("文书意见", block.text)])
            row.height = Pt(20 * (block.lines + bool(block.signed)) + 8)
            if block.signed:
                foot = row.cells[1].add_paragraph(style="文书意见签名")
                self._lines(foot, signed_text(block))

    def _grid(self, columns: Sequence[float]) -> Any:
        table = self.document.add_table(rows=0, cols=len(columns), style="Table Grid")
        table.autofit = False
        for column, share in zip(table.columns, columns, strict=True):
            column.width = Mm(self.layout.area_mm[0] * share / 100)
        return table

    def _row(self, table: Any, cells: Sequence[tuple[str, str]]) -> Any:
        row = table.add_row()
        row.height = Pt(26)
        for column, cell, (style, text) in zip(table.columns, row.cells, cells, strict=True):
            cell.width = column.width
            cell.paragraphs[0].style = self.document.styles[style]
            self._lines(cell.paragraphs[0], text)
        return row

    def bytes(self, title: str, code: str) -> bytes:
        """The finished file: nameless properties, no thumbnail, fixed times, so the same blocks give the same bytes."""
        properties = self.document.core_properties
        properties.title = title
        for name in (
            "author",
            "last_modified_by",
            "comments",
            "keywords",
            "subject",
            "category",
            "identifier",
        ):
            setattr(properties, name, "")
        properties.identifier = code
        for name in ("dcterms:created", "dcterms:modified"):
            for element in properties._element.findall(qn(name)):
                properties._element.remove(element)
        properties.revision = 1
        package = self.document.part.package
        for key, relation in list(package.rels.items()):
            if relation.reltype.endswith(("/thumbnail", "/extended-properties")):
                del package.rels[key]
        first = io.BytesIO()
        self.document.save(first)
        second = io.BytesIO()
        with zipfile.ZipFile(first) as source, zipfile.ZipFile(second, "w") as target:
            for entry in source.infolist():
                info = zipfile.ZipInfo(entry.filename, _EPOCH)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.external_attr = 0o600 << 16
                target.writestr(info, source.read(entry))
        return second.getvalue()


def render(blocks: Sequence[b.Block], layout: str | Layout, *, code: str = "", address: str = "") -> bytes:
    """The document as .docx, for editing in WPS; same signature as the PDF printer.

    ``code`` stands in its properties only and ``address`` nowhere: an editable file is never the issued paper.
    """
    printer = _Printer(LAYOUTS[layout] if isinstance(layout, str) else layout)
    together = kept(blocks, printer.layout)
    for at, block in enumerate(blocks):
        printer.put(block)
        if at in together:
            printer.document.paragraphs[-1].paragraph_format.keep_with_next = True
    if blocks and isinstance(blocks[-1], b.Facts | b.Table | b.Box | b.Chart):
        printer.add("文书正文", "")  # a file may not end with a table
    return printer.bytes(metadata_title(blocks), code)
