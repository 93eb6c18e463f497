"""The checklist by stage: computed from the record, it stops the step that leaves a stage, and is left out only with a reason."""

import tomllib
from datetime import date, timedelta

import pytest
from django.urls import reverse

from adjudication import checklist, regime, showing_checklist
from adjudication.models import Adjudication, Enforcement, Omission, Recusal
from cases import archiving, steps
from cases.errors import DomainError, Invalid, NotFound, Refused
from cases.permissions import can
from cases.rules import rule_of
from cases.stepping import steps_of
from tests.adjudication.story import (
    RULING,
    TODAY,
    deliberating,
    filed,
    fresh,
    later,
    party,
    received,
    ruled,
    serve,
    settle,
    staff,
    take,
    vote,
)  # fmt: skip
from tests.factories import clerk
from tests.laid import laid_once

pytestmark = pytest.mark.django_db
REASON = "双方书面意见充分，事实清楚"


def found(row, on=TODAY):
    return {one.point.code: one for one in checklist.checked(fresh(row), on)}


def opened(row, step="deliberate", on=TODAY):
    return {one.point.code for one in checklist.open_for(fresh(row), step, on)}


def fails(code, *args, **kwargs):
    with pytest.raises(DomainError) as refusal:
        take(*args, **kwargs)
    assert refusal.value.code == code, refusal.value
    return str(refusal.value)


def skip(row, item, today=TODAY, **more):
    return take(row, "skip_point", {"item": item, "reason": REASON}, today=today, **more)


@laid_once
def answered(today=TODAY):
    row = serve(filed(today), today=today)
    row = take(row, "receive_defence", {"party": party(row).pk}, today=today)
    return take(row, "serve_defence_copy", {"party": party(row).pk}, today=today)


# the data ---------------------------------------------------------------------------------------------------


def test_the_data_names_only_what_exists():
    """Stages, rules, articles, acts, checks; a point that blocks names a step or act of the adjudication."""
    raw = tomllib.loads(checklist.FILE.read_text(encoding="utf-8"))
    known, codes = steps_of(Adjudication), [one.code for one in checklist.stages()]
    assert codes == ["filing", "exchange", "examining", "deciding", "publishing", "archiving"]
    assert len(raw["point"]) == len(checklist.points())
    checks = set()
    for point in checklist.points().values():
        assert point.stage in codes, point.code
        assert bool(point.rule) != bool(point.article), point.code
        assert not point.act or point.act in known, point.act
        assert not point.blocks or point.blocks in known, point.blocks
        assert point.skip or point.blocks, point.code
        assert len(point.code) <= Omission._meta.get_field("item").max_length
        for day in (date(2024, 12, 2), date(2025, 3, 3)):
            assert point.source(day)
        for table in (point.asked, point.known):
            names = table.get("check", [])
            checks |= {names} if isinstance(names, str) else set(names)
        if point.rule:
            assert rule_of(point.rule, date(2025, 3, 3))
    assert checks == set(checklist.CHECKS)


def test_every_point_is_answered_in_every_state_it_is_asked(django_assert_max_num_queries):
    for row in (received(), answered(), deliberating(), ruled()[0]):
        with django_assert_max_num_queries(30):
            checklist.checked(fresh(row), TODAY)


# stopping ---------------------------------------------------------------------------------------------------


def test_the_panel_does_not_retire_while_hearing_copy_and_evidence_are_open():
    row = serve(filed())
    row = take(row, "set_evidence_period", {"due_on": later(20).isoformat()})
    row = take(row, "receive_defence", {"party": party(row).pk}, today=later(3))
    assert opened(row, on=later(3)) == {"defence_copy", "evidence_period", "hearing"}
    words = fails("points_open", row, "deliberate", today=later(3))
    assert "口头审理" in words and "第二十六条" in words and "跳过事项" in words
    row = take(row, "serve_defence_copy", {"party": party(row).pk}, today=later(4))
    row = skip(row, "hearing", today=later(4))
    assert "举证期限" in fails("points_open", row, "deliberate", today=later(20))  # its last day still runs
    row = take(row, "deliberate", today=later(21))
    assert row.state == "deliberating" and not row.open_deadline("T-13")


def test_the_reason_stands_on_the_record_and_on_the_page(client):
    row = skip(answered(), "hearing")
    kept = row.omissions.get()
    assert (kept.item, kept.reason, kept.by.username, kept.on) == ("hearing", REASON, "adj1", TODAY)
    assert found(row)["hearing"].reason == REASON and not opened(row)
    client.force_login(staff()["adj1"])
    page = client.get(reverse("case", args=[row.case_id])).content.decode()
    assert f"已跳过：{REASON}" in page and "办案清单：送达答辩、审理" in page and "✓ 已完成" in page
    assert "事项：口头审理已举行；不举行的，写明理由" in page


