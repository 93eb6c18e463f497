"""Disputes a court sends: its period from the day its papers came, the online confirmation, and the way back."""

from datetime import date
from typing import Any

import pytest

from cases.documents.blocks import from_json
from cases.errors import Conflict, DomainError, Invalid
from tests.factories import TODAY, approve_all, clerk

from .stage import SIGNED, accepted, again, committee, consent, do, party, received, running, take

ASSIGNED = {"source": "court_assigned", "court_case_no": "（2026）津0116诉前调1号"}
ENTRUSTED = {"source": "court_entrusted", "court_case_no": "（2026）津0116民初1号"}
DAY = TODAY.isoformat()
REFERRAL = {
    "court": "天津市示例人民法院", "judge": "法官丁", "pushed_on": DAY, "materials_on": DAY,
    "materials": [{"name": "民事起诉状", "pages": 6}, {"name": "证据材料"}],
}  # fmt: skip


def said(row: Any, kind: str) -> str:
    """What the latest paper of this kind says."""
    document = row.documents.filter(kind=kind).first()
    return " ".join(str(block) for block in from_json(document.blocks))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("source", "procedure", "rule", "due"),
    [
        (ASSIGNED, "", "C-06", date(2026, 12, 21)),
        (ENTRUSTED, "ordinary", "C-07a", date(2026, 12, 7)),
        (ENTRUSTED, "simple", "C-07b", date(2026, 11, 27)),
    ],
)
def test_a_referral_starts_the_courts_period_before_anything_is_accepted(
    source: dict[str, str], procedure: str, rule: str, due: date
) -> None:
    row = received(**source)
    do(row, "record_referral", by=clerk(), **REFERRAL, procedure=procedure)
    assert running(row) == {rule: due}
    consent(row)
    approve_all(take(row, "accept"), committee())
    assert running(row) == {rule: due}, "accepting starts no second period"


@pytest.mark.django_db
def test_entrusted_mediation_needs_the_courts_procedure() -> None:
    row = received(**ENTRUSTED)
    with pytest.raises(Invalid) as refused:
        do(row, "record_referral", by=clerk(), **REFERRAL)
    assert "procedure" in refused.value.fields


@pytest.mark.django_db
def test_a_dispute_no_court_sent_has_no_referral() -> None:
    with pytest.raises(DomainError) as refused:
        do(received(), "record_referral", by=clerk(), **REFERRAL)
    assert refused.value.code == "no_court"


@pytest.mark.django_db
def test_online_the_period_begins_when_the_platform_hears_yes() -> None:
    pushed, confirmed = (
        date(2026, 9, 29),
        date(2026, 10, 9),
    )  # three working days, with the National Day between
    row = received(**ASSIGNED, today=pushed)
    data = {**REFERRAL, "online": True, "pushed_on": pushed.isoformat(), "materials_on": ""}
    do(row, "record_referral", by=clerk(), today=pushed, **data)
    assert running(row) == {"C-09a": date(2026, 10, 9)}
    do(row, "confirm_platform", today=confirmed)
    assert running(row) == {"C-09d": date(2026, 10, 13), "C-06": date(2026, 11, 9)}
    said = {"party": party(row).pk, "way": "call", "result": "reached"}
    do(row, "contact", today=confirmed, **said)
    assert running(row) == {"C-06": date(2026, 11, 9)}, "the other side was sought"
    with pytest.raises(DomainError) as twice:
        do(row, "confirm_platform", today=confirmed)
    assert twice.value.code == "confirmed"


@pytest.mark.django_db
def test_appraisal_does_not_count_in_the_courts_period() -> None:
    row = received(**ASSIGNED)
    do(row, "record_referral", by=clerk(), **REFERRAL)
    do(row, "assign_mediator", user="mediator", chosen_by="self")
    do(row, "start_appraisal", today=date(2026, 11, 24), institution="示例鉴定机构")
    assert row.deadlines.get(rule="C-06").due_on == date(2026, 12, 21), "the twentieth is a Sunday"
    do(row, "end_appraisal", today=date(2026, 12, 4))
    assert running(row)["C-06"] == date(2026, 12, 30), "ten days did not count"


