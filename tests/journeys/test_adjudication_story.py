"""A patent dispute from the counter to the public ruling: a telephone's width, no script, two days of office."""

import csv
import io
from datetime import datetime
from zoneinfo import ZoneInfo

import pypdf
import pytest
import time_machine

pytestmark = pytest.mark.browser
FIRST = datetime(2026, 11, 23, 9, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
SECOND = datetime(2026, 11, 30, 9, tzinfo=ZoneInfo("Asia/Shanghai"))  # five working days later
NUMBER = "津滨知裁字〔2026〕1号"
SECRETS = (
    "刘海燕",
    "刘海峰",
    "王建国",
    "120105199003078811",
    "13820012345",
    "18号3门",
    "示例二路9号",
    "65305678",
)
REQUEST = {
    "proceeding": "adjudication", "parties-0-kind": "person", "parties-0-name": "刘海燕",
    "parties-0-id_number": "120105199003078811", "parties-0-phone": "13820012345",
    "parties-0-address": "天津市滨海新区示例一路18号3门201", "parties-1-kind": "sole_trader",
    "parties-1-name": "滨海刘海峰五金店", "parties-1-legal_representative": "刘海峰", "parties-1-phone": "022-65305678",
    "parties-1-address": "天津市滨海新区示例二路9号", "rights-0-kind": "invention", "rights-0-number": "ZL201010110210.8",
    "rights-0-title": "一种阀门", "summary": "五金店销售的阀门落入专利保护范围",
}  # fmt: skip
FILING = {
    **dict.fromkeys(("interested", "definite_respondent", "definite_claims", "competent", "not_elsewhere"), True),
    "leader": "adjudicator", "members-0-user": "adjudicator2", "members-1-user": "adjudicator3", "recorder": "recorder",
    "claim_count": "9", "claims_relied": "权利要求1", "competence": "domicile",
}  # fmt: skip
RULING = {
    "outcome": "established", "procedure": "本局依法组成合议组，口头审理后审理终结。",
    "claims": "刘海燕系涉案专利权人，请求责令停止侵权。联系电话13820012345。", "defence": "刘海峰称采用现有技术。",
    "facts-0-text": "刘海峰在天津市滨海新区示例二路9号销售阀门，证人王建国到场。", "reasoning-0-text": "落入权利要求1的保护范围。",
    "basis": "《中华人民共和国专利法》第六十五条", "orders-0-kind": "stop", "orders-0-acts": ["sell"],
    "orders-0-object": "阀门", "orders-0-scope": "权利要求1",
}  # fmt: skip
MEMBERS = ("adjudicator", "adjudicator2", "adjudicator3")


@pytest.fixture
def clock():
    """The server's clock; it runs on from where it is set."""
    with time_machine.travel(FIRST, tick=True) as traveller:
        yield traveller


def test_from_registration_to_the_public_ruling(clock, open_for, work):
    def at_phone(name=""):
        return open_for(name, screen="phone", script=False)

    def take(person, label, given, *, asks=False):
        person.go(case).follow(label).fill(given).press("提出拟办意见" if asks else label)
        return person.sees("等待" if asks else "已办理")

    clerk = at_phone("clerk").follow("收件登记", within="main")
    clerk.unfold().fill(REQUEST).press("登记并打印收件回执").sees("已登记")
    case = clerk.page.url.split("?")[0]
    adjudicator, recorder, head = at_phone("adjudicator"), at_phone("recorder"), at_phone("head")
    adjudicator.sees("滨海刘海峰五金店")
    take(adjudicator, "立案", FILING, asks=True)
    approve(head, "立案", "演示裁决员乙", "演示书记员")
    adjudicator.go(case).sees(NUMBER, "演示裁决员甲（组长）")
    take(recorder, "登记送达", {"party": "滨海刘海峰五金店", "paper": "request", "method": "direct"})
    take(recorder, "收到答辩书", {"party": "滨海刘海峰五金店"})
    take(recorder, "送达答辩书副本", {"party": "滨海刘海峰五金店"})
    hearing = {
        "day": SECOND.date().isoformat(),
        "time": "10:00",
        "place": "第一口审室",
        "mode": "room",
        "is_public": True,
    }
    take(adjudicator, "安排口头审理", hearing)
    for side in ("刘海燕", "滨海刘海峰五金店"):
        take(
            recorder,
            "登记送达",
            {"party": side, "paper": "hearing_notice", "method": "electronic", "consented": True},
        )
    recorder.sees("当事人：刘海燕").misses("party:")
    work()

    clock.move_to(SECOND)
    for person in (adjudicator, recorder, head):
        person.go("/").sign_in_again()
    came = {
        "attendance-0-party": "刘海燕",
        "attendance-1-party": "滨海刘海峰五金店",
        "attendance-1-people": "刘海峰",
    }
    take(recorder, "登记口头审理", came).tab("会议").sees("第一口审室", "刘海燕到场")
    adjudicator.go(case).follow("审理终结，进入合议").press("审理终结，进入合议").sees("合议待裁决")
    votes = {
        f"votes-{n}-{key}": v
        for n, name in enumerate(MEMBERS)
        for key, v in (("member", name), ("vote", "established"))
    }
    take(adjudicator, "登记合议", votes)
    take(adjudicator, "签发行政裁决书", RULING, asks=True)
    approve(at_phone("legal"), "签发行政裁决书", "刘海燕系涉案专利权人")
    approve(head, "签发行政裁决书", "刘海燕系涉案专利权人")
    work()
    adjudicator.go(case).sees("侵权成立").tab("文书").sees("行政裁决书").misses("正在制作")
    public = at_phone()
    leader = at_phone("leader")
    assert disclosure_of(leader) in ("—", "0 / 0")
    assert NUMBER not in public.go("/rulings/").text()
    assert public.go("/rulings/2026/1/", 404)

    reviewer = at_phone("reviewer").go("/disclosures/").follow(NUMBER).sees("系统建议，尚未保存")
    phone = reviewer.row_of("13820012345")
    reviewer.fill({f"replacements-{phone}-original": ""}).press("保存并检查").sees("生成中")
    work()
    reviewer.page.reload()
    reviewer.sees("未通过", "保存公开文本并通过检查后办理")  # a telephone number was left in the text
    blank = reviewer.row_of("")
    assert reviewer.row_of("王建国") < blank  # the witness was offered
    reviewer.fill({
        f"replacements-{blank}-original": "13820012345", f"replacements-{blank}-replacement": "×××",
        f"replacements-{blank}-category": "phone", f"replacements-{blank}-reason": "当事人信息",
    })  # fmt: skip
    reviewer.press("保存并检查")
    work()
    reviewer.page.reload()
    reviewer.sees("通过", "未发现残留").follow("公开").fill(privacy=True).press("提出拟办意见").sees(
        "等待公开审核审批"
    )
    approve(at_phone("reviewer2"), "公开")
    work()

    public = at_phone()  # somebody else: public pages may be kept for a minute
    public.go("/rulings/").sees("共 1 件").follow(f"{NUMBER} 专利侵权纠纷行政裁决书").sees(
        NUMBER, "王某", "侵权成立"
    )
    assert public.page.url.endswith("/rulings/2026/1/")
    assert not public.context.cookies()
    pages = {kind: public.context.request.get(f"/rulings/2026/1{kind}") for kind in ("/", ".pdf", ".json")}
    texts = {kind: answer.text() for kind, answer in pages.items() if kind != ".pdf"}
    texts[".pdf"] = "".join(
        page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pages[".pdf"].body())).pages
    )
    for kind, text in texts.items():
        assert pages[kind].status == 200 and "1号" in text
        assert not [one for one in SECRETS if one in "".join(text.split())], kind
    register = list(csv.DictReader(io.StringIO(public.context.request.get("/rulings/register.csv").text())))
    assert [(line["number"], line["status"]) for line in register][-1] == (NUMBER, "published")
    assert [line["status"] for line in register] == ["pending", "due", "published"]
    assert disclosure_of(leader) == "1 / 1"


def approve(person, label, *words):
    """Open what waits, see what was proposed, agree."""
    person.go("/approvals/").follow(label).sees(*words).fill(decision="approve")
    person.press("提交审批意见").sees("已同意")


def disclosure_of(leader):
    """The number of the tile 裁决公开."""
    tile = leader.go("/board/").page.locator(".measure", has_text="行政裁决案件公开率").first
    return tile.locator(".value").inner_text().split("/ ≥")[0].strip()
