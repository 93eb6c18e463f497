"""Rights assistance abroad: the limit of another law, an opinion written in Word and brought back, satisfaction asked."""

import io
from datetime import timedelta

import docx
import pytest

from cases.documents.making import DOCX_TYPE
from cases.models import Assistance, Document

pytestmark = pytest.mark.browser
APPLICANT = "天津示例阀门有限公司"
WRITTEN = {"分析": "被诉产品与一项独立权利要求较为接近。", "应对建议": "建议立即委托当地律师核对答辩期限。"}


def test_from_the_application_to_the_return_visit(open_for, work, today):
    clerk = open_for("clerk").follow("收件登记", within="nav").unfold()
    clerk.fill({
        "proceeding": "assistance", "foreign": "foreign", "parties-0-name": APPLICANT, "act_place": "120116014",
        "parties-0-id_number": "91110000802100433B", "parties-0-phone": "13800138000", "rights-0-kind": "invention",
        "summary": "收到境外法院送达的起诉状，被诉产品为出口阀门",
    })  # fmt: skip
    clerk.press("仅登记").sees("已登记", "受理审查", "涉外")
    page = clerk.page.url.split("?")[0]
    take(clerk, "填写申请表", applicant_type="small", help_kind="overseas")
    clerk.follow("受理").sees("部门负责人")
    assert clerk.page.locator("[name=help_kind]").input_value() == "overseas"  # as applied for
    clerk.press("提出拟办意见").sees("等待部门负责人审批")
    head = open_for("head")
    approve(head, "受理")

    due = today + timedelta(20)
    clerk.go(page).sees("办理中")
    clerk.follow("登记海外维权信息").fill(
        country="示例国", forum="示例国联邦地区法院", procedure="专利侵权诉讼", foreign_due_on=due.isoformat(),
        advice="先委托当地律师应诉", loss_avoided="300000",
    ).press("登记海外维权信息").sees("已办理", "示例国", f"{due}")  # fmt: skip

    # the opinion is written in Word
    clerk.rare("拟制文书")
    wanted = clerk.page.locator("select[name=paper] option", has_text="海外知识产权纠纷应对指导意见")
    clerk.fill(paper=wanted.get_attribute("value")).press("拟制文书").sees("已办理")
    work()
    clerk.tab("文书").sees("海外知识产权纠纷应对指导意见", "拟稿")
    word = clerk.page.locator("tr", has_text="应对指导意见").get_by_role("link", name="Word")
    draft = docx.Document(io.BytesIO(clerk.context.request.get(word.get_attribute("href")).body()))
    for paragraph in draft.paragraphs:
        for label, text in WRITTEN.items():
            if f"【待补充：{label}】" in paragraph.text:
                paragraph.text = paragraph.text.replace(f"【待补充：{label}】", text)
    written = io.BytesIO()
    draft.save(written)
    clerk.rare("收回修改稿")
    one = clerk.page.locator("select[name=draft] option", has_text="应对指导意见")
    clerk.fill(draft=one.get_attribute("value")).page.locator('[name="file__upload"]').set_input_files(
        {"name": "应对指导意见.docx", "mimeType": DOCX_TYPE, "buffer": written.getvalue()}
    )
    clerk.press("收回修改稿").sees("已办理")
    clerk.rare("签发文书")
    one = clerk.page.locator("select[name=draft] option", has_text="第2稿")
    clerk.fill(draft=one.get_attribute("value")).press("提出拟办意见").sees("等待部门负责人审批")
    approve(head, "签发文书")
    work()
    clerk.go(page).tab("文书").sees("已签发").misses("正在制作")
    paper = Document.objects.get(kind="assistance_overseas")
    for text in (*WRITTEN.values(), "示例国联邦地区法院"):
        assert text in paper.blocks
    assert "待补充" not in paper.blocks

    # done, asked, counted
    clerk.follow("办结").fill(opinion="已出具指导意见，申请人已委托当地律师").press("提出拟办意见")
    approve(head, "办结")
    clerk.go(page).sees("已办结").tab("文书").sees("知识产权维权援助结案报告")
    take(clerk, "登记回访", party=APPLICANT, way="phone", reached="yes", satisfaction="5")
    assert Assistance.objects.get().visits.get().satisfaction == 5
    clerk.follow("海外维权台账", within="nav").sees("示例国", "300,000").fits()


def take(person, label, data=None, **more):
    return person.follow(label).fill(data, **more).press(label).sees("已办理")


def approve(head, label):
    head.go("/approvals/").follow(label).fill(decision="approve").press("提交审批意见").sees("已同意")
