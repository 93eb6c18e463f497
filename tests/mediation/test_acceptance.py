"""From receipt to acceptance or refusal: who may, consent, the number, the clock of each kind."""

from datetime import date

import pytest

from cases import conflicts, steps
from cases.errors import Conflict, DomainError, Invalid, NotFound, Refused
from cases.models import Number
from tests.factories import TODAY, approve_all, body, clerk, user
from tests.mediation.stage import (
    COURT,
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
    take,
)

pytestmark = pytest.mark.django_db


def test_received_states_the_application_and_takes_no_number():
    row = received()
    assert (row.state, row.number, row.body.kind) == ("received", None, "committee")
    assert facts(row) == [("applied", "people")] and running(row) == {}


@pytest.mark.parametrize(("flavour", "kind"), [("administrative", "bureau"), ("commercial", "commercial")])
def test_the_kind_chooses_the_body(flavour, kind):
    assert received(flavour).body.kind == kind


def test_accept_gives_number_fact_clock_handler_and_register_form():
    row = accepted()
    assert (row.state, row.accepted_on, row.handler.username) == ("in_mediation", TODAY, "mediator")
    assert row.number == "津滨知人调字〔2026〕1号"
    assert ("accepted", "people") in facts(row)
    assert running(row) == {"M-20": date(2026, 12, 21)}  # 12-20 is a Sunday
    assert row.documents.get().kind == "mediation_acceptance"
    assert row.participations.get().capacity == "mediator"


def test_only_the_committee_approves_peoples_mediation():
    row = consent(received())
    waiting = take(row, "accept")
    for other in (head(), clerk()):
        with pytest.raises(DomainError):
            approve_all(waiting, other)
    assert again(row).state == "received" and not Number.objects.filter(series="people_mediation").exists()
    approve_all(waiting, committee())
    assert again(row).state == "in_mediation"


def test_administrative_mediation_is_approved_by_the_bureaus_head():
    row = accepted("administrative")
    assert (row.state, row.number) == ("in_mediation", "津滨知行调字〔2026〕1号")
    assert row.documents.get().kind == "mediation_notice" and running(row) == {}


def test_commercial_mediation_has_a_series_of_its_own():
    assert accepted("commercial").number == "津滨知商调字〔2026〕1号"


def test_accept_without_consent_names_who_is_missing():
    row = received()
    with pytest.raises(DomainError, match="甲公司、乙公司") as refusal:
        take(row, "accept")
    assert refusal.value.code == "consent_missing"
    do(row, "record_consent", by=clerk(), party=party(row, "applicant").pk, answer="agree", way="application")
    with pytest.raises(DomainError, match="尚缺：乙公司"):
        take(row, "accept")


def test_consent_by_telephone_is_not_consent_in_writing():
    row = received()
    do(row, "record_consent", by=clerk(), party=party(row, "applicant").pk, answer="agree", way="application")
    do(row, "record_consent", by=clerk(), party=party(row).pk, answer="agree", way="phone")
    with pytest.raises(DomainError, match="乙公司"):
        take(row, "accept")


def test_a_clear_refusal_bars_acceptance_and_a_later_consent_replaces_it():
    row = consent(received())
    do(row, "record_consent", by=clerk(), party=party(row).pk, answer="refuse", way="phone")
    with pytest.raises(DomainError) as refusal:
        take(row, "accept")
    assert refusal.value.code == "consent_refused"
    do(row, "record_consent", by=clerk(), party=party(row).pk, answer="agree", way="signed")
    approve_all(take(row, "accept"), committee())
    assert again(row).state == "in_mediation"
    assert [f for f in facts(row) if f[0] == "answered"] == [("answered", "agree")]


def test_acceptance_cannot_be_dated_before_the_consent():
    row = consent(received(received_on="2026-11-18"))
    with pytest.raises(DomainError) as refusal:
        take(row, "accept", on="2026-11-19")
    assert refusal.value.code == "consent_missing"


def test_a_matter_without_respondent_is_not_accepted():
    applicant = {"role": "applicant", "name": "甲公司", "kind": "legal_person", "id_number": "91110000802100433B",
                 "phone": "13800138000"}  # fmt: skip
    row = received(parties=[applicant])
    do(row, "record_consent", by=clerk(), party=party(row, "applicant").pk, answer="agree", way="application")
    with pytest.raises(DomainError, match="被申请人"):
        take(row, "accept")


def test_a_second_respondent_may_stay_out_but_not_the_only_one():
    parties = [
        {"role": "applicant", "name": "甲公司", "id_number": "91110000802100433B", "phone": "13800138000"},
        {"role": "respondent", "name": "乙公司"},
        {"role": "respondent", "name": "丙公司"},
    ]
    row = consent(received(parties=parties))
    third = row.case.parties.get(name="丙公司")
    with pytest.raises(DomainError, match="丙公司"):
        take(row, "accept")
    do(row, "record_consent", by=clerk(), party=party(row).pk, answer="left_out", way="none")
    do(row, "record_consent", by=clerk(), party=third.pk, answer="left_out", way="none")
    with pytest.raises(DomainError, match="被申请人"):
        take(row, "accept")
    do(row, "record_consent", by=clerk(), party=third.pk, answer="agree", way="signed")
    assert take(row, "accept").approval.waiting_role == "committee"


