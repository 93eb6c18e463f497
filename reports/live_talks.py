"""Mediations of the demonstration that wait for somebody: a code unanswered, a court's time running, money overdue."""

from datetime import date, timedelta
from typing import Any

from mediation import confirmable
from mediation.models import JudicialConfirmation

from .house import House
from .story import Story

COURT = "天津市滨海新区人民法院"
WORDS: dict[str, Any] = {
    "proceeding": "mediation", "mediation_kind": "people", "rights": [{"kind": "copyright", "number": ""}],
}  # fmt: skip


def tell(house: House, today: date) -> list[Story]:
    """All of them, by number."""
    return [
        _invited(house, today), _pushed(house, today), _of_court(house, today), _recusal(house, today),
        _overdue(house, today), _to_confirm(house, today), _in_court(house, today),
    ]  # fmt: skip


def _invited(house: House, today: date) -> Story:
    """The letter with its code is out; nobody has answered yet."""
    story = Story(house, today, 14, 3, summary="模拟：短视频使用背景音乐", **WORDS)
    story.do("record_consent", "mediator", party=story.party("applicant"), answer="agree", way="application")
    story.pass_days(2).do(
        "contact", "mediator", party=story.party("respondent"), way="call", result="unanswered"
    )
    story.do("assign_mediator", "mediator", user="mediator", chosen_by="self", acknowledged=True)
    story.day = today  # a letter is never entered late
    return story.do("invite", "mediator", party=story.party("respondent"))


def _pushed(house: House, today: date) -> Story:
    """The court's platform waits for the committee's word."""
    story = _referred(house, today, 15, 2, "court_assigned", "模拟：软件著作权许可费争议")
    return story.do(
        "record_referral",
        "clerk",
        court=COURT,
        judge="模拟法官",
        online=True,
        pushed_on=story.day.isoformat(),
    )


def _of_court(house: House, today: date) -> Story:
    """A court's fifteen days run; the sitting is planned."""
    story = _referred(house, today, 16, 9, "court_entrusted", "模拟：图片库授权争议")
    story.do(
        "record_referral", "clerk", court=COURT, judge="模拟法官", procedure="ordinary", pushed_on=story.day.isoformat(),
        materials_on=story.day.isoformat(), materials=[{"name": "民事起诉状", "pages": 6}],
    )  # fmt: skip
    story.pass_days(1).both_agree().pass_days(1).do("accept", "mediator")
    story.day = today
    return story.do(
        "plan_session", "mediator", day=(today + timedelta(3)).isoformat(), starts="09:30", mode="in_person",
        place="模拟调解室", invited=[story.party("applicant"), story.party("respondent")],
    )  # fmt: skip


def _referred(house: House, today: date, number: int, days_ago: int, source: str, summary: str) -> Story:
    day = today - timedelta(days_ago)
    return Story(
        house, today, number, days_ago, source=source, summary=summary,
        court_case_no=f"（{day.year}）津0116诉前调9{number:03d}号", **WORDS,
    )  # fmt: skip


def _recusal(house: House, today: date) -> Story:
    """A party wants another mediator; the committee has not decided."""
    story = Story(house, today, 17, 12, summary="模拟：加盟店使用商业标识", **WORDS).both_agree()
    story.pass_days(2).do("accept", "mediator").pass_days(6)
    return story.do(
        "ask_recusal", "clerk", user="mediator", party=story.party("respondent"), ground="party_asks",
        reason="模拟：认为曾有业务往来",
    )  # fmt: skip


def _overdue(house: House, today: date) -> Story:
    """Three instalments: paid, overdue, to come."""
    story = Story(house, today, 18, 70, summary="模拟：字体使用费", **WORDS).both_agree()
    days = [today - timedelta(35), today - timedelta(6), today + timedelta(24)]
    _settled(story, days, check=False)
    story.pass_days(20)
    first = story.row.obligations.first()
    story.do("record_performance", "mediator", term=first.pk, amount="5000.00")
    story.day = today
    late = story.row.obligations.filter(due_on__lt=today, performed_on__isnull=True).first()
    return story.do("remind", "clerk", term=late.pk, way="phone", reached="yes")


def _to_confirm(house: House, today: date) -> Story:
    """The thirty days in which both may go to court are almost over."""
    story = Story(house, today, 19, 42, summary="模拟：教材插图使用", **WORDS).both_agree()
    _settled(story, [today + timedelta(20)], check=True, seal_days_ago=27)
    return story


def _in_court(house: House, today: date) -> Story:
    """Both applied; the court has taken it on."""
    story = Story(house, today, 20, 50, summary="模拟：外观近似的包装", **WORDS).both_agree()
    _settled(story, [today + timedelta(10)], check=True, seal_days_ago=32)
    mediation = story.row
    story.pass_days(2).do("open_confirmation", "mediator")
    story.row = JudicialConfirmation.objects.get(parent=mediation.pk)
    story.do("prepare_application", "mediator", court=COURT)
    day = story.pass_days(3).day.isoformat()
    story.do(
        "apply", "mediator", court=COURT, applicant_signed_on=day, respondent_signed_on=day, no_ownership=True
    )
    return story.pass_days(3).do("admit", "mediator", court_case_no=f"（{story.day.year}）津0116民特9020号")


def _settled(story: Story, due: list[date], *, check: bool, seal_days_ago: int = 0) -> None:
    """A written agreement to pay on these days, looked at before it is signed or not; then sealed."""
    who = story.case.parties.get(role="respondent").name
    story.pass_days(2).do("accept", "mediator").pass_days(6)
    if seal_days_ago:
        story.day = story.today - timedelta(seal_days_ago + 1)
    terms: list[dict[str, Any]] = [
        {
            "kind": "pay",
            "what": f"支付第{n}期补偿款",
            "who": who,
            "amount": "5000.00",
            "due_on": day.isoformat(),
        }
        for n, day in enumerate(due, start=1)
    ]
    terms.append({"kind": "stop", "what": "停止使用", "who": who})
    words = {"facts": "模拟：双方对使用没有争议", "performance": "模拟：银行转账", "terms": terms}
    story.do(
        "session", "mediator", mode="in_person", result="reached", minutes="模拟笔录",
        attendance=[{"party": "", "name": "模拟到场人", "capacity": "代理人"}],
    )  # fmt: skip
    if check:
        story.do("check_agreement", "mediator", **words, **{item.key: "yes" for item in confirmable.ITEMS})
    day = story.day.isoformat()
    story.do(
        "sign_agreement", "mediator", **words, parties_signed_on=day, mediator_signed_on=day,
        **({} if check else {"no_confirmation": True}),
    )  # fmt: skip
    story.pass_days(1).do("seal_agreement", "mediator")
