"""Paper: geometry measured in the PDF, nothing fetched, clean properties, .docx there and back, every template."""

import io
import os
import re
import socketserver
import subprocess
import sys
import threading
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from cases.documents import blocks as b
from cases.documents import docx, html, pdf, template
from cases.documents.docx_reading import UnreadableDocument, read_docx
from cases.documents.layouts import FORM, LAYOUTS, LEGAL

ROOT = Path(__file__).resolve().parents[2]
MM = 72 / 25.4
KINDS = template.kinds()
SPINE = {
    "receipt", "assistance_acceptance", "assistance_refusal", "mediation_acceptance", "mediation_agreement",
    "oral_agreement", "mediation_termination", "filing_notice", "filing_refusal", "correction_notice",
    "defence_notice", "hearing_notice", "stay_notice", "resume_notice", "ruling", "dismissal", "mediated_in_case",
    "service_proof", "approval_form", "disclosure_review",
}  # fmt: skip


def glyphs(content: bytes) -> list[list[tuple[str, float, float, float]]]:
    """Per page: (text, left, baseline from the top, size), in points, for every piece of text."""
    pages = []
    for page in PdfReader(io.BytesIO(content)).pages:
        found: list[tuple[str, float, float, float]] = []
        height = float(page.mediabox.height)

        def visit(
            text: str,
            cm: Any,
            tm: Any,
            font: Any,
            size: float,
            found: list[Any] = found,
            height: float = height,
        ) -> None:
            if text.strip():
                y = cm[1] * tm[4] + cm[3] * tm[5] + cm[5]
                x = cm[0] * tm[4] + cm[2] * tm[5] + cm[4]
                found.append((text, x, height - y, abs(size * tm[0] * cm[0])))

        page.extract_text(visitor_text=visit)
        pages.append(found)
    return pages


def lines_of(content: bytes, char: str) -> list[list[int]]:
    """Per page: how many times ``char`` stands on each line that has it."""
    return [
        [line.count(char) for line in page.extract_text().splitlines() if char in line]
        for page in PdfReader(io.BytesIO(content)).pages
    ]


def words_of(content: bytes) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))


@pytest.mark.parametrize("layout", ["legal", "official"])
def test_grid_is_22_lines_of_28_characters(layout: str) -> None:
    content = pdf.render([b.Paragraph("测" * 28 * 60)], layout)
    pages = lines_of(content, "测")
    assert pages[0] == [26] + [28] * 21  # first line is indented by two characters
    assert pages[1] == [28] * 22
    assert sum(map(sum, pages)) == 28 * 60


def test_page_geometry_of_a_legal_document() -> None:
    content = pdf.render([b.Paragraph("测" * 28 * 60)], "legal")
    page = PdfReader(io.BytesIO(content)).pages[1]
    assert (float(page.mediabox.width) / MM, float(page.mediabox.height) / MM) == pytest.approx(
        (210, 297), abs=0.1
    )
    body = [piece for piece in glyphs(content)[1] if "测" in piece[0]]
    assert {round(size) for *_, size in body} == {16}
    assert min(x for _, x, _, _ in body) / MM == pytest.approx(28, abs=1)
    tops = sorted({round(y, 1) for _, _, y, _ in body})
    assert {round(after - before, 1) for before, after in pairwise(tops)} <= {
        28.9,
        29.0,
        29.1,
    }
    # the ink of the first line begins just below 37 mm, the last stays above 35 mm from the foot
    assert 37 < tops[0] / MM < 37 + 10.3
    assert tops[-1] / MM < 297 - 35
    assert 28 * 15.79 <= 156 * MM and 22 * 28.99 <= 225 * MM
    assert LEGAL.area_mm == (156, 225)


def test_page_numbers_outside_seven_millimetres_below() -> None:
    pages = glyphs(pdf.render([b.Paragraph("测" * 28 * 60)], "legal"))
    for number, page in enumerate(pages, 1):
        pieces = [piece for piece in page if "测" not in piece[0]]
        assert "".join(piece[0] for piece in pieces).replace(" ", "").strip() == f"—{number}—"
        x, y, size = min(p[1] for p in pieces), pieces[0][2], pieces[0][3]
        assert round(size) == 14
        assert 297 - 35 + 7 <= y / MM <= 297 - 35 + 7 + 6
        assert x / MM > 105 if number % 2 else x / MM == pytest.approx(28 + 16 / MM, abs=1)


