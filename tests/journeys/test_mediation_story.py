"""A people's mediation from the counter to the archive and the leader's board, everybody at a browser of their own."""

import io
import json
import zipfile
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pypdf
import pytest
import time_machine

from cases import approvals, steps
from cases.models import Case, Proceeding
from mediation.models import Invitation
from stations.models import User
from tests.factories import registration
from tests.mediation.inviting import code_on

pytestmark = pytest.mark.browser
APPLICANT, RESPONDENT = "天津示例阀门有限公司", "滨海示例五金商行"
SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST = datetime(2026, 11, 23, 9, tzinfo=SHANGHAI)  # a Monday
SITTING = datetime(2026, 11, 25, 12, tzinfo=SHANGHAI)
AFTER = datetime(2026, 12, 8, 9, tzinfo=SHANGHAI)  # the instalment was due on the 4th
NUMBER = "津滨知人调字〔2026〕2号"
HOLDS = dict.fromkeys(
    ("identity", "authority", "definite", "ownership", "competence", "voluntary", "lawful", "harmless"), "yes"
)
TEXT = {
    "facts": "商行销售的阀门使用了近似标识", "performance": "银行转账", "terms-0-kind": "stop",
    "terms-0-what": "停止使用近似标识", "terms-0-who": RESPONDENT, "terms-1-kind": "pay", "terms-1-what": "支付补偿款",
    "terms-1-who": RESPONDENT, "terms-1-due_on": "2026-12-04", "terms-1-amount": "10000",
}  # fmt: skip
SAID = ("以一万元了结", "愿意停止销售", "对方很满意")  # in the talks: on no page but the sealed one


@pytest.fixture
def clock():
    """The server's clock; it runs on from where it is set."""
    with time_machine.travel(FIRST, tick=True) as traveller:
        yield traveller


def failed_at_another_station(today) -> None:
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


