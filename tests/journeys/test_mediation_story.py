"""A people's mediation from the counter to the leader's board, everybody at a browser of their own."""

import json
from datetime import date, timedelta
from typing import Any

import pytest

from cases import approvals, steps
from cases.models import Case, Proceeding
from stations.models import User
from tests.factories import registration

pytestmark = pytest.mark.browser
APPLICANT, RESPONDENT = "天津示例阀门有限公司", "滨海示例五金商行"


def failed_at_another_station(today: date) -> None:
    """An accepted mediation without agreement, so that no figure begins at nothing."""
    people = {user.username: user for user in User.objects.filter(is_active=True)}
    data = registration(
        station="s02", received_on=today.isoformat(), proceeding="mediation", mediation_kind="people"
    )
    case = steps.register(by=people["clerk2"], data=data, today=today).case
    row = Proceeding.objects.get(case=case)
    for party in row.case.parties.all():
        given = {"party": party.pk, "answer": "agree", "way": "signed"}
        steps.act(row.pk, "record_consent", by=people["clerk2"], data=given, today=today)
    asked: Any = steps.perform(row.pk, "accept", by=people["mediator"], data={}, version=0, today=today)
    approvals.decide(asked.approval.pk, "approve", by=people["committee"], today=today)
    ended = {"ground": "no_agreement", "routes_told": ["judicial"], "reason": "差距过大"}
    steps.perform(row.pk, "fail", by=people["mediator"], data=ended, version=1, today=today)


def tile(leader, code):
    """(number on the board, address of the list behind it)."""
    link = leader.go("/board/").page.locator(f'.measure .value a[href*="/board/{code}/"]')
    return link.inner_text(), link.get_attribute("href")


def listed(leader, address):
    """The lines of the list behind a number, on the page and as JSON."""
    leader.go(address)
    lines = [" ".join(row.inner_text().split()) for row in leader.page.locator("table.cards tbody tr").all()]
    leader.follow("JSON")
    return lines, json.loads(leader.page.locator("body").inner_text())["results"]


def test_from_registration_to_the_board(open_for, work, today):
    failed_at_another_station(today)
    leader = open_for("leader")
    assert tile(leader, "aid_and_mediation")[0] == "1"
    assert tile(leader, "mediation_success")[0] == "0 / 1"

    clerk = open_for("clerk").follow("收件登记", within="nav")
    clerk.fill({
        "proceeding": "mediation", "parties-0-name": APPLICANT, "parties-0-id_number": "91110000802100433B",
        "parties-0-phone": "13800138000", "parties-1-name": RESPONDENT, "rights-0-kind": "trademark",
        "rights-0-number": "12345678", "summary": "商行销售的阀门使用了近似标识", "claim_amount": "50000",
    })  # fmt: skip
    clerk.press("登记并打印收件回执").sees("已登记", "收件回执", "正在制作")
    work()
    clerk.page.reload()
    receipt = clerk.context.request.get(clerk.page.locator('a[href$=".pdf"]').first.get_attribute("href"))
    assert receipt.status == 200 and receipt.body().startswith(b"%PDF-")
    case = Case.objects.get(parties__name=APPLICANT)
    clerk.sees(case.registration_no)

    mediator = open_for("mediator").sees(case.registration_no, RESPONDENT)
    mediator.follow(case.registration_no)
    for label, given in (
        (
            "联系当事人",
            {"party": RESPONDENT, "way": "call", "result": "reached", "remark": "对方称已停止销售"},
        ),
        ("登记调解意愿", {"party": APPLICANT, "answer": "agree", "way": "application"}),
        ("登记调解意愿", {"party": RESPONDENT, "answer": "agree", "way": "signed"}),
    ):
        mediator.follow(label).fill(given).press(label).sees("已办理")
    mediator.misses("对方称已停止销售")  # what was said is kept sealed
    mediator.follow("受理").sees("调委会负责人").fill(requests="停止使用近似标识").press("提出拟办意见")
    mediator.sees("等待调委会负责人审批", "待受理")
    committee = open_for("committee")
    approve(committee, "受理", "停止使用近似标识")
    number = f"津滨知人调字〔{today.year}〕2号"
    mediator.page.reload()
    mediator.sees(number, "调解中")
    assert tile(leader, "aid_and_mediation")[0] == "2"
    assert tile(leader, "mediation_success")[0] == "0 / 1"

    mediator.follow("调解会议").fill({
        "mode": "in_person", "starts": "09:30", "ends": "11:00", "place": "第一调解室", "attendance-0-name": "王某",
        "attendance-0-party": RESPONDENT, "result": "reached", "minutes": "双方同意以一万元了结",
    }).press("调解会议").sees("已办理").misses("以一万元了结")  # fmt: skip
    mediator.tab("会议").sees("第一调解室").misses("以一万元了结")
    mediator.follow("密存记录").misses("以一万元了结").fill(reason="核对笔录").press("查阅")
    mediator.sees("双方同意以一万元了结", "对方称已停止销售").follow("返回案件")
    mediator.follow("签署调解协议").fill({
        "facts": "商行销售的阀门使用了近似标识", "performance": "银行转账", "terms-0-kind": "stop",
        "terms-0-what": "停止使用近似标识", "terms-0-who": RESPONDENT, "terms-1-kind": "pay", "terms-1-what": "支付补偿款",
        "terms-1-who": RESPONDENT, "terms-1-due_on": (today + timedelta(30)).isoformat(), "terms-1-amount": "10000",
        "parties_signed_on": today.isoformat(), "mediator_signed_on": today.isoformat(),
    }).press("签署调解协议").sees("协议待签章")  # fmt: skip
    mediator.follow("协议用印生效").press("提出拟办意见").sees("等待调委会负责人审批")
    approve(committee, "协议用印生效")
    work()
    mediator.page.reload()
    mediator.sees("达成协议", "达成书面协议").tab("文书").sees("人民调解协议书").misses("正在制作")

    count, address = tile(leader, "aid_and_mediation")
    assert count == "2"
    lines, rows = listed(leader, address)
    assert len(lines) == 2 and [row["number"] for row in rows] == [number, number.replace("2号", "1号")]
    shown, address = tile(leader, "mediation_success")
    assert shown == "1 / 2"  # two cases are no rate
    lines, rows = listed(leader, address)
    assert len(lines) == len(rows) == 1
    assert number in lines[0] and rows[0]["number"] == number and rows[0]["masked"]
    for name in (APPLICANT, RESPONDENT, "示例阀门", "示例五金"):
        assert name not in lines[0] + json.dumps(rows, ensure_ascii=False)


def approve(committee, label, *words):
    """Open what waits, see what was proposed, agree."""
    committee.go("/approvals/").follow(label).sees("演示调解员", *words).fill(decision="approve")
    committee.press("提交审批意见").sees("已同意")