def test_title_number_and_signature_of_a_legal_document() -> None:
    blocks = template.compose("filing_notice", template.sample("filing_notice"))
    pieces = glyphs(pdf.render(blocks, "legal"))[0]
    sizes = {text.strip(): round(size) for text, _, _, size in pieces}
    assert sizes["天津市滨海新区知识产权局"] == 22
    assert sizes["专利侵权纠纷立案通知书"] == 22
    number = next(piece for piece in pieces if "津滨知裁字" in piece[0])
    assert number[1] > 105 * MM  # flush right
    assert "〔2026〕3号" in words_of(pdf.render(blocks, "legal"))


def test_long_issuer_stays_inside_the_type_area() -> None:
    short = html.signature_indents(b.Signature("天津市滨海新区知识产权局", "2026年3月6日"))
    assert short[1] == 4.0 and short[0] >= 0
    long = html.signature_indents(b.Signature("天津市滨海新区知识产权纠纷人民调解委员会", "2026年3月6日"))
    assert long[0] == 0 and long[1] > 4


def test_official_letter_has_red_head_and_imprint_and_others_do_not() -> None:
    letter = template.compose("transfer_letter", template.sample("transfer_letter"))
    content = pdf.render(letter, "official")
    head = next(piece for piece in glyphs(content)[0] if piece[0].strip() == "天津市滨海新区知识产权局")
    assert head[2] / MM == pytest.approx(37 + 35 + head[3] * 0.9 / MM, abs=3)  # baseline below its top edge
    last = glyphs(content)[-1]
    imprint = next(piece for piece in last if "印发" in piece[0])
    assert 250 < imprint[2] / MM < 262  # the last line of the imprint meets the foot of the type area
    assert b"0.901961 0 0 rg" in _streams(content)  # red is set
    for kind in KINDS:
        if template.load(kind).layout != "official":
            assert not any(
                isinstance(block, b.Imprint) for block in template.compose(kind, template.sample(kind))
            )
    assert b"0.901961 0 0 rg" not in _streams(pdf.render([b.Head("机关"), b.Title("标题")], "legal"))


def _streams(content: bytes) -> bytes:
    return b"".join(page.get_contents().get_data() for page in PdfReader(io.BytesIO(content)).pages)


@pytest.mark.parametrize("kind", KINDS)
def test_every_template_prints_its_sample_completely(kind: str) -> None:
    chosen = template.load(kind)
    blocks = template.compose(kind, template.sample(kind))
    assert not re.search(r"\{[a-z_.]+\}", b.plain_text(blocks))
    assert b.from_json(b.to_json(blocks)) == blocks
    content = pdf.render(blocks, chosen.layout, code="7K2M9QXV4D8HT")
    printed = Counter(words_of(content))
    expected = Counter(re.sub(r"\s", "", b.plain_text(blocks)))
    assert not expected - printed, expected - printed
    assert "7K2M9QXV4D8HT" in words_of(content)
    reader = PdfReader(io.BytesIO(content))
    assert not any(page.images for page in reader.pages)  # no seal, no picture; the QR is drawn as lines
    fonts = [
        font.get_object()["/DescendantFonts"][0]["/FontDescriptor"]
        for page in reader.pages
        for font in page["/Resources"]["/Font"].values()
    ]
    assert fonts and all("/FontFile3" in one or "/FontFile2" in one for one in fonts)
    word = docx.render(blocks, chosen.layout)
    assert read_docx(word) == blocks
    assert not [name for name in zipfile.ZipFile(io.BytesIO(word)).namelist() if "media" in name]


def test_templates_keep_the_rules_of_the_house() -> None:
    assert set(KINDS) >= SPINE
    for kind in KINDS:
        chosen = template.load(kind)
        words = b.plain_text(template.compose(kind, template.sample(kind)))
        assert "复议" not in words, kind  # the only remedy printed is the lawsuit
        assert "诉讼代理人" not in words, kind
        for old in ("专利法第六十条", "专利行政执法办法", "第八十二条"):
            assert old not in words, kind
        if chosen.body == "bureau":
            assert "受理" not in chosen.title and "保护中心" not in words, kind
        if chosen.body == "centre":
            assert "立案" not in words and "裁决" not in words, kind
        if chosen.numbered:
            data = {**template.sample(kind), "number": None}
            with pytest.raises(template.MissingData) as refused:
                template.compose(kind, data)
            assert "number" in refused.value.fields
    closed = {
        "adjudication_closing_report",
        "approval_form",
        "disclosure_review",
        "mediation_closing_report",
        "subsidy_sheet",
        "deliberation_minutes",
        "sign_off_sheet",
    }
    assert {k for k in KINDS if template.load(k).internal} == closed


