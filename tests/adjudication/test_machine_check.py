"""The machine check: every form, every place, every spelling; hostile texts; what it says and never says."""

import io
import json

import pypdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf.annotations import Text
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from adjudication import check_report, publication
from adjudication.models import PublishedRuling
from adjudication.publication import PDF, Page, beneath, passages, plain_file
from adjudication.publication.reading import whole
from adjudication.redaction import KEEP, Replacement, Secret, leaks, normal, redact
from cases.documents import pdf
from cases.documents.blocks import Paragraph
from stations.models import User
from tests.adjudication import public_story as story
from tests.adjudication.public_story import SECRET, TODAY, WITNESS, rows, save

NAME = [Secret("person", "张三")]


def row(**columns) -> PublishedRuling:
    said = {"year": 2026, "serial": 1, "number": "津滨知裁字〔2026〕1号", "sections": "{}", "text": ""}
    return PublishedRuling(**(said | columns))


def said_by(*made: Page, **columns) -> dict[str, str]:
    return {form: whole(found) for form, found in passages(row(**columns), list(made)).items()}


def html(body: str) -> Page:
    return Page(
        "/rulings/2026/1/",
        "text/html; charset=utf-8",
        f"<!doctype html><title>裁决</title>{body}".encode(),
        TODAY,
    )


def data(value: object, **how) -> Page:
    return Page("/rulings/2026/1.json", "application/json", json.dumps(value, **how).encode(), TODAY)


# a name that somebody, or some software, has hidden from a plain search
HIDDEN_IN_HTML = [
    "<p>张三</p>", "<p>张<b>三</b></p>", "<p>张<!-- x -->三</p>", "<p>&#24352;三</p>", "<p>&#x5f20;&#19977;</p>", "<p>张&nbsp;三</p>",
    "<p>张\n三</p>", "<p>张\u200b三</p>", "<p>张\u202e三</p>", "<p>张&shy;三</p>", "<p>张&#8203;三</p>", "<p>张　三</p>",
    '<p title="张三">甲</p>', '<a href="/x?q=张三">甲</a>', "<!-- 张三 -->", '<meta name="author" content="张三">', "<title>张三案</title>",
    '<img alt="张 三">', "<script type=\"application/ld+json\">{\"name\": \"张三\"}</script>", "<p>张</p><p>三</p>",
]  # fmt: skip


@pytest.mark.parametrize("body", HIDDEN_IN_HTML)
def test_a_name_in_a_page_is_found_however_it_is_hidden(body):
    assert ("html", "person") in leaks(said_by(html(body)), NAME)


@pytest.mark.parametrize("value", [{"a": "张三"}, {"张三": 1}, {"a": [{"b": "张 三"}]}])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_a_name_in_the_data_is_found_escaped_or_not(value, ascii_only):
    assert ("json", "person") in leaks(said_by(data(value, ensure_ascii=ascii_only)), NAME)


@pytest.mark.parametrize(
    "column", ["title", "cause", "summary", "summary_english", "text", "gone_ground", "number"]
)
def test_whatever_lists_feed_and_search_are_made_of_is_read(column):
    assert ("record", "person") in leaks(said_by(**{column: "第三人张三"}), NAME)


def test_an_address_and_a_file_name_are_read():
    named = Page("/rulings/2026/张三.pdf", "", b"", TODAY, moved_to="/rulings/2026/1/")
    assert ("address", "person") in leaks(said_by(named), NAME)


# PDF ---------------------------------------------------------------------------------------------------------------


def paper(**changes) -> bytes:
    """A small printed sheet, then tampered with as the wicked would."""
    writer = pypdf.PdfWriter(clone_from=io.BytesIO(pdf.render([Paragraph("张某系请求人。")], "legal")))
    changes.pop("do", lambda _w: None)(writer)
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def author(writer):
    writer.add_metadata({"/Author": "张三"})


