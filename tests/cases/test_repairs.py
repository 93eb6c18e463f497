"""Mistakes put right: 更正, 撤回, 作废 and 并案, 移交, 补录, 不计入统计; old and new stay on the record."""

import json
from datetime import date, timedelta

import pytest
from django.urls import reverse

from cases import chain, kinds, outbox, steps
from cases.errors import Conflict, DomainError, Invalid, NotFound, Refused, VersionMissing
from cases.forms import form_of
from cases.models import Case, Deadline, Event, Number, Outbox, Participation, Proceeding
from cases.permissions import receivers
from cases.views.way import way_of as way
from tests.adjudication.table import TABLE as ADJUDICATION
from tests.cases.assistance_table import TABLE as ASSISTANCE
from tests.factories import TODAY, approve_all, body, clerk, first, register, station, user
from tests.house import build
from tests.mediation.table import TABLE as MEDIATION
from tests.tables import fresh, go, reach

pytestmark = pytest.mark.django_db
TABLES = {table.kind: table for table in (ASSISTANCE, MEDIATION, ADJUDICATION)}
FRIDAY = TODAY  # 2026-11-20


@pytest.fixture
def house():
    return build()


@pytest.fixture
def head():
    return user("head", ("head", body("centre")))


def perform(row, name, by=None, **data):
    return steps.perform(row.pk, name, by=by or clerk(), data=data, version=fresh(row).version, today=TODAY)


def accepted(head, on: str = "", **changes):
    row = first(register(**changes))
    said = {"help_kind": "advice", **({"on": on, "late_reason": "补录"} if on else {})}
    approve_all(perform(row, "accept", **said), head)
    return first(row.case)


def body_of(event) -> dict:
    return json.loads(event.body)


def live(row, fact):
    return list(
        Event.objects.filter(proceeding=row.pk, fact=fact, corrections__isnull=True).values_list(
            "value", "occurred_on"
        )
    )


# 更正 ------------------------------------------------------------------------------------------------------------------


def test_before_acceptance_the_desk_corrects_alone_and_the_clock_is_counted_again(head):
    row = first(register())
    before = row.due_on
    perform(row, "correct_record", column="received_on", value="2026-11-12", reason="看错日期")
    row = first(row.case)
    assert (row.received_on, row.version, row.state) == (date(2026, 11, 12), 1, "received")
    assert row.due_on < before and row.due_rule == "W-03"
    event = Event.objects.get(proceeding=row, version=1)
    assert body_of(event)["changed"]["received_on"] == ["2026-11-20", "2026-11-12"]
    assert body_of(event)["notes"]["reason"] == "看错日期"
    assert live(row, "applied") == [("assistance", date(2026, 11, 12))]
    assert Event.objects.filter(proceeding=row, fact="applied").count() == 2  # the old statement stays


def test_after_acceptance_the_approver_of_acceptance_is_asked(head):
    row = accepted(head, on="2026-11-19", received_on="2026-11-18", late_reason="补录")
    answer = perform(row, "correct_record", column="accepted_on", value="2026-11-18", reason="受理日期有误")
    assert answer.approval.roles == "head" and first(row.case).accepted_on == date(2026, 11, 19)
    approve_all(answer, head)
    row = first(row.case)
    assert row.accepted_on == date(2026, 11, 18)
    assert live(row, "accepted") == [("assistance", date(2026, 11, 18))]
    event = Event.objects.get(proceeding=row, version=2)
    assert (event.by.username, event.approved_by.username, event.known_on) == ("clerk", "head", TODAY)
    assert chain.broken_case_chains() == []


@pytest.mark.parametrize(
    ("column", "value", "why"),
    [
        ("accepted_on", "2026-11-17", "value"), ("accepted_on", "2026-11-21", "value"), ("accepted_on", "11/20", "value"),
        ("received_on", "2026-11-20", "value"), ("outcome", "nonsense", "value"), ("state", "completed", "column"),
        ("number", "津滨知援字〔2026〕9号", "column"), ("handler", "clerk", "column"),
    ],
)  # fmt: skip
def test_a_correction_that_makes_no_sense_is_refused_by_field(head, column, value, why):
    row = accepted(head, on="2026-11-19", received_on="2026-11-18", late_reason="补录")
    events = Event.objects.count()
    with pytest.raises(Invalid) as refusal:
        perform(row, "correct_record", column=column, value=value, reason="试")
    assert why in refusal.value.fields and Event.objects.count() == events