def test_from_registration_to_the_archive_and_the_board(clock, open_for, work):
    failed_at_another_station(FIRST.date())
    leader = open_for("leader")
    assert tile(leader, "aid_and_mediation")[0] == "1"
    assert tile(leader, "mediation_success")[0] == "0 / 1"

    clerk = open_for("clerk").follow("收件登记", within="nav")
    clerk.fill({
        "proceeding": "mediation", "parties-0-name": APPLICANT, "parties-0-id_number": "91110000802100433B",
        "parties-0-phone": "13800138000", "parties-1-name": RESPONDENT, "parties-1-id_number": "91350100M000100Y43",
        "rights-0-kind": "trademark", "rights-0-number": "12345678", "summary": "商行销售的阀门使用了近似标识",
        "claim_amount": "50000",
    })  # fmt: skip
    clerk.press("登记并打印收件回执").sees("已登记", "收件回执", "正在制作")
    work()
    clerk.page.reload()
    receipt = clerk.context.request.get(clerk.page.locator('a[href$=".pdf"]').first.get_attribute("href"))
    assert receipt.status == 200 and receipt.body().startswith(b"%PDF-")
    case = Case.objects.get(parties__name=APPLICANT)
    page = f"/cases/{case.pk}/"
    clerk.sees(case.registration_no).tab("材料")
    add_file(clerk, "调解申请书")

    # reaching the other side
    mediator = open_for("mediator").sees(case.registration_no, RESPONDENT)
    mediator.follow(case.registration_no).sees("建议下一步")
    take(mediator, "指定调解员", user="mediator", chosen_by="self", acknowledged=True)
    take(mediator, "登记调解意愿", party=APPLICANT, answer="agree", way="application")
    take(mediator, "发出调解邀请函", party=RESPONDENT)
    work()
    answer_at_phone(open_for, case)
    mediator.go("/").sees("新答复").follow(case.registration_no)
    mediator.sees("同意调解（凭邀请码网上答复").follow("受理").sees("调委会负责人")
    mediator.fill(requests="停止使用近似标识").press("提出拟办意见").sees("等待调委会负责人审批", "待受理")
    committee = open_for("committee")
    approve(committee, "受理", "停止使用近似标识")
    mediator.page.reload()
    mediator.sees(NUMBER, "调解中")
    assert tile(leader, "aid_and_mediation")[0] == "2"
    assert tile(leader, "mediation_success")[0] == "0 / 1"

    # sittings
    take(
        mediator, "安排调解会议", day="2026-11-25", starts="09:30", ends="11:00", mode="in_person",
        place="第一调解室",
    )  # fmt: skip
    mediator.go("/").sees("本周安排", "11-25 09:30", "第一调解室", "加入日历")
    clock.move_to(SITTING)
    mediator.go("/").sign_in_again().sees("今天").follow(NUMBER).follow("登记调解会议")
    assert (
        mediator.page.locator('[name="place"]').input_value() == "第一调解室"
    )  # as planned, nothing typed twice
    mediator.fill({
        "attendance-0-name": "王某", "attendance-0-party": RESPONDENT, "result": "reached",
        "minutes": "双方同意以一万元了结",
    }).press("登记调解会议").sees("已办理")  # fmt: skip
    mediator.tab("会议").sees("第一调解室", "达成").misses(*SAID)
    mediator.follow("密存记录").misses(*SAID).fill(reason="核对笔录").press("查阅")
    mediator.sees("双方同意以一万元了结", "愿意停止销售").follow("返回案件")

    # the agreement
    take(mediator, "签署前审查（司法确认）", {**TEXT, **HOLDS})
    mediator.follow("签署调解协议")
    assert mediator.page.locator('[name="terms-1-amount"]').input_value() == "10000.00"
    day = SITTING.date().isoformat()
    mediator.fill(parties_signed_on=day, mediator_signed_on=day).press("签署调解协议").sees("协议待签章")
    mediator.follow("协议用印生效").press("提出拟办意见").sees("等待调委会负责人审批")
    committee.go("/").sign_in_again()
    approve(committee, "协议用印生效")
    work()
    mediator.page.reload()
    mediator.sees("达成协议", "达成书面协议", "未登记履行")
    committee.go(page).rare("用印登记")
    agreement = committee.page.locator("select[name=document] option", has_text="人民调解协议书")
    committee.fill(document=agreement.get_attribute("value"), copies="3")
    upload(committee, "scan", "盖章协议.pdf").press("用印登记").sees("已办理")
    committee.go("/seals/").sees("人民调解协议书", NUMBER)

    # judicial confirmation
    take(mediator, "开启司法确认")
    mediator.follow("司法确认 · 待申请")
    take(mediator, "制作申请材料")
    work()
    mediator.page.reload()
    packed = mediator.context.request.get(
        mediator.page.get_by_role("link", name="申请材料（ZIP）").get_attribute("href")
    )
    names = zipfile.ZipFile(io.BytesIO(packed.body())).namelist()
    for wanted in ("司法确认申请书", "调解协议（盖章件）", "调解情况证明", "审查清单", "目录"):
        assert any(wanted in name for name in names), (wanted, names)

    # what is owed: paid four days late
    clock.move_to(AFTER)
    mediator.go("/").sign_in_again().sees("结案后仍在计算的期限", "履行协议事项")
    mediator.follow("协议履行", within="nav").sees(NUMBER, "逾期 4 日", "10,000.00").follow(NUMBER)
    mediator.follow("登记履行").fill(amount="10000")
    pay = mediator.page.locator("select[name=term] option", has_text="付款")
    mediator.fill(term=pay.get_attribute("value")).press("登记履行").sees("已办理", "履行完毕，逾期 4 日")
    mediator.follow("登记回访").fill(
        party=APPLICANT, way="phone", reached="yes", satisfaction="5", said="对方很满意"
    )
    mediator.press("登记回访").sees("已办理").misses(*SAID)

    # the end of the file
    mediator.tab("文书").follow("卷宗与归档").sees("结案报告", "缺少", "装订的卷宗")
    mediator.follow("装订卷宗").press("装订卷宗").sees("已办理")
    work()
    mediator.tab("文书").follow("卷宗与归档")
    mediator.sees("正卷", "副卷", "打开 PDF").fits()
    mediator.follow("归档").sees("缺少“结案报告”的原因").fill(reason_closing_report="由调委会统一制作")
    mediator.press("归档").sees("已办理", "2026-12-08 归档")
    assert mediator.page.locator("a", has_text="登记回访").count() == 1  # what goes on after the archive
    assert mediator.page.locator("a", has_text="开启司法确认").count() == 0

    # the board
    leader.go("/board/").sign_in_again()
    count, address = tile(leader, "aid_and_mediation")
    assert count == "2"
    lines, rows = listed(leader, address)
    assert len(lines) == 2 and [row["number"] for row in rows] == [NUMBER, NUMBER.replace("2号", "1号")]
    shown, address = tile(leader, "mediation_success")
    assert shown == "1 / 2"  # two cases are no rate
    lines, rows = listed(leader, address)
    assert len(lines) == len(rows) == 1
    assert NUMBER in lines[0] and rows[0]["number"] == NUMBER and rows[0]["masked"]
    for name in (APPLICANT, RESPONDENT, "示例阀门", "示例五金"):
        assert name not in lines[0] + json.dumps(rows, ensure_ascii=False)


def answer_at_phone(open_for, case):
    """The respondent answers by the code of the letter: a telephone, no account, no script."""
    code = code_on(Invitation.objects.get(mediation__case=case))
    phone = open_for("", screen="phone", script=False)
    phone.go("/answer/").fill(code=code).press("下一步").sees(case.registration_no)
    phone.fill(answer="agree", remark="愿意停止销售").press("提交答复").sees("已收到您的答复", "同意调解")
    assert phone.page.evaluate("document.scrollingElement.scrollWidth") <= 390


def take(person, label, data=None, **more):
    """Do what this button of the case page names."""
    return person.follow(label).fill(data, **more).press(label).sees("已办理")


def add_file(person, name):
    person.fill(title=name).page.locator("main input[type=file]").set_input_files(scan(f"{name}.pdf"))
    return person.press("添加材料").sees(name)


def upload(person, field, name):
    person.page.locator(f'[name="{field}__upload"]').set_input_files(scan(name))
    return person


def scan(name):
    made = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(width=595, height=842)
    writer.write(made)
    return {"name": name, "mimeType": "application/pdf", "buffer": made.getvalue()}


def approve(committee, label, *words):
    """Open what waits, see what was proposed, agree."""
    committee.go("/approvals/").follow(label).sees("演示调解员", *words).fill(decision="approve")
    committee.press("提交审批意见").sees("已同意")
