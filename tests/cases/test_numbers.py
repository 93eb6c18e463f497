"""Numbers without gap or duplicate: eight processes register and accept at once, a tenth is rolled back, a year turns."""

import os
import random
from datetime import date

from django.db import transaction

from cases import approvals, chain, steps
from cases.models import Case, Counter, Event, Number, Proceeding
from cases.numbering import patterns
from tests.factories import TODAY, body, clerk, first, register, registration, user
from tests.processes import together

PROCESSES = 8
EACH = 125 if os.environ.get("ZHIHENG_LONG") == "1" else 10
NEW_YEAR = date(2027, 1, 2)


class Changed(Exception):
    """Somebody's mind, just before the commit."""


def failing(call):
    """Do it, and take it back at the last moment: as a crash or an error after the number was taken would."""
    try:
        with transaction.atomic(durable=True):
            transaction.get_connection().atomic_blocks[
                -1
            ]._from_testcase = True  # lets the door open its own durable block inside
            call()
            raise Changed
    except Changed:
        pass


def work(place: int):
    """One process: register, ask, approve; every tenth thing is rolled back after it was written."""

    def job():
        by, head = clerk(), user("head")
        chance = random.Random(place)
        done, undone = [], 0
        for n in range(EACH):
            today = TODAY if n < EACH // 2 else NEW_YEAR
            if chance.random() < 0.1:
                undone += 1
                failing(lambda t=today: register(by, t))
                continue
            case = register(by, today, summary=f"{place}-{n}")
            row = first(case)
            asked = steps.perform(
                row.pk, "accept", by=by, data={"help_kind": "advice"}, version=0, today=today
            )
            if chance.random() < 0.1:
                undone += 1
                failing(lambda a=asked, t=today: approvals.decide(a.approval.pk, "approve", by=head, today=t))
            approved = approvals.decide(asked.approval.pk, "approve", by=head, today=today)
            done.append((case.registration_no, approved.state))
        return done, undone

    return job


def serials(series: str, year: int) -> list[int]:
    return sorted(Number.objects.filter(series=series, year=year).values_list("serial", flat=True))


def test_no_gap_no_duplicate_nothing_locked(committing):
    body("centre"), clerk()
    user("head", ("head", body("centre")))
    answers = together([work(n) for n in range(PROCESSES)], wait=900)
    assert [a for a in answers if a[0] != "done"] == []
    given = [pair for _word, (done, _undone) in answers for pair in done]
    undone = sum(a[1][1] for a in answers)
    assert undone > 0 and {state for _number, state in given} == {"granted"}

    numbers = sorted(Case.objects.values_list("registration_no", flat=True))
    assert numbers == sorted(number for number, _state in given)
    for year in (2026, 2027):
        registered = [int(n[5:]) for n in numbers if n.startswith(str(year))]
        assert registered == list(range(1, len(registered) + 1)) and registered
        accepted = serials("assistance", year)
        assert accepted == list(range(1, len(registered) + 1))
        for series, last in (("registration", len(registered)), ("assistance", len(accepted))):
            assert Counter.objects.get(series=series, year=year).last == last
    assert Proceeding.objects.filter(state="accepted").count() == len(given)
    texts = set(Proceeding.objects.values_list("number", flat=True))
    assert texts == set(Number.objects.values_list("text", flat=True)) and len(texts) == len(given)
    assert not Case.objects.filter(proceedings=None).exists()
    assert chain.broken_case_chains() == []


def test_the_year_is_that_of_the_day_of_entry(committing):
    """补录 across New Year: dated in the old year, numbered in the new one."""
    by, head = clerk(), user("head", ("head", body("centre")))
    row = first(register(by, TODAY))
    data = {"help_kind": "advice", "on": "2026-12-31"}
    asked = steps.perform(row.pk, "accept", by=by, data=data, version=0, today=NEW_YEAR)
    approvals.decide(asked.approval.pk, "approve", by=head, today=NEW_YEAR)
    row = first(row.case)
    assert (row.number, row.accepted_on) == ("津滨知援字〔2027〕1号", date(2026, 12, 31))


def test_a_refused_proceeding_has_no_number_and_leaves_no_gap(committing):
    by, head = clerk(), user("head", ("head", body("centre")))
    for outcome in ("refuse", "accept"):
        row = first(register(by))
        data = {"reason": "不属于受理范围"} if outcome == "refuse" else {"help_kind": "advice"}
        asked = steps.perform(row.pk, outcome, by=by, data=data, version=0, today=TODAY)
        assert Counter.objects.filter(series="assistance").count() == 0  # asking takes none
        approvals.decide(asked.approval.pk, "approve", by=head, today=TODAY)
    assert serials("assistance", 2026) == [1]


def test_a_cancelled_number_stays_and_is_not_given_again(committing):
    by, head = clerk(), user("head", ("head", body("centre")))
    rows = []
    for _n in range(2):
        row = first(register(by))
        asked = steps.perform(row.pk, "accept", by=by, data={"help_kind": "advice"}, version=0, today=TODAY)
        approvals.decide(asked.approval.pk, "approve", by=head, today=TODAY)
        rows.append(first(row.case))
    asked = steps.perform(rows[0].pk, "undo_last", by=by, data={"reason": "点错"}, version=1, today=TODAY)
    approvals.decide(asked.approval.pk, "approve", by=head, today=TODAY)
    asked = steps.perform(rows[0].pk, "accept", by=by, data={"help_kind": "advice"}, version=2, today=TODAY)
    approvals.decide(asked.approval.pk, "approve", by=head, today=TODAY)
    assert first(rows[0].case).number == "津滨知援字〔2026〕3号"
    assert serials("assistance", 2026) == [1, 2, 3]
    void = Number.objects.get(serial=1)
    assert (void.void_on, void.proceeding_id) == (TODAY, rows[0].pk)
    assert Event.objects.filter(name="accept").count() == 3


def test_number_of_a_failed_registration_goes_to_the_next(committing):
    by = clerk()
    failing(lambda: steps.register(by=by, data=registration(), today=TODAY))
    assert Case.objects.count() == 0
    assert register(by).registration_no == "2026-000001"


def test_the_pattern_has_no_padding_and_the_right_brackets():
    for name, pattern in patterns().items():
        text = pattern.format(year=2026, serial=3)
        assert text == "2026-000003" if name == "registration" else text.endswith("〔2026〕3号")
