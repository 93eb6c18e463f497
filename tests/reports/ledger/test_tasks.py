"""Tasks: entered once from the plan, moved by the district, agreed by the leader; standing, units, the figure."""

import json
from datetime import date, timedelta

import pytest
from django.core.management import call_command

from cases import steps
from cases.errors import DomainError, Invalid, Refused
from cases.models import Case, Event
from cases.steps import Waiting
from reports import periods
from reports.indicators import figures
from reports.ledger import presets, scoring, standing, watched
from reports.ledger.evidence import Answers, sources
from reports.models import EvidenceTie, LedgerTask, Plan, PlanReading, SupportPolicy
from reports.watching.rules import rules
from stations.models import Unit
from stations.models.units import alike, get_or_enter, join, kind_by_name
from tests.factories import approve_all, body, user
from tests.processes import outcomes, together
from tests.reports.ledger.ground import TODAY, act, complete, district, leader, read, step, task
from tests.reports.ledger.plans import PLAN

pytestmark = pytest.mark.django_db
YEAR = periods.year(2026)


def lines():
    return {one.task.item: one for one in standing.tasks(TODAY)}


def tasks_done(as_of=TODAY, period=YEAR):
    return figures(["tasks_done"], [period], as_of)["tasks_done"][0]


# reading in --------------------------------------------------------------------------------------------------------


def test_a_plan_read_in_makes_each_item_once_and_again_adds_nothing():
    first, again = read(), read()
    assert (first.indicators, first.tasks, first.special, first.policies, first.added) == (2, 5, 1, 3, 8)
    assert (again.added, LedgerTask.objects.count(), SupportPolicy.objects.count()) == (0, 5, 3)
    assert (Plan.objects.count(), PlanReading.objects.count()) == (1, 1)
    assert {case.category for case in Case.objects.all()} == {"matter"}
    assert [row["item"] for row in again.differences if row["kind"] != "indicator"] == []


def test_a_target_that_differs_from_the_plan_is_told_and_not_changed():
    told = [row for row in read().differences if row["kind"] == "indicator"]
    assert [(row["item"], row["ours"], row["theirs"]) for row in told] == [(2, "70", "66")]


def test_another_edition_shows_differences_and_overwrites_no_work():
    read()
    act(task(1), "note_progress", text="已召开一次")
    other = PLAN.replace("	2023.6\n", "	2023.9\n").replace("建立示例协调机制", "建立示例机制")
    account = read(other + "\n")
    assert account.added == 0
    told = {
        (row["item"], row["column"]): row["theirs"] for row in account.differences if row["kind"] == "task"
    }
    assert told == {(1, "text"): "建立示例机制。", (1, "deadline_text"): "2023.9"}
    kept = task(1)
    assert (kept.text, kept.deadline_text, kept.progress.count()) == ("建立示例协调机制。", "2023.6", 1)


def test_a_new_item_of_another_edition_is_entered_and_a_missing_one_is_told():
    read()
    more = PLAN.replace(
        "	5 \n", "	5 \n	推动示例合作。\n	丙区\n	人员丙\n	2030.10\n\n	6 \n"
    )
    assert read(more).added == 1
    differences = read(PLAN).differences
    assert [(row["item"], row["theirs"]) for row in differences if row["kind"] == "task"] == [
        (6, "本版没有这一项")
    ]


def test_the_command_tells_counts_and_refusals_as_json(tmp_path, capsys):
    paper = tmp_path / "plan.txt"
    paper.write_text(PLAN, "gb18030")
    call_command("import_plan", str(paper), "--json")
    told = json.loads(capsys.readouterr().out)
    assert {key: told[key] for key in ("indicators", "tasks", "special", "policies", "refused")} == {
        "indicators": 2, "tasks": 5, "special": 1, "policies": 3, "refused": [],
    }  # fmt: skip
    paper.write_text(PLAN.replace("	2023.6\n", "	年底\n"), "utf-8")
    with pytest.raises(SystemExit):
        call_command("import_plan", str(paper), "--json")
    (refused,) = json.loads(capsys.readouterr().out)["refused"]
    assert (refused["column"], refused["value"], refused["reason"]) == ("完成时限", "年底", "bad_deadline")


# who may -----------------------------------------------------------------------------------------------------------


def test_the_district_enters_a_task_and_nobody_else():
    read()
    data = {"text": "会议决定的任务", "units_text": "甲局及相关成员单位", "deadline": "2026.12"}
    made = steps.open_matter("ledger_task", by=district(), data=data, today=TODAY)
    assert LedgerTask.objects.get(pk=made.proceeding).item == 6
    for other in (leader(), user("clerk-x", ("clerk", None)), user("office-x", ("office", None))):
        with pytest.raises(Refused):
            steps.open_matter("ledger_task", by=other, data=data, today=TODAY)


