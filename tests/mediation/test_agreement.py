"""Mediation itself: written and oral agreement, the day of effect, other ends, extension, undoing, confirmation."""

from datetime import date
from decimal import Decimal

import pytest

from cases import chain, steps
from cases.errors import Conflict, DomainError, Invalid, Refused
from cases.models import Document, Event
from mediation.models import Agreement, JudicialConfirmation
from tests.factories import TODAY, approve_all, clerk
from tests.mediation.stage import (
    DAY,
    PAY,
    SIGNED,
    STOP,
    TEXT,
    accepted,
    again,
    committee,
    consent,
    do,
    facts,
    head,
    mediator,
    party,
    received,
    running,
    settled,
    take,
)

pytestmark = pytest.mark.django_db


# written ------------------------------------------------------------------------------------------------------


def test_signed_agreement_waits_for_the_seal_and_is_no_success_yet():
    row = accepted()
    take(row, "sign_agreement", **SIGNED)
    row = again(row)
    assert (row.state, row.closed_on, row.is_open) == ("agreed", None, True)
    assert not {"closed", "effective"} & set(dict(facts(row)))
    agreement = row.agreement
    assert (agreement.form, agreement.effective_on) == ("written", None)
    assert [(t.kind, t.what, t.who.name, t.due_on, t.amount) for t in agreement.terms.all()] == [
        ("pay", "支付补偿款", "乙公司", date(2026, 12, 20), Decimal("10000.00")),
        ("stop", "停止使用争议标识", "乙公司", None, None),
    ]
    paper = row.documents.get(kind="mediation_agreement")
    assert (
        "乙公司：支付补偿款，金额10,000.00元，于2026年12月20日前履行。" in paper.blocks
        and paper.number == row.number
    )


def test_the_seal_makes_it_effective_on_its_day_and_starts_the_thirty_days():
    row = accepted()
    take(row, "sign_agreement", **SIGNED)
    later = date(2026, 11, 24)
    approve_all(take(row, "seal_agreement", today=date(2026, 11, 23)), committee(), today=later)
    row = again(row)
    assert (row.state, row.outcome, row.closed_on, row.is_open) == (
        "settled",
        "written_agreement",
        later,
        False,
    )
    assert facts(row)[-2:] == [("effective", "written_agreement"), ("closed", "written_agreement")]
    assert {e.occurred_on for e in row.events.filter(fact__in=["closed", "effective"])} == {later}
    assert running(row) == {"J-01": date(2026, 12, 24)}
    assert (row.agreement.sealed_on, row.agreement.effective_on) == (later, later)
    assert chain.broken_case_chains() == []


def test_the_seal_is_the_committees_and_cannot_precede_the_signatures():
    row = accepted(today=date(2026, 11, 18))
    take(row, "sign_agreement", **{**SIGNED, "parties_signed_on": "2026-11-19", "mediator_signed_on": DAY})
    with pytest.raises(DomainError) as refusal:
        take(row, "seal_agreement", on="2026-11-19")
    assert refusal.value.code == "date_order"
    with pytest.raises(Refused):
        take(row, "seal_agreement", by=committee())
    waiting = take(row, "seal_agreement")
    with pytest.raises(DomainError):
        approve_all(waiting, head())
    assert again(row).state == "agreed"


@pytest.mark.parametrize(
    ("term", "word"),
    [
        ({**PAY, "who": "丁公司"}, "履行人"),
        ({**PAY, "amount": "0"}, "大于零"),
        ({**PAY, "due_on": None}, "履行期限"),
        ({**STOP, "kind": "dance"}, "类型"),
    ],
)
def test_terms_name_a_party_an_amount_and_a_day(term, word):
    with pytest.raises(Invalid) as refusal:
        take(accepted(), "sign_agreement", **{**SIGNED, "terms": [term]})
    assert word in refusal.value.fields["terms"][0]


