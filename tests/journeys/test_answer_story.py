"""A respondent answers an invitation by telephone: a letter from the mediator, a code, no account, no script."""

import pytest

from cases.models import Case
from mediation.models import Invitation
from tests.mediation.inviting import code_on

pytestmark = pytest.mark.browser
APPLICANT, RESPONDENT = "天津示例阀门有限公司", "滨海示例五金商行"


def test_from_the_letter_to_the_answer_on_a_phone(open_for, work, today):
    clerk = open_for("clerk").follow("收件登记", within="nav")
    clerk.fill({
        "proceeding": "mediation", "parties-0-name": APPLICANT, "parties-0-id_number": "91110000802100433B",
        "parties-0-phone": "13800138000", "parties-1-name": RESPONDENT, "rights-0-kind": "trademark",
        "rights-0-number": "12345678", "summary": "商行销售的阀门使用了近似标识", "claim_amount": "50000",
    })  # fmt: skip
    clerk.press("登记并打印收件回执")
    case = Case.objects.get(parties__name=APPLICANT)

    mediator = open_for("mediator").follow(case.registration_no)
    mediator.page.locator("summary", has_text="您暂不能办理的事项").click()
    mediator.sees(
        "发出调解邀请函", "由承办调解员发出", "建议下一步 调解邀请函"
    )  # closed, with what to do first
    mediator.follow("指定调解员").fill(user="mediator", chosen_by="self").press("指定调解员").sees("已办理")
    mediator.follow("发出调解邀请函").fill(party=RESPONDENT).press("发出调解邀请函").sees(
        "已办理", "调解邀请函（征询意见书）"
    )
    mediator.fits()
    work()
    mediator.page.reload()
    invitation = Invitation.objects.get()
    letter = mediator.context.request.get(f"/documents/{invitation.document_id}.pdf")
    assert letter.status == 200 and letter.body().startswith(b"%PDF-")
    code = code_on(invitation)
    clerk.go(f"/cases/{case.pk}/?tab=documents").misses("调解邀请函（征询意见书）")

    phone = open_for("", screen="phone", script=False)
    phone.go("/answer/").fill(code="0000-0000-0000-0000").press("下一步", status=404).sees("邀请码不正确")
    phone.fill(code=code.lower()).press("下一步").sees(case.registration_no, "人民调解")
    phone.misses(APPLICANT, RESPONDENT, "阀门", "50000")
    wide = phone.page.evaluate("document.scrollingElement.scrollWidth")
    assert wide <= 390
    phone.fill(answer="refuse").press("提交答复", status=400).sees("请填写理由或者方案")
    phone.fill(answer="propose", remark="愿意停止销售并协商").press("提交答复").sees(
        "已收到您的答复", "提出方案"
    )
    assert phone.context.cookies() == [] and code not in phone.page.url
    phone.go("/answer/?lang=en").sees("Invitation code").fill(code=code).press("Continue", status=404)
    phone.sees("This code is not valid").fits()

    mediator.go("/").sees("新答复").follow(case.registration_no).sees(
        "提出方案，愿意进一步协商（凭邀请码网上答复"
    )
    mediator.misses("愿意停止销售并协商").sees("当事人（凭邀请码网上答复）")