def test_no_body_no_acceptance():
    for_commerce = received("commercial")
    organisation = for_commerce.body
    organisation.valid_to = date(2026, 1, 1)
    organisation.save()
    row = received("commercial")
    assert row.body is None
    with pytest.raises(NotFound):  # nobody handles it, so nobody sees it but the station
        take(row, "accept", by=mediator("m2", "commercial"))


# the court's clock ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "data", "rule", "due"),
    [
        ("court_assigned", COURT, "C-06", date(2026, 12, 21)),
        ("court_entrusted", {**COURT, "procedure": "ordinary"}, "C-07a", date(2026, 12, 7)),
        ("court_entrusted", {**COURT, "procedure": "simple"}, "C-07b", date(2026, 11, 27)),
    ],
)
def test_a_court_referral_runs_on_the_courts_period(source, data, rule, due):
    assert running(accepted(source=source, data=data)) == {rule: due}


def test_the_courts_period_starts_when_the_materials_were_signed_for():
    row = accepted(source="court_assigned", received_on="2026-11-18", data={"materials_on": "2026-11-18"})
    assert running(row) == {"C-06": date(2026, 12, 18)}


def test_a_court_referral_needs_day_and_procedure_and_others_refuse_them():
    row = consent(received(source="court_entrusted"))
    with pytest.raises(Invalid) as refusal:
        take(row, "accept")
    assert {"materials_on", "procedure"} <= set(refusal.value.fields)
    with pytest.raises(Invalid) as refusal:
        take(consent(received()), "accept", procedure="simple")
    assert set(refusal.value.fields) == {"procedure"}


# administrative mediation of patent disputes: two regimes ------------------------------------------------------

PATENT = {"rights": [{"kind": "invention", "number": "ZL201010110210.8"}]}


def test_patent_mediation_runs_on_the_measures_of_2025():
    row = received("administrative", **PATENT)
    assert running(row) == {"AM-02": date(2026, 11, 27)}
    do(row, "contact", by=clerk(), party=party(row).pk, way="copy", result="reached")
    assert running(row) == {"AM-03": date(2026, 12, 7)}  # 12-05 is a Saturday
    do(row, "record_consent", by=clerk(), party=party(row).pk, answer="agree", way="statement")
    assert running(row) == {"AM-04": date(2026, 11, 27)}
    do(row, "record_consent", by=clerk(), party=party(row).pk, answer="silent", way="none")
    assert running(row) == {"AM-05": date(2026, 11, 27)}
    take(row, "decline", by=mediator("m2", "bureau"), outcome="no_answer", reason="逾期未提交意见")
    assert running(row) == {} and again(row).outcome == "no_answer"


def test_before_february_2025_and_for_other_rights_no_such_limits_run():
    day = date(2025, 1, 27)
    old = received("administrative", day, **PATENT)
    do(old, "contact", by=clerk(), today=day, party=party(old).pk, way="copy", result="reached")
    do(old, "record_consent", by=clerk(), today=day, party=party(old).pk, answer="agree", way="statement")
    assert running(old) == {} and running(received("administrative")) == {}
    assert running(received("people", **PATENT)) == {}


def test_a_returned_copy_starts_no_time_to_answer():
    row = received("administrative", **PATENT)
    do(row, "contact", by=clerk(), party=party(row).pk, way="copy", result="returned")
    assert set(running(row)) == {"AM-02"}


# not accepted -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", ["no_consent", "no_answer", "unreachable", "refused"])
def test_decline_ends_without_acceptance_with_its_outcome(outcome):
    row = received()
    do(row, "contact", by=clerk(), party=party(row).pk, way="call", result="unanswered", remark="第一次")
    do(row, "record_consent", by=clerk(), party=party(row).pk, answer="refuse", way="phone")
    take(row, "decline", outcome=outcome, reason="对方明确表示不参加")
    row = again(row)
    assert (row.state, row.outcome, row.closed_on, row.accepted_on, row.number) == (
        "not_accepted", outcome, TODAY, None, None,
    )  # fmt: skip
    assert facts(row)[-1] == ("closed", outcome) and "accepted" not in dict(facts(row))
    assert not row.is_open and row.ending == "对方明确表示不参加"


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        ("no_consent", "no_refusal_recorded"),
        ("no_answer", "no_contact_recorded"),
        ("unreachable", "no_contact_recorded"),
    ],
)
def test_decline_needs_what_it_rests_on_to_be_on_record(outcome, code):
    with pytest.raises(DomainError) as refusal:
        take(received(), "decline", outcome=outcome, reason="无")
    assert refusal.value.code == code