def test_an_unknown_unit_or_a_number_taken_is_refused_with_what_to_do():
    read()
    data = {"item": 1, "text": "任务", "units_text": "无名局", "deadline": "2026"}
    with pytest.raises(Invalid) as refusal:
        steps.open_matter("ledger_task", by=district(), data=data, today=TODAY)
    assert set(refusal.value.fields) == {"item", "units_text", "deadline"}


def test_completion_waits_for_the_leader_and_states_the_fact():
    read()
    waiting = step(task(3), "complete", summary="已建成")
    assert isinstance(waiting, Waiting) and task(3).state == "received"
    with pytest.raises(Refused):
        step(task(1), "complete", by=leader(), summary="已建成")
    done = complete(1)
    assert (done.state, done.closed_on, done.is_open) == ("done", TODAY, False)
    fact = Event.objects.get(fact="task_done")
    assert (fact.value, fact.occurred_on) == ("base", TODAY)


def test_nobody_approves_what_he_asked_for():
    read()
    both = user("both", ("district", None), ("leader", None))
    answer = step(task(1), "complete", by=both, summary="已建成")
    with pytest.raises(DomainError):
        steps.perform(task(1).pk, "start", by=both, data={}, version=0, today=TODAY)
    assert answer.approval.state == "open" and task(1).state == "received"


def test_a_doubtful_time_limit_is_settled_before_anything_ends():
    read()
    with pytest.raises(DomainError) as refusal:
        step(task(4), "complete", summary="已建成")
    assert refusal.value.code == "unclear_deadline"
    with pytest.raises(Invalid) as missing:
        step(task(4), "settle", answer="为十月", document="会议纪要")
    assert "deadline_on" in missing.value.fields
    from_minutes = {"answer": "为十月", "document": "会议纪要", "deadline_on": "2024-10-31"}
    answer = step(task(4), "settle", **from_minutes)
    steps_approved(answer)
    assert (task(4).deadline_on, task(4).deadline_text, lines()[4].standing.code) == (
        date(2024, 10, 31), "2024.1", "late",
    )  # fmt: skip


def steps_approved(answer):
    done = approve_all(answer, leader(), today=TODAY)
    assert done.state == "granted", done.reason


# standing ----------------------------------------------------------------------------------------------------------


def test_late_continuing_unclear_and_running_are_derived():
    read()
    complete(3)
    assert {number: one.standing.code for number, one in lines().items()} == {
        1: "late", 2: "continuing", 3: "done", 4: "unclear", 5: "running",
    }  # fmt: skip
    assert lines()[1].standing.late_months == 41


def test_sixty_days_without_evidence_count_from_the_entry_or_the_last_proof():
    read(today=TODAY - timedelta(days=60))
    assert all(one.standing.silent for one in lines().values())
    act(task(1), "note_progress", text="已召开", today=TODAY)
    assert [number for number, one in lines().items() if not one.standing.silent] == [1]
    assert {one.standing.silent_days for number, one in lines().items() if number != 1} == {60}
    day_before = {one.task.item: one for one in standing.tasks(TODAY - timedelta(days=1))}
    assert not day_before[2].standing.silent


def test_a_progress_taken_back_proves_nothing_any_more():
    read(today=TODAY - timedelta(days=60))
    act(task(1), "note_progress", text="记错了")
    event = Event.objects.get(name="note_progress")
    act(task(1), "undo_act", act=event.pk, reason="记错")
    assert task(1).proved_on is None and lines()[1].standing.silent


# evidence ----------------------------------------------------------------------------------------------------------


def test_a_tie_tells_what_the_record_says_now_and_only_once():
    read()
    act(task(1), "tie_evidence", source="indicator:aid_and_mediation")
    with pytest.raises(DomainError):
        act(task(1), "tie_evidence", source="indicator:aid_and_mediation")
    (tie,) = EvidenceTie.objects.filter(matter=task(1).pk, preset=False)
    told = Answers(TODAY).one(tie.source)
    assert "0 件" in told.words and told.url == "/board/aid_and_mediation/"
    act(task(1), "untie_evidence", tie=tie.pk, reason="不对应")
    assert not task(1).ties.filter(cancelled=False, preset=False).exists()


def test_a_matter_is_tied_only_if_the_person_sees_it():
    read()
    act(task(1), "tie_evidence", source="matter", ref=str(task(2).pk))
    for wrong in ("", "987654321", "x"):
        with pytest.raises(Invalid):
            act(task(3), "tie_evidence", source="matter", ref=wrong)
    assert "长期坚持" not in Answers(TODAY).one("matter", str(task(2).pk)).words


