"""The ruling's draft: sections kept by revision, printed with the mark, edited in Word and read back; closed volume."""

import shutil
import subprocess
from dataclasses import replace

import pytest

from adjudication import ruling_text
from adjudication.models import RulingDraft
from cases import drafting, files, outbox
from cases.documents import docx as word
from cases.documents.blocks import Item, Paragraph, from_json, plain_text
from cases.documents.docx_losses import losses
from cases.documents.docx_reading import read_docx
from cases.documents.making import DOCX_TYPE, keep
from cases.documents.template import compose, sample
from cases.errors import Conflict, DomainError, Invalid, VersionMissing
from cases.models import Document, Event, Evidence
from tests.adjudication.story import RULING, deliberating, party, staff, take, vote
from tests.factories import body, user
from tests.laid import laid_once

pytestmark = pytest.mark.django_db

CASE = ruling_text.Case(requester="甲公司", respondents={7: "乙公司", 8: "丙公司"})
SECTIONS = {
    "kind": "ruling", "outcome": "partly",
    "findings": [
        {"respondent": 7, "claim": "权利要求1", "outcome": "established", "acts": ["make", "sell"]},
        {"respondent": 8, "claim": "权利要求1", "outcome": "not_established", "acts": []},
    ],
    "procedure": "本局于2026年3月6日立案。\n本案现已审理终结。", "claims": "请求责令停止侵权。\n并赔偿。",
    "defence": "采用现有技术。\n请求驳回。", "evidence": "双方无异议。\n另有公证书。",
    "facts": [{"text": "专利有效。"}, {"text": "乙公司制造。\n现场有样品。"}], "reasoning": [{"text": "落入保护范围。"}],
    "basis": "《中华人民共和国专利法》第六十五条",
    "orders": [
        {"kind": "stop", "respondent": 7, "acts": ["make", "sell"], "object": "阀门", "scope": "权利要求1", "text": ""},
        {"kind": "dismiss", "respondent": 8, "acts": [], "object": "", "scope": "", "text": ""},
    ],
}  # fmt: skip
KEPT = (*ruling_text.TEXTS, *ruling_text.LINES, "orders", "outcome", "findings", "kind")


def blocks_of(sections=SECTIONS, case=CASE, gap=None):
    return compose("ruling", {**sample("ruling"), **ruling_text.paper_of(sections, case)}, gap=gap)


def uploaded(row, content, name="稿.docx"):
    return Evidence.objects.create(
        case=row.case, proceeding=row, file=keep(content, "docx", DOCX_TYPE), name=name, title=name, audience="sealed",
        uploaded_by=staff()["adj1"],
    )  # fmt: skip


def word_file(blocks):
    return word.render([drafting.mark(1), *blocks], "legal")


@laid_once
def drafted(**changes):
    row = take(deliberating(), "record_deliberation", vote())
    return take(row, "draft_ruling", {**RULING, **changes})


def paper_of(row):
    return Document.objects.get(proceeding=row.pk, kind="ruling", state="draft")


def back(row, blocks, **more):
    paper = paper_of(row)
    data = {"draft": f"{paper.pk}:{paper.revision}", "file": uploaded(row, word_file(blocks)).pk, **more}
    return take(row, "bring_back_ruling", data)


# sections and blocks ------------------------------------------------------------------------------------------


def test_sections_come_back_from_their_paper_as_they_were():
    read = ruling_text.sections_of(blocks_of(), SECTIONS, CASE)
    assert {name: read[name] for name in KEPT} == {name: SECTIONS[name] for name in KEPT}
    assert ruling_text.strange(blocks_of(), blocks_of()) == []


@pytest.mark.parametrize("name", ["defence", "evidence"])
def test_what_is_empty_comes_back_empty(name):
    sections = {**SECTIONS, name: ""}
    assert ruling_text.sections_of(blocks_of(sections), sections, CASE)[name] == ""


def test_special_paragraphs_are_printed_from_the_case_and_belong_to_no_section():
    first = {
        **SECTIONS,
        "kind": "dismissed_first",
        "invalidation_no": "第5号",
        "invalidation_on": "2026-10-12",
    }
    case = replace(CASE, again="津滨知裁字〔2025〕1号", again_source="办法第三十四条")
    for sections, of in ((first, CASE), ({**SECTIONS, "kind": "direct_order"}, case)):
        blocks = blocks_of(sections, of)
        read = ruling_text.sections_of(blocks, sections, of)
        assert {name: read[name] for name in KEPT} == {name: sections[name] for name in KEPT}


def test_a_new_order_is_read_from_its_words():
    words = "责令被请求人丙公司立即停止许诺销售、进口密封圈的侵权行为，范围：权利要求2。"
    blocks = [
        replace(b, text=words) if isinstance(b, Item) and b.number == "二、" else b for b in blocks_of()
    ]
    order = ruling_text.sections_of(blocks, SECTIONS, CASE)["orders"][1]
    assert (order["kind"], order["respondent"], order["scope"], order["text"]) == (
        "stop",
        8,
        "权利要求2",
        words,
    )
    assert order["acts"] == ["offer", "import"]


