"""Some two dozen cases of the demonstration, taken through the door to different states, with their papers."""

from datetime import date, timedelta
from typing import Any

from adjudication import publication
from adjudication.models import Disclosure
from cases import outbox
from cases.identifiers.rights import patent_check

from . import live_matters, live_talks
from .house import House
from .story import Story

CONDITIONS: dict[str, Any] = dict.fromkeys(
    ("interested", "definite_respondent", "definite_claims", "competent", "not_elsewhere"), True
)
PANEL: dict[str, Any] = {
    "leader": "adjudicator", "members": [{"user": "adjudicator2"}, {"user": "adjudicator3"}], "recorder": "recorder",
    "handler": "adjudicator", "claim_count": 6, "claims_relied": "权利要求1",
    "competence": "domicile",
}  # fmt: skip
RULING: dict[str, Any] = {
    "outcome": "established", "procedure": "【模拟数据】本局立案后依法组成合议组，现已审理终结。",
    "claims": "被请求人未经许可制造、销售落入涉案专利保护范围的产品，请求责令停止侵权行为。",
    "defence": "被诉产品采用现有技术，不构成侵权。", "evidence": "请求人提交了专利登记簿副本和被诉产品。",
    "facts": [{"text": "涉案专利至今有效。"}, {"text": "被请求人制造、销售被诉产品。"}],
    "reasoning": [{"text": "被诉产品具备权利要求1的全部技术特征，落入其保护范围。"}],
    "basis": "《中华人民共和国专利法》第十一条、第六十四条、第六十五条",
    "orders": [{"kind": "stop", "acts": "制造、销售", "object": "模拟阀门", "scope": "权利要求1"}],
}  # fmt: skip


def tell(house: House, today: date) -> int:
    """All of them; answers how many. Papers and public pages are made before it returns."""
    told = [
        *_help(house, today), *_mediations(house, today), *live_talks.tell(house, today), *_adjudications(house, today),
    ]  # fmt: skip
    live_matters.tell(house, today)
    outbox.drain()
    _publish(told[-1])
    outbox.drain()
    return len(told)


def _help(house: House, today: date) -> list[Story]:
    words = {"proceeding": "assistance", "rights": [{"kind": "trademark", "number": "99990001"}]}
    Story(house, today, 1, 0, summary="模拟：店铺门头使用近似商标", **words)
    Story(house, today, 2, 2, summary="模拟：网店销售假冒商品", **words).do(
        "accept", "clerk", approve=False, help_kind="advice", competence="applicant"
    )
    accepted = Story(house, today, 3, 12, summary="模拟：海外展会遭遇专利警告函", **words)
    accepted.pass_days(2).do("accept", "clerk", help_kind="overseas", handler="clerk", competence="applicant")
    accepted.pass_days(1).do(
        "record_overseas", "clerk", country="示例国", forum="模拟：示例国海关", procedure="边境扣押",
        foreign_due_on=(today + timedelta(25)).isoformat(), advice="模拟：先委托当地律师核对期限。",
    )  # fmt: skip
    done = Story(house, today, 4, 20, summary="模拟：请求提供侵权判定参考意见", **words)
    done.pass_days(2).do(
        "accept", "clerk", help_kind="infringement_opinion", handler="clerk", competence="act", applicant_type="small",
    )  # fmt: skip
    done.pass_days(7).do(
        "issue_opinion", "clerk", kind="infringement_opinion", facts="模拟：申请人提交商标注册证和门头照片。",
        comparison=[{"feature": "注册商标的文字", "accused": "门头标识的文字", "result": "近似"}],
        reasons="模拟：文字、读音近似，使用在同一种服务上。", conclusion="模拟：容易导致混淆。",
    )  # fmt: skip
    done.pass_days(2).do("complete", "clerk", opinion="模拟：经比对，被诉标识与注册商标构成近似。")
    lacking = Story(house, today, 24, 6, summary="模拟：商标转让后的使用争议", **words)
    lacking.pass_days(2).do("ask_correction", "clerk", defects=[{"text": "模拟：商标转让证明"}])
    drafted = Story(house, today, 25, 15, summary="模拟：竞争对手使用近似包装", **words)
    drafted.pass_days(2).do("accept", "clerk", help_kind="analysis", handler="clerk", competence="act")
    drafted.pass_days(9).do(
        "issue_opinion", "clerk", approve=False, kind="analysis", facts="模拟：市场上出现近似包装。",
        reasons="模拟：消费者可能误认。", conclusion="模拟：建议先固定证据，再申请调解。",
    )  # fmt: skip
    for number, days_ago in ((26, 44), (27, 30)):  # to be archived: late, and within days
        over = Story(house, today, number, days_ago, summary="模拟：咨询商标使用", **words)
        over.pass_days(1).do(
            "accept", "clerk", help_kind="advice", handler="clerk", competence="applicant", applicant_type="small",
        )  # fmt: skip
        over.pass_days(1).do("complete", "clerk", opinion="模拟：已答复使用规范。")
    return [accepted, done, lacking, drafted]