def test_ruling_states_what_the_measures_ask_for() -> None:
    data = template.sample("ruling")
    words = b.plain_text(template.compose("ruling", data))
    for needed in (
        "十五日",
        "天津市第三中级人民法院",
        "行政诉讼",
        "请求人称",
        "本局认为",
        "裁决如下",
        "诉讼期间不停止",
    ):
        assert needed in words
    dismissed = {
        **data,
        "stop_ordered": False,
        "defence": "",
        "court": "某中级人民法院",
        "sue_within": "三十日",
    }
    words = b.plain_text(template.compose("ruling", dismissed))
    assert "诉讼期间不停止" not in words and "被请求人未提交答辩书" in words
    assert "三十日" in words and "某中级人民法院" in words and "十五日" not in words


def test_missing_data_is_named_in_chinese() -> None:
    data = {
        **template.sample("mediation_agreement"),
        "facts": "  ",
        "terms": [],
        "parties": [{"role": "申请人"}],
    }
    with pytest.raises(template.MissingData) as refused:
        template.compose("mediation_agreement", data)
    assert refused.value.code == "missing_data"
    assert set(refused.value.fields) == {"facts", "terms", "parties.1.name"}
    for label in ("纠纷主要事实", "协议内容", "当事人第1项的姓名或者名称"):
        assert label in str(refused.value)
    with pytest.raises(template.UnknownKind):
        template.load("../shared")
    with pytest.raises(template.UnknownKind):
        template.load("shared")


def test_data_are_never_read_as_grammar_or_markup() -> None:
    hostile = "{issuer}[{number}]<b>甲</b>&amp;<link rel=attachment href=file:///etc/passwd>"
    blocks = template.compose("filing_notice", {**template.sample("filing_notice"), "applicant": hostile})
    assert b.Addressee(hostile) in blocks
    printed = words_of(pdf.render(blocks, "legal"))
    assert re.sub(r"\s", "", hostile) in printed


def test_values_on_paper() -> None:
    assert template.words(date(2026, 3, 5)) == "2026年3月5日"
    assert template.words(["甲", "", None, "乙"]) == "甲、乙"
    assert template.words(["一项；", "二项。"]) == "一项；二项。"
    assert template.words("甲\u202e乙\x00\u200b") == "甲乙"
    assert [template.chinese_number(n) for n in (1, 10, 11, 20, 35)] == ["一", "十", "十一", "二十", "三十五"]
    with pytest.raises(TypeError):
        template.words(1.5)


class _Canary(socketserver.BaseRequestHandler):
    hits = 0

    def handle(self) -> None:
        type(self).hits += 1


@pytest.fixture
def canary() -> Iterator[int]:
    _Canary.hits = 0
    with socketserver.TCPServer(("127.0.0.1", 0), _Canary) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_address[1]
        server.shutdown()


def test_nothing_is_fetched_even_from_markup(canary: int, tmp_path: Path) -> None:
    """Also if a mistake let markup through, the fetcher opens no file and no connection."""
    secret = tmp_path / "secret.txt"
    secret.write_text("CANARY-CONTENT")
    port = f"http://127.0.0.1:{canary}"
    corpus = f"""<html><head><title>t</title><link rel=attachment href="{secret.as_uri()}">
      <link rel=stylesheet href="{port}/a.css"><style>@import url({port}/b.css); p {{ background: url({port}/c.png) }}
      @font-face {{ font-family: X; src: url({port}/d.otf) }}</style></head><body><p style="font-family: X">x</p>
      <img src="{port}/e.png"><img src="//127.0.0.1:{canary}/f"><img src="{secret.as_uri()}"><object data="{port}/g">
      </object><embed src="ftp://127.0.0.1:{canary}/h"><a rel=attachment href="{secret.as_uri()}">a</a>
      <svg xmlns="http://www.w3.org/2000/svg"><image href="{port}/i.png"/><use href="{secret.as_uri()}#x"/></svg>
      </body></html>"""
    content = pdf.print_html(corpus, LEGAL, identifier=b"0" * 16)
    reader = PdfReader(io.BytesIO(content))
    assert _Canary.hits == 0
    assert not reader.attachments and b"CANARY-CONTENT" not in content
    for page in reader.pages:
        assert "CANARY" not in page.extract_text() and not page.images


