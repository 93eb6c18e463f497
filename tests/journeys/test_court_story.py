"""A dispute a court assigned: its papers, its thirty days over the National Day, an appraisal, an extension, the letter back."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine

from cases.models import Case
from mediation.models import Mediation

pytestmark = pytest.mark.browser
APPLICANT, RESPONDENT, COURT = "天津示例阀门有限公司", "滨海示例五金商行", "天津市滨海新区人民法院"
TOGETHER = {"applicant_signed_on": "2026-10-19", "respondent_signed_on": "2026-10-19"}


def at(month, day):
    return datetime(2026, month, day, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def clock():
    with time_machine.travel(at(9, 24), tick=True) as traveller:  # the day before the long holidays
        yield traveller


def test_from_the_courts_papers_to_the_letter_back(clock, open_for, work):
    clerk = open_for("clerk").follow("收件登记", within="nav").unfold()
    clerk.fill({
        "proceeding": "mediation", "source": "court_assigned", "court_case_no": "（2026）津0116诉前调36号",
        "parties-0-name": APPLICANT, "parties-0-id_number": "91110000802100433B", "parties-0-phone": "13800138000",
        "parties-1-name": RESPONDENT, "rights-0-kind": "copyright", "summary": "网店使用摄影作品",
    })  # fmt: skip
    clerk.press("仅登记").sees("已登记", "请登记法院委派委托")
    case = Case.objects.get()
    page = f"/cases/{case.pk}/"

    mediator = open_for("mediator").follow(case.registration_no)
    mediator.follow("登记法院委派委托").fill({
        "court": COURT, "judge": "模拟法官", "pushed_on": "2026-09-23", "materials_on": "2026-09-24",
        "materials-0-name": "起诉状副本", "materials-0-pages": "3",
    }).press("登记法院委派委托").sees("已办理", "委派调解 30日", "2026-10-26", COURT)  # fmt: skip
    for party in (APPLICANT, RESPONDENT):
        take(mediator, "登记调解意愿", party=party, answer="agree", way="signed")
    mediator.follow("受理")
    assert mediator.page.locator("[name=materials_on]").count() == 0  # the court's papers have said it
    mediator.press("提出拟办意见").sees("等待调委会负责人审批")
    committee = open_for("committee").go("/approvals/").follow("受理").fill(decision="approve")
    committee.press("提交审批意见").sees("已同意")

    # 8 to 18 October do not count
    clock.move_to(at(10, 8))
    mediator.go("/").sign_in_again().go(page).rare("开始鉴定").fill(institution="示例鉴定所").press(
        "开始鉴定"
    )
    mediator.sees("已办理")
    clock.move_to(at(10, 19))
    mediator.go("/").sign_in_again().go(page).rare("鉴定结束").press("鉴定结束").sees("已办理", "2026-11-04")
    mediator.page.locator("summary", has_text="怎样算出").first.click()
    mediator.sees("鉴定", "2026-10-08")

    # longer, by both
    mediator.follow("延长调解期限").fill(days="10", applicant_signed_on="2026-10-19")
    missing = mediator.page.locator("[name=respondent_signed_on]")
    assert missing.evaluate("one => one.required")  # the browser asks before the server does
    mediator.fill(TOGETHER).press("延长调解期限").sees("已办理", "2026-11-16")

    # no agreement, and back to the court
    clock.move_to(at(11, 10))
    mediator.go("/").sign_in_again().go(page).follow("调解不成")
    mediator.fill(ground="no_agreement", routes_told=["judicial"], reason="对方只愿出一千元").press(
        "调解不成"
    )
    mediator.sees("调解不成", "材料尚未退回法院").misses("一千元")
    mediator.follow("复函法院并退回材料").press("复函法院并退回材料").sees("已办理", "复函法院")
    mediator.misses("材料尚未退回法院")
    work()
    mediator.tab("文书").sees("调解情况复函").misses("正在制作").fits()
    row = Mediation.objects.get()
    letter = row.documents.get(kind="court_result_letter")
    assert "未达成协议" in letter.blocks and "起诉状副本" in letter.blocks and "一千元" not in letter.blocks


def take(person, label, data=None, **more):
    return person.follow(label).fill(data, **more).press(label).sees("已办理")