def _mediations(house: House, today: date) -> list[Story]:
    words = {
        "proceeding": "mediation", "mediation_kind": "people", "rights": [{"kind": "copyright", "number": ""}],
        "summary": "模拟：公众号使用摄影作品",
    }  # fmt: skip
    Story(house, today, 5, 3, **words).both_agree()
    Story(house, today, 6, 4, **words).both_agree().do("accept", "mediator", approve=False)
    talking = Story(house, today, 7, 25, **words).both_agree()
    talking.pass_days(3).do("accept", "mediator").pass_days(8)
    talking.do(
        "session", "mediator", mode="in_person", result="continues", minutes="模拟笔录",
        attendance=[{"party": "", "name": "模拟到场人", "capacity": "代理人"}],
    )  # fmt: skip
    settled = Story(house, today, 8, 28, **words).both_agree()
    settled.pass_days(2).do("accept", "mediator").pass_days(10)
    day = settled.day.isoformat()
    pay = {
        "kind": "pay", "what": "支付补偿款", "who": "模拟企业乙演08", "amount": "8000.00",
        "due_on": (today + timedelta(20)).isoformat(),
    }  # fmt: skip
    settled.do(
        "sign_agreement", "mediator", facts="模拟：双方对使用作品没有争议", performance="模拟：银行转账",
        terms=[pay, {"kind": "stop", "what": "删除争议图片", "who": "模拟企业乙演08"}],
        parties_signed_on=day, mediator_signed_on=day, no_confirmation=True,
    )  # fmt: skip
    settled.pass_days(1).do("seal_agreement", "mediator")
    return [talking, settled]


def _adjudications(house: House, today: date) -> list[Story]:
    def request(number: int, days_ago: int) -> Story:
        body = f"209910{9000000 + number:07d}"[:12]
        right = {"kind": "invention", "number": f"ZL{body}.{patent_check(body)}", "title": "模拟阀门"}
        return Story(
            house, today, number, days_ago, proceeding="adjudication", rights=[right], summary="模拟：阀门产品涉嫌侵犯发明专利权",
        )  # fmt: skip

    def examined(number: int, days_ago: int) -> Story:
        story = request(number, days_ago).pass_days(3).do("file", "adjudicator", **CONDITIONS, **PANEL)
        story.pass_days(2).served("request", "respondent")
        story.pass_days(8).do("receive_defence", "recorder", party=story.party("respondent"))
        return story

    def ruled(number: int, days_ago: int) -> Story:
        story = examined(number, days_ago).pass_days(2)
        story.do("serve_defence_copy", "recorder", party=story.party("respondent")).pass_days(3)
        story.do(
            "skip_point",
            "adjudicator",
            item="hearing",
            reason="模拟：事实清楚，双方书面意见充分，不举行口头审理",
        )
        story.do("deliberate", "adjudicator")
        votes = [
            {"member": name, "vote": "established", "words": "同意"}
            for name in ("adjudicator", "adjudicator2", "adjudicator3")
        ]
        story.do("record_deliberation", "adjudicator", votes=votes).pass_days(2)
        return story.do("sign_ruling", "adjudicator", **RULING)

    request(9, 1)
    filed = request(10, 8).pass_days(3).do("file", "adjudicator", **CONDITIONS, **PANEL)
    stayed = examined(11, 40)
    waiting = ruled(12, 34)
    public = ruled(13, 60)
    public.pass_days(2).served("ruling", "applicant").served("ruling", "respondent")
    return [filed, stayed, waiting, public]


def _publish(story: Story) -> None:
    """The reviewer marks what is taken out; after the machine's check a second one approves."""
    child = Disclosure.objects.get(parent=story.row.pk)
    marks = [
        {"original": m.original, "replacement": m.replacement, "category": m.category, "reason": m.reason}
        for m in publication.suggestions(child.ruling)
    ]
    story.row = child
    story.do("redact", "reviewer", revision=0, replacements=marks)
    outbox.drain()
    story.do("publish", "reviewer", revision=1)


__all__ = ["tell"]
