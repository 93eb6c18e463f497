"""Drafts in Word and back: nothing lost in silence, nobody overwrites another, an issued paper never changes."""

import io
import shutil
import subprocess
import zipfile

import docx
import pytest
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from cases import attaching, drafting, files, outbox, steps
from cases.documents import docx as word
from cases.documents.blocks import from_json, plain_text
from cases.documents.docx_losses import losses
from cases.documents.docx_reading import read_docx
from cases.models import Document, Event, Evidence
from tests.factories import TODAY, approve_all, body, user
from tests.mediation import stage

pytestmark = pytest.mark.django_db
LETTER = {
    "letter_no": "津滨知调函〔2026〕1号",
    "addressee": "示例区知识产权局",
    "ground": "双方住所地均不在本辖区",
    "attachments": "申请书一份",
    "copies_to": "甲公司",
}


def draft(row, paper="transfer_letter"):
    stage.do(row, "draft_paper", paper=paper)
    return Document.objects.get(proceeding=row.pk, kind=paper)


def key(document):
    return f"{document.pk}:{Document.objects.get(pk=document.pk).revision}"


def word_of(document):
    """The .docx as the desk downloads it, rendered first if need be."""
    outbox.drain()
    with files.open(Document.objects.get(pk=document.pk).docx.sm3) as opened:
        return docx.Document(io.BytesIO(opened.read()))


def edited(document, change=lambda paragraph: None):
    """The draft as the desk downloads it, with each paragraph edited in a word processor."""
    opened = word_of(document)
    for paragraph in opened.paragraphs:
        change(paragraph)
    return saved(opened)


def saved(opened):
    made = io.BytesIO()
    opened.save(made)
    return made.getvalue()


def fill(paragraph):
    """Every gap of the letter filled by hand."""
    names = {
        "发文字号": "letter_no",
        "主送机关": "addressee",
        "移送理由": "ground",
        "附件": "attachments",
        "抄送": "copies_to",
    }
    text = paragraph.text
    for label, name in names.items():
        text = text.replace(f"【待补充：{label}】", LETTER[name])
    if text != paragraph.text:
        paragraph.text = text


def upload(row, content, name="修改稿.docx"):
    case = stage.again(row).case
    stored, safe = attaching.keep(name, io.BytesIO(content))
    return Evidence.objects.create(
        case=case, proceeding=row, file=stored, name=safe, audience="proceeding", uploaded_by=stage.mediator()
    )


def bring_back(row, document, content, **data):
    return stage.do(row, "bring_back", draft=key(document), file=upload(row, content).pk, **data)


def test_draft_is_prefilled_names_its_gaps_and_is_no_paper_to_rely_on(client):
    row = stage.accepted()
    document = draft(row)
    text = plain_text(from_json(document.blocks))
    assert document.is_draft and "甲公司" in text and "【待补充：移送理由】" in text
    outbox.drain()
    document = Document.objects.get(pk=document.pk)
    assert document.pdf and document.docx
    assert "拟稿（第1稿）" in word_of(document).paragraphs[0].text
    assert client.get(f"/verify/{document.code}/").status_code == 404


def test_draft_brought_back_is_the_next_revision_without_the_mark():
    row = stage.accepted()
    document = draft(row)
    bring_back(row, document, edited(document, fill))
    again = Document.objects.get(pk=document.pk)
    text = plain_text(from_json(again.blocks))
    assert again.revision == 2 and again.is_draft and again.pdf is None
    assert "双方住所地均不在本辖区" in text and "拟稿（第" not in text
    outbox.drain()
    assert Document.objects.get(pk=document.pk).docx_id


def test_second_to_bring_back_the_same_draft_is_told_and_changes_nothing():
    row = stage.accepted()
    document = draft(row)
    content, old = edited(document, fill), key(document)
    bring_back(row, document, content)
    with pytest.raises(steps.Invalid) as refused:
        stage.do(row, "bring_back", draft=old, file=upload(row, content).pk)
    assert "新的一稿" in refused.value.fields["draft"][0]
    assert Document.objects.get(pk=document.pk).revision == 2