def test_a_source_nobody_keeps_proves_nothing():
    assert not Answers(TODAY).one("matters:never_built").proves


# units -------------------------------------------------------------------------------------------------------------


def test_a_successor_answers_from_its_day_and_the_plan_keeps_its_words():
    read()
    new = get_or_enter("新局")
    old = task(4).task_units.get(name__text="甲局")
    data = {"task_unit": old.pk, "unit": new.pk, "since": "2024-03-01", "document": "机构改革方案"}
    act(task(4), "hand_to_unit", **data)
    assert [one.name.text for one in task(4).units_on(TODAY)] == ["丙区", "新局"]
    assert [one.name.text for one in task(4).units_on(date(2024, 2, 29))] == ["甲局", "丙区"]
    assert task(4).units_text == "甲局、丙区"
    with pytest.raises(Invalid):
        act(task(4), "hand_to_unit", **data)


def test_two_names_of_one_unit_are_joined_and_their_tasks_follow():
    read()
    long, short = get_or_enter("丙天津生态区"), get_or_enter("丙生态区")
    assert (short, long) in alike(list(Unit.objects.all()))
    zone = Unit.objects.get(name="丙区")
    join(zone, long)
    assert long in lines()[5].units and zone not in lines()[5].units


@pytest.mark.parametrize(
    ("name", "kind"), [("各街镇", "group"), ("区法院", "justice"), ("高新区", "zone"), ("驻区海关", "customs"), ("区司法局", "bureau")]
)  # fmt: skip
def test_the_kind_of_a_unit_is_suggested_by_its_name(name, kind):
    assert kind_by_name(name) == kind


def test_a_score_is_its_formula():
    assert scoring.Score(done=1, owed=4, fresh=2, open=4, unanswered=0).value == 15 + 15 + 10
    assert scoring.Score(done=0, owed=0, fresh=0, open=0, unanswered=1).value is None
    assert scoring.Score(done=3, owed=3, fresh=0, open=0, unanswered=1).value == 90


# the figure --------------------------------------------------------------------------------------------------------


def test_tasks_done_counts_what_was_told_by_the_day():
    start = date(2026, 3, 1)
    read(today=start)
    complete(1, on=date(2026, 5, 4), today=date(2026, 7, 1))
    complete(3, on=date(2026, 6, 30), today=date(2026, 6, 30))
    now = tasks_done()
    assert (now.value, now.numerator, now.denominator, now.parts) == (
        2,
        2,
        5,
        {"special_done": 1, "special": 1},
    )
    assert tasks_done(as_of=date(2026, 6, 30)).value == 1  # task 1 was not known yet
    assert tasks_done(as_of=TODAY, period=periods.month(2026, 5)).value == 1
    assert tasks_done(as_of=date(2026, 2, 1)).value is None  # no plan was known
    step_back = step(task(1), "reopen", reason="材料不实", today=date(2026, 11, 2))
    assert approve_all(step_back, leader(), today=date(2026, 11, 2)).state == "granted"
    assert (tasks_done().value, tasks_done(as_of=date(2026, 11, 1)).value) == (1, 2)


# two at once -------------------------------------------------------------------------------------------------------


def test_two_readings_at_once_enter_each_item_once(committing):
    body("bureau")
    answers = together([lambda: read().added, lambda: read().added])
    assert [one[0] for one in answers] == ["done", "done"], answers
    assert sum(one[1] for one in answers) == 8, answers
    assert LedgerTask.objects.count() == 5


def test_two_starts_at_once_leave_one(committing):
    read()
    row = task(1)

    def job():
        return steps.perform(row.pk, "start", by=district(), data={}, version=0, today=TODAY).state

    district()
    assert sorted(outcomes(together([job, job]))) == ["done", "stale_version"]
    assert task(1).version == 1


def test_every_usual_tie_is_a_source_somebody_keeps():
    codes = {
        code
        for number in range(1, 65)
        for code in (*presets.task(number).evidence, *presets.policy(number).evidence)
    }
    assert len(codes) > 10 and codes <= set(sources())


def test_the_watch_finds_silent_tasks_by_unit():
    read(today=TODAY - timedelta(days=60))
    found = {one.text: one.number for one in watched.silent_tasks(rules()["silent_tasks"], TODAY)}
    assert found["丙区：2 项方案任务 60 日没有佐证"] == 2
    assert not list(watched.silent_tasks(rules()["silent_tasks"], TODAY - timedelta(days=1)))
