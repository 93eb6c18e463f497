"""The ruling and the other closing forms, what they state, and the lawsuit that may follow."""

import io
import json
from datetime import date

import pytest
from pypdf import PdfReader

from adjudication.models import Disclosure, Enforcement, Litigation, RegisterLine, Ruling
from cases import chain, kinds, steps
from cases.documents import pdf
from cases.documents.blocks import from_json, to_json
from cases.documents.template import compose
from cases.errors import Conflict, DomainError, Invalid
from cases.models import Event, Proceeding
from tests.adjudication.story import (
    PARTIES,
    RULING,
    TODAY,
    deliberating,
    due,
    filed,
    fresh,
    late,
    later,
    party,
    received,
    ruled,
    serve,
    staff,
    take,
    vote,
)  # fmt: skip
from tests.factories import approve_all, user
from tests.laid import laid_once

pytestmark = pytest.mark.django_db


def fails(code, *args, **kwargs):
    with pytest.raises(DomainError) as refusal:
        take(*args, **kwargs)
    assert refusal.value.code == code
    return str(refusal.value)


def facts(row, *names):
    found = Event.objects.filter(proceeding=row, fact__in=names, corrections__isnull=True)
    return {e.fact: (e.value, e.subject, e.occurred_on) for e in found}


# the ruling -------------------------------------------------------------------------------------------------


def test_ruling_is_a_row_a_paper_facts_a_line_and_a_disclosure():
    row, ruling = ruled()
    assert (row.state, row.outcome, row.closed_on, row.is_open) == (
        "ruled",
        "ruled_established",
        TODAY,
        False,
    )
    assert (ruling.number, ruling.made_on, ruling.outcome, ruling.void) == (
        row.number,
        TODAY,
        "established",
        False,
    )
    assert facts(row, "ruled", "closed") == {
        "ruled": ("established", ruling.subject, TODAY), "closed": ("ruled_established", None, TODAY),
    }  # fmt: skip
    assert ruling.document.kind == "ruling" and ruling.document.proceeding_id == row.pk
    text = ruling.document.blocks
    for words in (
        "甲公司",
        "示例一路1号",
        "责令被请求人乙公司立即停止制造、销售阀门",
        "十五日",
        "天津市第三中级人民法院",
    ):
        assert words in text
    last = RegisterLine.objects.order_by("seq").last()
    assert (last.status, last.number, last.due_on) == ("due", row.number, date(2026, 12, 18))
    disclosure = Disclosure.objects.get()
    assert (disclosure.ruling, disclosure.parent_id, disclosure.version) == (ruling, row.pk, 0)
    assert due(row, "T-18") is None and due(row, "T-20") == date(2026, 11, 27)
    assert chain.broken_case_chains() == []


def test_sections_compose_the_same_paper_and_hold_no_numbers_of_parties():
    _row, ruling = ruled()
    blocks = compose("ruling", ruling.data())
    assert to_json(blocks) == ruling.document.blocks
    assert "91110000802100433B" not in ruling.sections and "13800138000" not in ruling.sections


def test_sign_needs_legal_then_head_in_this_order():
    row = take(deliberating(), "record_deliberation", vote())
    people = staff()
    waiting = steps.perform(
        row.pk, "sign_ruling", by=people["adj1"], data=RULING, version=row.version, today=TODAY
    )
    assert not Ruling.objects.exists()
    with pytest.raises(DomainError):
        approve_all(waiting, people["head"])
    approve_all(waiting, people["legal"])
    assert fresh(row).state == "deliberating"
    approve_all(waiting, people["head"])
    event = Event.objects.get(proceeding=row, to_state="ruled")
    assert (fresh(row).state, event.by, event.approved_by) == ("ruled", people["adj1"], people["head"])


STOP = RULING["orders"][0]
DISMISS = {"kind": "dismiss"}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"claims": ""}, "claims"),
        ({"facts": []}, "facts"),
        ({"reasoning": []}, "reasoning"),
        ({"basis": ""}, "basis"),
        ({"orders": []}, "orders"),
        ({"orders": [{**STOP, "scope": ""}]}, "orders"),
        ({"orders": [{**STOP, "object": ""}]}, "orders"),
        ({"orders": [DISMISS]}, "orders"),
        ({"outcome": "not_established"}, "orders"),
        ({"outcome": "partly"}, "orders"),
    ],
)
def test_ruling_states_what_article_31_demands(changes, field):
    row = take(deliberating(), "record_deliberation", vote(changes.get("outcome", "established")))
    with pytest.raises(Invalid) as refusal:
        take(row, "sign_ruling", {**RULING, **changes})
    assert field in refusal.value.fields