def test_what_cannot_be_carried_is_named_and_left_out_only_when_said_so():
    row = stage.accepted()
    document = draft(row)
    opened = docx.Document(io.BytesIO(edited(document, fill)))
    numbers = OxmlElement("w:numPr")
    number = OxmlElement("w:numId")
    number.set(qn("w:val"), "3")
    numbers.append(number)
    opened.paragraphs[3]._p.get_or_add_pPr().append(numbers)
    opened.paragraphs[2].add_run()._r.append(OxmlElement("w:drawing"))
    opened.sections[0].header.paragraphs[0].text = "内部"
    content = saved(opened)
    with pytest.raises(steps.Invalid) as refused:
        bring_back(row, document, content)
    said = refused.value.fields["file"][0]
    assert "图片" in said and "自动编号" in said and "页眉" in said
    assert Document.objects.get(pk=document.pk).revision == 1
    bring_back(row, document, content, without=True)
    event = Event.objects.get(proceeding=row.pk, name="bring_back")
    assert "图片" in event.body and Document.objects.get(pk=document.pk).revision == 2


def test_tracked_changes_come_back_as_accepted():
    row = stage.accepted()
    document = draft(row)
    opened = docx.Document(io.BytesIO(edited(document, fill)))
    target = next(p for p in opened.paragraphs if "不在本辖区" in p.text)
    for tag, text in (("w:ins", "新加的话"), ("w:del", "删去的话")):
        change = OxmlElement(tag)
        run = OxmlElement("w:r")
        words = OxmlElement("w:t" if tag == "w:ins" else "w:delText")
        words.text = text
        run.append(words)
        change.append(run)
        target._p.append(change)
    bring_back(row, document, saved(opened))
    text = plain_text(from_json(Document.objects.get(pk=document.pk).blocks))
    assert "新加的话" in text and "删去的话" not in text


def test_file_that_is_no_docx_is_refused_with_what_to_do():
    row = stage.accepted()
    document = draft(row)
    stored = upload(row, "只是文字".encode(), name="修改稿.txt")
    with pytest.raises(steps.Invalid) as refused:
        stage.do(row, "bring_back", draft=key(document), file=stored.pk)
    assert "另存为 .docx" in refused.value.fields["file"][0]


def test_issue_names_what_is_missing_then_freezes_what_the_committee_approved():
    row = stage.accepted()
    document = draft(row)
    with pytest.raises(steps.DomainError) as refused:
        stage.do(row, "issue_paper", draft=key(document))
    assert "移送理由" in str(refused.value.message)
    bring_back(row, document, edited(document, fill))
    answer = stage.do(row, "issue_paper", draft=key(document))
    assert Document.objects.get(pk=document.pk).is_draft  # waits for the committee
    approve_all(answer, stage.committee())
    issued = Document.objects.get(pk=document.pk)
    assert issued.state == "issued" and issued.pdf is None and issued.event.name == "issue_paper"
    with pytest.raises(steps.DomainError):  # there is no draft any more
        stage.do(row, "bring_back", draft=key(document), file=upload(row, b"x", name="a.txt").pk)
    assert "拟稿" not in "".join(p.text for p in word_of(document).paragraphs)


def test_issue_refuses_a_paper_whose_fixed_parts_were_deleted():
    row = stage.accepted()
    document = draft(row)

    def cut(paragraph):
        fill(paragraph)
        if paragraph.style.name in ("文书标题", "文书署名", "文书日期"):
            paragraph._p.getparent().remove(paragraph._p)

    bring_back(row, document, edited(document, cut))
    with pytest.raises(steps.DomainError) as refused:
        stage.do(row, "issue_paper", draft=key(document))
    assert refused.value.code == "incomplete_paper" and "落款" in str(refused.value.message)


def test_draft_changed_while_its_issue_waits_is_not_issued():
    row = stage.accepted()
    document = draft(row)
    content = edited(document, fill)
    bring_back(row, document, content)
    answer = stage.do(row, "issue_paper", draft=key(document))
    bring_back(row, document, content)
    done = approve_all(answer, stage.committee())
    assert done.state != "granted" and Document.objects.get(pk=document.pk).is_draft


