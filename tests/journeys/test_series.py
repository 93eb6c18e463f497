"""A right holder against thirty shops: registered once, consents and acceptance in one go, a few agreements, the rest fails."""

import pytest

from cases import batches
from cases.models import Case, Event, Proceeding

pytestmark = pytest.mark.browser
HOLDER = "天津示例阀门有限公司"
SHOPS = [f"滨海示例五金{n:02d}店" for n in range(1, 31)]
LIST = "名称\t电话\t电商平台\n" + "\n".join(
    f"{shop}\t139000{n:05d}\t示例商城" for n, shop in enumerate(SHOPS, start=1)
)
SCAN = {"name": "同意调解书.pdf", "mimeType": "application/pdf",
        "buffer": b"%PDF-1.4\n1 0 obj\n<< >>\nendobj\nstartxref\n0\n%%EOF\n"}  # fmt: skip


def chosen(person, code: str, label: str, only: int | None = None):
    """The form of a step for the whole batch, or for its first few."""
    person.go(f"/batches/{code}/")
    if only is not None:
        for box in person.page.locator("input[name=row]").all()[only:]:
            box.uncheck()
    option = person.page.locator("#what option").filter(has_text=f"{label}（").first
    person.page.locator("#what").select_option(option.get_attribute("value"))
    return person.press("填写并办理")


@pytest.fixture
def patient(open_for, monkeypatch):
    """Thirty doors in one press take their time on a busy machine."""
    monkeypatch.setattr(batches, "SECONDS", 120)

    def seat(name, **how):
        person = open_for(name, **how)
        person.context.set_default_timeout(120_000)
        return person

    return seat


def test_thirty_shops_from_one_list_to_their_ends(patient, work):
    clerk = patient("clerk").go("/cases/new/").follow("一个权利人、多个被申请人：批量登记").fits()
    clerk.unfold().fill({
        "proceeding": "mediation", "parties-0-name": HOLDER, "parties-0-id_number": "91110000802100433B",
        "parties-0-phone": "13800138000", "parties-0-agent_name": "代理人甲", "rights-0-kind": "trademark",
        "rights-0-number": "12345678", "summary": "网店销售的阀门使用了近似标识", "pasted": LIST,
    })  # fmt: skip
    clerk.press("逐件登记").sees("共 30 行")
    work()
    clerk.page.reload()
    clerk.sees("完成", "30 件").fits()
    lead = Case.objects.get(parties__name=SHOPS[0])
    code = lead.registration_no
    clerk.follow(f"查看本批案件（{code}）").sees("共 30 件", HOLDER, "待受理 30", "主案", SHOPS[29]).fits()

    for side, way in (("applicant", "application"), ("respondent", "signed")):
        chosen(clerk, code, "登记调解意愿").fits()
        clerk.fill(party=side, answer="agree", way=way).press("逐件办理").sees("已办理 30 件")
    chosen(clerk, code, "添加材料").fill(title="同意调解书")
    clerk.page.locator("input[type=file]").set_input_files(SCAN)
    clerk.press("逐件办理").sees("已办理 30 件")

    mediator = patient("mediator", script=False).sees("批量")  # none of it needs a script
    chosen(mediator, code, "受理").sees("调委会负责人").fill(requests="停止销售【被申请人】的侵权商品")
    mediator.press("逐件提出拟办意见").sees("待审批 30 件")
    committee = patient("committee").go("/approvals/").sees("批量案件", "30 件").follow("合并审批").fits()
    committee.press("对勾选的逐件作出决定").sees("共 30 件，已办 30 件")
    assert Event.objects.filter(name="accept", approved_by__username="committee").count() == 30

    chosen(mediator, code, "登记口头协议", only=5).fill({
        "facts": "【被申请人】销售的阀门使用了近似标识", "performance": "当日下架", "terms-0-kind": "stop",
        "terms-0-what": "停止销售", "terms-0-who": "respondent",
    })  # fmt: skip
    mediator.press("逐件办理").sees("已办理 5 件")
    mediator.go(f"/batches/{code}/").sees("达成协议 5", "调解中 25")
    chosen(mediator, code, "调解不成").sees("不能办理该事项").fill(
        {"ground": "no_agreement", "reason": "【被申请人】未到场", "routes_told": ["judicial"]}
    )
    mediator.press("逐件办理").sees("已办理 25 件")
    work()
    mediator.go(f"/batches/{code}/").sees("达成协议 5", "调解不成 25")
    rows = Proceeding.objects.filter(case__batch=code, kind="mediation")
    assert len({row.number for row in rows}) == 30
    mediator.go(f"/cases/{lead.pk}/").sees("批量 30 件").follow(f"{code}，批量 30 件").sees("共 30 件")
    patient("leader").go("/board/").sees("其中批量 1 批 30 件")
    stranger = patient("clerk2")
    stranger.go(f"/batches/{code}/", status=404).go("/batches/").misses(code)
