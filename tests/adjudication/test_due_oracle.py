"""Whole cases through both regimes with random objections, stays, announcements, appraisals, talks and extensions.

After each act every running date is compared with an oracle that shares no line with the product (due_oracle.py).
"""

import os
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cases.errors import DomainError
from cases.models import Evidence, StoredFile
from cases.models.proceeding import NEVER
from tests.adjudication import due_oracle as oracle
from tests.adjudication import story

pytestmark = pytest.mark.django_db
LONG = os.environ.get("ZHIHENG_LONG") == "1"
EXAMPLES, LENGTH = (150, 40) if LONG else (8, 20)
# days on which a limit ends oddly: month ends, before long holidays, around the change of the measures
OLD = st.one_of(
    st.dates(date(2024, 8, 1), date(2025, 1, 31)), st.sampled_from([date(2024, 11, 30), date(2025, 1, 31)])
)
NEW = st.one_of(
    st.dates(date(2025, 2, 1), date(2025, 12, 31)), st.sampled_from([date(2025, 2, 1), date(2025, 11, 30)])
)
COMPARED = {"T-05", "T-06", "T-08", "T-10", "T-13", "T-18"}


class Whole(RuleBasedStateMachine):
    """One case from its filing to its end; `now` only moves on."""

    days: Any

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block._from_testcase = True  # type: ignore[attr-defined]
        self.block.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    @initialize(data=st.data())
    def file(self, data: Any) -> None:
        self.now = data.draw(self.days, label="filed")
        self.row = story.filed(self.now)
        self.case = oracle.Case(self.now)
        self.case.start("T-05", self.now, oracle.working_days_after(self.now, 5))
        self.notices: dict[str, date] = {}  # announced papers -> day of the announcement
        self.answered = self.deliberating = False

    def act(self, name: str, **data: Any) -> None:
        said = {key: value.isoformat() if isinstance(value, date) else value for key, value in data.items()}
        self.row = story.take(self.row, name, said, today=self.now)

    def refused(self, code: str, name: str, **data: Any) -> None:
        with pytest.raises(DomainError) as refusal:
            self.act(name, **data)
        assert refusal.value.code == code

    def party(self, role: str = "respondent") -> int:
        return story.party(self.row, role).pk

    @property
    def going(self) -> bool:
        return self.case.closed is None

    @rule(days=st.one_of(st.integers(1, 9), st.integers(10, 45)))
    def wait(self, days: int) -> None:
        self.now += timedelta(days)

    # service and exchange ------------------------------------------------------------------------------------

    def defend(self) -> None:
        due = oracle.rolled(self.now + timedelta(15))
        self.case.start("T-06", self.now, due)
        self.case.defence_due = due

    @precondition(lambda self: self.going and "T-05" in self.case.limits and "request" not in self.notices)
    @rule(announced=st.booleans())
    def serve(self, announced: bool) -> None:
        method = "public_notice" if announced else "direct"
        self.act("serve", party=self.party(), paper="request", method=method)
        if announced:
            self.announce("request")
        else:
            self.case.limits.pop("T-05")
            self.defend()

    def announce(self, paper: str) -> None:
        if not self.case.open("announcement"):
            self.case.pause("announcement", self.now)
        self.notices[paper] = self.now

    @precondition(lambda self: self.going and "filing_notice" not in self.notices)
    @rule()
    def announce_to_requester(self) -> None:
        if self.row.services.filter(paper="filing_notice").exists():
            return
        self.act("serve", party=self.party("applicant"), paper="filing_notice", method="public_notice")
        self.announce("filing_notice")

    @precondition(lambda self: self.going and self.notices)
    @rule(data=st.data())
    def complete(self, data: Any) -> None:
        """Thirty days after its announcement a paper counts as served; the time runs again after the last of them."""
        paper = data.draw(st.sampled_from(sorted(self.notices)))
        service = self.row.services.get(paper=paper).pk
        if self.now < self.notices[paper] + timedelta(30):
            self.refused("announcement_runs", "complete_announcement", service=service)
            return
        self.act("complete_announcement", service=service)
        del self.notices[paper]
        if not self.notices:
            self.case.resume("announcement", self.now)
        if paper == "request":
            self.case.limits.pop("T-05")
            self.defend()

    @precondition(lambda self: self.going and "T-06" in self.case.limits)
    @rule()
    def answer(self) -> None:
        self.act("receive_defence", party=self.party())
        self.case.limits.pop("T-06")
        self.case.start("T-08", self.now, oracle.working_days_after(self.now, 5))

    @precondition(lambda self: self.going and "T-08" in self.case.limits)
    @rule()
    def copy(self) -> None:
        self.act("serve_defence_copy", party=self.party())
        self.case.limits.pop("T-08")

    @precondition(lambda self: self.going and "T-13" not in self.case.limits)
    @rule(days=st.integers(15, 40))
    def set_evidence(self, days: int) -> None:
        due = self.now + timedelta(days)
        if not self.case.new:
            self.refused("other_regime", "set_evidence_period", due_on=due)
            return
        self.act("set_evidence_period", due_on=due)
        self.case.start("T-13", self.now, due)

    @precondition(lambda self: self.going and "T-13" in self.case.limits)
    @rule(days=st.integers(1, 30), asked_by=st.sampled_from(["party", "bureau"]))
    def extend_evidence(self, days: int, asked_by: str) -> None:
        """Days a party asked for do not count: from the day after the old end to the new end."""
        _start, before = self.case.limits["T-13"]
        due = before + timedelta(days)
        if due < self.now:
            return
        self.act("extend_evidence", due_on=due, asked_by=asked_by, reason="取证")
        self.case.start("T-13", self.now, due)
        if asked_by == "party":
            self.case.pause("evidence_extension", before + oracle.ONE, due + oracle.ONE)

    # what stops the time -------------------------------------------------------------------------------------

    @precondition(
        lambda self: self.going and self.case.defence_due and not self.case.open("jurisdiction_objection")
    )
    @rule()
    def object(self) -> None:
        said = {"party": self.party(), "reason": "不在本区"}
        if self.now > self.case.defence_due:
            self.refused("objection_late", "object_jurisdiction", **said)
            return
        self.act("object_jurisdiction", **said)
        self.case.pause("jurisdiction_objection", self.now)
        if self.case.new:
            self.case.start("T-10", self.now, oracle.working_days_after(self.now, 5))

    @precondition(lambda self: self.going and self.case.open("jurisdiction_objection"))
    @rule()
    def reject(self) -> None:
        self.act("decide_jurisdiction", sustained="no", reason="侵权行为地在本区")
        self.case.resume("jurisdiction_objection", self.now)
        self.case.limits.pop("T-10", None)

    @precondition(lambda self: self.going)
    @rule(ground=st.sampled_from("234567"))
    def stay(self, ground: str) -> None:
        if self.case.open("stay"):
            self.refused("already_paused", "stay", ground=ground)
            return
        self.act("stay", ground=ground)
        self.case.pause("stay", self.now)

    @precondition(lambda self: self.going and self.case.open("stay"))
    @rule(told=st.booleans())
    def resume(self, told: bool) -> None:
        """Whether the end of the cause was entered before changes no date."""
        if told and self.row.stay_cause_gone() is None:
            self.act("end_stay_cause", reason="原因消除")
        self.act("resume", reason="原因消除")
        self.case.resume("stay", self.now)

    @precondition(lambda self: self.going)
    @rule()
    def appraise(self) -> None:
        if self.case.open("appraisal"):
            self.act("end_appraisal", result="已出具报告")
            self.case.resume("appraisal", self.now)
        else:
            self.act("start_appraisal", institution="示例鉴定所", matter="技术特征是否相同")
            self.case.pause("appraisal", self.now)

    @precondition(lambda self: self.going)
    @rule(kind=st.sampled_from(["parties", "panel"]))
    def talk(self, kind: str) -> None:
        if self.case.open("settlement"):
            self.act("end_settlement", result="failed")
            self.case.resume("settlement", self.now)
            return
        agreed = dict.fromkeys(("applicant_agreed_on", "respondent_agreed_on"), self.now)
        said = {"kind": kind, **(agreed if kind == "panel" else {})}
        if kind == "parties" and not self.case.new:
            self.refused("other_regime", "start_settlement", **said)
            return
        self.act("start_settlement", **said)
        self.case.pause("settlement", self.now)

    # longer, and the end -------------------------------------------------------------------------------------

    @precondition(lambda self: self.going)
    @rule(months=st.integers(1, 2))
    def extend(self, months: int) -> None:
        place, said = len(self.case.months), {"amount": months, "reason": "案件复杂"}
        if place:
            said |= {
                "superior_document": "津知批〔2025〕1号",
                "superior_on": self.now,
                "superior_scan": self.scan(),
            }
        if place and not self.case.new:
            self.refused("other_regime", "extend_closing", **said)
        elif place >= len(self.case.most) or months > self.case.most[place]:
            self.refused("extend_refused", "extend_closing", **said)
        else:
            self.act("extend_closing", **said)
            self.case.months.append(months)

    def scan(self) -> int:
        stored, _new = StoredFile.objects.get_or_create(
            sm3="b" * 64, defaults={"sha256": "c" * 64, "size": 1, "type": "application/pdf"}
        )
        return Evidence.objects.create(
            case=self.row.case,
            proceeding=self.row,
            file=stored,
            name="批准.pdf",
            uploaded_by=story.staff()["adj1"],
        ).pk

    @precondition(lambda self: self.going and not self.deliberating and self.case.defence_due)
    @rule()
    def deliberate(self) -> None:
        """The panel retires once nothing is open; the limits of the exchange end with it."""
        if self.case.open("stay"):
            self.refused("stayed", "deliberate")
            return
        if self.case.open("jurisdiction_objection"):
            self.refused("points_open", "deliberate")
            return
        self.row = story.settle(self.row, self.now)
        if self.now <= self.case.limits.get("T-06", (self.now, date.min))[1]:
            self.refused("defence_period_runs", "deliberate")
            return
        self.row = story.take(self.row, "deliberate", {}, today=self.now)
        self.deliberating = True
        for one in ("T-06", "T-13"):
            self.case.limits.pop(one, None)

    @precondition(lambda self: self.going and (self.case.months or self.deliberating))
    @rule(end=st.sampled_from(["close_mediated", "dismiss"]))
    def close(self, end: str) -> None:
        said = {"terms": [{"text": "停止销售；"}]} if end == "close_mediated" else {"ground": "withdrawn"}
        self.last = self.case.closing()
        self.was_stopped = self.case.stopped()
        self.act(end, **said)
        self.case.closed = self.now
        self.case.limits.clear()

    # compared ------------------------------------------------------------------------------------------------

    @invariant()
    def every_date_as_the_oracle_has_it(self) -> None:
        if not hasattr(self, "case"):
            return
        rows = self.row.deadlines.filter(cancelled=False, met_on__isnull=True, rule__in=COMPARED)
        found = {one.rule: one.due_on for one in rows}
        assert found == self.case.running()
        closing = self.row.deadlines.get(rule="T-18", cancelled=False)
        if not self.going:
            assert closing.met_on == self.case.closed
            assert not self.row.intervals.filter(cancelled=False, to_on__isnull=True).exists()
            if not self.was_stopped:
                assert closing.due_on == self.last
            return
        first = self.case.next()
        row = story.fresh(self.row)
        assert (row.due_on, row.due_rule) == (first if first is not None else (NEVER, ""))