def outline(writer):
    writer.add_outline_item(title="张三", page_number=0)


def attachment(writer):
    writer.add_attachment("原文.txt", "张三".encode())


def spoken(writer):
    writer.pages[0][NameObject("/ActualText")] = TextStringObject("张三")


def script(writer):
    action = {
        NameObject("/S"): NameObject("/JavaScript"),
        NameObject("/JS"): TextStringObject("app.alert(1)"),
    }
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(action)


def note(writer):
    writer.add_annotation(0, Text(rect=(0, 0, 9, 9), text="张三"))


@pytest.mark.parametrize("trick", [author, outline, spoken, note])
def test_a_name_anywhere_in_a_paper_is_read(trick):
    page = Page("/rulings/2026/1.pdf", PDF, paper(do=trick), TODAY)
    assert ("pdf", "person") in leaks(said_by(page), NAME)
    assert not leaks(said_by(Page("/rulings/2026/1.pdf", PDF, paper(), TODAY)), NAME)


@pytest.mark.parametrize("trick", [attachment, script, note])
def test_a_paper_carries_nothing_but_its_pages(trick):
    assert plain_file(pdf.render([Paragraph("张某系请求人。")], "legal"))
    assert not plain_file(paper(do=trick))


def test_a_second_revision_and_bytes_behind_the_end_are_found():
    clean = pdf.render([Paragraph("张某系请求人。")], "legal")
    assert not beneath(clean, ["张三"])
    assert not plain_file(clean + b"\n1 0 obj\n<<>>\nendobj\n%%EOF\n")
    for shape in (
        "张三".encode(),
        "张三".encode("utf-16-be"),
        "张三".encode().hex().encode(),
        "张三".encode("utf-16-be").hex().upper().encode(),
    ):
        assert beneath(clean + shape, ["张三"])


# hostile rulings, through the whole chain ----------------------------------------------------------------------------


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("written", "where"),
    [
        ({"claims": "请求人主张三项权利，刘海燕到场。"}, "刘海燕"),
        ({"claims": "刘\u200b海\u200b燕、刘 海 燕、刘\n海燕、刘海\u202e燕均系同一人。"}, "刘海燕"),
        ({"claims": "<b>刘</b>海燕<script>alert('刘海燕')</script>&#21016;海燕。"}, "刘海燕"),
        ({"procedure": "刘海燕诉滨海刘海峰五金店外观设计专利侵权纠纷一案，本局于2026年立案。"}, "刘海燕"),
        ({"claims": "１３８２００１２３４５、138-2001-2345、138 2001\n2345。"}, "13820012345"),
    ],
)
def test_hostile_rulings_are_masked_or_refused_never_published(client, written, where):
    people = story.SECTIONS
    try:
        story.SECTIONS = {**people, **written}
        _adjudication, ruling, disclosure = story.ruled()
    finally:
        story.SECTIONS = people
    disclosure = save(disclosure, rows(ruling, *([] if "facts" in written else [WITNESS])))
    text = disclosure.candidate()
    for page in text.pages.all():
        shown = (
            publication.pdf_text(bytes(page.content))
            if page.content_type == PDF
            else bytes(page.content).decode()
        )
        assert not text.passed or normal(where) not in normal(shown)
    assert not [word for word in SECRET if word in text.findings]
    written_apart = "<b>" in str(written)  # a reader puts the halves together again: a person decides
    assert text.passed is not written_apart, publication.findings_in_words(text)