def test_a_point_is_skipped_once_with_a_reason_by_the_panel_s_officer_alone():
    row, people = answered(), staff()
    with pytest.raises(Invalid) as refusal:
        take(row, "skip_point", {"item": "hearing", "reason": ""})
    assert "reason" in refusal.value.fields
    for item in (
        "request_served",
        "defence",
        "recusal",
        "ruling_served",
        "nonsense",
    ):  # done, of law, to come, unknown
        with pytest.raises(Invalid) as refusal:
            take(row, "skip_point", {"item": item, "reason": REASON})
        assert "item" in refusal.value.fields
    for name in ("rec", "head", "office", "legal"):
        with pytest.raises(Refused):
            steps.act(
                row.pk, "skip_point", by=people[name], data={"item": "hearing", "reason": REASON}, today=TODAY
            )
    with pytest.raises(NotFound):
        steps.act(row.pk, "skip_point", by=clerk("far", at="s2"), data={}, today=TODAY)
    row = skip(row, "hearing")
    assert not can(people["adj1"], row, "skip_point", TODAY)
    fails("later", row, "skip_point", {"item": "hearing", "reason": REASON})


def test_a_skip_taken_back_opens_the_point_again():
    row = skip(answered(), "hearing")
    event = row.events.filter(name="skip_point").get()
    row = take(row, "undo_act", {"act": event.pk, "reason": "点错"})
    assert opened(row) == {"hearing"} and not Omission.objects.exists()
    fails("points_open", row, "deliberate")
    assert take(skip(row, "hearing"), "deliberate").state == "deliberating"


def test_a_planned_hearing_is_held_before_the_panel_retires():
    row = answered()
    plan = {"day": later(10).isoformat(), "time": "09:30", "place": "一室", "mode": "room", "is_public": True}
    row = take(row, "plan_hearing", plan)
    assert opened(row) == {"hearing"}
    came = [{"party": party(row, r).pk, "attended": "attended"} for r in ("applicant", "respondent")]
    row = take(row, "record_hearing", {"attendance": came}, today=later(10))
    now = found(row, later(10))
    assert now["hearing"].done and not now["minutes"].done and not now["minutes"].stops
    assert not opened(row, on=later(10))


def test_what_the_law_leaves_no_choice_in_cannot_be_skipped():
    row = settle(answered())
    data = {"officer": "adj2", "party": party(row).pk, "ground": "relative", "known_on": TODAY.isoformat(),
            "stage": "in_time"}  # fmt: skip
    row = take(row, "ask_recusal", data)
    assert opened(row) == {"recusal"} and not row.skippable_points()
    assert "请先办理" in fails("recusal_open", row, "deliberate")
    row = take(
        row,
        "decide_recusal",
        {"recusal": Recusal.objects.get().pk, "granted": "no", "reason": "没有利害关系"},
    )
    assert take(row, "deliberate").state == "deliberating"


def shown(row):
    """The tables of the checklist as the first adjudicator sees them."""
    return showing_checklist.shown(fresh(row), staff()["adj1"], TODAY).tables


def test_the_notice_of_filing_waits_to_be_served_in_the_stage_after_filing():
    row = filed()
    tables = shown(row)
    now = next(one for one in tables if "送达答辩" in one.title)
    notice = next(cells for cells in now.rows if "立案通知书" in str(cells[0]["text"]))
    assert [str(one["label"]) for one in notice[2]["links"]] == ["登记送达"]
    row = serve(row, "filing_notice", "applicant")
    assert found(row)["filing_notice"].done


def test_a_request_refused_was_examined_and_one_taken_back_is_not_asked():
    refused = take(received(), "refuse", {"reasons": [{"text": "无管辖"}]})
    assert found(refused)["conditions"].done
    assert "conditions" not in found(take(received(), "withdraw_before", {"reason": "书面撤回"}))


def test_a_case_ended_without_a_ruling_has_no_stage_left_to_finish():
    row = take(filed(), "dismiss", {"ground": "withdrawn"})
    rest = next(one for one in shown(row) if "其余各项" in one.title)
    said = [str(cells[2]["text"]) for cells in rest.rows]
    assert "未完成" in said and not [one for one in said if "必须处理" in one]


