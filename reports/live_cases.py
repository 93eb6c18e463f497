"""A dozen cases of the demonstration, taken through the door to different states, with their papers."""

from datetime import date, timedelta
from typing import Any

from adjudication import publication
from adjudication.models import Disclosure
from cases import approvals, outbox, steps
from cases.identifiers.rights import patent_check
from cases.models import Case, Proceeding
from cases.stepping import steps_of

from .house import House

REASON = "演示数据补录"
ROUTE = {"head": "head", "committee": "committee", "legal": "legal", "reviewer": "reviewer2"}  # who approves
CONDITIONS: dict[str, Any] = dict.fromkeys(
    ("interested", "definite_respondent", "definite_claims", "competent", "not_elsewhere"), True
)
PANEL: dict[str, Any] = {
    "leader": "adjudicator", "members": [{"user": "adjudicator2"}, {"user": "adjudicator3"}], "recorder": "recorder",
    "handler": "adjudicator", "claim_count": 6, "claims_relied": "权利要求1",
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


class Story:
    """One case on its way; every call is the door's, days in the past are 补录."""

    def __init__(self, house: House, today: date, number: int, days_ago: int, **words: Any):
        self.house, self.today, self.number = house, today, number
        self.day = today - timedelta(days_ago)
        body = {
            "station": "s01", "source": "application", "received_on": self.day.isoformat(),
            "parties": self._parties(), **words,
        }  # fmt: skip
        if self.day < today:
            body["late_reason"] = REASON
        outcome = steps.register(by=house.users["clerk"], data=body, today=today)
        self.case = Case.objects.get(pk=outcome.case)
        self.case.simulated = True
        self.case.save(update_fields=["simulated"])
        self.row = Proceeding.objects.get(case=self.case).concrete()

    def _parties(self) -> list[dict[str, str]]:
        n = f"{self.number:02d}"
        return [
            {"role": "applicant", "kind": "legal_person", "name": f"模拟企业甲演{n}", "id_number": f"MONIA{n}01",
             "phone": "022-66880000", "address": f"模拟路{n}号"},
            {"role": "respondent", "kind": "legal_person", "name": f"模拟企业乙演{n}", "address": f"模拟街{n}号"},
        ]  # fmt: skip

    def party(self, role: str) -> int:
        return int(self.case.parties.get(role=role).pk)

    def pass_days(self, days: int) -> "Story":
        self.day = min(self.day + timedelta(days), self.today)
        return self

    def do(self, name: str, by: str, *, approve: bool = True, **data: Any) -> "Story":
        """A step or act on the story's day, approved by everyone it asks unless it is to wait."""
        said: dict[str, Any] = dict(data)
        if self.day < self.today and name != "redact":
            said |= {"on": self.day.isoformat(), "late_reason": REASON}
        user = self.house.users[by]
        if steps_of(type(self.row))[name].kind == "act":
            answer = steps.act(self.row.pk, name, by=user, data=said, today=self.today)
        else:
            answer = steps.perform(
                self.row.pk, name, by=user, data=said, version=self.row.version, today=self.today
            )
        if isinstance(answer, steps.Waiting) and approve:
            self._approve(answer.approval)
        self.row = type(self.row).objects.get(pk=self.row.pk)
        return self

    def _approve(self, approval: Any) -> None:
        for role in approval.roles.split(","):
            approval = approvals.decide(
                approval.pk, "approve", by=self.house.users[ROUTE[role]], on=self.day, today=self.today
            )
        if approval.state != "granted":
            raise ValueError(f"{approval.name}: {approval.reason}")

    def both_agree(self) -> "Story":
        for role, way in (("applicant", "application"), ("respondent", "signed")):
            self.do("record_consent", "mediator", party=self.party(role), answer="agree", way=way)
        return self

    def served(self, paper: str, role: str) -> "Story":
        return self.do("serve", "recorder", party=self.party(role), paper=paper, method="direct")


def tell(house: House, today: date) -> int:
    """The dozen; answers how many. Papers and public pages are made before it returns."""
    told = [*_help(house, today), *_mediations(house, today), *_adjudications(house, today)]
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
    return [accepted, done]


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
        story = examined(number, days_ago).pass_days(5).do("deliberate", "adjudicator")
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