@pytest.mark.parametrize("days", [OLD, NEW], ids=["measures of 2015", "measures of 2025"])
def test_every_due_date_of_whole_cases(days):
    machine = type("Whole", (Whole,), {"days": days})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=EXAMPLES, stateful_step_count=LENGTH, deadline=None, derandomize=not LONG, database=None,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink],
        ),
    )  # fmt: skip


def test_the_oracle_on_the_vectors_of_the_handbook():
    """law.md 9: what it must say before it is asked about anything else."""
    case = oracle.Case(date(2025, 3, 10))
    assert case.closing() == date(2025, 6, 10)
    case.pause("stay", date(2025, 4, 1), date(2025, 5, 16))
    assert case.closing() == date(2025, 7, 25)
    assert oracle.Case(date(2024, 11, 30)).closing() == date(2025, 2, 28)
    assert oracle.Case(date(2024, 11, 30), months=[1]).closing() == date(2025, 3, 31)
    assert oracle.Case(date(2025, 3, 10), months=[1, 2]).closing() == date(2025, 9, 10)
    assert oracle.working_days_after(date(2025, 1, 24), 5) == date(2025, 2, 7)
    assert oracle.working_days_after(date(2025, 4, 25), 5) == date(2025, 5, 6)
    assert oracle.rolled(date(2025, 3, 7) + timedelta(15)) == date(2025, 3, 24)
