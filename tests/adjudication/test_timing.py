"""What stops or lengthens the time for closing: stay, its refusal and its end, extension, talks; how the date is explained."""

import json
import threading
from datetime import date, timedelta

import pytest
from django.db import connections
from django.urls import reverse

from adjudication.grounds import grounds, refusals
from cases import deadlines
from cases.calendar import office_calendar
from cases.clock_words import clocks
from cases.errors import Conflict, DomainError, Invalid, Refused
from cases.identifiers import patent_check
from cases.models import Event, Evidence, StoredFile
from reports import periods
from reports.indicators import figures
from tests.adjudication.story import TODAY, due, filed, fresh, later, party, serve, staff, take
from tests.factories import clerk

pytestmark = pytest.mark.django_db

BODY = "202020110210"
UTILITY = [{"kind": "utility_model", "number": f"ZL{BODY}.{patent_check(BODY)}", "title": "阀门"}]
ATTACK = {"ground": "1", "invalidation_no": "5W100001", "invalidation_on": TODAY.isoformat()}
OLD_DAY = date(2025, 1, 10)


def fails(code, *args, **kwargs):
    with pytest.raises(DomainError) as refusal:
        take(*args, **kwargs)
    assert refusal.value.code == code
    return str(refusal.value)


def invalid(field, *args, **kwargs):
    with pytest.raises(Invalid) as refusal:
        take(*args, **kwargs)
    assert field in refusal.value.fields, refusal.value.fields
    return refusal.value.fields[field][0]


def notes(row, name):
    return json.loads(Event.objects.filter(proceeding=row.pk, name=name).latest("seq").body)["notes"]


def words(row, kind):
    return row.documents.filter(kind=kind).latest("pk").blocks


def scan(row):
    stored, _new = StoredFile.objects.get_or_create(
        sm3="b" * 64, defaults={"sha256": "c" * 64, "size": 1, "type": "application/pdf"}
    )
    return Evidence.objects.create(
        case=row.case, proceeding=row, file=stored, name="批准.pdf", uploaded_by=clerk()
    ).pk


# stay -------------------------------------------------------------------------------------------------------


def test_the_grounds_are_the_seven_and_the_five_of_the_measures():
    assert list(grounds()) == list("1234567") and list(refusals()) == list("12345")
    assert [one.item for one in refusals().values()] == [f"第{n}项" for n in "一二三四五"]
    assert grounds()["1"].needs == ("invalidation_no", "invalidation_on")


def test_stay_and_resumption_move_the_closing_date_by_exactly_the_days_lost():
    day = date(2025, 3, 10)  # the vector of the handbook: 45 days
    row = filed(day)
    row = take(row, "stay", {"ground": "6"}, today=date(2025, 4, 1))
    closing = row.deadlines.get(rule="T-18")
    assert row.open_interval("stay").ground.startswith("6") and row.due_rule != "T-18"
    assert row.documents.filter(kind="stay_notice").exists()
    fails("stayed", row, "deliberate", today=date(2025, 4, 2))
    row = take(row, "resume", {"reason": "另案审结"}, today=date(2025, 5, 16))
    assert (closing.due_on, due(row, "T-18")) == (date(2025, 6, 10), date(2025, 7, 25))
    told = deadlines.due(
        "T-18", day, exclude=[(date(2025, 4, 1), date(2025, 5, 16))], calendar=office_calendar()
    )
    assert told.due == due(row, "T-18") and ("扣除的日数", 45) in told.explanation
    fails("not_paused", row, "resume", {"reason": "x"}, today=date(2025, 5, 16))


def test_what_the_record_shows_of_article_29_is_weighed_before_an_invention_is_stayed():
    row = filed()
    assert row.refusals_known() == ["1"]
    assert "第二十九条第一项" in fails("weigh_first", row, "stay", ATTACK)
    invalid("weighed_reason", row, "stay", {**ATTACK, "weighed": "1"})
    row = take(row, "stay", {**ATTACK, "weighed": "1", "weighed_reason": "证据充分"})
    assert notes(row, "stay")["weighed"] == "1" and row.open_interval("stay")
    text = words(row, "stay_notice")
    assert "涉案发明专利权被请求宣告无效" in text and "5W100001" in text and "2026年11月20日受理" in text
    assert (
        "第九十八条" in text and "第二十八条" not in text
    )  # article 28 names utility models and designs alone
    fails("already_paused", row, "stay", {"ground": "6"})
    fails("already_paused", row, "refuse_stay", {"party": party(row).pk, "item": "1", "reason": "发明"})