@pytest.mark.parametrize(
    ("outcome", "orders", "stop"),
    [("partly", [STOP, DISMISS], True), ("not_established", [DISMISS], False)],
)
def test_the_other_outcomes(outcome, orders, stop):
    row = take(deliberating(), "record_deliberation", vote(outcome))
    row = take(row, "sign_ruling", {**RULING, "outcome": outcome, "orders": orders})
    ruling = row.rulings.get()
    assert (row.outcome, ruling.data()["stop_ordered"]) == (f"ruled_{outcome}", stop)
    rest = "其他" if stop else ""
    assert f"驳回请求人甲公司的{rest}请求" in ruling.document.blocks
    assert ("诉讼期间不停止" in ruling.document.blocks) is stop


def test_ruling_follows_the_majority_and_names_every_address():
    row = deliberating()
    fails("no_deliberation", row, "sign_ruling", RULING)
    row = take(row, "record_deliberation", vote("partly"))
    fails("against_majority", row, "sign_ruling", RULING)
    bare = [PARTIES[0], {**PARTIES[1], "address": ""}]
    row = take(deliberating(parties=bare), "record_deliberation", vote())
    assert "乙公司" in fails("party_address_missing", row, "sign_ruling", RULING)


def test_undoing_the_signing_voids_ruling_paper_and_disclosure_and_the_case_pends_again():
    row, ruling = ruled()
    row = take(row, "undo_last", {"reason": "签发有误"})
    ruling = Ruling.objects.get(pk=ruling.pk)
    assert (row.state, row.outcome, row.closed_on, ruling.void, ruling.document.state) == (
        "deliberating", None, None, True, "void",
    )  # fmt: skip
    assert facts(row, "ruled", "closed") == {}
    assert Disclosure.objects.get().state == "void" and due(row, "T-18")
    assert [line.status for line in RegisterLine.objects.order_by("seq")] == ["pending", "due", "pending"]
    row = take(row, "sign_ruling", RULING)
    assert row.current_ruling().pk != ruling.pk and row.current_ruling().document.state == "issued"


def test_day_and_result_of_a_signed_ruling_are_not_corrected_on_the_record():
    row, _ruling = ruled()
    data = {"column": "outcome", "value": "ruled_partly", "reason": "x"}
    fails("ruling_signed", row, "correct_record", data)


def test_clerical_errors_are_put_right_by_a_later_paper():
    row, ruling = ruled()
    before = ruling.document.blocks
    row = take(row, "correct_ruling", {"wrong": "阀门", "right": "截止阀门"})
    assert row.documents.filter(kind="ruling_correction").count() == 1
    assert Ruling.objects.get().document.blocks == before
    with pytest.raises(Conflict):
        take(filed(), "correct_ruling", {"wrong": "a", "right": "b"})


# the other closing forms -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("step", "data", "state", "outcome", "paper"),
    [
        ("close_mediated", {"terms": [{"text": "停止销售；"}]}, "settled", "mediated", "mediated_in_case"),
        ("dismiss", {"ground": "withdrawn"}, "dismissed", "dismissed", "dismissal"),
        ("transfer", {"to": "示例区知识产权局", "letter_no": "津滨知函〔2026〕5号", "office": "办公室",
                      "reason": "不在本区", "attachments": []}, "transferred", "transferred", "transfer_letter"),
    ],
)  # fmt: skip
def test_ends_without_a_ruling_close_clock_and_register_line(step, data, state, outcome, paper):
    row = take(filed(), step, data)
    assert (row.state, row.outcome) == (state, outcome)
    running = row.deadlines.filter(met_on__isnull=True, cancelled=False).values_list("rule", flat=True)
    assert {*running} == {"AR-01"}  # nothing of the law runs on, only the file's own way into the archive
    assert facts(row, "closed") == {"closed": (outcome, None, TODAY)}
    assert row.documents.filter(kind=paper).exists() and not Ruling.objects.exists()
    assert RegisterLine.objects.order_by("seq").last().status == "closed_without_ruling"
    row = take(row, "undo_last", {"reason": "点错"})
    assert row.state == "filed" and RegisterLine.objects.order_by("seq").last().status == "pending"


def test_before_filing_withdrawal_and_transfer_touch_no_register():
    row = take(received(), "withdraw_before", {"reason": "自行撤回"})
    assert (row.state, row.outcome, row.number) == ("withdrawn_before", "withdrawn", None)
    assert not RegisterLine.objects.exists()


def test_dismissal_cites_the_article_of_its_ground():
    row = take(filed(), "dismiss", {"ground": "limitation"})
    assert "第十九条" in row.documents.get(kind="dismissal").blocks
    with pytest.raises(Invalid):
        take(filed(), "dismiss", {"ground": "other"})


