"""Two at once on one case, in processes of their own: one wins, the other is told and loses nothing, no chain forks."""

import os

import pytest

from cases import approvals, chain, kinds, steps
from cases.models import Approval, Case, Event, Number, Proceeding
from cases.steps import Waiting
from tests.factories import TODAY, approve_all, body, clerk, first, register, user
from tests.house import build
from tests.processes import outcomes, together

ROUNDS = 500 if os.environ.get("ZHIHENG_LONG") == "1" else 20
RACES = range(ROUNDS)
HAS_MEDIATION = "mediation" in kinds.all_kinds()
MEDIATION = {"proceeding": "mediation", "mediation_kind": "people"}
WITHDRAW = {"outcome": "withdrawn", "reason": "申请人撤回"}


@pytest.fixture
def head(committing):
    return user("head", ("head", body("centre")))


def accepted(head) -> Proceeding:
    row = first(register())
    answer = steps.perform(row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY)
    approve_all(answer, head)
    return first(row.case)


def step(row, name, by, data=None, version=None):
    """A job: one step, its answer as words."""

    def job():
        seen = row.version if version is None else version
        answer = steps.perform(row.pk, name, by=by, data=data or {}, version=seen, today=TODAY)
        return (
            ("asked", answer.approval.pk) if isinstance(answer, Waiting) else (answer.state, answer.version)
        )

    return job


def decision(pk, word, by, reason=""):
    return lambda: approvals.decide(pk, word, by=by, reason=reason, today=TODAY).state


def act(row, name, by, data=None):
    return lambda: steps.act(row.pk, name, by=by, data=data or {}, today=TODAY)


def case_act(case, name, by, data):
    return lambda: steps.case_act(case.pk, name, by=by, data=data, today=TODAY)


def whole(row, *, version: int, state: str) -> None:
    """The row, its events and its chain agree, and there is no second truth."""
    fresh = first(row.case) if row.case.proceedings.count() == 1 else type(row).objects.get(pk=row.pk)
    assert (fresh.state, fresh.version) == (state, version)
    taken = list(Event.objects.filter(proceeding=row.pk, version__isnull=False).order_by("seq"))
    assert [event.version for event in taken] == list(range(1, version + 1))
    states = ["received", *(event.to_state for event in taken)]
    assert [event.from_state for event in taken] == states[:-1] and states[-1] == state
    assert chain.broken_case_chains([row.case_id]) == []


def test_two_closers_one_wins(head):
    other = clerk("clerk2")
    for _round in RACES:
        row = first(register())
        answers = together(
            [
                step(row, "withdraw", clerk(), WITHDRAW),
                step(row, "transfer", other, {"to": "法院", "reason": "管辖"}),
            ]
        )
        assert outcomes(answers) in (["done", "stale_version"],)
        won = next(a[1] for a in answers if a[0] == "done")
        whole(row, version=1, state=won[0])
        assert Event.objects.filter(proceeding=row, fact="closed").count() == 1
        assert [a[2] for a in answers if a[0] == "refused"] == [409]


def test_a_closer_and_one_who_undoes(head):
    """Undo of acceptance asks the head; the clerk closes meanwhile. Whoever comes second is told."""
    for _round in RACES:
        row = first(register())
        steps.perform(
            row.pk, "transfer", by=clerk(), data={"to": "法院", "reason": "管辖"}, version=0, today=TODAY
        )
        row = first(row.case)
        answers = together(
            [
                step(row, "undo_last", clerk(), {"reason": "点错"}),
                step(row, "undo_last", clerk("clerk2"), {"reason": "点错"}),
            ]
        )
        assert outcomes(answers) == ["done", "stale_version"]
        whole(row, version=2, state="received")
        assert Event.objects.filter(proceeding=row, corrects__fact="closed").count() == 1
    for _round in RACES:
        row = accepted(head)
        answers = together(
            [
                step(row, "undo_last", clerk(), {"reason": "点错"}),
                step(row, "withdraw", clerk("clerk2"), WITHDRAW),
            ]
        )
        assert outcomes(answers) in (["approval_pending", "done"], ["done", "stale_version"])
        fresh = first(row.case)
        whole(row, version=fresh.version, state=fresh.state)
        assert (fresh.version, fresh.state) in ((1, "accepted"), (2, "withdrawn"))


def test_two_ask_for_approval_at_once(head):
    for _round in RACES:
        row = first(register())
        answers = together(
            [step(row, "accept", by, {"help_kind": "advice"}) for by in (clerk(), clerk("clerk2"))]
        )
        assert outcomes(answers) == ["approval_pending", "done"]
        assert Approval.objects.filter(proceeding=row).count() == 1
        whole(row, version=0, state="received")


