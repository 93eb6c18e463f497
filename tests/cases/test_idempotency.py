"""The same request twice, or five times at once: one effect, and every copy gets the answer of the first."""

import os
from datetime import timedelta

import pytest
from django.utils import timezone

from cases import chain, steps, tasks
from cases.errors import Conflict, DomainError, Invalid, KeyReused
from cases.models import Approval, Case, Event, Idempotency
from tests.factories import TODAY, approve_all, body, clerk, first, register, registration, user
from tests.processes import together

KEYS = 200 if os.environ.get("ZHIHENG_LONG") == "1" else 10
COPIES = 5


@pytest.fixture
def head(db):
    return user("head", ("head", body("centre")))


def accepted(head):
    row = first(register())
    answer = steps.perform(row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY)
    approve_all(answer, head)
    return first(row.case)


# in parallel --------------------------------------------------------------------------------------------------------


def copies(call) -> list[object]:
    answers = together([call for _n in range(COPIES)])
    assert {a[0] for a in answers} == {"done"}, answers
    return [a[1] for a in answers]


def test_parallel_copies_of_a_registration_make_one_case(committing):
    body("centre"), clerk()
    for n in range(KEYS):
        data = registration(summary=f"第{n}件")
        given = copies(lambda d=data, k=f"k{n}": steps.register(by=clerk(), data=d, today=TODAY, key=k))
        assert len(set(given)) == 1
    assert Case.objects.count() == Idempotency.objects.count() == KEYS
    numbers = sorted(Case.objects.values_list("registration_no", flat=True))
    assert numbers == [f"2026-{n:06d}" for n in range(1, KEYS + 1)]
    assert chain.broken_case_chains() == []


def test_parallel_copies_of_a_step_an_act_and_a_case_act(committing):
    """Steps, acts and acts on the case; what waits for approval too."""
    user("head", ("head", body("centre")))
    by = clerk()
    done = {
        "withdraw": {"outcome": "withdrawn", "reason": "撤回"},
        "accept": {"help_kind": "advice"},
        "ask_correction": {"defects": [{"text": "身份证明"}]},
        "correct_case": {"summary": "更正后", "revision": 0, "reason": "补充"},
    }

    def call(name, row, case):
        common = {"by": by, "data": done[name], "today": TODAY, "key": f"{name}-{row.pk}"}
        if name == "correct_case":
            return steps.case_act(case.pk, name, **common)
        if name == "ask_correction":
            return steps.act(row.pk, name, **common)
        answer = steps.perform(row.pk, name, version=0, **common)
        return answer.approval.pk if isinstance(answer, steps.Waiting) else answer

    for name in done:
        for _n in range(max(2, KEYS // 5)):
            case = register(by)
            row = first(case)
            before = Event.objects.filter(case=case).count()
            given = copies(lambda n=name, r=row, c=case: call(n, r, c))
            assert len(set(given)) == 1, name
            extra = Event.objects.filter(case=case).exclude(name="states").count() - before
            assert extra == 1, name
    assert Approval.objects.count() == max(2, KEYS // 5)
    assert chain.broken_case_chains() == []


# one after the other ------------------------------------------------------------------------------------------------


def test_a_twin_gets_the_first_answer_also_after_the_case_has_moved_on(head):
    by = clerk()
    data = registration()
    registered = steps.register(by=by, data=data, today=TODAY, key="a")
    row = first(Case.objects.get(pk=registered.case))
    defects = {"defects": [{"text": "身份证明"}]}
    asked = steps.act(row.pk, "ask_correction", by=by, data=defects, today=TODAY, key="b")
    waiting = steps.perform(
        row.pk, "accept", by=by, data={"help_kind": "advice"}, version=0, today=TODAY, key="c"
    )
    approve_all(waiting, head)
    party = row.case.parties.first().pk
    said = {"party": party, "revision": 0, "name": "甲甲公司", "reason": "错字"}
    corrected = steps.case_act(row.case_id, "correct_party", by=by, data=said, today=TODAY, key="d")
    moved = {"to": "人民法院", "reason": "管辖"}
    ended = steps.perform(row.pk, "transfer", by=by, data=moved, version=1, today=TODAY, key="e")
    assert (ended.state, ended.version, ended.number) == ("transferred", 2, "津滨知援字〔2026〕1号")
    events = Event.objects.count()

    assert steps.register(by=by, data=data, today=TODAY, key="a") == registered
    assert steps.act(row.pk, "ask_correction", by=by, data=defects, today=TODAY, key="b") == asked
    twin = steps.perform(
        row.pk, "accept", by=by, data={"help_kind": "advice"}, version=0, today=TODAY, key="c"
    )
    assert twin.approval.pk == waiting.approval.pk and twin.approval.state == "granted"
    assert steps.case_act(row.case_id, "correct_party", by=by, data=said, today=TODAY, key="d") == corrected
    assert steps.perform(row.pk, "transfer", by=by, data=moved, version=1, today=TODAY, key="e") == ended
    assert Event.objects.count() == events


def test_the_same_key_for_something_else_is_refused(head):
    by, row = clerk(), first(register())
    said = {"outcome": "withdrawn", "reason": "撤回"}
    steps.perform(row.pk, "withdraw", by=by, data=said, version=0, today=TODAY, key="k")
    other = first(register())
    for pk, step, data, version in (
        (row.pk, "withdraw", {**said, "reason": "别的"}, 0),
        (row.pk, "withdraw", said, 1),
        (row.pk, "transfer", said, 0),
        (other.pk, "withdraw", said, 0),
    ):
        with pytest.raises(KeyReused) as refusal:
            steps.perform(pk, step, by=by, data=data, version=version, today=TODAY, key="k")
        assert (refusal.value.status, refusal.value.code) == (422, "key_reused")


def test_a_key_belongs_to_its_user(head):
    one = steps.register(by=clerk(), data=registration(), today=TODAY, key="k")
    two = steps.register(by=clerk("clerk2", at="s2"), data=registration(station="s2"), today=TODAY, key="k")
    assert one.case != two.case


def test_what_failed_may_be_sent_again_under_the_same_key(head):
    by = clerk()
    with pytest.raises(Invalid):
        steps.register(by=by, data=registration(parties=[]), today=TODAY, key="k")
    assert Idempotency.objects.count() == 0
    made = steps.register(by=by, data=registration(), today=TODAY, key="k")
    row = first(Case.objects.get(pk=made.case))
    with pytest.raises(Conflict):
        steps.perform(row.pk, "complete", by=by, data={"opinion": "可"}, version=0, today=TODAY, key="k2")
    assert not Idempotency.objects.filter(key="k2").exists()


def test_a_refused_twin_of_a_refused_call_leaves_nothing(head):
    row = accepted(head)
    events = Event.objects.count()
    for _n in range(3):
        with pytest.raises(DomainError):
            steps.perform(row.pk, "accept", by=clerk(), data={}, version=1, today=TODAY, key="k")
    assert (Event.objects.count(), Idempotency.objects.count()) == (events, 0)


def test_keys_are_forgotten_after_a_day_and_hold_no_body(head):
    steps.register(by=clerk(), data=registration(summary="只此一次的字样"), today=TODAY, key="k")
    kept = Idempotency.objects.get()
    assert "只此一次" not in str(vars(kept))
    assert tasks.purge() == 0
    Idempotency.objects.update(at=timezone.now() - timedelta(hours=25))
    assert tasks.purge() == 1
    steps.register(by=clerk(), data=registration(), today=TODAY, key="k")
    assert Case.objects.count() == 2
