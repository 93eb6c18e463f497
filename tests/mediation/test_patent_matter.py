"""The bureau's mediation of disputes on patents by the measures of 2025: notice, what it is about, its own ends."""

from datetime import date

import pytest

from cases.errors import DomainError
from tests.factories import approve_all, clerk
from tests.mediation.stage import accepted, again, consent, do, head, mediator, party, received, take

pytestmark = pytest.mark.django_db
PATENT = {"rights": [{"kind": "invention", "number": "ZL201010110210.8"}]}
OLD = date(2025, 1, 27)


def officer():
    return mediator("mediator_bureau", "bureau")


def papers(row) -> list[str]:
    return list(again(row).documents.order_by("pk").values_list("kind", flat=True))


def accept(row, **data):
    answer = take(row, "accept", by=officer(), **data)
    approve_all(answer, head())
    return again(row)


def test_the_other_side_is_told_in_fifteen_days_and_the_notice_says_so():
    row = received("administrative", **PATENT)
    do(row, "notify_respondent", by=officer(), party=party(row).pk)
    notice = again(row).documents.get(kind="mediation_request_notice")
    assert "十五日" in notice.blocks and party(row).name in notice.blocks


@pytest.mark.parametrize(("flavour", "day", "rights"), [("people", None, PATENT), ("administrative", OLD, PATENT),
                                                        ("administrative", None, {})])  # fmt: skip
def test_only_where_the_measures_govern(flavour, day, rights):
    when = {"today": day} if day else {}
    row = received(flavour, **when, **rights)
    by = mediator() if flavour == "people" else officer()
    with pytest.raises(DomainError) as refused:
        do(row, "notify_respondent", by=by, party=party(row).pk, **when)
    assert refused.value.code == "other_regime"


def test_the_matter_is_kept_and_damages_alone_need_the_decision_that_found_infringement():
    row = consent(received("administrative", **PATENT), by=clerk())
    with pytest.raises(DomainError) as refused:
        take(row, "accept", by=officer(), patent_matter="damages")
    assert refused.value.code == "decision_missing"
    row = accept(row, patent_matter="damages", infringement_decision="津滨知法裁字〔2026〕3号")
    assert (row.patent_matter, row.infringement_decision) == ("damages", "津滨知法裁字〔2026〕3号")


def test_without_a_word_it_is_another_dispute_and_other_mediations_have_none():
    assert accepted("administrative", **PATENT).patent_matter == "other"
    assert accepted("administrative").patent_matter == accepted("people").patent_matter == ""


def test_not_filed_is_told_to_the_requester_alone():
    row = received("administrative", **PATENT)
    do(row, "record_consent", by=clerk(), party=party(row).pk, answer="refuse", way="statement")
    take(row, "decline", by=officer(), outcome="no_consent", reason="不愿调解")
    notice = again(row).documents.get(kind="mediation_not_filed")
    assert party(row, "applicant").name in notice.blocks and "不愿调解" not in notice.blocks


@pytest.mark.parametrize(
    ("step", "data", "article"),
    [
        ("fail", {"ground": "absent", "routes_told": ["judicial"], "reason": "未到"}, "第六十七条"),
        ("fail", {"ground": "no_agreement", "routes_told": ["judicial"], "reason": "分歧大"}, "第六十九条"),
        ("terminate", {"ground": "no_chance", "reason": "分歧大"}, "第六十九条"),
        ("withdraw", {"outcome": "deemed_withdrawn", "reason": "未到"}, "第六十七条"),
    ],
)
def test_without_an_agreement_the_case_is_revoked_and_both_are_told(step, data, article):
    row = accepted("administrative", **PATENT)
    take(row, step, by=officer(), **data)
    notice = again(row).documents.get(kind="mediation_revocation")
    assert article in notice.blocks and data["reason"] not in notice.blocks


def test_peoples_mediation_keeps_its_own_papers():
    row = accepted("people", **PATENT)
    take(row, "fail", ground="no_agreement", routes_told=["judicial"], reason="分歧大")
    assert "mediation_termination" in papers(row) and "mediation_revocation" not in papers(row)


def test_before_filing_a_withdrawal_tells_nobody():
    row = received("administrative", **PATENT)
    take(row, "withdraw", by=officer(), outcome="withdrawn", reason="撤回")
    assert "mediation_revocation" not in papers(row)