def test_administrative_agreement_is_sealed_with_the_heads_approval():
    row = accepted("administrative")
    by = mediator("mediator_bureau", "bureau")
    take(row, "sign_agreement", by=by, **SIGNED)
    approve_all(take(row, "seal_agreement", by=by), head())
    assert again(row).outcome == "written_agreement"


# oral ---------------------------------------------------------------------------------------------------------


def test_oral_agreement_is_effective_the_day_it_was_reached():
    row = accepted(today=date(2026, 11, 18))
    take(row, "record_oral", on="2026-11-19", **TEXT)
    row = again(row)
    assert (row.state, row.outcome, row.closed_on) == ("settled", "oral_agreement", date(2026, 11, 19))
    assert facts(row)[-2:] == [("effective", "oral_agreement"), ("closed", "oral_agreement")]
    assert row.agreement.effective_on == date(2026, 11, 19) and running(row) == {"J-01": date(2026, 12, 21)}
    assert "2026年11月19日" in row.documents.get(kind="oral_agreement").blocks


def test_only_peoples_mediation_settles_orally():
    with pytest.raises(DomainError) as refusal:
        take(accepted("administrative"), "record_oral", by=mediator("mediator_bureau", "bureau"), **TEXT)
    assert refusal.value.code == "written_only"


# other ends ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stage", ["received", "accepted"])
@pytest.mark.parametrize("outcome", ["withdrawn", "withdrawn_settled", "deemed_withdrawn"])
def test_withdrawal_before_and_after_acceptance(stage, outcome):
    row = received() if stage == "received" else accepted()
    more = {"settlement": "乙公司已下架并致歉"} if outcome == "withdrawn_settled" else {}
    take(row, "withdraw", by=clerk(), outcome=outcome, reason="不再主张", **more)
    row = again(row)
    assert (row.state, row.outcome, row.closed_on) == ("withdrawn", outcome, TODAY)
    assert ("accepted" in dict(facts(row))) == (stage == "accepted")
    assert facts(row)[-1] == ("closed", outcome) and running(row) == {}
    settlement = Agreement.objects.filter(mediation=row).first()
    assert (settlement.performance if settlement else "") == more.get("settlement", "")


def test_a_settled_withdrawal_needs_the_text_of_the_settlement_and_a_reason():
    row = accepted()
    with pytest.raises(Invalid) as refusal:
        take(row, "withdraw", outcome="withdrawn_settled", reason="和解")
    assert set(refusal.value.fields) == {"settlement"}
    with pytest.raises(Invalid) as refusal:
        take(row, "withdraw", outcome="withdrawn", reason="", settlement="已和解")
    assert set(refusal.value.fields) == {"reason", "outcome"}


def test_failure_tells_the_other_ways_and_prints_the_notice():
    row = accepted()
    with pytest.raises(Invalid) as refusal:
        take(row, "fail", ground="no_agreement", reason="差距过大")
    assert set(refusal.value.fields) == {"routes_told"}
    take(row, "fail", ground="no_agreement", reason="差距过大", routes_told=["arbitration", "judicial"])
    row = again(row)
    assert (row.state, row.outcome, facts(row)[-1]) == ("failed", "failed", ("closed", "failed"))
    assert "双方未能达成调解协议" in row.documents.get(kind="mediation_termination").blocks
    assert row.ending == "差距过大"


def test_termination_on_a_ground_also_of_a_signed_agreement():
    row = accepted()
    take(row, "sign_agreement", **SIGNED)
    take(row, "terminate", ground="sham", reason="当事人串通")
    row = again(row)
    assert (row.state, row.outcome, row.agreement) == ("terminated", "terminated", None)
    assert "有虚假调解嫌疑" in row.documents.get(kind="mediation_termination").blocks
    with pytest.raises(Invalid):
        take(accepted(), "terminate", ground="bored", reason="无")


@pytest.mark.parametrize("stage", ["received", "accepted"])
def test_transfer_is_an_end_of_its_own(stage):
    row = received() if stage == "received" else accepted()
    take(row, "transfer", to="海关", reason="属海关职权")
    assert (again(row).state, facts(row)[-1]) == ("transferred", ("closed", "transferred"))