def test_what_a_ruling_must_state_is_named_if_it_is_missing():
    bare = {**SECTIONS, "reasoning": [], "basis": "", "orders": [{**SECTIONS["orders"][0], "scope": ""}]}
    assert ruling_text.missing(bare, CASE) == ["裁决理由", "法律依据", "裁决内容第1项的范围"]
    blocks = blocks_of(bare, gap=drafting.named)
    assert "【待补充：裁决理由】" in plain_text(blocks)
    read = ruling_text.sections_of(blocks, bare, CASE)
    assert read["reasoning"] == [] and read["basis"] == ""


# in the case --------------------------------------------------------------------------------------------------


def test_a_draft_may_be_unfinished_and_is_sealed_paper_row_and_event():
    row = take(deliberating(), "record_deliberation", vote())
    row = take(row, "draft_ruling", {"procedure": "依法组成合议组。", "facts": [{"text": "草稿中的事实"}]})
    draft, paper = RulingDraft.objects.get(), paper_of(row)
    assert (draft.revision, draft.audience, paper.audience, paper.volume) == (1, "sealed", "sealed", "closed")
    assert "【待补充：裁决理由】" in paper.blocks
    event = Event.objects.get(proceeding=row, name="draft_ruling")
    assert event.audience == "sealed" and "草稿中的事实" not in event.body


def test_every_revision_stands_on_the_last_one():
    row = drafted()
    with pytest.raises(VersionMissing):
        take(row, "draft_ruling", RULING)
    row = take(row, "draft_ruling", {**RULING, "claims": "第二稿。", "revision": 1}, by="adj2")
    with pytest.raises(Conflict) as late:  # adj3 began from the first one
        take(row, "draft_ruling", {**RULING, "claims": "另一稿。", "revision": 1}, by="adj3")
    assert (late.value.code, late.value.facts["revision"]) == ("stale_revision", 2)
    assert "第二稿。" in paper_of(row).blocks and paper_of(row).revision == 2


def test_nobody_but_the_panel_sees_or_takes_the_draft(client):
    row = drafted(claims="只在稿中的话")
    outbox.drain()
    paper = paper_of(row)
    other = user("other_adj", ("adjudicator", body("bureau")))
    for person, status in (
        (staff()["head"], 404),
        (staff()["office"], 404),
        (other, 404),
        (staff()["adj3"], 200),
    ):
        client.force_login(person)
        assert client.get(f"/documents/{paper.pk}.docx").status_code == status
    for name in ("head", "office", "legal"):
        client.force_login(staff()[name])
        for address in (
            f"/cases/{row.case_id}/?p={row.pk}&tab={tab}" for tab in ("", "documents", "meetings", "record")
        ):
            assert "只在稿中的话" not in client.get(address).content.decode()
        for act in ("acts/draft_ruling", "steps/sign_ruling"):
            page = client.get(f"/proceedings/{row.pk}/{act}/")
            assert "只在稿中的话" not in page.content.decode()
        with pytest.raises(DomainError):
            take(row, "draft_ruling", {**RULING, "revision": 1}, by=name)


def test_the_print_bears_the_mark_and_cannot_be_verified():
    row = drafted()
    outbox.drain()
    paper = paper_of(row)
    with files.open(paper.docx.sm3) as opened:
        words = plain_text(read_docx(opened.read()))
    assert "拟稿（第1稿），未经签发，不具效力" in words and paper.code not in words


def test_ordinary_acts_on_drafts_leave_the_ruling_alone():
    row = drafted()
    for name in ("issue_paper", "void_draft", "bring_back"):
        with pytest.raises(DomainError):
            take(row, name, {"draft": f"{paper_of(row).pk}:1", "reason": "x"})


def test_edited_in_word_the_sections_come_back():
    row = drafted()
    blocks = [
        replace(b, text="落入权利要求1的保护范围。") if isinstance(b, Item) and "落入" in b.text else b
        for b in from_json(paper_of(row).blocks)
    ]
    row = back(row, blocks)
    assert row.draft_sections()["reasoning"] == [{"text": "落入权利要求1的保护范围。"}]
    assert row.draft_sections()["orders"][0]["acts"] == ["make", "sell"]
    last = row.rulingdrafts.last()
    assert last.revision == 2 and last.file.audience == "sealed"
    assert "落入权利要求1的保护范围。" in paper_of(row).blocks


def test_what_word_lost_is_named_and_the_rest_kept(client):
    row = drafted()
    blocks = [b for b in from_json(paper_of(row).blocks) if "落入保护范围" not in plain_text([b])]
    row = back(row, blocks)
    assert row.draft_sections()["facts"] == [{"text": "专利有效。"}]
    assert ruling_text.missing(row.draft_sections(), row.ruling_case()) == ["裁决理由"]
    client.force_login(staff()["adj2"])
    assert "还缺少：裁决理由" in client.get(f"/cases/{row.case_id}/?p={row.pk}&tab=meetings").content.decode()


