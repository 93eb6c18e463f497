"""A ruling on two claims taken to court: answered in time from the open volume, one claim upheld, the other annulled."""

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import docx
import pytest
import time_machine

from adjudication import publication
from adjudication.models import Disclosure, Litigation
from cases.documents.blocks import from_json, plain_text
from cases.documents.making import DOCX_TYPE
from tests.journeys.disputes import (
    FIRST,
    PANEL,
    answered,
    approve,
    do,
    filed,
    photograph,
    propose,
    rows,
    take,
)

pytestmark = pytest.mark.browser
DISSENT = "权利要求3不应成立"
COURT = "天津知识产权法庭"
GAPS = {
    "法定代表人（负责人）姓名、职务": "演示局长，局长",
    "对原告起诉理由的答辩意见": "原告的主张不能成立。",
}
RULING = {
    "outcome": "established", "procedure": "依法组成合议组审理终结。", "claims": "请求责令停止侵权。",
    "defence": "采用现有技术。", "facts": [{"text": "专利有效。"}], "reasoning": [{"text": "落入权利要求1、3的保护范围。"}],
    "basis": "《中华人民共和国专利法》第六十五条",
    "orders": [{"kind": "stop", "acts": "制造、销售", "object": "阀门", "scope": "权利要求1、3"}],
}  # fmt: skip