def test_voiding_a_filed_case_voids_its_line():
    row = filed()
    steps.perform(
        row.pk,
        "void",
        by=staff()["head"],
        data={"ground": "mistake", "reason": "重复"},
        version=1,
        today=TODAY,
    )
    assert fresh(row).state == "void" and RegisterLine.objects.order_by("seq").last().status == "void"


@pytest.mark.parametrize("said", sorted(kinds.get("adjudication").history))
def test_history_enters_closed_and_makes_no_ruling(said):
    state, outcome = kinds.get("adjudication").history[said]
    row = received()
    district = user("district", ("district", None))
    data = {"received_on": "2024-03-01", "accepted_on": "2024-03-05", "closed_on": "2024-06-01", "state": state,
            "outcome": outcome}  # fmt: skip
    steps.perform(row.pk, "record_history", by=district, data=data, version=0, today=TODAY)
    row = fresh(row)
    assert (row.state, row.outcome, row.is_open) == (state, outcome, False)
    assert facts(row, "closed")["closed"][0] == outcome
    assert not Ruling.objects.exists() and not RegisterLine.objects.exists() and not row.documents.exists()


# after the ruling -------------------------------------------------------------------------------------------------


def test_service_of_the_ruling_starts_fifteen_days_to_sue_for_each_side():
    row, _ruling = ruled()
    row = serve(row, "ruling", "applicant")
    assert due(row, "T-20") and due(row, "T-21") == date(2026, 12, 7)
    row = serve(row, "ruling")
    assert due(row, "T-20") is None and row.deadlines.filter(rule="T-21", met_on__isnull=True).count() == 2
    who = {"parties": [party(row).pk]}
    fails("suing_period_runs", row, "record_no_suit", who, today=later(17))
    row = take(row, "record_no_suit", who, today=later(18))
    assert row.deadlines.filter(rule="T-21", met_on__isnull=True).count() == 1
    with pytest.raises(Invalid):
        serve(filed(), "ruling")


def test_enforcement_waits_for_the_suing_period_and_ten_working_days_after_the_demand():
    row, ruling = ruled()
    row = serve(row, "ruling")
    data = {"suing_ended_on": later(17).isoformat()}
    fails("suing_period_runs", row, "open_enforcement", data, today=later(18))
    row = take(row, "record_no_suit", {"parties": [party(row).pk]}, today=later(18))
    with pytest.raises(Invalid):
        take(row, "open_enforcement", {"suing_ended_on": later(18).isoformat()}, today=later(18))
    take(row, "open_enforcement", data, today=later(18))
    fails("still_open", row, "open_enforcement", data, today=later(18))
    way = Enforcement.objects.get()
    assert (way.parent_id, way.ruling, due(way, "T-23b")) == (
        row.pk,
        ruling,
        date(2027, 3, 8),
    )  # 03-07 is a Sunday
    way = take(way, "demand", today=later(19))
    assert due(way, "T-24") is None
    fails("demand_not_served", way, "apply", {"court": "示例法院"}, today=date(2026, 12, 25))
    way = take(way, "demand_served", {"party": party(row).pk, "method": "direct"}, today=later(20))
    assert due(way, "T-24") == date(2026, 12, 24)
    fails("demand_runs", way, "apply", {"court": "示例法院"}, today=date(2026, 12, 24))
    way = take(way, "apply", {"court": "示例法院"}, today=date(2026, 12, 25))
    assert (way.state, way.due_on.year) == ("applied", 9999)
    way = take(way, "conclude", {"outcome": "enforced"}, today=date(2027, 1, 20))
    assert (way.state, facts(way, "closed")["closed"][0]) == ("done", "enforced")


def test_nothing_is_enforced_where_no_stop_was_ordered():
    row = take(deliberating(), "record_deliberation", vote("not_established"))
    row = take(row, "sign_ruling", {**RULING, "outcome": "not_established", "orders": [DISMISS]})
    fails(
        "nothing_to_enforce", row, "open_enforcement", {"suing_ended_on": TODAY.isoformat()}, today=later(1)
    )


@laid_once
def sued():
    row, ruling = ruled()
    row = serve(row, "ruling")
    take(
        row, "record_suit", {"court": "示例法院", "court_case_no": "", "party": party(row).pk}, today=later(5)
    )
    return Litigation.objects.get(), ruling, row


def test_a_suit_opens_a_litigation_with_fifteen_days_to_answer():
    suit, ruling, row = sued()
    assert (suit.state, suit.parent_id, suit.ruling, suit.handler) == (
        "received",
        row.pk,
        ruling,
        row.handler,
    )
    assert suit.received_on == later(5) and due(suit, "T-31") == date(2026, 12, 10)
    assert due(row, "T-21") is None
    suit = take(suit, "answer", {"reason": "另行提交"}, today=later(10))
    assert suit.state == "answered" and due(suit, "T-31") is None