@pytest.mark.parametrize(("begin", "data", "code"), [
    ("object_jurisdiction", {"reason": "不在本区"}, "jurisdiction"),
    ("start_appraisal", {"institution": "示例鉴定所", "matter": "技术特征"}, "appraisal"),
    ("start_settlement", {"kind": "parties"}, "settlement"),
])  # fmt: skip
def test_what_is_under_way_is_ended_first(begin, data, code):
    row = answered()
    if begin == "object_jurisdiction":
        data = {**data, "party": party(row).pk}
    row = take(row, begin, data)
    assert code in opened(row)
    assert (code in {one.point.code for one in row.skippable_points()}) == (code != "jurisdiction")
    fails("points_open", row, "deliberate")


def test_without_deliberation_nothing_is_signed_and_the_page_says_so_before_the_form():
    row, people = deliberating(), staff()
    answer = can(people["adj1"], row, "sign_ruling", TODAY)
    assert not answer and answer.code == "no_deliberation"
    row = take(row, "record_deliberation", vote())
    assert can(people["adj1"], row, "sign_ruling", TODAY)


def test_that_the_panel_has_deliberated_is_told_to_the_panel_alone(client):
    row = take(deliberating(), "record_deliberation", vote())
    words = checklist.points()["deliberated"].words
    seen = {}
    for name, who in {"adj1": staff()["adj1"], "head": staff()["head"], "clerk": clerk()}.items():
        client.force_login(who)
        seen[name] = words in client.get(reverse("case", args=[row.case_id])).content.decode()
    assert seen == {"adj1": True, "head": False, "clerk": False}


# the two regimes --------------------------------------------------------------------------------------------


def test_the_articles_are_those_of_the_case_s_measures():
    old, new = answered(date(2024, 12, 2)), answered(date(2025, 3, 3))
    assert regime.OLD in found(old, date(2024, 12, 2))["request_served"].point.source(old.filed)
    for row, mine, other in ((old, regime.OLD, regime.NEW), (new, regime.NEW, regime.OLD)):
        said = [one.point.source(row.filed) for one in checklist.checked(row, TODAY)]
        assert any(mine in one for one in said) and not any(other in one for one in said)


def test_an_old_case_waits_for_its_hearing_all_the_same():
    day = date(2024, 12, 2)
    row = answered(day)
    fails("points_open", row, "deliberate", today=day)
    assert take(skip(row, "hearing", today=day), "deliberate", today=day).state == "deliberating"


# archiving --------------------------------------------------------------------------------------------------


def test_a_ruling_neither_served_nor_published_is_not_archived_silently():
    row, _ruling = ruled()
    asked = {one.code: one.there for one in archiving.checklist(row)}
    assert (
        asked["ruling_served"] is False and asked["published"] is False and asked["closing_report"] is False
    )
    fails("invalid", row, "archive", {})
    row = skip(row, "published")
    row = serve(serve(row, "ruling", "respondent"), "ruling", "applicant")
    asked = {one.code: one.there for one in archiving.checklist(row)}
    assert asked["ruling_served"] is True and asked["published"] is True


def test_a_dismissal_is_served_on_both_sides_before_it_is_archived():
    row = take(filed(), "dismiss", {"ground": "withdrawn"})
    assert {one.code: one.there for one in archiving.checklist(row)}["end_served"] is False
    row = serve(serve(row, "dismissal", "respondent"), "dismissal", "applicant")
    assert {one.code: one.there for one in archiving.checklist(row)}["end_served"] is True


# the closing report -----------------------------------------------------------------------------------------


def test_the_closing_report_is_prefilled_with_dates_days_and_publication():
    day = date(2025, 3, 10)
    row = take(filed(day), "stay", {"ground": "6"}, today=date(2025, 4, 1))
    row = take(row, "resume", {"reason": "另案审结"}, today=date(2025, 5, 16))
    row = take(row, "extend_closing", {"amount": 1, "reason": "案件复杂"}, today=date(2025, 5, 16))
    row = serve(row, today=date(2025, 5, 16))
    row = take(row, "receive_defence", {"party": party(row).pk}, today=date(2025, 5, 16))
    row = take(settle(row, date(2025, 5, 20)), "deliberate", today=date(2025, 5, 20))
    row = take(row, "record_deliberation", vote(), today=date(2025, 5, 20))
    row = take(row, "sign_ruling", RULING, today=date(2025, 6, 10))
    row = serve(row, "ruling", "respondent", today=date(2025, 6, 11))
    row = take(row, "draft_paper", {"paper": "adjudication_closing_report"}, today=date(2025, 6, 12))
    draft = row.documents.get(kind="adjudication_closing_report")
    for words in ("2025年3月10日", "2025年6月10日", "行政裁决书（裁决侵权成立）", "45日", "中止2025年4月1日", "一个月",
                  "2025年8月25日", "47日", "2025年7月8日", "乙公司2025年6月11日"):  # fmt: skip
        assert words in draft.blocks, words
    assert draft.volume == "closed" and "待补充" not in draft.blocks
    # 92 natural days from filing to the ruling, 45 of them not counted; the 24th of August 2025 is a Sunday
    assert (date(2025, 6, 10) - day).days - 45 == 47 and date(2025, 7, 10) + timedelta(45) == date(
        2025, 8, 24
    )