def test_properties_say_only_name_and_number() -> None:
    blocks = template.compose("ruling", template.sample("ruling"))
    reader = PdfReader(io.BytesIO(pdf.render(blocks, "legal")))
    assert dict(reader.metadata or {}) == {"/Title": "专利侵权纠纷行政裁决书 津滨知裁字〔2026〕3号"}
    assert reader.xmp_metadata is None and not reader.attachments
    word = docx.render(blocks, "legal")
    properties = Document(io.BytesIO(word)).core_properties
    assert properties.title == "专利侵权纠纷行政裁决书 津滨知裁字〔2026〕3号"
    assert not (properties.author or properties.last_modified_by or properties.comments or properties.created)
    names = zipfile.ZipFile(io.BytesIO(word)).namelist()
    assert "docProps/thumbnail.jpeg" not in names and "docProps/app.xml" not in names


def test_same_blocks_same_bytes_in_another_process() -> None:
    blocks = template.compose("receipt", template.sample("receipt"))
    script = (
        "import sys,hashlib;from cases.documents import blocks,pdf,docx;"
        "b=blocks.from_json(sys.stdin.read());"
        "print(hashlib.sha256(pdf.render(b,'form',code='A')).hexdigest(),"
        "hashlib.sha256(docx.render(b,'form',code='A')).hexdigest())"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", script], input=b.to_json(blocks), capture_output=True, text=True, check=True,
            cwd=ROOT, env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone, "PYTHONUTF8": "1"},
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Shanghai"))
    }  # fmt: skip
    assert len(runs) == 1
    assert pdf.render(blocks, "form", code="A") != pdf.render(blocks, "form", code="B")


def test_only_one_module_imports_weasyprint() -> None:
    folders = ("stations", "cases", "mediation", "adjudication", "reports", "config")
    importing = {
        str(path.relative_to(ROOT))
        for folder in folders
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r"^\s*(from|import) weasyprint", path.read_text("utf-8"), re.M)
    }
    assert importing == {"cases/documents/pdf.py"}


def test_too_long_or_unknown_layout_is_refused() -> None:
    with pytest.raises(pdf.PaperError):
        pdf.render([b.Paragraph("长" * 600_001)], "legal")
    with pytest.raises(pdf.PaperError):
        pdf.render([], "poster")


# .docx


def test_two_lines_at_least_stay_with_the_signature() -> None:
    name = [b.Paragraph("联系人：办案人员丙"), b.Paragraph("地址：天津市滨海新区示例路1号")]
    end = b.Signature("天津市滨海新区知识产权局", "2026年3月6日")
    last = PdfReader(io.BytesIO(pdf.render([b.Paragraph("测" * 28 * 17), *name, end], "legal"))).pages[1]
    assert "联系人" in last.extract_text() and "测" not in last.extract_text()
    word = Document(io.BytesIO(docx.render([b.Paragraph("正文"), *name, end], "legal")))
    assert [p.paragraph_format.keep_with_next for p in word.paragraphs][:4] == [None, True, True, True]


def test_heading_goes_to_the_page_of_what_it_heads() -> None:
    blocks = [b.Paragraph("测" * 28 * 20 + "测"), b.Paragraph("二、依据", 1), b.Paragraph("甲")]
    first, last = PdfReader(io.BytesIO(pdf.render(blocks, "legal"))).pages
    assert "依据" not in first.extract_text() and "依据" in last.extract_text()
    word = Document(io.BytesIO(docx.render(blocks, "legal")))
    assert [p.paragraph_format.keep_with_next for p in word.paragraphs[:3]] == [None, True, None]