def test_what_is_printed_from_the_case_does_not_come_back_in_silence():
    row = drafted()
    blocks = [
        replace(b, text=b.text.replace("甲公司", "甲集团"))
        if isinstance(b, Paragraph) and b.text.startswith("请求人：")
        else b
        for b in from_json(paper_of(row).blocks)
    ]
    with pytest.raises(Invalid) as refusal:
        back(row, blocks)
    assert "甲集团" in str(refusal.value.fields["file"])
    row = back(row, blocks, without=True)
    assert "甲集团" not in paper_of(row).blocks


def test_a_stale_or_foreign_file_is_refused():
    row = drafted()
    blocks = from_json(paper_of(row).blocks)
    stale = f"{paper_of(row).pk}:{paper_of(row).revision}"
    row = take(row, "draft_ruling", {**RULING, "revision": 1}, by="adj2")
    with pytest.raises(Invalid) as refusal:
        take(row, "bring_back_ruling", {"draft": stale, "file": uploaded(row, word_file(blocks)).pk})
    assert "draft" in refusal.value.fields
    with pytest.raises(Invalid) as refusal:
        back(row, [Paragraph("一份别的文件。")])
    assert "file" in refusal.value.fields
    with pytest.raises(DomainError) as none:
        take(deliberating(), "bring_back_ruling", {})
    assert none.value.code == "no_ruling_draft"


def test_signing_begins_with_the_draft_and_lays_it_aside(client):
    row = drafted(claims="稿中的请求。")
    client.force_login(staff()["adj1"])
    page = client.get(f"/proceedings/{row.pk}/steps/sign_ruling/").content.decode()
    assert "稿中的请求。" in page and 'value="make"' in page
    row = take(row, "sign_ruling", {**RULING, "claims": "稿中的请求。"})
    assert not row.documents.filter(state="draft").exists()
    assert row.documents.get(kind="sign_off_sheet").blocks.count("adj1")
    row = take(row, "undo_last", {"reason": "误签"})
    assert paper_of(row).revision == 1 and row.draft_sections()["claims"] == "稿中的请求。"


def test_without_a_draft_the_form_begins_with_what_the_case_knows(client):
    row = deliberating()
    rows = [
        {"respondent": party(row).pk, "claim": claim, "outcome": outcome, "acts": acts}
        for claim, outcome, acts in (
            ("权利要求1", "established", ["make"]),
            ("权利要求3", "not_established", []),
        )
    ]
    row = take(row, "record_deliberation", {**vote("partly"), "findings": rows})
    begun = row.first_sections()
    assert begun["outcome"] == "partly" and begun["findings"] == rows
    assert [(one["kind"], one["acts"], one["scope"]) for one in begun["orders"]] == [
        ("stop", ["make"], "权利要求1"), ("dismiss", [], ""),
    ]  # fmt: skip
    client.force_login(staff()["adj1"])
    page = client.get(f"/proceedings/{row.pk}/acts/draft_ruling/").content.decode()
    assert "于2026年11月20日向本局提出处理请求" in page and 'value="权利要求3"' in page
    assert f'value="{party(row).pk}" selected' in page


def test_rows_the_page_offered_and_nobody_touched_say_nothing():
    row = deliberating()
    offered = [
        {"respondent": party(row).pk, "claim": claim, "outcome": "", "acts": []}
        for claim in ("权利要求1", "权利要求3")
    ]
    half = [{**offered[0], "outcome": "established", "acts": ["make"]}, offered[1]]
    with pytest.raises(Invalid) as refusal:
        take(row, "record_deliberation", {**vote(), "findings": half})
    assert "findings" in refusal.value.fields
    row = take(row, "record_deliberation", {**vote(), "findings": offered})
    assert row.findings.count() == 2 and "findings" not in row.first_sections()


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="no LibreOffice: apt-get install libreoffice-writer-nogui"
)
def test_saved_by_libreoffice_the_sections_are_the_same(tmp_path):
    (tmp_path / "draft.docx").write_bytes(word_file(blocks_of()))
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to",
         "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "out"), str(tmp_path / "draft.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    content = (tmp_path / "out" / "draft.docx").read_bytes()
    assert losses(content) == []
    back = drafting.unmarked(read_docx(content))
    read = ruling_text.sections_of(back, SECTIONS, CASE)
    assert {name: read[name] for name in KEPT} == {name: SECTIONS[name] for name in KEPT}
    assert ruling_text.strange(back, blocks_of()) == []


def test_one_reason_alone_bears_no_number_and_two_are_counted():
    def numbers(**data):
        blocks = compose("ruling", {**sample("ruling"), **data})
        return [one.number for one in blocks if isinstance(one, Item) and one.number[-1:] != "、"]

    lone = {"facts": ["专利有效。"], "reasoning": ["落入保护范围。"], "findings": []}
    assert numbers(**lone) == ["", ""]
    assert numbers(**{**lone, "facts": ["专利有效。", "销售阀门。"]}) == ["1.", "2.", ""]