STEPS = (
    "accept", "decline", "withdraw", "transfer", "sign_agreement", "record_oral", "seal_agreement", "fail", "terminate",
)  # fmt: skip
OPEN = {
    "received": {"accept", "decline", "withdraw", "transfer"},
    "in_mediation": {"withdraw", "transfer", "sign_agreement", "record_oral", "fail", "terminate"},
    "agreed": {"seal_agreement", "fail", "terminate"},
    "settled": set(),
}


@pytest.mark.parametrize("state", OPEN)
def test_a_step_is_refused_in_every_other_state(state):
    row = {
        "received": lambda: consent(received()),
        "in_mediation": accepted,
        "agreed": accepted,
        "settled": settled,
    }[state]()
    if state == "agreed":
        take(row, "sign_agreement", **SIGNED)
    do(
        row, "assign_mediator", by=committee(), user=mediator().username, chosen_by="self"
    ) if state == "received" else None
    for name in STEPS:
        with pytest.raises(DomainError) as refusal:
            take(row, name, unknown="x")  # an open step gets as far as its form
        assert isinstance(refusal.value, Invalid if name in OPEN[state] else Conflict), name


# time ---------------------------------------------------------------------------------------------------------


def test_time_is_extended_only_with_both_signatures_before_it_is_up():
    row = accepted()
    with pytest.raises(Invalid) as refusal:
        do(row, "extend", days=10, applicant_signed_on=DAY)
    assert set(refusal.value.fields) == {"respondent_signed_on"}
    do(row, "extend", days=10, applicant_signed_on=DAY, respondent_signed_on=DAY)
    assert running(row) == {"M-20": date(2026, 12, 30)}
    late = date(2027, 1, 5)
    with pytest.raises(DomainError) as refusal:
        do(row, "extend", today=late, days=10, applicant_signed_on=DAY, respondent_signed_on="2027-01-04")
    assert refusal.value.code == "signed_too_late"


def test_a_court_period_is_extended_again_and_again():
    row = accepted(source="court_entrusted", data={"materials_on": DAY, "procedure": "simple"})
    for _turn in range(2):
        do(row, "extend", days=7, applicant_signed_on=DAY, respondent_signed_on=DAY)
    assert running(row) == {"C-07b": date(2026, 12, 11)}


def test_administrative_mediation_has_no_period_to_extend():
    with pytest.raises(DomainError) as refusal:
        do(accepted("administrative"), "extend", by=mediator("mediator_bureau", "bureau"), days=5,
           applicant_signed_on=DAY, respondent_signed_on=DAY)  # fmt: skip
    assert refusal.value.code == "nothing_to_extend"


# repairs ------------------------------------------------------------------------------------------------------


def test_undoing_the_seal_takes_back_effect_facts_and_clock():
    row = settled()
    approve_all(take(row, "undo_last", reason="误盖"), committee())
    row = again(row)
    assert (row.state, row.closed_on, row.outcome, row.is_open) == ("agreed", None, None, True)
    assert not {"closed", "effective"} & set(dict(facts(row)))
    assert set(running(row)) == {"M-20"}
    assert (row.agreement.sealed_on, row.agreement.effective_on) == (None, None)
    approve_all(take(row, "seal_agreement"), committee())
    assert again(row).state == "settled" and chain.broken_case_chains() == []


def test_undoing_signature_oral_agreement_and_settled_withdrawal_cancels_their_rows():
    row = accepted()
    for step, data in (
        ("sign_agreement", SIGNED),
        ("record_oral", TEXT),
        ("withdraw", {"outcome": "withdrawn_settled", "reason": "和解", "settlement": "已付款"}),
    ):
        take(row, step, **data)
        approve_all(take(row, "undo_last", reason="点错"), committee())
        fresh = again(row)
        assert (fresh.state, fresh.agreement, fresh.ending) == ("in_mediation", None, "")
    assert Agreement.objects.filter(mediation=row, cancelled=True).count() == 3
    assert set(
        Document.objects.filter(kind__in=["mediation_agreement", "oral_agreement"]).values_list(
            "state", flat=True
        )
    ) == {"void"}