@laid_once
def judged(outcome, form="judgment"):
    suit, ruling, _row = sued()
    data = {"outcome": outcome, "form": form, "judged_on": later(30).isoformat()}
    return take(suit, "record_judgment", data, today=later(40)), ruling


@pytest.mark.parametrize(
    "outcome", ["upheld", "dismissed_suit", "annulled", "partly_annulled", "changed", "unlawful", "void"]
)
def test_effective_result_states_the_judgment_and_a_change_is_disclosed_again(outcome):
    suit, ruling = judged(outcome, "ruling" if outcome == "dismissed_suit" else "judgment")
    fails("appeal_period_runs", suit, "conclude", today=later(50))
    suit = take(suit, "conclude", today=later(60))
    assert (suit.state, suit.outcome) == ("concluded", outcome)
    assert facts(suit, "judgment")["judgment"] == (outcome, ruling.subject, later(60))
    again = Disclosure.objects.filter(rule="T-28", ruling=ruling)
    changes = outcome in ("annulled", "partly_annulled", "changed", "void")
    assert again.exists() is changes
    assert (RegisterLine.objects.filter(status="due").count() == 2) is changes
    if changes:
        before = RegisterLine.objects.count()
        suit = take(suit, "undo_last", {"reason": "误登"}, today=later(60))
        assert facts(suit, "judgment") == {} and again.get().state == "void"
        assert RegisterLine.objects.count() == before + 1


def test_a_court_s_ruling_leaves_ten_days_to_appeal():
    suit, _ruling = judged("dismissed_suit", "ruling")
    assert due(suit, "T-33b") and due(suit, "T-33a") is None


def test_after_an_appeal_the_second_instance_decides():
    suit, ruling = judged("upheld")
    fails(
        "not_appealed", suit, "record_second_judgment", {"judged_on": later(41).isoformat()}, today=later(41)
    )
    suit = take(suit, "appeal", {"appellant": "party"}, today=later(45))
    fails("appeal_open", suit, "conclude", today=later(70))
    data = {"outcome": "annulled", "judged_on": later(80).isoformat()}
    suit = take(suit, "record_second_judgment", data, today=later(85))
    assert suit.state == "judged"
    suit = take(suit, "conclude", late(later(80)), today=later(85))
    assert facts(suit, "judgment")["judgment"] == ("annulled", ruling.subject, later(80))


def test_affirmed_on_appeal_repeats_the_first_result():
    suit, _ruling = judged("upheld")
    suit = take(suit, "appeal", {"appellant": "party"}, today=later(45))
    suit = take(suit, "record_second_judgment", {"judged_on": later(80).isoformat()}, today=later(80))
    assert take(suit, "conclude", today=later(81)).outcome == "upheld"


def test_a_withdrawn_suit_is_told_apart():
    suit, ruling, _row = sued()
    suit = take(suit, "withdraw_suit", today=later(20))
    assert (suit.state, facts(suit, "judgment")["judgment"][:2]) == (
        "withdrawn_suit",
        ("withdrawn", ruling.subject),
    )


def test_refusal_to_file_can_be_sued_too_and_states_no_judgment():
    row = take(received(), "refuse", {"reasons": [{"text": "无管辖"}]})
    take(row, "record_suit", {"court": "示例法院", "party": party(row, "applicant").pk}, by="office")
    suit = Litigation.objects.get()
    assert suit.ruling is None
    suit = take(suit, "withdraw_suit", by="office")
    assert "judgment" not in facts(suit, "judgment", "closed")


def test_clerk_and_leader_take_no_step_here():
    row = filed()
    for role, where in (("clerk", None), ("leader", None)):
        someone = user(f"{role}9", (role, where))
        assert not Proceeding.objects.visible_to(someone, TODAY).filter(pk=row.pk).exists()
        with pytest.raises(DomainError):
            steps.perform(row.pk, "deliberate", by=someone, data={}, version=1, today=TODAY)
    assert (
        json.loads(Event.objects.filter(proceeding=row, version=1).get().body)["changed"]["number"][1]
        == row.number
    )


def test_the_closing_report_of_an_ordinary_ruling_fits_one_page():
    row, _ruling = ruled()
    row = take(row, "draft_paper", {"paper": "adjudication_closing_report"})
    paper = row.documents.get(kind="adjudication_closing_report")
    printed = pdf.render(
        from_json(paper.blocks), "form", code="ABCDEFGH", address="http://localhost/verify/ABCDEFGH/"
    )
    assert len(PdfReader(io.BytesIO(printed)).pages) == 1