def test_docx_has_the_same_geometry() -> None:
    document = Document(io.BytesIO(docx.render([b.Paragraph("正文")], "legal")))
    section = document.sections[0]
    margins = [
        round(m.mm)
        for m in (section.top_margin, section.left_margin, section.right_margin, section.bottom_margin)
    ]
    assert margins == [37, 28, 26, 35]
    grid = section._sectPr.find(qn("w:docGrid"))
    assert grid.get(qn("w:type")) == "lines"  # a grid of characters too is read apart by LibreOffice
    assert 22 * int(grid.get(qn("w:linePitch"))) / 20 <= 225 * MM + 0.5
    closer = document.styles["Normal"].element.rPr.find(qn("w:spacing"))
    assert int(156 * MM / (16 + int(closer.get(qn("w:val"))) / 20)) == 28
    fonts = document.styles["文书正文"].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == "仿宋_GB2312"
    assert document.styles["文书标题"].font.size.pt == 22
    assert document.settings.odd_and_even_pages_header_footer
    for footer in (section.footer, section.even_page_footer):
        assert "PAGE" in footer._element.xml and "— " in footer.paragraphs[0].text


def test_edited_docx_comes_back_with_tracked_changes_accepted() -> None:
    document = Document(
        io.BytesIO(docx.render([b.Title("标题"), b.Paragraph("原文"), b.Item("1.", "甲")], "legal"))
    )
    paragraph = document.paragraphs[1]
    inserted = OxmlElement("w:ins")
    run = OxmlElement("w:r")
    text = OxmlElement("w:t")
    text.text = "，增加"
    run.append(text)
    inserted.append(run)
    paragraph._p.append(inserted)
    deleted = OxmlElement("w:del")
    run = OxmlElement("w:r")
    text = OxmlElement("w:delText")
    text.text = "，删去"
    run.append(text)
    deleted.append(run)
    paragraph._p.append(deleted)
    document.add_paragraph("另加一段", style="Normal")
    document.add_paragraph("小标题", style="Heading 1")
    table = document.add_table(rows=2, cols=2)
    for at, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"格{at}"
    saved = io.BytesIO()
    document.save(saved)
    back = read_docx(saved.getvalue())
    assert back[:5] == [
        b.Title("标题"), b.Paragraph("原文，增加"), b.Item("1.", "甲"), b.Paragraph("另加一段"), b.Paragraph("小标题", 1),
    ]  # fmt: skip
    assert isinstance(back[5], b.Table)
    assert back[5].columns == ("格0", "格1") and back[5].rows == (("格2", "格3"),)


def test_joined_tables_come_back_apart() -> None:
    blocks = [
        b.Facts((("甲", "一"), ("乙", "二")), 2),
        b.Table(("列",), (("值",),), (100,)),
        b.Box("意见", "同意", "签名：", 3),
    ]
    document = Document(io.BytesIO(docx.render(blocks, "form")))
    first, *others = document.tables
    for other in others:
        for row in list(other._tbl.tr_lst):
            first._tbl.append(row)
        other._tbl.getparent().remove(other._tbl)
    saved = io.BytesIO()
    document.save(saved)
    back = read_docx(saved.getvalue())
    assert [type(one) for one in back] == [b.Facts, b.Table, b.Box]
    assert b.plain_text(back) == b.plain_text(blocks)


def test_unreadable_files_are_refused() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", b"0" * (101 * 1024 * 1024))
    macro = io.BytesIO(docx.render([b.Paragraph("文")], "form"))
    with zipfile.ZipFile(macro, "a") as package:
        package.writestr("word/vbaProject.bin", b"x")
    for content in (b"", b"%PDF-1.7", bomb.getvalue(), macro.getvalue()):
        with pytest.raises(UnreadableDocument):
            read_docx(content)


# blocks

_text = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=40).map(b.clean)
_line = (
    st.text("甲乙丙一二（）《》，。；0123456789 abc<>&{}[]", min_size=1, max_size=30)
    .map(str.strip)
    .filter(bool)
)
_block = st.one_of(
    st.builds(b.Title, _text),
    st.builds(b.Paragraph, _text, st.integers(0, 4)),
    st.builds(
        b.Facts, st.lists(st.tuples(_text, _text), min_size=1, max_size=4).map(tuple), st.sampled_from([1, 2])
    ),
    st.builds(b.Box, _text, _text, _text, st.integers(0, 9)),
    st.builds(b.Signature, _text, _text),
    st.just(b.PageBreak()),
    st.builds(b.Link, _text, _text),
    st.just(b.Chart("受理（件）", "columns", ("7月", "8月"), (("2025年", "3", ""), ("2026年", "4.5", "-1")))),
)