def at(month, day):
    return datetime(2026, month, day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def clock():
    with time_machine.travel(at(3, 2), tick=True) as traveller:
        yield traveller


def ruled(today):
    """A ruling on two claims, in the hands of both sides and of the public."""
    row = answered(filed(today, FIRST), today)
    for point in row.skippable_points():
        row = take(row, today, "skip_point", item=point.point.code, reason="书面审理已经查明")
    row = take(row, today, "deliberate")
    votes = [{"member": name, "vote": "established", "words": ""} for name in PANEL[:2]]
    votes.append({"member": PANEL[2], "vote": "not_established", "words": DISSENT})
    row = take(row, today, "record_deliberation", votes=votes)
    row = take(row, today, "sign_ruling", **RULING)
    for one in row.case.parties.all():
        row = take(row, today, "serve", party=one.pk, paper="ruling", method="direct")
    shown = Disclosure.objects.get()
    marks = [
        {name: getattr(mark, name) for name in ("original", "replacement", "category", "reason")}
        for mark in publication.suggestions(shown.ruling)
    ]
    shown = take(shown, today, "redact", by="reviewer", revision=0, replacements=marks)
    publication.render_ruling(shown.pk, shown.revision)
    take(shown, today, "publish", by="reviewer", revision=shown.revision, privacy=True)
    return row


def in_word(person, work, title, gaps):
    """Download the draft, fill in what it names as missing, bring it back."""
    work()
    person.tab("文书")
    link = person.page.locator("tr", has_text=title).get_by_role("link", name="Word").get_attribute("href")
    paper = docx.Document(io.BytesIO(person.context.request.get(link).body()))
    for paragraph in paper.paragraphs:
        for label, words in gaps.items():
            if f"【待补充：{label}】" in paragraph.text:
                paragraph.text = paragraph.text.replace(f"【待补充：{label}】", words)
    written = io.BytesIO()
    paper.save(written)
    person.rare("收回修改稿").fill(draft=title).page.locator('[name="file__upload"]').set_input_files(
        {"name": "答辩状.docx", "mimeType": DOCX_TYPE, "buffer": written.getvalue()}
    )
    person.press("收回修改稿").sees("已办理")


def test_sued_answered_heard_and_partly_annulled(clock, open_for, work, today):
    row = ruled(today)
    work()
    number = row.number

    # the complaint: fifteen days
    clock.move_to(at(3, 16))
    adjudicator, head = open_for("adjudicator").go(f"/cases/{row.case_id}/"), open_for("head")
    do(adjudicator, "登记应诉", {"party": FIRST, "court": COURT, "court_case_no": "（2026）津知行初1号"})
    suit = Litigation.objects.get()
    case = f"/cases/{row.case_id}/?p={suit.pk}"
    adjudicator.go(case).sees(COURT, FIRST, "2026-03-31", "尚未签发", "答辩状")
    photograph(adjudicator, "lawsuit_received")

    # answered from the file: the statement finished in Word, the evidence from the open volume
    drafting = "拟制应诉材料"
    adjudicator.follow(drafting).fill(paper="行政诉讼答辩状").press("拟制文书").sees("已办理")
    in_word(adjudicator, work, "行政诉讼答辩状", GAPS)
    adjudicator.follow(drafting).fill(paper="证据目录和规范性文件").press("拟制文书").sees("已办理")
    for title in ("行政诉讼答辩状", "证据目录"):
        propose(adjudicator.go(case), "签发文书", {"draft": title})
        approve(head, "签发文书")
    adjudicator.go(case).misses("尚未签发", drafting)
    said = {
        paper.kind: plain_text(from_json(paper.blocks)) for paper in suit.documents.filter(state="issued")
    }
    assert all(words in said["answer_statement"] for words in (number, *GAPS.values())), said
    assert "待补充" not in said["answer_statement"]
    evidence = said["court_evidence_list"]
    assert all(
        words in evidence
        for words in ("专利侵权纠纷立案通知书", "答辩通知书", "行政裁决书", "《中华人民共和国专利法》")
    )
    assert not any(words in "".join(said.values()) for words in (DISSENT, "合议笔录", "签发稿"))
    clock.move_to(at(3, 24))
    adjudicator.go("/").sign_in_again().go(case)
    do(adjudicator, "提交答辩状和证据").sees("已答辩").misses("逾期")

    # in court with the head
    do(adjudicator, "登记开庭通知", {"day": "2026-04-28", "time": "09:30", "place": "第三法庭"})
    adjudicator.tab("会议").sees("请确定出庭负责人")
    propose(adjudicator, "确定出庭人员", {
        "judge": "模拟法官", **rows("agents", {"name": "演示裁决员甲", "post": "裁决员"}), "head": "演示局长，局长",
    })  # fmt: skip
    approve(head.go("/").sign_in_again(), "确定出庭人员")
    clock.move_to(at(4, 28))
    adjudicator.go("/").sign_in_again().go(case)
    do(adjudicator, "登记开庭情况").tab("会议").sees("负责人出庭：演示局长，局长")

    # one claim stands, the other falls; nobody appeals
    clock.move_to(at(5, 20))
    adjudicator.go("/").sign_in_again().go(case)
    do(adjudicator, "登记一审裁判", {
        "form": "judgment", "judged_on": "2026-05-18", **rows(
            "items", {"respondent": FIRST, "claim": "权利要求1", "outcome": "upheld"},
            {"respondent": FIRST, "claim": "权利要求3", "outcome": "annulled"},
        ),
    }).sees("判决部分撤销", "权利要求3", "判决撤销")  # fmt: skip
    photograph(adjudicator, "lawsuit_judged")
    clock.move_to(at(6, 8))
    propose(adjudicator.go("/").sign_in_again().go(case), "裁判生效")
    approve(head.go("/").sign_in_again(), "裁判生效")
    work()
    adjudicator.go(case).sees("裁判生效", "判决部分撤销")

    # register, public page, board
    public = open_for()
    register = list(csv.DictReader(io.StringIO(public.context.request.get("/rulings/register.csv").text())))
    assert [line["status"] for line in register] == ["pending", "due", "published", "due"]
    assert register[-1]["number"] == number and "判决部分撤销" in "".join(register[-1].values())
    public.go("/rulings/2026/1/").sees(
        "后续情况", "行政诉讼：判决部分撤销（权利要求1判决驳回诉讼请求；权利要求3判决撤销）"
    ).misses(COURT)
    photograph(public, "public_ruling")
    tile = open_for("leader").go("/board/").page.locator(".measure", has_text="维持率").first
    shown = " ".join(tile.inner_text().split())
    assert "裁判生效 1 件中维持 0 件" in shown and "部分撤销 1" in shown, shown