def test_contact_and_answer_count_once_per_respondent_and_never_for_the_applicant():
    row = received()
    for result in ("unanswered", "reached"):
        do(row, "contact", by=clerk(), party=party(row).pk, way="call", result=result)
    do(row, "contact", by=clerk(), party=party(row, "applicant").pk, way="call", result="reached")
    consent(row)
    assert facts(row) == [("applied", "people"), ("contacted", "call"), ("answered", "agree")]
    assert row.contacts.count() == 3 and row.consents.count() == 2


# who may ------------------------------------------------------------------------------------------------------


def test_who_may_not_accept_or_decline():
    row = consent(received())
    for name, data in (("accept", {}), ("decline", {"outcome": "refused", "reason": "无"})):
        with pytest.raises(Refused):
            take(row, name, by=clerk(), **data)
        for stranger in (
            clerk("clerk2", "s2"), mediator("m_bureau", "bureau"), head(), user("leader", ("leader", None)),
            user("adjudicator", ("adjudicator", body("bureau"))), user("district", ("district", None)),
        ):  # fmt: skip
            with pytest.raises(NotFound):
                take(row, name, by=stranger, **data)
    with pytest.raises(Refused):
        take(row, "accept", by=committee())
    assert again(row).version == 0


def test_once_somebody_mediates_other_mediators_see_it_no_longer():
    row = received()
    other = mediator("m2")
    assert type(row).objects.visible_to(other, TODAY).count() == 1
    do(row, "assign_mediator", by=committee(), user=mediator().username, chosen_by="appointed")
    assert type(row).objects.visible_to(other, TODAY).count() == 0
    with pytest.raises(NotFound):
        do(row, "contact", by=other, party=party(row).pk, way="call", result="reached")


def test_consent_is_asked_before_acceptance_only():
    row = accepted()
    with pytest.raises(Conflict):
        do(row, "record_consent", party=party(row).pk, answer="agree", way="signed")


# assignment ---------------------------------------------------------------------------------------------------


def test_assigned_mediator_joins_and_a_replaced_one_leaves():
    row = received()
    one, two = mediator(), mediator("m2")
    do(row, "assign_mediator", by=committee(), user=one.username, chosen_by="appointed")
    assert again(row).handler == one
    with pytest.raises(Invalid):
        do(row, "assign_mediator", by=committee(), user=one.username, chosen_by="appointed")
    with pytest.raises(Invalid):  # a replacement needs its ground
        do(row, "assign_mediator", by=committee(), user="m2", chosen_by="appointed", replaces="mediator")
    do(
        row,
        "assign_mediator",
        by=committee(),
        user="m2",
        chosen_by="appointed",
        replaces="mediator",
        ground="recusal",
    )
    assert again(row).handler == two
    assert list(row.participations.filter(to_on__isnull=True).values_list("user__username", flat=True)) == [
        "m2"
    ]


def test_a_mediator_of_another_body_is_not_assigned():
    row = received()
    other = mediator("m_bureau", "bureau")
    with pytest.raises(Invalid):
        do(row, "assign_mediator", by=committee(), user=other.username, chosen_by="appointed")
    with pytest.raises(Invalid):
        take(consent(row), "accept", mediator=other.username)


def test_undoing_acceptance_voids_the_number_and_frees_the_mediator():
    row = accepted()
    approve_all(take(row, "undo_last", reason="点错"), committee())
    row = again(row)
    assert (row.state, row.number, row.accepted_on, row.handler) == ("received", None, None, None)
    assert Number.objects.get(series="people_mediation").void_on == TODAY
    assert "accepted" not in dict(facts(row)) and running(row) == {}
    assert row.documents.get().state == "void" and row.participations.get().cancelled
    approve_all(take(row, "accept"), committee())
    assert again(row).number == "津滨知人调字〔2026〕2号"


# cost ---------------------------------------------------------------------------------------------------------


def test_proposing_acceptance_looks_for_conflicts_once_and_its_cost_is_bounded(
    monkeypatch, django_assert_max_num_queries
):
    accepted()  # the same parties and the same mediator: there is something to find
    row = consent(received())
    by, looked = mediator(), []

    def counted(case, people, today, *, viewer):
        looked.append([one.username for one in people])
        return conflicts.hits(case, people, today, viewer=viewer)

    monkeypatch.setattr("mediation.forms.appointing.hits", counted)
    by._standing = {}  # as in a request
    with django_assert_max_num_queries(71):
        steps.perform(row.pk, "accept", by=by, data={}, version=row.version, today=TODAY)
    assert looked == [["mediator"]] and again(row).state == "received"
    with django_assert_max_num_queries(16):
        assert [hit.kind for hit in conflicts.hits(row.case, [by], TODAY, viewer=by)[by.pk]] == ["mediated"]