@given(st.lists(_block, max_size=6))
def test_json_round_trip(blocks: list[b.Block]) -> None:
    text = b.to_json(blocks)
    assert b.from_json(text) == blocks
    assert b.to_json(b.from_json(text)) == text


@settings(max_examples=15, deadline=None)
@given(_line, _line)
def test_any_words_survive_print_and_docx(label: str, value: str) -> None:
    blocks: list[b.Block] = [b.Paragraph(value), b.Facts(((label, value),))]
    content = pdf.render(blocks, FORM)
    expected = Counter(re.sub(r"\s", "", label + value + value))
    assert not expected - Counter(words_of(content))
    assert read_docx(docx.render(blocks, FORM)) == blocks


CHART = b.Chart("受理（件）", "columns", ("7月", "8月"), (("2025年", "3", ""), ("2026年", "4.5", "12")))


def test_a_chart_is_drawn_on_paper_and_comes_back_from_word_as_a_chart() -> None:
    blocks: list[b.Block] = [b.Paragraph("前言"), CHART, b.Paragraph("后语")]
    assert read_docx(docx.render(blocks, "official")) == blocks
    words = words_of(pdf.render(blocks, "official"))
    assert all(one in words for one in ("受理（件）", "2026年", "4.5", "12"))


def test_a_chart_that_lost_its_table_or_its_numbers() -> None:
    edited = Document(io.BytesIO(docx.render([CHART], "official")))
    edited.tables[0].cell(1, 1).paragraphs[0].runs[0].text = "三"
    out = io.BytesIO()
    edited.save(out)
    with pytest.raises(UnreadableDocument, match="图表的数据应当是数字"):
        read_docx(out.getvalue())
    edited.tables[0]._element.getparent().remove(edited.tables[0]._element)
    out = io.BytesIO()
    edited.save(out)
    assert read_docx(out.getvalue()) == [b.Paragraph("受理（件）")]


def test_a_lying_form_is_a4_landscape_in_both_prints() -> None:
    table: list[b.Block] = [b.Table(("甲", "乙"), (("一", "二"),))]
    box = PdfReader(io.BytesIO(pdf.render(table, "wide"))).pages[0].mediabox
    assert (round(box.width), round(box.height)) == (842, 595)
    section = Document(io.BytesIO(docx.render(table, "wide"))).sections[0]
    assert section.page_width > section.page_height and section.orientation == 1


@pytest.mark.parametrize(
    "text",
    [
        '[{"type":"chart","title":"x","shape":"cake","labels":[],"series":[]}]',
        '[{"type":"chart","title":"x","shape":"lines","labels":["a"],"series":[["n","一"]]}]',
        '[{"type":"chart","title":"x","shape":"lines","labels":["a"],"series":[["n","1","2"]]}]',
        "{}", "[1]", "not json", '[{"type":"seal","text":"x"}]', '[{"type":"title"}]', '[{"type":"title","text":1}]',
        '[{"type":"title","text":"x","more":"y"}]', '[{"type":"paragraph","text":"x","level":9}]',
        '[{"type":"paragraph","text":1.5,"level":0}]', '[{"type":"facts","rows":[["a"]],"pairs":1}]',
        '[{"type":"table","columns":["a","b"],"rows":[["1"]],"widths":[]}]',
        '[{"type":"table","columns":["a"],"rows":[["1"]],"widths":[0]}]',
    ],
)  # fmt: skip
def test_wrong_json_is_refused(text: str) -> None:
    with pytest.raises(b.BlockError):
        b.from_json(text)


# command


def test_specimens_writes_every_kind(tmp_path: Path) -> None:
    call_command("specimens", str(tmp_path / "out"), stderr=io.StringIO())
    written = {path.name for path in (tmp_path / "out").iterdir()}
    assert written == {f"{kind}.{end}" for kind in KINDS for end in ("pdf", "docx")}
    assert "模拟数据" in words_of((tmp_path / "out" / "ruling.pdf").read_bytes())


def test_specimens_says_when_it_cannot_write(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CommandError) as refused:
        call_command("specimens", str(tmp_path / "file"), stderr=io.StringIO())
    assert refused.value.returncode == 1
    assert set(LAYOUTS) == {"official", "legal", "form", "opinion", "minutes", "record", "wide"}
