"""A utility model attacked: the case stands still, the patent falls, the request is dismissed; the patent returns, and it is made again."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from cases.documents.blocks import from_json, plain_text
from cases.models import Document
from tests.journeys.disputes import (
    CONDITIONS,
    FIRST,
    PANEL,
    REQUESTER,
    answered,
    approve,
    do,
    filed,
    photograph,
    propose,
    rows,
)

pytestmark = pytest.mark.browser
PATENT = "ZL201020110210.3"


def at(month, day):
    return datetime(2026, month, day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def clock():
    with time_machine.travel(at(3, 2), tick=True) as traveller:
        yield traveller


def closing(person):
    """The clock of closing the case, its lines unfolded."""
    shown = person.page.locator(".clock", has_text="结案").first
    shown.locator("summary").click()
    return " ".join(shown.inner_text().split())


def test_a_stay_ends_in_a_request_made_again(clock, open_for, work, today):
    row = answered(filed(today, FIRST, kind="utility_model", claim_count=1, claims_relied=""), today)
    case = f"/cases/{row.case_id}/"

    # the respondent's attack stops the clock
    clock.move_to(at(3, 16))
    adjudicator, head = open_for("adjudicator").go(case), open_for("head")
    before = closing(adjudicator)
    assert "2026-03-02" in before and "2026-06-02" in before, before
    propose(adjudicator, "中止处理", {
        "ground": "1", "party": FIRST, "invalidation_no": "5W123456", "invalidation_on": "2026-03-12",
    })  # fmt: skip
    approve(head, "中止处理", "5W123456")
    adjudicator.go(case).sees("2026-03-16 起", "被请求宣告无效并已受理", "已中止 0 日")
    work()
    notice = plain_text(from_json(Document.objects.get(kind="stay_notice").blocks))
    assert "第二十八条第一款第一项" in notice and "5W123456" in notice

    # it falls; what did not count is told line by line
    clock.move_to(at(6, 15))
    adjudicator.go("/").sign_in_again().go(case).sees("已中止 91 日")
    propose(adjudicator, "恢复处理", {"cause": "invalid", "reason": "第567890号决定已经生效"})
    approve(head.go("/").sign_in_again(), "恢复处理")
    after = closing(adjudicator.go(case))
    for said in (
        "立案之日 2026-03-02",
        "2026-06-02",
        "中止 2026-03-16 至 2026-06-14，91日",
        "扣除后届满 2026-09-01",
    ):
        assert said in after, after
    photograph(adjudicator, "case_resumed")

    # what was not done is left out with a reason, and the request dismissed
    adjudicator.page.locator('section[aria-label^="办案清单"]').get_by_role(
        "link", name="跳过事项"
    ).first.click()
    adjudicator.fill(reason="专利权已被宣告无效，书面审理").press("跳过事项").sees("已办理", "已跳过")
    photograph(adjudicator, "checklist_skipped")
    adjudicator.follow("审理终结，进入合议").press("审理终结，进入合议").sees("合议待裁决")
    do(adjudicator, "登记合议", rows("votes", *({"member": one, "vote": "not_established"} for one in PANEL)))
    propose(adjudicator, "签发行政裁决书", {
        "kind": "dismissed_first", "outcome": "not_established", "claims": "请求责令停止侵权。",
        "facts-0-text": "涉案专利权已被宣告全部无效。", "reasoning-0-text": "请求没有权利基础。",
        "orders-0-kind": "dismiss", "invalidation_no": "第567890号", "invalidation_on": "2026-06-10",
    })  # fmt: skip
    approve(open_for("legal"), "签发行政裁决书", "先行驳回")
    approve(head, "签发行政裁决书", "先行驳回")
    work()
    number = row.number
    adjudicator.go(case).sees(number, "侵权不成立", "先行驳回（专利权被宣告无效，可以另行请求）")
    assert "可以另行提出处理请求" in plain_text(from_json(Document.objects.get(kind="ruling").blocks))

    # the decision is annulled in court: a new request at the counter, bound to the old one
    clock.move_to(at(10, 12))
    clerk = open_for("clerk").follow("收件登记", within="nav").unfold().fill({
        "proceeding": "adjudication", "parties-0-name": REQUESTER, "parties-0-id_number": "91110000802100433B",
        "parties-0-phone": "13800138000", "parties-0-address": "示例一路1号", "parties-1-kind": "legal_person",
        "parties-1-name": FIRST, "parties-1-address": "示例2路2号", "rights-0-kind": "utility_model",
        "rights-0-number": PATENT, "rights-0-title": "一种阀门", "summary": "无效决定被撤销，另行请求处理",
    })  # fmt: skip
    again = clerk.press("仅登记").sees("已登记").page.url.split("?")[0]
    adjudicator.go("/").sign_in_again().go(again).follow("立案")
    photograph(adjudicator, "file_form")
    filing = {
        **dict.fromkeys(CONDITIONS, True), "claim_count": "1", "competence": "domicile", "leader": PANEL[0],
        **rows("members", *({"user": name} for name in PANEL[1:])), "recorder": "recorder",
    }  # fmt: skip
    adjudicator.fill({**filing, "refiled_of": "津滨知裁字〔2026〕9号"}).press("提出拟办意见", status=400)
    adjudicator.sees("没有找到以该案号对同一专利先行驳回的案件")
    photograph(adjudicator, "file_form_refused")
    adjudicator.fill(refiled_of=number).press("提出拟办意见").sees("等待")
    approve(head.go("/").sign_in_again(), "立案", number)
    adjudicator.go(again).sees("津滨知裁字〔2026〕2号", "另行请求的原案").follow(number).sees("另行请求")
    adjudicator.follow("津滨知裁字〔2026〕2号").sees("审理中")
    work()
    tile = open_for("leader").go("/board/").page.locator(".measure", has_text="行政裁决案件").first
    assert "立案 2，已结 1，办理中 1" in " ".join(tile.inner_text().split()), tile.inner_text()