def test_nothing_changes_and_nothing_there_are_refused(head):
    row = accepted(head)
    for column, value, code in (
        ("accepted_on", TODAY.isoformat(), "nothing_changes"), ("closed_on", TODAY.isoformat(), "nothing_to_correct"),
        ("outcome", "completed", "nothing_to_correct"),
    ):  # fmt: skip
        with pytest.raises(DomainError) as refusal:
            perform(row, "correct_record", column=column, value=value, reason="试")
        assert refusal.value.code == code


def test_a_corrected_outcome_is_stated_again(head):
    row = accepted(head)
    perform(row, "withdraw", outcome="withdrawn", reason="撤回")
    approve_all(
        perform(row, "correct_record", column="outcome", value="deemed_withdrawn", reason="实为逾期"), head
    )
    row = first(row.case)
    assert (row.outcome, row.state) == ("deemed_withdrawn", "withdrawn")
    assert live(row, "closed") == [("deemed_withdrawn", TODAY)]
    as_of_then = Event.objects.filter(proceeding=row, fact="closed").order_by("seq").first()
    assert as_of_then.value == "withdrawn" and as_of_then.corrections.get().value == "deemed_withdrawn"


def test_undoing_a_correction_puts_row_facts_and_clock_back():
    row = first(register())
    before = (row.received_on, row.due_on, live(row, "applied"))
    perform(row, "correct_record", column="received_on", value="2026-11-12", reason="看错日期")
    perform(row, "undo_last", reason="没有看错")
    row = first(row.case)
    assert (row.received_on, row.due_on, live(row, "applied")) == before
    assert [d.starts_on for d in row.deadlines.filter(cancelled=False)] == [TODAY]


def test_only_the_clock_that_began_with_the_corrected_day_is_counted_again(house):
    """Received, filed and due on one day: a corrected receipt does not move what filing started."""
    row = reach(ADJUDICATION, "filed", house)
    assert row.received_on == row.accepted_on == TODAY
    main = Deadline.objects.get(proceeding=row.pk, rule="T-18", cancelled=False)
    answer = steps.perform(
        row.pk, "correct_record", by=house.one("adjudicator"),
        data={"column": "received_on", "value": "2026-11-16", "reason": "日期有误"}, version=1, today=TODAY,
    )  # fmt: skip
    approve_all(answer, house.one("head"))
    after = Deadline.objects.get(pk=main.pk)
    assert (after.starts_on, after.due_on) == (main.starts_on, main.due_on)
    assert fresh(row).due_on == row.due_on


def test_a_corrected_day_of_filing_moves_the_main_limit(house):
    row = reach(ADJUDICATION, "received", house)
    steps.perform(
        row.pk, "correct_record", by=house.one("adjudicator"),
        data={"column": "received_on", "value": "2026-11-10", "reason": "日期有误"}, version=0, today=TODAY,
    )  # fmt: skip
    row = go(ADJUDICATION, fresh(row), "file", house)
    main = Deadline.objects.get(proceeding=row.pk, rule="T-18", cancelled=False)
    answer = steps.perform(
        row.pk, "correct_record", by=house.one("adjudicator"),
        data={"column": "accepted_on", "value": "2026-11-16", "reason": "日期有误"}, version=2, today=TODAY,
    )  # fmt: skip
    approve_all(answer, house.one("head"))
    after = Deadline.objects.get(pk=main.pk)
    assert after.starts_on == date(2026, 11, 16) and after.due_on < main.due_on


def test_a_limit_already_met_is_counted_again_so_that_late_is_told_truly(head):
    row = accepted(head, received_on="2026-11-18", late_reason="补录")
    met = row.deadlines.get(rule="W-03")
    assert met.met_on == TODAY and met.met_on <= met.due_on
    approve_all(perform(row, "correct_record", column="received_on", value="2026-10-19", reason="看错"), head)
    again = Deadline.objects.get(pk=met.pk)
    assert (again.starts_on, again.met_on) == (date(2026, 10, 19), TODAY)
    assert again.due_on < again.met_on  # it was late
    approve_all(perform(row, "undo_last", reason="没有看错"), head)
    assert Deadline.objects.get(pk=met.pk).due_on == met.due_on