def test_the_closing_report_of_a_refused_request_is_not_asked():
    row = take(received(), "refuse", {"reasons": [{"text": "没有明确的被请求人"}]})
    assert "closing_report" not in {one.code for one in archiving.checklist(row)}


# the case page ---------------------------------------------------------------------------------------------------


def actions(client, row, name="adj1"):
    """The groups of what this person is offered on the case page."""
    client.force_login(staff()[name])
    return client.get(reverse("case", args=[row.case_id])).context["actions"]


def named(group):
    return [one["name"] for one in group]


def test_the_first_thing_offered_is_the_next_on_the_way_never_an_end_beside_it(client):
    row = filed()
    due = named(actions(client, row)["due"])
    assert due[0] == "serve" and "close_mediated" not in due
    row = serve(row)
    assert named(actions(client, row)["due"])[0] == "receive_defence"
    row = take(row, "receive_defence", {"party": party(row).pk})
    row = settle(row)
    found = actions(client, row)
    assert not found["due"] and found["steps"][0]["name"] == "deliberate" and found["steps"][0]["main"]
    assert [one["main"] for one in found["steps"] if one["name"] == "close_mediated"] == [False]
    row = take(row, "deliberate")
    assert named(actions(client, row)["due"]) == ["record_deliberation"]
    row = take(row, "record_deliberation", vote())
    found = actions(client, row)
    assert not found["due"] and found["steps"][0]["name"] == "sign_ruling" and found["steps"][0]["main"]
    page = client.get(reverse("case", args=[row.case_id])).content.decode()
    assert page.count("btn block primary") == 1 and "调解结案" in page


def test_after_the_ruling_service_comes_first_then_the_periods_that_ran_out_then_enforcement(client):
    row, _ruling = ruled()
    assert row.due_now(TODAY) == ("serve",)
    for role in ("applicant", "respondent"):
        row = serve(row, "ruling", role)
    assert row.due_now(later(3)) == ()  # the suing periods run
    assert row.due_now(later(30)) == ("record_no_suit",)
    people = [one.pk for one in row.case.parties.all()]
    row = take(row, "record_no_suit", {"parties": people}, today=later(30))
    assert row.due_now(later(30)) == ("open_enforcement",)
    days = {"suing_ended_on": later(15).isoformat()}
    row = take(row, "open_enforcement", days, today=later(30))
    assert row.due_now(later(30)) == ()
    demand = Enforcement.objects.get()
    demand = take(demand, "demand", today=later(30))
    assert demand.due_now(later(30)) == ("demand_served",)


def test_finished_stages_and_limits_are_folded_and_services_stand_in_a_table(client):
    row = serve(filed())
    client.force_login(staff()["adj1"])
    at = reverse("case", args=[row.case_id])
    answer = client.get(at)
    assert "已完成的时限" in answer.content.decode() and all(one.get("met") for one in answer.context["met"])
    assert not [one for one in answer.context["clocks"] if one.get("met")] and answer.context["clocks"]
    assert answer.context["earlier"] == []
    row = take(row, "receive_defence", {"party": party(row).pk})
    row = take(settle(row), "deliberate")
    row = take(row, "record_deliberation", vote())
    row = take(row, "sign_ruling", RULING)
    answer = client.get(at)
    assert "此前各阶段的记录" in answer.content.decode()
    assert str(answer.context["events"][-1]["title"]) == "签发行政裁决书"
    table = next(one for one in answer.context["tables"] if one.title == "送达")
    assert [cell["text"] for cell in table.rows[0]] == [
        "请求书及其附件副本、答辩通知书", "被请求人　乙公司", "直接送达", f"{TODAY:%Y-%m-%d}", "—",
    ]  # fmt: skip
    assert table.folded and not [
        one for one in answer.context["facts"] if str(one["label"]).startswith("送达")
    ]


def test_what_other_posts_do_is_no_list_of_things_closed_to_me(client):
    row = filed()
    assert not [one for one in actions(client, row, "head")["closed"] if "办理。" in str(one["reason"])]
    assert "deliberate" in named(actions(client, row)["closed"])