@pytest.mark.django_db
def test_a_witness_called_like_a_member_of_the_panel_is_refused_until_somebody_decides():
    User.objects.create_user("adj1", None, display_name=WITNESS["original"])
    _adjudication, ruling, disclosure = story.ruled()
    assert WITNESS["original"] in [one["name"] for one in ruling.data()["panel"]]
    disclosure = save(disclosure, rows(ruling, WITNESS))
    assert "panel" in {found[1].rstrip("0123456789") for found in json.loads(disclosure.candidate().findings)}
    apart = [
        {**WITNESS, "original": "证人王建国", "replacement": "证人王某"},
        {**WITNESS, "replacement": "", "category": KEEP},
    ]
    disclosure = save(
        disclosure, [m for m in rows(ruling, *apart) if m["original"] != "王建国" or m["category"] == KEEP]
    )
    text = disclosure.candidate()
    assert text.passed, publication.findings_in_words(text)
    assert "证人王某到场" in text.text and "证人王建国" not in text.text


@pytest.mark.django_db
def test_a_finding_names_form_category_and_place_and_no_secret():
    _adjudication, ruling, disclosure = story.ruled()
    disclosure = save(disclosure, [m for m in rows(ruling, WITNESS) if m["original"] != "刘海峰"])
    text = disclosure.candidate()
    said = publication.findings_in_words(text)
    lines = text.text.split("\n")
    places = [
        n
        for one in said
        for n in one["lines"]
        if "法定代表人" in one["words"] and "没有标记" not in one["words"]
    ]
    assert places and all("刘海峰" in lines[int(n) - 1] for n in places)
    forms = "".join(one["forms"] for one in said)
    assert "第 1 页" in forms and "paragraphs[" in forms and "检索" in forms
    assert "刘海峰" not in text.findings and "刘海峰" not in json.dumps(said, ensure_ascii=False)


@pytest.mark.django_db
def test_the_report_counts_what_was_searched_and_names_every_form():
    _adjudication, _ruling, disclosure = story.marked()
    text = disclosure.candidate()
    report = check_report.report(text)
    assert [label for label, _digest in report.digests] == ["网页", "PDF 文件", "数据"]
    assert (
        report.seal == text.seal and "合议组成员 3 人" in report.demanded and "专利号 1 个" in report.demanded
    )
    words = report.in_words()
    assert "姓名" in words and "联系方式" in words and not [one for one in SECRET if one in words]


@pytest.mark.django_db
def test_the_log_says_where_and_by_which_rule_and_never_the_words():
    _adjudication, ruling, disclosure = story.marked()
    text = disclosure.candidate()
    log, sections = json.loads(text.log), json.loads(ruling.sections)
    assert log and not [word for word in SECRET if word in text.log]
    for rule, place, offset, length, digest in log:
        profile, category = rule.split("/")
        assert profile == text.profile == "district_default" and category and len(digest) == 64
        value = sections
        for part in place.replace("]", "").replace("[", ".").split("."):
            value = value[int(part)] if part.isdigit() else value[part]
        assert 0 <= offset and offset + length <= len(value)
    names = {digest for rule, *_rest, digest in log if rule.endswith("/person")}
    assert len(names) == 2  # one applicant, one witness, however often they are named
    again = check_report.log_of("another text", sections, disclosure.marks, "district_default")
    assert not {digest for *_place, digest in again} & {digest for *_place, digest in log}


# any marks at all ----------------------------------------------------------------------------------------------------

ALPHABET = "张王李三四主项公司店路号01a< &\u200b　"
WORDS = st.text(ALPHABET, min_size=2, max_size=5).filter(lambda word: len(normal(word)) >= 2)


@given(st.text(ALPHABET, max_size=60), st.lists(WORDS, min_size=1, max_size=5, unique=True))
@settings(max_examples=300, deadline=None)
def test_whatever_is_marked_is_gone_from_what_is_made(text, words):
    """The chain from marks to bytes: what is marked away is not in the page or the data, however the text was written."""
    marks = [Replacement(word, "×××", "other") for word in words]
    redacted = redact({"claims": text}, marks)
    made = [html(f"<p>{redacted['claims']}</p>"), data(redacted, ensure_ascii=False)]
    for word in words:
        assert normal(word) not in normal(redacted["claims"])
    assert not leaks({"json": said_by(made[1])["json"]}, [], [m for m in marks if m.category != KEEP])