def test_an_attack_on_a_utility_model_is_named_by_its_number_and_day_and_by_who_asked():
    row = filed(rights=UTILITY)
    assert row.refusals_known() == []
    for missing in ("invalidation_no", "invalidation_on"):
        assert "请填写" in invalid(missing, row, "stay", {**ATTACK, missing: ""})
    invalid("invalidation_on", row, "stay", {**ATTACK, "invalidation_on": later(1).isoformat()})
    invalid("ground", row, "stay", {**ATTACK, "ground": "8"})
    row = take(row, "stay", {**ATTACK, "party": party(row).pk})
    assert notes(row, "stay")["party"] == f"party:{party(row).pk}"
    assert "第二十八条第一款第一项" in words(row, "stay_notice")
    row = take(row, "resume", {"cause": "withdrawn"}, today=later(5))
    assert "撤回无效宣告请求" in words(row, "resume_notice") and row.refusals_known() == ["3"]
    again = {**ATTACK, "party": party(row).pk}
    assert "第三项" in fails("weigh_first", row, "stay", again, today=later(6))
    row = take(
        row, "refuse_stay", {"party": party(row).pk, "item": "3", "reason": "再次请求"}, today=later(6)
    )
    assert notes(row, "refuse_stay")["item"] == "3" and "第二十九条第三项" in words(row, "stay_refusal")


def test_a_clear_evaluation_report_and_a_decision_upholding_the_patent_are_known():
    row = filed(rights=UTILITY)
    row = take(row, "receive_evaluation_report", {"result": "clear"})
    assert row.refusals_known() == ["2"]
    fails("item_not_met", row, "refuse_stay", {"party": party(row).pk, "item": "1", "reason": "x"})
    row = take(row, "stay", {**ATTACK, "weighed": "2", "weighed_reason": "报告未检索到对比文件"})
    row = take(row, "resume", {"cause": "upheld"}, today=later(9))
    assert row.refusals_known() == ["2", "4"]
    row = take(row, "receive_evaluation_report", {"result": "defects"}, today=later(9))
    fails(
        "item_not_met",
        row,
        "refuse_stay",
        {"party": party(row).pk, "item": "2", "reason": "x"},
        today=later(9),
    )


def test_the_end_of_the_cause_is_entered_and_the_page_counts_the_days_since(client):
    row = take(filed(rights=UTILITY), "stay", ATTACK, today=TODAY)
    fails(
        "before_stay", row, "end_stay_cause", {"cause": "upheld", "on": later(-1).isoformat()}
    ) if row.received_on < TODAY else None
    invalid("cause", row, "end_stay_cause", {})
    row = take(row, "end_stay_cause", {"cause": "upheld"}, today=TODAY)
    assert (
        row.open_interval("stay")
        and row.stay_cause_gone()["on"] == TODAY
        and row.due_now(TODAY) == ("resume",)
    )
    fails("cause_gone", row, "end_stay_cause", {"cause": "upheld"})
    client.force_login(staff()["adj1"])
    page = client.get(reverse("case", args=[row.case_id]))
    assert "未恢复" in page.content.decode() and page.context["actions"]["due"][0]["name"] == "resume"
    form = client.get(reverse("act", args=[row.pk, "resume"])).content.decode()
    assert "及时恢复" in form and '<option value="upheld" selected>' in form
    row = take(row, "resume", {"cause": "upheld"})
    assert row.stay_cause_gone() is None and "resume" not in row.due_now(TODAY)


def test_a_stay_under_the_measures_of_2015_knows_no_article_29():
    row = take(filed(OLD_DAY), "stay", {**ATTACK, "invalidation_on": OLD_DAY.isoformat()}, today=OLD_DAY)
    text = words(row, "stay_notice")
    assert "《专利行政执法办法》" in text and "第九十八条" in text and "第二十八条" not in text
    row = take(row, "resume", {"cause": "upheld"}, today=OLD_DAY + timedelta(5))
    assert "《专利纠纷行政裁决和调解办法》" not in words(row, "resume_notice")


def test_nobody_but_the_panel_s_officer_stays_and_the_head_approves():
    row, people = filed(), staff()
    from cases import steps

    for name in ("rec", "office", "legal"):
        with pytest.raises(Refused):
            steps.act(row.pk, "stay", by=people[name], data={"ground": "6"}, today=TODAY)
    answer = steps.act(row.pk, "stay", by=people["adj1"], data={"ground": "6"}, today=TODAY)
    assert answer.approval.roles == "head" and fresh(row).open_interval("stay") is None


