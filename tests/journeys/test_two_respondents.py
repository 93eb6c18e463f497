"""One request against two shops: one answers and infringes, one stays away and does not; each is told by itself."""

import io
from datetime import datetime
from zoneinfo import ZoneInfo

import docx
import pytest
import time_machine

from cases import binding
from cases.documents.blocks import from_json, plain_text
from cases.documents.making import DOCX_TYPE
from cases.models import Document
from tests.journeys.disputes import (
    FIRST,
    PANEL,
    REQUESTER,
    SECOND,
    approve,
    do,
    filed,
    photograph,
    rows,
)

pytestmark = pytest.mark.browser
DISSENT = "现有技术抗辩应予采纳"
WRITTEN = "被诉产品具备权利要求1的全部技术特征，另见勘验比对。"


def at(month, day):
    return datetime(2026, month, day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def clock():
    with time_machine.travel(at(11, 23), tick=True) as traveller:
        yield traveller


def test_each_respondent_has_its_own_findings_and_its_own_time_to_sue(clock, open_for, work, today):
    row = filed(today, FIRST, SECOND)
    case = f"/cases/{row.case_id}/"
    number = row.number

    # served in two ways, answered by one
    recorder = open_for("recorder").go(case)
    do(recorder, "登记送达地址确认", {
        "party": FIRST, "address": "示例2路2号", "electronic": True, "electronic_kind": "email",
        "electronic_to": "shop@example.cn",
    })  # fmt: skip
    do(recorder, "登记送达", {"party": FIRST, "paper": "request", "method": "electronic"})
    do(recorder, "登记送达", {
        "party": SECOND, "paper": "request", "method": "post", "substitute": "张某", "relation": "店员",
    }).sees("电子送达", "邮寄送达", "同意电子送达")  # fmt: skip
    recorder.misses("shop@example.cn")
    do(recorder, "登记证据材料清单", {
        "party": REQUESTER, **rows(
            "items", {"title": "专利登记簿副本", "proves": "专利有效"}, {"title": "被诉阀门", "proves": "销售行为"},
        ),
    })  # fmt: skip
    evidence = [str(pk) for pk in row.evidenceitems.order_by("pk").values_list("pk", flat=True)]
    stands = {"authenticity": "accepted", "legality": "accepted"}
    do(recorder, "登记质证意见", {
        "party": FIRST, **rows("items", {"item": evidence[0], **stands, "relevance": "accepted"},
                               {"item": evidence[1], **stands, "relevance": "denied", "words": "来源不明"}),
    }).sees("专利登记簿副本", "被诉阀门", "不认可")  # fmt: skip
    do(recorder, "收到答辩书", {"party": FIRST})
    do(recorder, "送达答辩书副本", {"party": FIRST})
    do(
        recorder,
        "安排口头审理",
        {"day": "2026-12-09", "time": "10:00", "place": "第一口审室", "mode": "room"},
    )
    sides = [str(party.pk) for party in row.case.parties.all()]
    do(recorder, "向多方登记送达", {"parties": sides, "paper": "hearing_notice", "method": "direct"})
    do(recorder, "登记口头审理回执", {"party": FIRST, "attends": "yes", **rows("people", {"name": "李某"})})
    photograph(recorder, "case_filed")

    # heard: one respondent stays away
    clock.move_to(at(12, 9))
    recorder.go("/").sign_in_again().go(case)
    do(recorder, "登记口头审理", rows("attendance", {}, {"people": "李某"}, {"attended": "absent"}))
    recorder.tab("会议").sees("第一口审室", f"{SECOND}未到场", "被请求人缺席审理")
    adjudicator = open_for("adjudicator").go(case)
    photograph(adjudicator, "checklist")
    adjudicator.follow("审理终结，进入合议").press("审理终结，进入合议").sees("合议待裁决")

    # each claim against each respondent, one member against
    adjudicator.follow("登记合议")
    findings = [{"outcome": "established", "acts": ["make", "sell"]}, {"outcome": "established", "acts": ["sell"]},
                {"outcome": "not_established"}, {"outcome": "not_established"}]  # fmt: skip
    votes = [{"member": name, "vote": "partly"} for name in PANEL[:2]]
    votes.append({"member": PANEL[2], "vote": "not_established", "words": DISSENT})
    photograph(adjudicator, "deliberation_form")
    adjudicator.fill(rows("votes", *votes)).fill(rows("findings", *findings)).press("登记合议").sees("已办理")
    adjudicator.tab("会议").sees(DISSENT)

    # drafted here, edited in Word, brought back
    adjudicator.follow("拟写裁决书稿").fill({
        "claims": "请求责令两被请求人停止侵权。", "defence": f"{FIRST}称采用现有技术。",
        "facts-0-text": "专利有效，两被请求人经营场所均有阀门。", "reasoning-0-text": "落入保护范围。",
        "orders-0-object": "阀门",
    }).press("拟写裁决书稿").sees("已办理")  # fmt: skip
    work()
    adjudicator.tab("会议").sees("应当写明的内容齐全")
    word = adjudicator.page.get_by_role("link", name="下载 Word 修改").get_attribute("href")
    draft = docx.Document(io.BytesIO(adjudicator.context.request.get(word).body()))
    for paragraph in draft.paragraphs:
        paragraph.text = paragraph.text.replace("落入保护范围。", WRITTEN)
    written = io.BytesIO()
    draft.save(written)
    adjudicator.follow("收回裁决书修改稿").page.locator('[name="file__upload"]').set_input_files(
        {"name": "裁决书.docx", "mimeType": DOCX_TYPE, "buffer": written.getvalue()}
    )
    if adjudicator.page.locator("[name=draft]").input_value() == "":
        adjudicator.page.locator("[name=draft]").select_option(index=1)
    adjudicator.press("收回裁决书修改稿").sees("已办理")

    # signed
    adjudicator.follow("签发行政裁决书")
    assert adjudicator.page.locator('[name="reasoning-0-text"]').input_value() == WRITTEN
    photograph(adjudicator, "sign_ruling_form")
    adjudicator.press("提出拟办意见").sees("等待")
    approve(open_for("legal"), "签发行政裁决书", WRITTEN)
    head = approve(open_for("head"), "签发行政裁决书", SECOND)
    photograph(head, "approval")
    work()
    adjudicator.go(case).sees(number, "部分成立", "逐项认定").tab("文书").sees("行政裁决书").misses(
        "正在制作"
    )
    photograph(adjudicator, "case_ruled")
    table = adjudicator.text('section[aria-label^="逐项认定"]')
    assert table.count("侵权成立") == table.count("侵权不成立") == 2
    paper = plain_text(from_json(Document.objects.get(kind="ruling", state="issued").blocks))
    assert f"被请求人{FIRST}：权利要求1侵权成立（制造、销售）；权利要求3侵权成立（销售）。" in paper
    assert f"被请求人{SECOND}：权利要求1、3侵权不成立。" in paper
    assert f"责令被请求人{FIRST}立即停止" in paper and WRITTEN in paper
    assert f"驳回请求人{REQUESTER}对被请求人{SECOND}的请求。" in paper

    # each recipient has its own fifteen days
    recorder.go(case)
    both = sides[:2]
    do(recorder, "向多方登记送达", {"parties": both, "paper": "ruling", "method": "direct"})
    clock.move_to(at(12, 11))
    recorder.go("/").sign_in_again().go(case)
    do(recorder, "登记送达", {
        "party": SECOND, "paper": "ruling", "method": "post", "substitute": "张某", "relation": "店员",
    })  # fmt: skip
    windows = recorder.page.locator('section[aria-label="起诉期限"] tbody tr').all_inner_texts()
    assert ["2026-12-24" in line for line in windows] == [True, True, False], windows
    assert SECOND in windows[2] and "2026-12-28" in windows[2]  # the fifteenth day is a Saturday
    photograph(recorder, "case_served")

    # nothing of the closed volume outside
    clerk = open_for("clerk").go(case).sees(number)
    for tab in ("办案记录", "会议", "文书"):
        clerk.tab(tab).misses(DISSENT, "合议笔录", "裁决书稿")
    planned = binding.planned(row, binding.OPEN)
    assert "行政裁决书" in "".join(one.title for one in planned)
    for one in planned:
        what, _colon, pk = one.ref.partition(":")
        words = Document.objects.get(pk=pk).blocks if what == "document" else ""
        assert DISSENT not in f"{one}{words}"