def test_the_way_shows_the_corrected_days(head):
    row = accepted(head, on="2026-11-19", received_on="2026-11-18", late_reason="补录")
    approve_all(perform(row, "correct_record", column="accepted_on", value="2026-11-18", reason="有误"), head)
    approve_all(perform(row, "correct_record", column="received_on", value="2026-11-16", reason="有误"), head)
    assert [one["date"] for one in way(first(row.case))] == ["11-16", "11-18", ""]
    perform(row, "withdraw", outcome="withdrawn", reason="撤回")
    assert way(first(row.case))[-1]["status"] == "stop"
    approve_all(perform(row, "undo_last", reason="点错"), head)
    assert [(one["date"], one["status"]) for one in way(first(row.case))][-1] == ("", "todo")


@pytest.mark.parametrize("kind", sorted(kinds.all_kinds()))
def test_every_outcome_belongs_to_an_end(kind):
    known = kinds.get(kind)
    settled_before = {"verified"} if kind == "tip" else set()  # its result is told before the reward is paid
    assert set(known.outcomes_of) <= known.ends | settled_before
    assert {code for codes in known.outcomes_of.values() for code in codes} == set(known.outcomes)
    for state, outcome in known.history.values():
        assert state == "recorded" or outcome in known.outcomes_in(state)


def test_an_outcome_that_contradicts_the_end_is_refused_and_not_offered(head):
    row = accepted(head)
    perform(row, "withdraw", outcome="withdrawn", reason="撤回")
    with pytest.raises(Invalid) as refusal:
        perform(row, "correct_record", column="outcome", value="completed", reason="试")
    assert "撤回" in refusal.value.fields["value"][0]
    with pytest.raises(Invalid) as refusal:
        perform(row, "correct_record", column="outcome", outcome="completed", reason="试")
    assert "outcome" in refusal.value.fields
    form = form_of(type(row), "correct_record")(proceeding=fresh(row), by=clerk(), today=TODAY)
    offered = [str(label) for code, label in form.fields["outcome"].choices if code]
    assert offered == ["撤回", "按撤回处理"]
    answer = perform(row, "correct_record", column="outcome", outcome="deemed_withdrawn", reason="实为逾期")
    approve_all(answer, head)
    assert first(row.case).outcome == "deemed_withdrawn"