def test_undoing_a_failure_brings_the_signed_agreement_back():
    row = accepted()
    take(row, "sign_agreement", **SIGNED)
    take(row, "fail", ground="repudiated", reason="反悔", routes_told=["judicial"])
    approve_all(take(row, "undo_last", reason="点错"), committee())
    assert again(row).state == "agreed" and again(row).agreement.form == "written"


def test_a_corrected_day_of_closing_is_the_day_of_effect():
    row = settled(today=date(2026, 11, 18), received_on="2026-11-18")
    approve_all(
        take(row, "correct_record", column="closed_on", value="2026-11-19", reason="日期填错"), committee()
    )
    row = again(row)
    effective = row.events.get(fact="effective", corrections__isnull=True)
    closed = row.events.get(fact="closed", corrections__isnull=True)
    assert effective.occurred_on == closed.occurred_on == row.closed_on == date(2026, 11, 19)
    assert row.agreement.effective_on == date(2026, 11, 19) and running(row) == {"J-01": date(2026, 12, 21)}


def ended(outcome):
    """A mediation that ended so, with what that outcome stands on."""
    if outcome in ("withdrawn", "withdrawn_settled"):
        more = {"settlement": "乙公司已下架并致歉"} if outcome == "withdrawn_settled" else {}
        row = received()
        take(row, "withdraw", outcome=outcome, reason="不再主张", **more)
    elif outcome == "written_agreement":
        row = settled()
    elif outcome == "oral_agreement":
        row = accepted()
        take(row, "record_oral", **TEXT)
    else:
        row = received()
        take(row, "decline", outcome="refused", reason="不属于受理范围")
    assert again(row).outcome == outcome
    return row


@pytest.mark.parametrize(
    ("was", "said"),
    [
        ("withdrawn", "withdrawn_settled"),  # a success without a settlement
        ("written_agreement", "oral_agreement"), ("oral_agreement", "written_agreement"),
        ("refused", "no_consent"), ("refused", "no_answer"), ("refused", "unreachable"),
    ],
)  # fmt: skip
def test_no_outcome_is_corrected_to_one_that_has_nothing_on_file(was, said):
    row = ended(was)
    before = facts(row)
    with pytest.raises(DomainError, match=r"没有登记.*撤回误操作") as refusal:
        take(row, "correct_record", column="outcome", outcome=said, reason="选错")
    assert refusal.value.code == "not_on_file"
    assert (again(row).outcome, facts(row)) == (was, before)


def test_an_outcome_is_corrected_where_what_it_stands_on_is_on_file():
    row = ended("withdrawn_settled")
    take(row, "correct_record", column="outcome", outcome="withdrawn", reason="和解未成")
    assert facts(row)[-1] == ("closed", "withdrawn")
    take(row, "correct_record", column="outcome", outcome="withdrawn_settled", reason="和解已成")
    assert again(row).outcome == "withdrawn_settled" and facts(row)[-1] == ("closed", "withdrawn_settled")
    row = received()
    do(row, "record_consent", by=clerk(), party=party(row).pk, answer="refuse", way="phone")
    take(row, "decline", outcome="refused", reason="选错")
    take(row, "correct_record", column="outcome", outcome="no_consent", reason="实为不同意")
    assert again(row).outcome == "no_consent"


# judicial confirmation ----------------------------------------------------------------------------------------

JOINT = {
    "court": "天津市滨海新区人民法院",
    "applicant_signed_on": DAY,
    "respondent_signed_on": DAY,
    "no_ownership": True,
}


def confirmation(row=None) -> JudicialConfirmation:
    row = row or settled()
    do(row, "open_confirmation")
    return JudicialConfirmation.objects.get(parent=row)


