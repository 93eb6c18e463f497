"""What happens at a desk every day: a question becomes a case, two windows, a mistyped number, no mouse."""

import pytest
from django.contrib.auth.hashers import make_password

from cases.models import Case
from stations.models import User
from tests.mediation import stage

from .people import PASSWORD

pytestmark = pytest.mark.browser
WRONG_ID = "91110000802100433X"


def test_a_question_is_noted_from_any_page_and_becomes_a_case(open_for):
    clerk = open_for("clerk").go("/cases/")
    clerk.page.locator(".quick > summary").click()
    clerk.page.locator("#quick-question").fill("展会上被控侵犯外观设计，怎么办")
    clerk.page.locator("#quick-name").fill("赵女士")
    clerk.page.locator("#quick-phone").fill("13800138000")
    clerk.press("登记咨询").sees("咨询已登记", "展会上被控侵犯外观设计", "赵女士").misses("13800138000")
    clerk.follow("转为收件登记").sees("咨询转入", "咨询人电话将一并转入")
    assert clerk.page.locator('[name="summary"]').input_value() == "展会上被控侵犯外观设计，怎么办"
    clerk.fill({"proceeding": "assistance", "parties-0-kind": "person", "rights-0-kind": "design"})
    clerk.press("仅登记").sees("已登记", "赵女士")
    case = Case.objects.get()
    assert case.parties.get().phone == "13800138000"
    clerk.go("/consultations/").follow(case.registration_no).sees("维权援助")
    clerk.go("/consultations/").misses("转为收件登记")


def test_the_slower_of_two_mediators_is_told_and_loses_nothing(open_for, today):
    row = stage.accepted(today=today)
    second = stage.mediator("mediator2")
    User.objects.filter(pk=second.pk).update(password=make_password(PASSWORD))
    stage.do(
        row, "assign_mediator", by=stage.committee(), today=today, user="mediator2", chosen_by="appointed"
    )
    slower = open_for("mediator").go(f"/cases/{row.case_id}/").follow("签署调解协议")
    text = {"facts": "慢一步填写的事实", "performance": "银行转账", "terms-0-kind": "stop", "terms-0-what": "停止使用",
            "terms-0-who": "乙公司", "parties_signed_on": today.isoformat(), "mediator_signed_on": today.isoformat(),
            "no_confirmation": True}  # fmt: skip
    slower.fill(text)
    quicker = open_for("mediator2").go(f"/cases/{row.case_id}/").follow("登记口头协议")
    oral = {k: v for k, v in text.items() if not k.endswith(("signed_on", "confirmation"))} | {
        "facts": "先登记"
    }
    quicker.fill(oral).press("登记口头协议").sees("达成口头协议")
    slower.press("签署调解协议", status=409).sees(
        "您填写的内容仍在下面，没有丢失", "登记口头协议", "演示调解员乙", "调解中 → 达成协议"
    )
    assert slower.page.locator('[name="facts"]').input_value() == "慢一步填写的事实"
    assert slower.page.locator('[name="terms-0-what"]').input_value() == "停止使用"
    assert stage.again(row).outcome == "oral_agreement"


@pytest.mark.parametrize("script", [True, False], ids=["with script", "without script"])
def test_a_mistyped_number_is_told_beside_its_field_and_nothing_typed_is_lost(open_for, script):
    clerk = open_for("clerk", script=script).go("/cases/new/")
    clerk.fill({
        "proceeding": "mediation", "parties-0-name": "甲公司", "parties-0-id_number": WRONG_ID, "rights-0-kind": "invention",
        "rights-0-number": "ZL201010110210.9", "summary": "销售侵权阀门",
    })  # fmt: skip
    said = {"parties-0-id_number": "校验", "rights-0-number": "校验"}
    if script:  # as typed
        clerk.page.keyboard.press("Tab")
        for name, words in said.items():
            beside = clerk.page.locator(f"#check_{name}")
            beside.locator(".error").wait_for()
            assert words in beside.inner_text() and beside.evaluate(f"""one => {{
                const field = document.querySelector('[name="{name}"]').getBoundingClientRect();
                const text = one.getBoundingClientRect();
                return text.left >= field.left - 4 && text.top - field.bottom < 40 }}""")
    clerk.press("仅登记", status=400).sees("请先改正以下内容", "第 1 行")
    assert clerk.page.locator('[name="parties-0-id_number"]').input_value() == WRONG_ID
    assert Case.objects.count() == 0
    clerk.fill({"parties-0-id_number": "91110000802100433B", "rights-0-number": "ZL201010110210.8"})
    clerk.press("仅登记").sees("已登记")
    assert Case.objects.get().rights.get().number == "ZL201010110210.8"


def test_a_registration_needs_no_mouse(open_for):
    clerk = open_for("clerk")
    keyboard = clerk.page.keyboard
    here = "[document.activeElement.name || '', (document.activeElement.innerText || '').trim()]"

    def reach(wanted, most=80):
        """Tab on until the control of this name, or with these words, has the focus and is seen to have it."""
        for _turn in range(most):
            keyboard.press("Tab")
            if wanted in clerk.page.evaluate(here):
                assert (
                    clerk.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
                ), wanted
                return
        raise AssertionError(f"{wanted} is not reached by Tab")

    reach("收件登记")
    with clerk.page.expect_navigation():
        keyboard.press("Enter")
    reach("跳到正文", most=2)
    keyboard.press("Enter")
    reach("proceeding", most=3)
    keyboard.press("ArrowLeft")  # from mediation to assistance
    for name, text in (("parties-0-name", "甲公司"), ("parties-1-name", "乙公司")):
        reach(name)
        keyboard.type(text)
    reach("rights-0-kind")
    for _turn in range(4):
        keyboard.press("ArrowDown")
    reach("summary")
    keyboard.type("网店销售假冒商品")
    reach("登记并打印收件回执")
    with clerk.page.expect_navigation():
        keyboard.press("Enter")
    clerk.sees("已登记", "收件回执")
    case = Case.objects.get()
    assert case.proceedings.get().kind == "assistance"
    assert [party.name for party in case.parties.order_by("position")] == ["甲公司", "乙公司"]
    assert case.rights.get().kind == "trademark" and case.summary == "网店销售假冒商品"
