"""An agreement that decides who owns the right: looked at before signing, signed all the same, never taken to court."""

import pytest

from tests.mediation import stage

pytestmark = pytest.mark.browser
HOLDS = dict.fromkeys(
    ("identity", "authority", "definite", "ownership", "competence", "voluntary", "lawful", "harmless"), "yes"
)
TEXT = {
    "facts": "双方对商标归谁所有有争议", "performance": "自签字之日起", "terms-0-kind": "other",
    "terms-0-what": "确认涉案商标归甲公司所有，权属无争议", "terms-0-who": "乙公司",
}  # fmt: skip


def test_confirmation_is_refused_where_the_agreement_decides_ownership(open_for, today):
    row = stage.accepted(today=today, parties=[
        {"role": "applicant", "kind": "legal_person", "name": "甲公司", "id_number": "91110000802100433B", "phone": "13800138000"},
        {"role": "respondent", "kind": "legal_person", "name": "乙公司", "id_number": "91350100M000100Y43"},
    ])  # fmt: skip
    page, day = f"/cases/{row.case_id}/", today.isoformat()
    mediator = open_for("mediator").go(page)
    mediator.follow("签署前审查（司法确认）").fill({**TEXT, **HOLDS})
    mediator.press("签署前审查（司法确认）", status=400).sees(
        "第 1 项“权属”", "确认权利归属或者效力的，请选“不符合”"
    )
    assert mediator.page.locator('[name="terms-0-what"]').input_value() == TEXT["terms-0-what"]
    mediator.fill(ownership="no").press("签署前审查（司法确认）").sees("已办理", "涉及知识产权确权")
    mediator.follow("签署调解协议").fill(parties_signed_on=day, mediator_signed_on=day).press("签署调解协议")
    mediator.follow("协议用印生效").press("提出拟办意见")
    committee = open_for("committee").go("/approvals/").follow("协议用印生效").fill(decision="approve")
    committee.press("提交审批意见").sees("已同意")
    mediator.go(page).sees("达成协议")
    assert mediator.page.get_by_role("link", name="开启司法确认").count() == 0
    mediator.page.locator("summary", has_text="您暂不能办理的事项").click()
    mediator.sees("开启司法确认", "本协议不能申请司法确认：涉及知识产权确权", "向人民法院起诉")