def test_a_date_and_an_outcome_at_once_are_refused(head):
    row = accepted(head)
    perform(row, "withdraw", outcome="withdrawn", reason="撤回")
    for said, wrong in (
        ({"column": "closed_on", "value": "2026-11-20", "outcome": "withdrawn"}, "outcome"),
        ({"column": "outcome", "value": "2026-11-20", "outcome": "withdrawn"}, "value"),
        ({"column": "outcome"}, "outcome"), ({"column": "closed_on"}, "value"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refusal:
            perform(row, "correct_record", reason="试", **said)
        assert list(refusal.value.fields) == [wrong]


# data of the case ----------------------------------------------------------------------------------------------------------


def test_a_corrected_party_stands_on_the_record_protected_values_as_digests_only():
    case = register()
    party = case.parties.first()
    said = {
        "party": party.pk,
        "revision": 0,
        "name": "甲新公司",
        "phone": "13900139000",
        "reason": "电话变更",
    }
    steps.case_act(case.pk, "correct_party", by=clerk(), data=said, today=TODAY)
    event = Event.objects.get(case=case, name="correct_party")
    changed = body_of(event)["notes"]["corrected"]
    assert changed["name"] == ["甲公司", "甲新公司"]
    assert (
        all(len(digest) == 64 for digest in changed["phone"]) and changed["phone"][0] != changed["phone"][1]
    )
    for plain in ("13900139000", "13800138000"):
        assert plain not in event.body
    party = Case.objects.get(pk=case.pk).parties.first()
    assert (party.name, party.phone, party.revision) == ("甲新公司", "13900139000", 1)


@pytest.mark.parametrize("name", ["correct_case", "correct_party", "correct_right"])
def test_a_row_two_may_edit_asks_for_its_revision(name):
    case = register()
    said = {
        "correct_case": {"summary": "更正后"},
        "correct_party": {"party": case.parties.first().pk, "name": "甲新公司"},
        "correct_right": {"right": case.rights.first().pk, "title": "某商标"},
    }[name] | {"reason": "更正"}
    with pytest.raises(VersionMissing):
        steps.case_act(case.pk, name, by=clerk(), data=said, today=TODAY)
    with pytest.raises(Conflict) as refusal:
        steps.case_act(case.pk, name, by=clerk(), data=said | {"revision": 7}, today=TODAY)
    assert refusal.value.code == "stale_revision"
    steps.case_act(case.pk, name, by=clerk(), data=said | {"revision": 0}, today=TODAY)
    with pytest.raises(DomainError) as refusal:
        steps.case_act(case.pk, name, by=clerk(), data=said | {"revision": 1}, today=TODAY)
    assert refusal.value.code == "nothing_changes"


def test_a_party_of_another_case_cannot_be_corrected_through_this_one():
    case, other = register(), register()
    said = {"party": other.parties.first().pk, "revision": 0, "name": "混入", "reason": "试"}
    with pytest.raises(Invalid):
        steps.case_act(case.pk, "correct_party", by=clerk(), data=said, today=TODAY)


# 撤回误操作 --------------------------------------------------------------------------------------------------------------


def test_undoing_keeps_what_an_act_has_changed_since(head):
    """Accepted, handed over, then acceptance is undone: who handles it now stays."""
    row = accepted(head)
    other = clerk("clerk2")
    steps.act(row.pk, "hand_over", by=user("boss", ("station_head", station("s1"))),
              data={"user": other.username, "reason": "调岗"}, today=TODAY)  # fmt: skip
    approve_all(perform(row, "undo_last", reason="点错"), head)
    row = first(row.case)
    assert (row.state, row.handler, row.number, row.help_kind) == ("received", other, None, "")
    parts = Participation.objects.filter(proceeding=row, cancelled=False, to_on__isnull=True)
    assert [part.user for part in parts] == [other]


def test_undoing_takes_back_what_the_step_opened_unless_it_has_moved_on(head, house):
    row = accepted(head)
    perform(row, "convert")
    child = Proceeding.objects.get(parent=row).concrete()
    answer = perform(row, "undo_last", reason="点错")
    approve_all(answer, head)
    child = fresh(child)
    assert (child.state, child.is_open, first(row.case).state) == ("void", False, "accepted")
    assert not Event.objects.filter(proceeding=child, fact__isnull=False, corrections__isnull=True).exists()
    perform(row, "convert")
    second = Proceeding.objects.filter(parent=row).latest("pk").concrete()
    go(MEDIATION, second, "withdraw", house)
    with pytest.raises(DomainError) as refusal:
        perform(row, "undo_last", reason="点错")
    assert refusal.value.code == "child_moved_on"


def test_undone_papers_are_void_and_undone_effects_are_harmless(head):
    row = accepted(head)
    approve_all(perform(row, "undo_last", reason="点错"), head)
    assert [d.state for d in row.documents.all()] == ["void"]
    outbox.drain()
    assert set(Outbox.objects.values_list("state", flat=True)) == {"done"}
    assert Number.objects.get().void_on == TODAY


def test_undoing_needs_a_reason_and_is_not_done_twice(head):
    row = first(register())
    with pytest.raises(DomainError) as refusal:
        perform(row, "undo_last", reason="点错")
    assert refusal.value.code == "nothing_to_undo"
    perform(row, "transfer", to="法院", reason="管辖")
    with pytest.raises(Invalid):
        perform(row, "undo_last", reason="")
    perform(row, "undo_last", reason="点错")
    with pytest.raises(DomainError) as refusal:
        perform(row, "undo_last", reason="点错")
    assert refusal.value.code == "already_undone"


# 作废, 并案 --------------------------------------------------------------------------------------------------------------


def boss():
    return user("boss", ("station_head", station("s1")))


@pytest.mark.parametrize("kind", TABLES)
def test_voiding_ends_it_and_what_it_stated_counts_no_longer(house, kind):
    table = TABLES[kind]
    row = reach(table, table.edges[("received", table.accepting)], house)
    number = row.number
    row = go(table, row, "void", house)
    assert (row.state, row.is_open, str(row.due_on)) == ("void", False, "9999-12-31")
    assert not Event.objects.filter(proceeding=row, fact__isnull=False, corrections__isnull=True).exists()
    assert Number.objects.get(text=number).void_on == TODAY and row.number == number
    assert chain.broken_case_chains() == []


def test_merging_is_told_to_the_other_case_once(head):
    into, gone = register(), register()
    row = first(gone)
    for said, code in (({}, "merge_needs_target"), ({"into": gone.registration_no}, "merge_into_itself")):
        with pytest.raises(DomainError) as refusal:
            perform(row, "void", boss(), ground="merged", reason="同一纠纷", **said)
        assert refusal.value.code == code
    with pytest.raises(Invalid):
        perform(row, "void", boss(), ground="merged", reason="同一纠纷", into="2026-999999")
    perform(row, "void", boss(), ground="merged", reason="同一纠纷", into=into.registration_no)
    assert not Event.objects.filter(case=into, name="merge").exists()
    for _time in range(3):
        outbox.drain()
    told = Event.objects.get(case=into, name="merge")
    assert body_of(told)["notes"] == {"merged": gone.registration_no, "proceeding": row.pk}
    assert body_of(Event.objects.get(proceeding=row, name="void"))["notes"]["into"] == into.pk
    assert chain.broken_case_chains() == []


def test_an_undone_merge_is_told_to_the_other_case_once(head):
    into, gone = register(), register()
    row = first(gone)
    perform(row, "void", boss(), ground="merged", reason="同一纠纷", into=into.registration_no)
    perform(row, "undo_last", clerk(), reason="不是同一纠纷")
    for _time in range(3):
        outbox.drain()
    names = list(
        Event.objects.filter(case=into, name__in=("merge", "unmerge")).values_list("name", flat=True)
    )
    assert names == ["merge", "unmerge"]
    told = Event.objects.get(case=into, name="unmerge")
    assert body_of(told)["notes"] == {"merged": gone.registration_no, "proceeding": row.pk}
    assert first(gone).state == "received" and chain.broken_case_chains() == []


def test_a_merge_undone_before_it_was_told_waits_for_the_telling(head):
    into, gone = register(), register()
    row = first(gone)
    perform(row, "void", boss(), ground="merged", reason="同一纠纷", into=into.registration_no)
    perform(row, "undo_last", clerk(), reason="不是同一纠纷")
    late, early = Outbox.objects.get(name="case_merged"), Outbox.objects.get(name="merge_undone")
    assert outbox.run(early) is False and not Event.objects.filter(case=into, name="unmerge").exists()
    assert outbox.run(late) and outbox.run(early)
    assert Event.objects.filter(case=into, name="unmerge").count() == 1


def test_nobody_merges_by_hand_and_nobody_into_what_he_cannot_see():
    case = register()
    with pytest.raises(Refused):
        steps.case_act(case.pk, "merge", by=boss(), data={"merged": "x", "proceeding": 1}, today=TODAY)
    foreign = register(clerk("clerk2", at="s2"), station="s2")
    with pytest.raises(Invalid) as refusal:
        perform(first(case), "void", boss(), ground="merged", reason="试", into=foreign.registration_no)
    assert "into" in refusal.value.fields


# 移交 --------------------------------------------------------------------------------------------------------------------


def test_handing_over_moves_the_handler_and_the_participation(head):
    row = accepted(head)
    version, other = row.version, clerk("clerk2")
    said = {"user": other.username, "reason": "调岗"}
    with pytest.raises(Refused):
        steps.act(row.pk, "hand_over", by=clerk(), data=said, today=TODAY)
    steps.act(row.pk, "hand_over", by=boss(), data=said, today=TODAY)
    row = first(row.case)
    assert (row.handler, row.version) == (other, version)
    parts = list(
        Participation.objects.filter(proceeding=row).order_by("pk").values_list("user__username", "to_on")
    )
    assert parts == [("clerk", TODAY), ("clerk2", None)]
    with pytest.raises(DomainError) as refusal:
        steps.act(row.pk, "hand_over", by=boss(), data=said, today=TODAY)
    assert refusal.value.code == "already_handler"


def test_handing_over_to_somebody_who_cannot_work_on_it_is_refused_by_field(head, house):
    row = accepted(head)
    for other in (clerk("far", at="s2"), house.one("mediator"), house.one("leader"), user("nobody")):
        with pytest.raises(Invalid) as refusal:
            steps.act(
                row.pk, "hand_over", by=boss(), data={"user": other.username, "reason": "调岗"}, today=TODAY
            )
        assert "不能承办" in refusal.value.fields["user"][0]
    form = form_of(type(row), "hand_over")(proceeding=row, by=boss(), today=TODAY)
    assert {u.username for u in form.fields["user"].queryset} == {"clerk", "clerk1", "station_head1", "boss"}


def test_who_judges_the_dispute_is_not_offered_its_mediation(house):
    row = reach(ADJUDICATION, "filed", house)
    judge = user(row.handler.username, ("mediator", body("committee")))
    said = {"proceeding": "mediation", "mediation_kind": "people"}
    steps.case_act(row.case_id, "open_proceeding", by=house.one("clerk"), data=said, today=TODAY)
    mediation = row.case.proceedings.get(kind="mediation").concrete()
    assert judge not in receivers(mediation, TODAY) and house.one("mediator") in receivers(mediation, TODAY)
    elsewhere = first(register(house.one("clerk"), proceeding="mediation", mediation_kind="people"))
    assert judge in receivers(elsewhere, TODAY)


def test_handing_everything_over_says_of_each_case_why_not(head, house, client):
    here, there = accepted(head), reach(ADJUDICATION, "filed", house)
    officer = there.handler
    client.force_login(house.one("head"))
    said = {"giver": officer.username, "taker": "clerk", "reason": "调岗", "go": "1"}
    page = client.post(reverse("hand_over_all"), said)
    assert page.status_code == 400 and "不能承办" in page.content.decode()
    assert fresh(there).handler == officer and fresh(here).handler.username == "clerk"
    other = next(one for one in house.people["adjudicator"] if one != officer)
    page = client.post(reverse("hand_over_all"), said | {"taker": other.username, "key": "k"})
    assert [one["ok"] for one in page.context["results"]] == [True]


# 补录 --------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("on", "reason", "ok"),
    [
        ("2026-11-20", "", True), ("2026-11-19", "", True),
        ("2026-11-17", "", True),  # Wednesday, Thursday, Friday: three working days
        ("2026-11-16", "", False), ("2026-11-16", "系统停用", True), ("2026-11-21", "", False),
        ("2026-11-09", "系统停用", False),  # before receipt
    ],
)  # fmt: skip
def test_late_entry_says_when_it_was_and_why_it_comes_now(on, reason, ok):
    row = first(register(received_on="2026-11-10", late_reason="补录"))
    said = {"to": "法院", "reason": "管辖", "on": on, **({"late_reason": reason} if reason else {})}
    if not ok:
        with pytest.raises(Invalid) as refusal:
            perform(row, "transfer", **said)
        assert set(refusal.value.fields) & {"on", "late_reason"}
        return
    perform(row, "transfer", **said)
    event = Event.objects.get(proceeding=row, version=1)
    assert (event.occurred_on.isoformat(), event.known_on) == (on, TODAY)
    assert event.origin == ("late" if on < TODAY.isoformat() else "entered")
    assert body_of(event)["notes"].get("late_reason", "") == reason
    assert first(row.case).closed_on.isoformat() == on


def test_a_step_is_never_dated_before_acceptance(head):
    row = accepted(head, on="2026-11-19", received_on="2026-11-16", late_reason="补录")
    with pytest.raises(Invalid) as refusal:
        perform(row, "transfer", to="法院", reason="管辖", on="2026-11-18")
    assert "on" in refusal.value.fields


def test_an_approved_step_is_dated_the_day_of_the_last_approval_unless_late(head):
    later = TODAY + timedelta(4)
    row = first(register())
    answer = perform(row, "accept", help_kind="advice")
    approve_all(answer, head, today=later)
    assert first(row.case).accepted_on == later
    row = first(register())
    answer = perform(row, "accept", help_kind="advice", on=TODAY.isoformat(), late_reason="补录")
    approve_all(answer, head, today=later)
    assert first(row.case).accepted_on in (TODAY, later)


# 不计入统计 ---------------------------------------------------------------------------------------------------------------


def test_a_case_is_taken_out_of_figures_and_back_with_the_reason(house):
    case = register()
    head = house.one("head")
    with pytest.raises((Refused, NotFound)):
        steps.case_act(case.pk, "exclude_from_figures", by=clerk(), data={"reason": "测试"}, today=TODAY)
    for counted, value in ((False, "yes"), (True, "no")):
        steps.case_act(case.pk, "exclude_from_figures", by=head, data={"reason": "重复报送"}, today=TODAY)
        case = Case.objects.get(pk=case.pk)
        assert case.counted is counted and case.not_counted_reason == ("" if counted else "重复报送")
        event = Event.objects.filter(case=case, fact="excluded").latest("seq")
        assert event.value == value and body_of(event)["notes"]["reason"] == "重复报送"
    assert chain.broken_case_chains() == []
