"""A lawsuit: answered from the open volume, in court with the head or the reason, judged item by item, remanded once."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from adjudication import answering_suit, legal_status, showing_court
from adjudication.models import CourtHearing, JudgmentItem, Litigation
from adjudication.models.rows_court import overall
from cases import agenda, binding, steps
from cases.calendar import office_calendar
from cases.clock_words import clocks
from cases.documents.blocks import from_json, plain_text
from cases.errors import DomainError, Invalid, Refused
from cases.models import Document, Event, Evidence, Proceeding, StoredFile, Volume
from tests.adjudication.story import (
    PARTIES,
    RULING,
    TODAY,
    due,
    filed,
    fresh,
    late,
    later,
    party,
    received,
    settle,
    staff,
    take,
    vote,
)  # fmt: skip
from tests.factories import clerk, user
from tests.laid import laid_once

pytestmark = pytest.mark.django_db
HEARING = {"day": later(40).isoformat(), "time": "09:30", "place": "第三法庭"}
SECOND = {"role": "respondent", "kind": "legal_person", "name": "丙公司", "address": "示例三路3号"}
SECRET = "合议时的不同意见"


def fails(code, *args, **kwargs):
    with pytest.raises(DomainError) as refusal:
        take(*args, **kwargs)
    assert refusal.value.code == code, refusal.value
    return str(refusal.value)


def wrong(field, code, *args, **kwargs):
    with pytest.raises(Invalid) as refusal:
        take(*args, **kwargs)
    assert field in refusal.value.fields, refusal.value.fields
    return refusal.value.fields[field]


@laid_once
def sued(today=TODAY, **changes):
    """A lawsuit of the first respondent about a ruling, its complaint received five days after the ruling."""
    row = filed(today, **changes)
    respondents = list(row.case.parties.filter(role="respondent"))
    for one in respondents:
        row = take(row, "serve", {"party": one.pk, "paper": "request", "method": "direct"}, today=today)
        row = take(row, "receive_defence", {"party": one.pk}, today=today)
    row = take(
        take(settle(row, today), "deliberate", today=today), "record_deliberation", vote(), today=today
    )
    row = take(row, "sign_ruling", RULING, today=today)
    row = take(row, "serve", {"party": respondents[0].pk, "paper": "ruling", "method": "direct"}, today=today)
    suit = {"court": "示例法院", "court_case_no": "（2026）津00行初1号", "party": respondents[0].pk}
    take(row, "record_suit", suit, today=today + timedelta(5))
    return Litigation.objects.latest("pk")


def answered(**changes):
    return take(sued(**changes), "answer", {"reason": "另行提交"}, today=later(10))


def judgment(outcome="", items=(), form="judgment", day=30):
    return {"outcome": outcome, "items": list(items), "form": form, "judged_on": later(day).isoformat()}


def judged(outcome="upheld", **more):
    return take(answered(), "record_judgment", judgment(outcome, **more), today=later(35))


def text_of(row, kind):
    return plain_text(from_json(row.documents.filter(kind=kind).latest("pk").blocks))


def file_of(row, title, audience, proves=""):
    kept = StoredFile.objects.create(
        sm3=f"{title:0<64}"[:64], sha256=f"{title:1<64}"[:64], size=1, type="text/plain"
    )
    return Evidence.objects.create(
        case=row.case, proceeding=row.parent, file=kept, name="a.txt", title=title, proves=proves, audience=audience,
        uploaded_by=staff()["adj1"],
    )  # fmt: skip


# answering -------------------------------------------------------------------------------------------------------


def issue(suit, kind, **words):
    suit = take(suit, "draft_paper", {"paper": kind}, today=later(6))
    draft = suit.documents.get(kind=kind, state="draft")
    blocks = draft.blocks
    for gap, said in words.items():
        assert f"【待补充：{gap}】" in blocks, gap
        blocks = blocks.replace(f"【待补充：{gap}】", said)
    Document.objects.filter(pk=draft.pk).update(blocks=blocks)
    return take(suit, "issue_paper", {"draft": f"{draft.pk}:1"}, today=later(7))


def test_answer_and_list_are_drafted_from_the_ruling_and_issued_by_the_head():
    suit = sued()
    suit = take(suit, "draft_paper", {"paper": "answer_statement"}, today=later(6))
    text = text_of(suit, "answer_statement")
    for said in ("乙公司", "示例二路2号", suit.ruling.number, "专利有效。", "落入保护范围。", "《中华人民共和国专利法》第六十五条",
                 "示例法院", "立案", "请求人民法院依法驳回原告的诉讼请求"):  # fmt: skip
        assert said in text, said
    assert text.count("【待补充：") == 2  # who stands for the bureau, and what is said against the complaint
    draft = suit.documents.get(kind="answer_statement")
    assert "负责人" in fails(
        "incomplete_paper", suit, "issue_paper", {"draft": f"{draft.pk}:1"}, today=later(7)
    )
    wrong("reason", "required", suit, "answer", {}, today=later(7))
    take(suit, "void_draft", {"draft": f"{draft.pk}:1", "reason": "重拟"}, today=later(7))
    named = {"法定代表人（负责人）姓名、职务": "负责人辛，局长", "对原告起诉理由的答辩意见": "不能成立"}
    suit = issue(suit, "answer_statement", **named)
    assert answering_suit.missing(suit) == ["证据目录和规范性文件"]
    suit = issue(suit, "court_evidence_list")
    assert answering_suit.missing(suit) == []
    suit = take(suit, "answer", today=later(8))
    assert (suit.state, due(suit, "T-31")) == ("answered", None)
    assert json.loads(Event.objects.get(proceeding=suit, version=1).body)["notes"].get("reason") is None


def test_the_reason_stands_where_the_answer_was_not_made_here():
    suit = answered()
    assert json.loads(Event.objects.get(proceeding=suit, version=1).body)["notes"]["reason"] == "另行提交"


def test_the_court_gets_the_open_volume_and_nothing_of_the_closed_one():
    suit = sued()
    row = fresh(suit.parent)
    file_of(suit, "专利登记簿副本", "case", "专利有效")
    file_of(suit, SECRET, "sealed")
    Document.objects.create(
        case=row.case, proceeding=row, kind="approval_form", title="签发审批表", layout="form", blocks="[]", digest="0",
        issued_on=TODAY, volume="closed",
    )  # fmt: skip
    closed = [one.title for one in binding.planned(row, binding.CLOSED)]
    opened = [one.title for one in binding.planned(row, binding.OPEN)]
    assert {SECRET, "签发审批表"} <= set(closed) and "专利登记簿副本" in opened
    suit = take(suit, "draft_paper", {"paper": "court_evidence_list"}, today=later(6))
    suit = take(suit, "draft_paper", {"paper": "answer_statement"}, today=later(6))
    said = text_of(suit, "court_evidence_list")
    for title in opened:
        assert title in said, title
    for secret in [*closed, "表决", "同意"]:
        for kind in answering_suit.PAPERS:
            assert secret not in suit.documents.filter(kind=kind).latest("pk").blocks, (kind, secret)
    listed = answering_suit.evidence(suit)
    assert [one["title"].split("（")[0] for one in listed] == opened
    assert next(one for one in listed if one["title"] == "专利登记簿副本")["proves"] == "专利有效"
    assert all(one["pages"] == "" for one in listed)


def test_the_list_says_whose_each_slip_of_service_is():
    suit = sued()
    slips = [one["title"] for one in answering_suit.evidence(suit) if one["title"].startswith("送达回证")]
    assert len(slips) == fresh(suit.parent).documents.filter(kind="service_proof").count() > 1
    assert all("乙公司：" in one or "甲公司：" in one for one in slips), slips
    assert any(one.endswith("乙公司：行政裁决书）") for one in slips), slips
    assert len({*slips}) == len(slips)


def test_pages_stand_in_the_list_once_the_open_volume_is_bound():
    suit = sued()
    row = fresh(suit.parent)
    plan = [one.row() for one in binding.planned(row, binding.OPEN)]
    plan[0] |= {"first": 1, "last": 1}
    plan[1] |= {"first": 2, "last": 6}
    bound = {"proceeding": row, "bound_on": TODAY, "by": staff()["adj1"]}
    Volume.objects.create(kind="closed", contents=json.dumps(plan), pages=9, **bound)
    assert answering_suit.evidence(suit)[1]["pages"] == ""
    volume = Volume.objects.create(kind="open", contents=json.dumps(plan), pages=6, **bound)
    assert [one["pages"] for one in answering_suit.evidence(suit)][:3] == ["1", "2–6", ""]
    volume.cancelled = True
    volume.save()
    assert answering_suit.evidence(suit)[0]["pages"] == ""


@pytest.mark.parametrize(
    ("day", "measures", "other"),
    [(date(2024, 12, 2), "《专利行政执法办法》", "《专利纠纷行政裁决和调解办法》"),
     (date(2025, 3, 3), "《专利纠纷行政裁决和调解办法》", "《专利行政执法办法》")],
)  # fmt: skip
def test_the_list_names_the_measures_of_the_filing_date(day, measures, other):
    suit = sued(day)
    assert answering_suit.laws(suit) == ["《中华人民共和国专利法》第六十五条", measures]
    assert other not in str(answering_suit.paper_data(suit, "court_evidence_list"))


def test_a_refusal_is_answered_too():
    row = take(received(), "refuse", {"reasons": [{"text": "无管辖"}]})
    take(row, "record_suit", {"court": "示例法院", "party": party(row, "applicant").pk}, by="office")
    suit = take(Litigation.objects.get(), "draft_paper", {"paper": "answer_statement"}, by="office")
    text = text_of(suit, "answer_statement")
    assert "不予立案通知书" in text and "甲公司" in text and "【待补充：认定的事实】" in text
    assert answering_suit.laws(suit)[0].startswith("《中华人民共和国专利法》")


def panel_words(suit, today):
    shown = showing_court.lawsuit(suit, staff()["adj1"], today)
    return " ".join(f"{one['label']}{one['value']}" for one in shown.facts)


def test_the_page_says_what_a_missed_limit_means():
    suit = sued()
    assert "尚未签发：行政诉讼答辩状、证据目录和规范性文件" in panel_words(suit, later(20))
    assert "第三十四条" not in panel_words(suit, later(20))
    assert "视为没有相应证据（行政诉讼法第三十四条）" in panel_words(suit, later(21))
    suit = take(suit, "answer", {"reason": "另行提交"}, today=later(25))
    assert "行政诉讼法第三十四条" in panel_words(suit, later(60))


def test_answered_in_time_nothing_is_said_of_evidence_that_is_late():
    assert "第三十四条" not in panel_words(answered(), later(60))


# in court ----------------------------------------------------------------------------------------------------------


def test_agents_are_one_or_two_and_the_head_appears_or_says_why_not():
    suit = answered()
    agents = [{"name": name, "post": "法规处"} for name in ("工作人员壬", "工作人员癸", "工作人员子")]
    wrong("agents", "too_many", suit, "name_agents", {"agents": agents}, today=later(12))
    wrong("__all__", "required", suit, "name_agents", {}, today=later(12))
    suit = take(suit, "name_agents", {"judge": "法官丑", "agents": agents[:2]}, today=later(12))
    assert (suit.judge, suit.agents) == ("法官丑", "工作人员壬（法规处）、工作人员癸（法规处）")
    fails("no_court_hearing", suit, "name_agents", {"head": "负责人辛，局长"}, today=later(12))
    suit = take(suit, "plan_court_hearing", HEARING, today=later(14))
    wrong("staff", "required", suit, "name_agents", {"reason": "外出参加会议"}, today=later(15))
    wrong("reason", "required", suit, "name_agents", {"staff": "工作人员壬"}, today=later(15))
    both = {"head": "负责人辛，局长", "reason": "外出", "staff": "工作人员壬"}
    wrong("head", "not_asked", suit, "name_agents", both, today=later(15))
    suit = take(suit, "name_agents", {"head": "负责人辛，局长"}, today=later(15))
    assert not suit.documents.filter(kind="head_absence_statement").exists()
    away = {"reason": "外出参加会议", "staff": "工作人员壬（处长）"}
    suit = take(suit, "name_agents", away, today=later(16))
    text = text_of(suit, "head_absence_statement")
    for said in ("示例法院", "（2026）津00行初1号", "乙公司诉本局", "2026年12月30日9时30分", "外出参加会议", "工作人员壬（处长）",
                 "第三条第三款"):  # fmt: skip
        assert said in text, said
    hearing = suit.hearings.get()
    assert (hearing.head, hearing.reason, hearing.staff) == ("", "外出参加会议", "工作人员壬（处长）")
    suit = take(suit, "record_court_hearing", away, today=later(40))
    assert suit.documents.filter(kind="head_absence_statement").count() == 1  # said once
    assert suit.hearings.get().held


def test_who_appears_must_be_said_when_the_court_has_sat():
    suit = take(answered(), "plan_court_hearing", HEARING, today=later(14))
    fails("court_hearing_to_come", suit, "record_court_hearing", {"head": "负责人辛，局长"}, today=later(39))
    wrong("head", "required", suit, "record_court_hearing", {}, today=later(40))
    suit = take(suit, "record_court_hearing", {"reason": "出差", "staff": "工作人员壬"}, today=later(40))
    assert suit.documents.filter(kind="head_absence_statement").count() == 1
    fails("no_court_hearing", suit, "record_court_hearing", {"head": "负责人辛，局长"}, today=later(41))


def test_a_sitting_is_due_on_its_day_moved_held_and_taken_back():
    suit = take(answered(), "plan_court_hearing", HEARING, today=later(14))
    assert due(suit, "T-32") == later(40)
    moved = {**HEARING, "day": later(50).isoformat()}
    suit = take(suit, "plan_court_hearing", moved, today=later(20))
    assert due(suit, "T-32") == later(50)
    assert [one.day for one in suit.hearings.filter(dropped=False)] == [later(50)]

    def undo(name):
        event = Event.objects.filter(proceeding=suit, name=name).latest("pk")
        return take(suit, "undo_act", {"act": event.pk, "reason": "登记有误"}, today=later(51))

    suit = undo("plan_court_hearing")
    assert due(suit, "T-32") == later(40)
    assert [one.day for one in suit.hearings.filter(dropped=False)] == [later(40)]
    suit = take(suit, "record_court_hearing", {"head": "负责人辛，局长"}, today=later(51))
    assert due(suit, "T-32") is None
    assert suit.deadlines.get(rule="T-32", cancelled=False).met_on == later(40)
    first = Event.objects.filter(proceeding=suit, name="plan_court_hearing").earliest("pk")
    fails("built_upon", suit, "undo_act", {"act": first.pk, "reason": "x"}, today=later(51))
    suit = undo("record_court_hearing")
    assert not suit.hearings.get(dropped=False).held and due(suit, "T-32") == later(40)


def test_a_day_in_court_stands_on_the_desk_of_who_handles_it_alone():
    suit = take(answered(), "plan_court_hearing", HEARING, today=later(14))
    mine = agenda.of(staff()["adj1"], later(39))
    assert [(one.day, one.what, one.place) for one in mine] == [
        (later(40), "行政诉讼开庭", "示例法院，第三法庭")
    ]
    assert agenda.of(staff()["adj1"], later(20)) == []
    for name in ("adj4", "office", "legal"):
        assert agenda.of(staff()[name], later(39)) == []
    take(suit, "record_court_hearing", {"head": "负责人辛，局长"}, today=later(40))
    assert agenda.of(staff()["adj1"], later(40)) == []


def test_the_day_of_a_sitting_is_not_before_its_notice():
    suit = answered()
    wrong(
        "day",
        "date_order",
        suit,
        "plan_court_hearing",
        {**HEARING, "day": later(11).isoformat()},
        today=later(12),
    )
    wrong("time", "invalid", suit, "plan_court_hearing", {**HEARING, "time": "25:00"}, today=later(12))
    assert not CourtHearing.objects.exists()


# judged item by item -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("held", "whole"),
    [((), None), (("upheld",), "upheld"), (("annulled", "annulled"), "annulled"),
     (("upheld", "annulled"), "partly_annulled"), (("upheld", "changed"), "partly_annulled"),
     (("annulled", "void"), "partly_annulled"), (("upheld", "unlawful"), "unlawful"),
     (("upheld", "dismissed_suit"), "upheld")],
)  # fmt: skip
def test_the_result_as_a_whole_follows_from_the_items(held, whole):
    assert overall(held) == whole


def mixed(suit):
    one, two = suit.case.parties.filter(role="respondent")
    return [{"respondent": one.pk, "claim": "权利要求1", "outcome": "upheld"},
            {"respondent": two.pk, "claim": "权利要求1", "outcome": "annulled"}]  # fmt: skip


def test_one_claim_upheld_and_another_annulled_make_the_result_mixed():
    suit = answered(parties=[*PARTIES, SECOND])
    items = mixed(suit)
    for said in ("upheld", "annulled"):
        wrong("outcome", "items_contradict", suit, "record_judgment", judgment(said, items), today=later(35))
    suit = take(suit, "record_judgment", judgment("", items), today=later(35))
    assert suit.first_outcome == "partly_annulled"
    assert [(one.respondent.name, one.outcome) for one in suit.effective_items()] == [
        ("乙公司", "upheld"), ("丙公司", "annulled"),
    ]  # fmt: skip
    shown = showing_court.lawsuit(suit, staff()["adj1"], later(36))
    assert len(shown.tables[0].rows) == 2 and "判决部分撤销" in panel_words(suit, later(36))
    suit = take(suit, "undo_last", {"reason": "登记有误"}, today=later(36))
    assert suit.first_outcome == "" and suit.effective_items() == []
    assert JudgmentItem._base_manager.filter(cancelled=True).count() == 2
    suit = take(suit, "record_judgment", judgment("partly_annulled", items), today=later(36))
    suit = take(suit, "conclude", today=later(55))
    fact = Event.objects.get(proceeding=suit, fact="judgment", corrections__isnull=True)
    assert (fact.value, fact.subject) == ("partly_annulled", suit.ruling.subject)


def test_items_name_a_respondent_or_a_claim_of_this_case_once():
    suit = answered()
    line = {"claim": "权利要求1", "outcome": "upheld"}
    wrong("items", "twice", suit, "record_judgment", judgment("", [line, line]), today=later(35))
    wrong(
        "items", "nameless", suit, "record_judgment", judgment("", [{"outcome": "upheld"}]), today=later(35)
    )
    wrong(
        "items",
        "row",
        suit,
        "record_judgment",
        judgment("", [{**line, "outcome": "withdrawn"}]),
        today=later(35),
    )
    for stranger in (party(suit, "applicant").pk, received().case.parties.get(role="respondent").pk):
        foreign = [{**line, "respondent": stranger}]
        wrong("items", "row", suit, "record_judgment", judgment("", foreign), today=later(35))
    wrong("outcome", "required", suit, "record_judgment", judgment(), today=later(35))
    assert not JudgmentItem._base_manager.exists()


@pytest.mark.parametrize(("outcome", "form"), [("dismissed_suit", "judgment"), ("annulled", "ruling")])
def test_a_suit_is_dismissed_by_a_court_s_ruling_and_nothing_else_is(outcome, form):
    wrong(
        "form",
        "form_of_outcome",
        answered(),
        "record_judgment",
        judgment(outcome, form=form),
        today=later(35),
    )


# instances ----------------------------------------------------------------------------------------------------------


def test_the_bureau_appeals_in_time_or_not_at_all():
    suit = judged("annulled")
    assert due(suit, "T-33a") == later(52)
    fails("appeal_late", suit, "appeal", {"appellant": "bureau"}, today=later(53))
    # the court says whether his is in time
    his = take(suit, "appeal", {"appellant": "party"}, today=later(53))
    event = Event.objects.get(proceeding=his, name="appeal")
    suit = take(his, "undo_act", {"act": event.pk, "reason": "登记有误"}, today=later(53))
    assert suit.appealed_on is None and due(suit, "T-33a") == later(52)
    suit = take(suit, "appeal", {"appellant": "bureau", **late(later(52))}, today=later(53))
    assert (suit.appellant, due(suit, "T-33a")) == ("bureau", None)
    fails("already_appealed", suit, "appeal", {"appellant": "party"}, today=later(53))


def test_an_appeal_withdrawn_leaves_the_first_result():
    suit = take(judged("upheld"), "appeal", {"appellant": "party"}, today=later(45))
    data = {"outcome": "appeal_withdrawn", "judged_on": later(60).isoformat()}
    suit = take(suit, "record_second_judgment", data, today=later(60))
    assert suit.second_outcome == "upheld"
    fails("second_judged", suit, "record_second_judgment", data, today=later(61))
    fails("second_judged", suit, "remand", {"judged_on": later(60).isoformat()}, today=later(61))
    assert take(suit, "conclude", today=later(62)).outcome == "upheld"


def test_the_second_instance_judges_items_anew():
    suit = answered(parties=[*PARTIES, SECOND])
    suit = take(suit, "record_judgment", judgment("", mixed(suit)), today=later(35))
    suit = take(suit, "appeal", {"appellant": "party"}, today=later(45))
    items = [{**one, "outcome": "upheld"} for one in mixed(suit)]
    affirmed = {"outcome": "", "items": items, "judged_on": later(80).isoformat()}
    wrong("outcome", "items_contradict", suit, "record_second_judgment", affirmed, today=later(80))
    suit = take(suit, "record_second_judgment", {**affirmed, "outcome": "upheld"}, today=later(80))
    assert {(one.instance, one.outcome) for one in suit.effective_items()} == {(2, "upheld")}
    assert take(suit, "conclude", today=later(81)).outcome == "upheld"


def test_remanded_the_first_instance_judges_again_and_only_once():
    suit = answered(parties=[*PARTIES, SECOND])
    suit = take(suit, "record_judgment", judgment("", mixed(suit)), today=later(35))
    fails("not_appealed", suit, "remand", {"judged_on": later(40).isoformat()}, today=later(40))
    suit = take(suit, "appeal", {"appellant": "bureau"}, today=later(45))
    for name, data in (("remand", {}), ("record_second_judgment", {"outcome": "upheld"})):
        early = {**data, "judged_on": later(1).isoformat()}
        assert "一审裁判日期" in str(wrong("judged_on", "date_order", suit, name, early, today=later(82))), (
            name
        )
    remand = {"judged_on": later(80).isoformat(), "court_case_no": "（2027）津00行初9号"}
    suit = take(suit, "remand", remand, today=later(82))
    assert (suit.state, suit.remanded, suit.first_outcome, suit.appealed_on) == ("answered", True, "", None)
    assert suit.court_case_no == "（2027）津00行初9号" and suit.effective_items() == []
    assert due(suit, "T-31") is None and due(suit, "T-33a") is None
    suit = take(suit, "undo_last", {"reason": "点错"}, today=later(82))
    assert (suit.state, suit.first_outcome, suit.court_case_no) == (
        "judged",
        "partly_annulled",
        "（2026）津00行初1号",
    )
    assert len(suit.effective_items()) == 2
    suit = take(suit, "remand", remand, today=later(82))
    suit = take(suit, "record_judgment", judgment("annulled", day=150), today=later(152))
    assert due(suit, "T-33a") == later(167)
    suit = take(suit, "appeal", {"appellant": "party"}, today=later(160))
    again = fails("remanded_before", suit, "remand", {"judged_on": later(170).isoformat()}, today=later(171))
    assert "第八十九条" in again
    suit = take(suit, "record_second_judgment", {"judged_on": later(190).isoformat()}, today=later(190))
    assert take(suit, "conclude", today=later(191)).outcome == "annulled"


# who may ------------------------------------------------------------------------------------------------------------


def test_desk_acts_head_approves_others_do_not():
    suit = take(answered(), "plan_court_hearing", HEARING, by="office", today=later(14))
    legal, head = staff()["legal"], staff()["head"]
    for name, data in (("plan_court_hearing", HEARING), ("record_court_hearing", {"head": "负责人辛"}),
                       ("name_agents", {"judge": "法官丑"})):  # fmt: skip
        for someone in (legal, head):
            with pytest.raises(Refused):
                steps.act(suit.pk, name, by=someone, data=data, today=later(40))
        for someone in (staff()["adj4"], staff()["rec"], clerk(), user("leader9", ("leader", None))):
            with pytest.raises(DomainError) as refusal:
                steps.act(suit.pk, name, by=someone, data=data, today=later(40))
            assert refusal.value.code == "not_found"
            assert not Proceeding.objects.visible_to(someone, TODAY).filter(pk=suit.pk).exists()
    waiting = steps.act(
        suit.pk, "name_agents", by=staff()["office"], data={"judge": "法官丑"}, today=later(15)
    )
    assert waiting.approval.roles == "head" and Litigation.objects.get(pk=suit.pk).judge == ""


def test_repairs_of_a_lawsuit_need_the_head():
    suit = answered()
    people = staff()
    data = {"column": "received_on", "value": later(4).isoformat(), "reason": "日期有误"}
    asked = steps.perform(suit.pk, "correct_record", by=people["adj1"], data=data, version=1, today=later(12))
    assert asked.approval.roles == "head"
    steps_before = Litigation.objects.get(pk=suit.pk).version
    assert steps_before == 1 and Litigation.objects.get(pk=suit.pk).received_on == later(5)


def test_of_two_who_enter_the_judgment_at_once_one_is_told():
    suit = answered()
    data = judgment("upheld")
    steps.perform(suit.pk, "record_judgment", by=staff()["adj1"], data=data, version=1, today=later(35))
    with pytest.raises(DomainError) as refusal:
        steps.perform(suit.pk, "record_judgment", by=staff()["office"], data=data, version=1, today=later(35))
    assert refusal.value.code == "stale_version"


# on the page --------------------------------------------------------------------------------------------------------


def test_the_case_page_shows_the_lawsuit_and_every_form_opens(client):
    suit = take(
        answered(parties=[*PARTIES, SECOND]), "plan_court_hearing", HEARING, today=TODAY + timedelta(12)
    )
    client.force_login(staff()["adj1"])

    def form(name):
        kind = "act" if getattr(Litigation, name)._step.kind == "act" else "step"
        answer = client.get(reverse(kind, args=[suit.pk, name]))
        assert answer.status_code == 200, (name, answer.status_code)
        return answer.content.decode()

    assert "一至二人" in form("name_agents")
    assert "负责人不能出庭" in form("record_court_hearing") and "开庭日期" in form("plan_court_hearing")
    judged_form = form("record_judgment")
    assert (
        "乙公司" in judged_form
        and "丙公司" in judged_form
        and "甲公司" not in judged_form.split("逐项结果")[1]
    )
    suit = take(suit, "record_judgment", judgment("", mixed(suit)), today=later(35))
    suit = take(suit, "appeal", {"appellant": "party"}, today=later(45))
    assert "准许撤回上诉" in form("record_second_judgment") and "重审案号" in form("remand")
    page = client.get(reverse("case", args=[suit.case_id]) + f"?p={suit.pk}").content.decode()
    for said in ("示例法院", "逐项裁判结果", "权利要求1", "判决部分撤销", "第三法庭"):
        assert said in page, said


def test_the_page_leads_to_the_papers_of_the_answer_first():
    suit = sued()
    assert suit.due_now(later(6)) == ("draft_paper",)
    for kind in answering_suit.PAPERS:
        suit = take(suit, "draft_paper", {"paper": kind}, today=later(6))
    assert suit.due_now(later(6)) == ("issue_paper",)
    assert take(suit, "answer", {"reason": "另行提交"}, today=later(10)).due_now(later(10)) == ()


def test_the_public_reads_which_claims_had_which_end_and_no_name():
    suit = answered()
    items = [{"claim": "权利要求1", "outcome": "upheld"}, {"claim": "权利要求3、5", "outcome": "annulled"},
             {"claim": "对乙公司的赔偿", "outcome": "annulled"}]  # fmt: skip
    suit = take(suit, "record_judgment", judgment("", items), today=later(35))
    assert suit.items_said() == "权利要求1判决驳回诉讼请求；权利要求3、5、其他事项判决撤销"
    take(suit, "conclude", today=later(55))
    _status, history = legal_status.of(suit.ruling, later(56))
    words = str(history[0])
    assert (
        "判决部分撤销（权利要求1判决驳回诉讼请求；权利要求3、5、其他事项判决撤销）" in words
        and "乙公司" not in words
    )


def test_a_suit_in_effect_is_not_voided_before_its_result_is_taken_back():
    suit = take(answered(), "record_judgment", judgment("annulled"), today=later(35))
    suit = take(suit, "conclude", today=later(55))
    void = {"ground": "mistake", "reason": "重复登记"}
    assert "撤回“裁判生效”" in fails("built_upon", suit, "void", void, today=later(56), by="head")
    suit = take(suit, "undo_last", {"reason": "重复登记"}, today=later(56))
    assert not Proceeding.objects.filter(parent=suit, kind="disclosure").exclude(state="void").exists()
    assert take(suit, "void", void, today=later(56), by="head").state == "void"


def test_a_period_that_was_let_pass_has_run_out_and_is_not_late():
    suit = take(answered(), "record_judgment", judgment("annulled"), today=later(35))
    shown = next(one for one in clocks(suit, later(60), office_calendar()) if not one.get("met"))
    assert shown["words"].startswith("已届满") and shown["level"] == "warn"
    row = suit.parent.concrete()
    assert due(row, "T-21") is None and paper_of(row, "ruling").count("发明专利侵权纠纷") == 1


def paper_of(row, kind):
    return plain_text(from_json(row.documents.filter(kind=kind).last().blocks))