@pytest.mark.django_db
def test_two_extensions_follow_one_another_and_none_after_the_time_is_up() -> None:
    row = accepted(data={"materials_on": DAY}, **ASSIGNED)
    signed = {"applicant_signed_on": DAY, "respondent_signed_on": DAY}
    do(row, "extend", days=10, **signed)
    do(row, "extend", days=5, **signed)
    assert running(row)["C-06"] == date(2027, 1, 4)
    late = date(2027, 1, 6)
    with pytest.raises(DomainError) as refused:
        do(
            row,
            "extend",
            today=late,
            days=5,
            applicant_signed_on=late.isoformat(),
            respondent_signed_on=late.isoformat(),
        )
    assert refused.value.code == "signed_too_late"


@pytest.mark.django_db
def test_the_court_gets_its_papers_and_the_result_but_no_word_of_the_talks() -> None:
    row = received(**ASSIGNED)
    do(row, "record_referral", by=clerk(), **REFERRAL)
    consent(row)
    approve_all(take(row, "accept"), committee())
    do(
        row, "session", mode="in_person", attendance=[{"name": "甲公司代理人"}], result="not_reached",
        minutes="被申请人愿意支付五万元",
    )  # fmt: skip
    take(row, "terminate", ground="sham", reason="双方陈述雷同，疑为串通")
    assert running(row)["HB-01"] == date(2026, 11, 25)
    do(row, "hand_back", letter_no="津滨知调函〔2026〕5号")
    assert "HB-01" not in running(row)
    letter = said(row, "court_result_letter")
    assert "民事起诉状（6页）" in letter and "虚假调解嫌疑" in letter
    assert "五万元" not in letter and "雷同" not in letter
    with pytest.raises((DomainError, Conflict)) as twice:
        do(row, "hand_back", letter_no="")
    assert twice.value.code == "handed_back"


@pytest.mark.django_db
def test_what_12345_sent_is_answered_by_its_number() -> None:
    row = received(source="12345", external_no="TJ2026-000001")
    take(row, "withdraw", by=clerk(), outcome="withdrawn", reason="已自行解决")
    do(row, "reply_sender", by=clerk(), addressee="示例市便民专线服务中心", remark="")
    assert "TJ2026-000001" in said(row, "referral_reply") and "自行解决" not in said(row, "referral_reply")
    with pytest.raises(DomainError) as refused:
        other = received()
        take(other, "withdraw", by=clerk(), outcome="withdrawn", reason="已自行解决")
        do(other, "reply_sender", by=clerk(), addressee="某机关", remark="")
    assert refused.value.code == "nobody_sent_it"


@pytest.mark.django_db
def test_commercial_mediation_begins_with_its_regulation() -> None:
    with pytest.raises(DomainError) as refused:
        received("commercial", today=date(2026, 4, 30))
    assert refused.value.code == "not_in_force"
    assert again(received("commercial", today=date(2026, 5, 6))).state == "received"


@pytest.mark.django_db
def test_an_assigned_agreement_is_confirmed_within_thirty_days_of_the_signatures() -> None:
    sealed = date(2026, 11, 25)
    row = accepted(data={"materials_on": DAY}, **ASSIGNED)
    take(row, "sign_agreement", **SIGNED)
    approve_all(take(row, "seal_agreement", today=sealed), committee(), today=sealed)
    assert row.deadlines.get(rule="J-01").starts_on == TODAY
    assert again(row).agreement.effective_on == sealed
    do(row, "open_confirmation", today=sealed)
    assert row.children.get().concrete().effective_on == TODAY


@pytest.mark.django_db
def test_deadlines_say_which_stretches_do_not_count(client: Any, django_assert_max_num_queries: Any) -> None:
    row = received(**ASSIGNED)
    do(row, "record_referral", by=clerk(), **REFERRAL)
    do(row, "assign_mediator", user="mediator", chosen_by="self")
    do(row, "start_appraisal", institution="示例鉴定机构")
    client.force_login(clerk())
    with django_assert_max_num_queries(15):
        answer = client.get("/api/v1/deadlines/", {"rule": "C-06"})
    assert answer.json()["results"][0]["stretches"] == [{"kind": "appraisal", "from_on": DAY, "to_on": None}]