def test_agreement_may_be_drafted_but_only_signing_issues_it():
    row = stage.accepted()
    document = draft(row, "mediation_agreement")
    with pytest.raises(steps.DomainError) as refused:
        stage.do(row, "issue_paper", draft=key(document))
    assert refused.value.code == "issued_elsewhere"
    stage.do(row, "void_draft", draft=key(document), reason="改由系统生成")
    assert Document.objects.get(pk=document.pk).state == "void"


def test_correction_is_a_paper_of_its_own_and_leaves_the_first_as_it_was():
    row = stage.accepted()
    first = Document.objects.get(proceeding=row.pk, kind="mediation_acceptance")
    before = (first.blocks, first.state, first.digest)
    data = {"document": first.pk, "corrections": [{"wrong": "第1号", "right": "第2号"}], "reason": "登记有误"}
    approve_all(stage.do(row, "correct_paper", **data), stage.committee())
    first = Document.objects.get(pk=first.pk)
    later = Document.objects.get(proceeding=row.pk, kind="paper_correction")
    assert (first.blocks, first.state, first.digest) == before
    text = plain_text(from_json(later.blocks))
    assert first.code in text and "“第1号”更正为“第2号”" in text


def test_seal_register_takes_the_scan_and_never_moves_a_paper_back():
    row = stage.accepted()
    paper = Document.objects.get(proceeding=row.pk, kind="mediation_acceptance")
    with pytest.raises(steps.Refused):
        stage.do(row, "register_seal", document=paper.pk, copies=2)
    scan = upload(row, "盖章件".encode(), name="盖章件.txt")
    stage.do(row, "register_seal", by=stage.committee(), document=paper.pk, copies=2, scan=scan.pk)
    paper = Document.objects.get(pk=paper.pk)
    assert (paper.state, paper.sealed_on, paper.scan_id) == ("sealed", TODAY, scan.pk)
    paper.state = "served"
    paper.save()
    stage.do(row, "register_seal", by=stage.committee(), document=paper.pk, copies=1)
    paper = Document.objects.get(pk=paper.pk)
    assert paper.state == "served" and paper.scan_id == scan.pk


def test_seal_list_shows_what_one_may_see_as_page_and_sheet(client):
    row = stage.accepted()
    paper = Document.objects.get(proceeding=row.pk, kind="mediation_acceptance")
    stage.do(row, "register_seal", by=stage.committee(), document=paper.pk, copies=2)
    client.force_login(stage.committee())
    address = f"/seals/?from={TODAY}&to={TODAY}"
    assert "人民调解受理登记表" in client.get(address).content.decode()
    sheet = client.get(address + "&download=xlsx")
    assert zipfile.ZipFile(io.BytesIO(sheet.content)).namelist()
    client.force_login(user("other", ("mediator", body("bureau"))))
    assert "人民调解受理登记表" not in client.get(address).content.decode()


def test_drafts_are_seen_by_those_of_the_proceeding_only(client):
    row = stage.accepted()
    document = draft(row)
    outbox.drain()
    client.force_login(user("adjudicator", ("adjudicator", body("bureau"))))
    assert client.get(f"/documents/{document.pk}.docx").status_code == 404
    client.force_login(stage.mediator())
    assert client.get(f"/documents/{document.pk}.docx").status_code == 200


@pytest.mark.skipif(
    shutil.which("soffice") is None, reason="no LibreOffice: apt-get install libreoffice-writer-nogui"
)
@pytest.mark.parametrize("kind", ["transfer_letter", "mediation_closing_report"])
def test_draft_saved_by_libreoffice_comes_back_the_same(kind, tmp_path):
    """Opened and saved by another word processor, every word and block is as it was."""
    row = stage.accepted()
    blocks = from_json(draft(row, kind).blocks)
    (tmp_path / "draft.docx").write_bytes(
        word.render([drafting.mark(1), *blocks], "form" if "report" in kind else "official")
    )
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", "--convert-to",
         "docx:MS Word 2007 XML", "--outdir", str(tmp_path / "out"), str(tmp_path / "draft.docx")],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    content = (tmp_path / "out" / "draft.docx").read_bytes()
    assert losses(content) == []
    back = drafting.unmarked(read_docx(content))
    assert plain_text(back) == plain_text(blocks)
    assert [type(one) for one in back] == [type(one) for one in blocks]