def test_confirmation_takes_the_thirty_days_over_and_runs_on_the_courts_clock():
    row = settled()
    child = confirmation(row)
    assert running(row) == {} and running(child) == {"J-01": date(2026, 12, 21)}
    assert (child.state, child.handler, child.parent_id) == ("received", row.handler, row.pk)
    take(child, "apply", **JOINT)
    assert running(child) == {"J-03": date(2026, 11, 23)}
    take(child, "admit", court_case_no="（2026）津0116民特5号")
    assert running(child) == {"J-04b": date(2026, 12, 21)}
    take(child, "confirm")
    child = JudicialConfirmation.objects.get(pk=child.pk)
    assert (child.state, child.outcome, child.number) == ("confirmed", "confirmed", None)
    assert child.court_case_no == "（2026）津0116民特5号" and running(child) == {}
    with pytest.raises(DomainError, match="已经司法确认"):
        do(row, "open_confirmation")


def test_confirmation_needs_both_parties_and_comes_too_late_after_thirty_days():
    child = confirmation()
    for missing in ("applicant_signed_on", "respondent_signed_on", "no_ownership"):
        with pytest.raises(Invalid) as refusal:
            take(child, "apply", **{k: v for k, v in JOINT.items() if k != missing})
        assert set(refusal.value.fields) == {missing}
    with pytest.raises(DomainError) as refusal:
        take(child, "apply", today=date(2026, 12, 22), **JOINT)
    assert refusal.value.code == "too_late"
    take(child, "withdraw", today=date(2026, 12, 22), reason="too_late")
    assert facts(child) == [("closed", "withdrawn")]


@pytest.mark.parametrize(("admitted", "outcome"), [(False, "not_accepted"), (True, "refused")])
def test_the_court_may_refuse_before_and_after_taking_it_on(admitted, outcome):
    row = settled()
    child = confirmation(row)
    take(child, "apply", **JOINT)
    if admitted:
        take(child, "admit")
    take(child, "refuse", ground="ownership")
    assert JudicialConfirmation.objects.get(pk=child.pk).outcome == outcome
    do(row, "open_confirmation")  # a new application is possible
    assert row.children.count() == 2


def test_the_seal_is_not_undone_under_an_open_confirmation():
    row = settled()
    confirmation(row)
    with pytest.raises(DomainError) as refusal:
        take(row, "undo_last", reason="误盖")
    assert refusal.value.code == "child_moved_on"
    with pytest.raises(DomainError) as refusal:
        do(row, "open_confirmation")
    assert refusal.value.code == "already_open"


def test_confirmation_is_the_mediators_alone():
    child = confirmation()
    for other in (clerk(), committee()):
        with pytest.raises(Refused):
            take(child, "apply", by=other, **JOINT)
    other = mediator("m2")
    with pytest.raises(DomainError) as refusal:
        take(child, "apply", by=other, **JOINT)
    assert refusal.value.code == "not_found"


# who may in mediation -----------------------------------------------------------------------------------------


def test_only_the_mediator_of_the_case_works_on_it():
    row = accepted()
    given = {
        "sign_agreement": SIGNED, "record_oral": TEXT, "fail": {"ground": "no_agreement", "reason": "无", "routes_told": ["judicial"]},
        "terminate": {"ground": "no_chance", "reason": "无"},
    }  # fmt: skip
    before = Event.objects.count()
    for name, data in given.items():
        for colleague in (clerk(), committee()):
            with pytest.raises(Refused):
                take(row, name, by=colleague, **data)
        with pytest.raises(DomainError) as refusal:
            take(row, name, by=mediator("m2"), **data)
        assert refusal.value.code == "not_found"
    for name, data in (("session", {}), ("extend", {})):
        with pytest.raises(Refused):
            steps.act(row.pk, name, by=clerk(), data=data, today=TODAY)
    assert Event.objects.count() == before
    assert party(row).name == "乙公司"