def test_two_approvers_decide_once(head):
    second = user("head2", ("head", body("centre")))
    for number in RACES:
        row = first(register())
        answer = steps.perform(
            row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY
        )
        pk = answer.approval.pk
        word, reason = ("refuse", "材料不实") if number % 2 else ("approve", "")
        answers = together(
            [
                decision(pk, "approve", head),
                decision(pk, word, second, reason),
            ]
        )
        assert outcomes(answers) == ["approval_ended", "done"]
        fresh = first(row.case)
        whole(row, version=fresh.version, state=fresh.state)
        approval = Approval.objects.get(pk=pk)
        assert len(approval.decided.splitlines()) == 1
        assert (approval.state, fresh.state) in (("granted", "accepted"), ("refused", "received"))
        assert Number.objects.filter(proceeding=row).count() == fresh.version
    given = list(Number.objects.order_by("serial").values_list("serial", flat=True))
    assert given == list(range(1, len(given) + 1))


def test_an_approver_and_the_proposer_who_withdraws(head):
    for _round in RACES:
        row = first(register())
        pk = steps.perform(
            row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY
        ).approval.pk
        answers = together(
            [
                decision(pk, "approve", head),
                decision(pk, "withdraw", clerk()),
            ]
        )
        assert outcomes(answers) == ["approval_ended", "done"]
        fresh = first(row.case)
        whole(row, version=fresh.version, state=fresh.state)


def test_an_act_and_a_step_both_stand(head):
    """An act needs no version: it happens before or after the step, or is refused for the state; never lost."""
    defects = {"defects": [{"text": "身份证明"}]}
    for _round in RACES:
        row = first(register())
        answers = together(
            [act(row, "ask_correction", clerk("clerk2"), defects), step(row, "withdraw", clerk(), WITHDRAW)]
        )
        assert outcomes(answers) in (["done", "done"], ["done", "wrong_state"])
        assert answers[1][0] == "done"
        whole(row, version=1, state="withdrawn")
        done = Event.objects.filter(proceeding=row, name="ask_correction").count()
        assert done == (answers[0][0] == "done")
        running = row.deadlines.filter(met_on__isnull=True, cancelled=False)
        assert [limit.rule for limit in running] == ["AR-01"], (
            "of the clocks only the time to archive runs on"
        )


def test_two_correct_one_party_at_once(head):
    for _round in RACES:
        case = register()
        party = case.parties.first()
        answers = together(
            [
                case_act(
                    case,
                    "correct_party",
                    by,
                    {"party": party.pk, "revision": 0, "name": name, "reason": "错字"},
                )
                for by, name in ((clerk(), "甲一公司"), (clerk("clerk2"), "甲二公司"))
            ]
        )
        assert outcomes(answers) == ["done", "stale_revision"]
        party.refresh_from_db()
        won = Event.objects.get(case=case, name="correct_party")
        assert party.revision == 1 and party.name in won.body
        assert chain.broken_case_chains([case.pk]) == []


def test_two_proceedings_of_one_case_fork_no_chain(head):
    other = clerk("clerk2")
    for _round in RACES:
        case = register()
        if HAS_MEDIATION:
            steps.case_act(case.pk, "open_proceeding", by=clerk(), data=MEDIATION, today=TODAY)
        rows = [row.concrete() for row in case.proceedings.order_by("pk")]
        jobs = [step(rows[0], "withdraw", clerk(), WITHDRAW)]
        jobs += [
            case_act(case, "correct_case", other, {"summary": f"更正{n}", "revision": 0, "reason": "补充"})
            for n in range(2)
        ]
        if len(rows) > 1:
            voids = {"ground": "mistake", "reason": "登记有误"}
            jobs.append(step(rows[1], "void", build().one("station_head"), voids))
        answers = together(jobs)
        assert outcomes(answers) == sorted(["stale_revision", *["done"] * (len(jobs) - 1)])
        seqs = list(Event.objects.filter(case=case).order_by("seq").values_list("seq", flat=True))
        assert seqs == list(range(1, len(seqs) + 1))
        assert chain.broken_case_chains([case.pk]) == []


@pytest.mark.skipif(not HAS_MEDIATION, reason="no mediation in this house")
def test_two_open_the_same_kind_at_once(head):
    """A second mediation of one dispute while the first is open is refused."""
    for _round in RACES:
        case = register()
        answers = together(
            [case_act(case, "open_proceeding", by, MEDIATION) for by in (clerk(), clerk("clerk2"))]
        )
        assert outcomes(answers) == ["done", "invalid"]
        assert case.proceedings.filter(kind="mediation").count() == 1
        assert chain.broken_case_chains([case.pk]) == []


def test_eight_register_at_once(head):
    by = clerk()
    answers = together([lambda n=n: register(by, summary=f"第{n}件").pk for n in range(8)])
    assert outcomes(answers) == ["done"] * 8
    numbers = sorted(Case.objects.values_list("registration_no", flat=True))
    assert numbers == [f"2026-{n:06d}" for n in range(1, 9)]
    assert chain.broken_case_chains() == []