def test_two_stays_at_once_leave_one(committing):
    row, people = filed(rights=UTILITY), staff()
    from cases import approvals, steps

    answer = steps.act(row.pk, "stay", by=people["adj1"], data={"ground": "6"}, today=TODAY)
    outcomes = []

    def approve():
        try:
            outcomes.append(
                approvals.decide(answer.approval.pk, "approve", by=people["head"], today=TODAY).state
            )
        except DomainError as error:
            outcomes.append(error.code)
        finally:
            connections.close_all()

    both = [threading.Thread(target=approve) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert outcomes.count("granted") == 1 and row.intervals.filter(kind="stay").count() == 1


# extension --------------------------------------------------------------------------------------------------


def test_closing_is_extended_by_one_month_then_by_two_with_the_superior_s_paper():
    row = filed()
    more = {"amount": 2, "reason": "特别复杂", "superior_document": "津知批〔2027〕1号",
            "superior_on": TODAY.isoformat(), "superior_scan": scan(row)}  # fmt: skip
    fails("head_first", row, "extend_closing", more)
    fails("extend_refused", row, "extend_closing", {"amount": 2, "reason": "复杂"})
    row = take(row, "extend_closing", {"amount": 1, "reason": "案件复杂"})
    assert due(row, "T-18") == date(2027, 3, 22)
    text = words(row, "extension_notice")
    assert "甲公司、乙公司" in text and "延长一个月，至2027年3月22日届满" in text and "本局负责人批准" in text
    for missing in ("superior_document", "superior_on", "superior_scan"):
        fails("superior_missing", row, "extend_closing", {**more, missing: ""})
    invalid("superior_on", row, "extend_closing", {**more, "superior_on": later(1).isoformat()})
    row = take(row, "extend_closing", more)
    assert due(row, "T-18") == date(2027, 5, 20)
    assert "津知批〔2027〕1号" in words(row, "extension_notice") and "延长二个月" in words(
        row, "extension_notice"
    )
    assert Evidence.objects.get(pk=more["superior_scan"]).title.endswith("津知批〔2027〕1号")
    fails("extend_refused", row, "extend_closing", more)


def test_extended_while_stayed_the_notice_names_no_day():
    row = take(filed(), "stay", {"ground": "6"})
    row = take(row, "extend_closing", {"amount": 1, "reason": "案件复杂"})
    assert "届满" not in words(row, "extension_notice")
    row = take(row, "resume", {"reason": "另案审结"}, today=later(10))
    assert due(row, "T-18") == date(2027, 3, 29)  # the day of filing never counted


def test_old_regime_extends_once():
    row = take(filed(OLD_DAY), "extend_closing", {"amount": 1, "reason": "特别复杂"}, today=OLD_DAY)
    assert due(row, "T-18") == date(2025, 5, 12) and "《专利行政执法办法》第二十一条" in words(
        row, "extension_notice"
    )
    more = {"amount": 1, "reason": "再延", "superior_document": "x", "superior_on": OLD_DAY.isoformat(),
            "superior_scan": scan(row)}  # fmt: skip
    fails("other_regime", row, "extend_closing", more, today=OLD_DAY)


# talks inside the case --------------------------------------------------------------------------------------


def test_talks_of_the_parties_do_not_count_and_an_agreement_leads_to_the_mediated_end(client):
    row = take(filed(), "start_settlement", {"kind": "parties"}, today=later(10))
    assert row.open_interval("settlement").ground == "当事人自行和解"
    fails("already_paused", row, "start_settlement", {"kind": "parties"}, today=later(10))
    row = take(row, "end_settlement", {"result": "settled"}, today=later(20))
    assert due(row, "T-18") == date(2027, 3, 2) and row.due_now(TODAY) == ("close_mediated",)
    row = take(row, "close_mediated", {"terms": [{"text": "停止销售；"}]}, today=later(20))
    assert row.state == "settled" and "close_mediated" not in row.due_now(TODAY)


def test_the_panel_mediates_only_where_both_agreed_and_a_failure_resumes():
    row = filed()
    data = {"kind": "panel", "applicant_agreed_on": TODAY.isoformat()}
    assert "第三十五条" in invalid("respondent_agreed_on", row, "start_settlement", data)
    invalid("kind", row, "start_settlement", {})
    both = {**data, "respondent_agreed_on": TODAY.isoformat()}
    invalid(
        "respondent_agreed_on",
        row,
        "start_settlement",
        {**both, "respondent_agreed_on": later(1).isoformat()},
    )
    row = take(row, "start_settlement", both, today=later(1))
    row = take(row, "end_settlement", {"result": "failed"}, today=later(8))
    assert "及时作出裁决" in notes(row, "end_settlement")["hint"] and "close_mediated" not in row.due_now(
        TODAY
    )
    assert due(row, "T-18") == date(2027, 3, 1)  # 2027-02-20 and seven days is a Saturday


def test_before_2025_the_panel_mediates_while_the_time_runs_on():
    row = filed(OLD_DAY)
    before = due(row, "T-18")
    assert "第三十七条" in fails("other_regime", row, "start_settlement", {"kind": "parties"}, today=OLD_DAY)
    both = dict.fromkeys(("applicant_agreed_on", "respondent_agreed_on"), OLD_DAY.isoformat())
    row = take(row, "start_settlement", {"kind": "panel", **both}, today=OLD_DAY)
    assert row.due_rule == "T-05" and row.intervals.get(kind="settlement").to_on is None
    row = take(row, "end_settlement", {"result": "failed"}, today=OLD_DAY + timedelta(20))
    assert due(row, "T-18") == before


def test_mediation_inside_an_adjudication_is_no_mediation_case():
    row = take(filed(), "start_settlement", {
        "kind": "panel", "applicant_agreed_on": TODAY.isoformat(), "respondent_agreed_on": TODAY.isoformat()})  # fmt: skip
    row = take(row, "end_settlement", {"result": "settled"})
    take(row, "close_mediated", {"terms": [{"text": "停止销售；"}]})
    told = figures(
        ["aid_and_mediation", "mediation_success", "adjudication_accepted"], [periods.parse("2026")], TODAY
    )
    assert told["aid_and_mediation"][0].numerator == 0
    assert told["mediation_success"][0].denominator == 0
    assert told["adjudication_accepted"][0].numerator == 1


# jurisdiction -----------------------------------------------------------------------------------------------


def test_the_decision_on_jurisdiction_is_a_paper_and_upheld_leads_to_the_handing_over():
    row = serve(filed())
    row = take(row, "object_jurisdiction", {"party": party(row).pk, "reason": "不在本区"}, today=later(3))
    row = take(
        row, "decide_jurisdiction", {"sustained": "yes", "reason": "侵权行为地不在本区"}, today=later(7)
    )
    text = words(row, "jurisdiction_decision")
    assert "乙公司于2026年11月23日" in text and "移送有管辖权的部门" in text and "驳回" not in text
    assert row.due_now(TODAY) == ("transfer",)
    other = serve(filed())
    other = take(
        other, "object_jurisdiction", {"party": party(other).pk, "reason": "不在本区"}, today=later(3)
    )
    other = take(
        other, "decide_jurisdiction", {"sustained": "no", "reason": "侵权行为地在本区"}, today=later(7)
    )
    assert "驳回乙公司的管辖异议" in words(
        other, "jurisdiction_decision"
    ) and "transfer" not in other.due_now(TODAY)


# the date, line by line -------------------------------------------------------------------------------------


def explained(row, today):
    shown = clocks(row, today, office_calendar())
    closing = next(one for one in shown if one["label"].startswith("结案"))
    return [(line["label"], line["value"]) for line in closing["lines"]], closing


def test_the_due_date_is_explained_line_by_line_with_overlaps_joined(client):
    row = take(filed(), "start_settlement", {"kind": "parties"}, today=later(5))
    row = take(row, "stay", {"ground": "6"}, today=later(8))
    row = take(row, "end_settlement", {"result": "failed"}, today=later(10))
    row = take(row, "resume", {"reason": "另案审结"}, today=later(15))
    row = take(row, "extend_closing", {"amount": 1, "reason": "案件复杂"}, today=later(15))
    lines, closing = explained(row, later(15))
    assert lines == [
        ("立案之日", "2026-11-20"),
        ("3个月届满（当日不计）", "2027-02-20"),
        ("延长1个月后", "2027-03-20"),
        ("不计 和解、中止", "2026-11-25 至 2026-12-04，10日"),
        ("扣除的日数", "10日"),
        ("扣除后届满", "2027-03-30"),
    ]
    assert [(b["level"], b["days"]) for b in closing["bands"]] == [
        ("counted", 5),
        ("stopped", 10),
        ("left", 0),
    ]
    assert "和解、中止" in closing["bands"][1]["title"]
    row = take(row, "stay", {"ground": "5"}, today=later(16))
    assert explained(row, later(20))[0][-1] == ("不计 中止", "2026-12-06 起，至今未恢复")
    client.force_login(staff()["adj1"])
    answer = client.get("/api/v1/deadlines/", {"rule": "T-18"}).json()["results"][0]
    assert [(one["label"], one["value"]) for one in answer["explanation"]][:6] == lines
    assert {one["kind"] for one in answer["stretches"]} == {"settlement", "stay"}


def test_the_page_of_a_closed_case_still_draws_what_did_not_count(client):
    row = take(filed(), "stay", {"ground": "6"}, today=TODAY)
    row = take(row, "resume", {"reason": "另案审结"}, today=later(10))
    row = take(row, "dismiss", {"ground": "withdrawn"}, today=later(12))
    closing = next(c for c in clocks(row, later(12), office_calendar()) if c["label"].startswith("结案"))
    assert closing["level"] == "done" and closing["counted"] == "已计 2 日，不计 10 日"


def test_two_acts_on_one_settlement_are_told_apart_by_key():
    row = filed()
    from cases import steps

    data, by = {"kind": "parties"}, staff()["adj1"]
    first = steps.act(row.pk, "start_settlement", by=by, data=data, key="k1", today=TODAY)
    again = steps.act(row.pk, "start_settlement", by=by, data=data, key="k1", today=TODAY)
    assert first.event == again.event and row.intervals.filter(kind="settlement").count() == 1
    with pytest.raises((Conflict, DomainError)):
        steps.act(row.pk, "start_settlement", by=by, data=data, key="k2", today=TODAY)


def test_a_stay_and_its_end_entered_by_mistake_are_taken_back_with_their_time_and_papers():
    row = filed(rights=UTILITY)
    ends = due(row, "T-18")
    data = {"ground": "1", "invalidation_no": "第5W1号", "invalidation_on": TODAY.isoformat()}
    row = take(row, "stay", data, today=later(2))
    undo(row, "stay", later(2))
    row = fresh(row)
    assert row.open_interval("stay") is None and due(row, "T-18") == ends
    assert row.documents.get(kind="stay_notice").state == "void"
    row = take(row, "stay", data, today=later(3))
    row = take(row, "end_stay_cause", {"cause": "upheld"}, today=later(5))
    undo(row, "end_stay_cause", later(5))
    assert fresh(row).stay_cause_gone() is None
    row = take(fresh(row), "resume", {"cause": "withdrawn"}, today=later(6))
    undo(row, "resume", later(6))
    assert fresh(row).open_interval("stay") is not None and "withdrawn_before" not in [
        one.known for one in map(refusals().get, fresh(row).refusals_known())
    ]


def undo(row, name, today):
    """Take back the last act of this name."""
    act = row.events.filter(name=name, kind="act").order_by("seq").last()
    return take(row, "undo_act", {"act": act.pk, "reason": "点错"}, today=today)


# what a party let pass ---------------------------------------------------------------------------------------


def test_what_a_party_let_pass_is_said_without_blame_and_what_the_bureau_missed_is_late():
    row = serve(filed())
    row = take(row, "record_no_defence", {"party": party(row).pk}, today=later(40))
    shown = {one["label"].split("　")[0]: one for one in clocks(row, later(40), office_calendar())}
    assert (
        shown["答辩"]["words"] == "期限届满"
        and shown["答辩"]["level"] == "done"
        and not shown["答辩"]["late"]
    )
    assert "登记" in shown["答辩"]["note"]
    row = take(row, "receive_defence", {"party": party(row).pk}, today=later(41))
    row = take(row, "serve_defence_copy", {"party": party(row).pk}, today=later(60))
    late = [one for one in clocks(row, later(60), office_calendar()) if one.get("late")]
    assert [one["words"][:2] for one in late] == ["逾期"]


def test_the_first_extension_asks_for_no_paper_of_the_superior_and_no_code_of_a_rule_is_told(client):
    row = filed()
    assert fails("extend_refused", row, "extend_closing", {"amount": 2, "reason": "复杂"}).startswith(
        "“结案”"
    )
    client.force_login(staff()["adj1"])
    address = reverse("act", args=[row.pk, "extend_closing"])
    assert "superior_document" not in client.get(address).content.decode()
    take(row, "extend_closing", {"amount": 1, "reason": "案件复杂"})
    assert "superior_document" in client.get(address).content.decode()
