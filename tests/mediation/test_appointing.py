"""Who mediates: chosen or appointed, conflicts lifted by both sides, recusal asked, decided, taken back."""

import json

import pytest
from django.urls import reverse

from cases import steps
from cases.errors import Conflict, DomainError, Invalid, NotFound, Refused
from cases.models import AccessLog, Event
from mediation.models import Mediation
from stations.models import Interest, StandIn
from tests.factories import TODAY, approve_all, body, clerk, user
from tests.mediation.stage import (
    DAY,
    SIGNED,
    accepted,
    again,
    committee,
    consent,
    do,
    head,
    mediator,
    party,
    received,
    take,
)

pytestmark = pytest.mark.django_db
WHY = "曾一同参加培训"


def assign(row, name, **data):
    mediator(name)
    return do(row, "assign_mediator", by=committee(), user=name, **{"chosen_by": "appointed", **data})


def relative_of(row, person, **changes):
    return Interest.objects.create(
        user=person, relation="relative", name=party(row).name, valid_from=TODAY, **changes
    )


def mediating(row) -> list[str]:
    return [one.username for one in again(row).mediators()]


# appointing -----------------------------------------------------------------------------------------------------


def test_assign_tells_both_sides_who_mediates_and_that_recusal_may_be_asked():
    row = received()
    assign(row, "mediator")
    paper = row.documents.get(kind="mediator_assignment")
    assert "甲公司" in paper.blocks and "乙公司" in paper.blocks and "有权申请其回避" in paper.blocks
    assert "由调解组织指定" in paper.blocks and paper.audience == "proceeding"


def test_parties_choose_only_if_both_name_the_same():
    row = received()
    with pytest.raises(Invalid) as refusal:
        assign(row, "mediator", chosen_by="parties", applicant_chose=True)
    assert "chosen_by" in refusal.value.fields
    assign(row, "mediator", chosen_by="parties", applicant_chose=True, respondent_chose=True)
    assert "由双方当事人共同选定" in row.documents.get().blocks


def test_a_relative_is_refused_unless_both_sides_consent_and_is_not_asked_again():
    row = received()
    relative_of(row, mediator())
    with pytest.raises(Invalid) as refusal:
        assign(row, "mediator", applicant_consents_on=DAY)
    assert "应当回避" in refusal.value.fields["user"][0] and "乙公司" in refusal.value.fields["user"][1]
    assign(row, "mediator", applicant_consents_on=DAY, respondent_consents_on=DAY)
    notes = json.loads(Event.objects.get(name="assign_mediator").body)["notes"]
    assert notes["respondent_consents_on"] == DAY and notes["cleared"]
    take(consent(row), "accept")  # waits for the committee: what was consented to is not asked twice


def test_accept_refuses_a_relative_who_takes_the_case_himself():
    row = consent(received())
    relative_of(row, mediator())
    with pytest.raises(Invalid) as refusal:
        take(row, "accept")
    assert any("近亲属" in text for text in refusal.value.fields["__all__"])
    take(row, "accept", applicant_consents_on=DAY, respondent_consents_on=DAY)


def test_an_interest_declared_after_the_appointment_is_found_at_acceptance():
    row = received()
    assign(row, "mediator")
    relative_of(row, mediator())
    with pytest.raises(Invalid):
        take(consent(row), "accept")


def test_soft_hits_are_listed_and_need_a_tick():
    row = received()
    Interest.objects.create(user=mediator(), relation="client", name="乙公司", valid_from=TODAY)
    with pytest.raises(Invalid) as refusal:
        assign(row, "mediator")
    assert "曾代理或者提供服务" in refusal.value.fields["acknowledged"][1]
    assign(row, "mediator", acknowledged=True)
    assert mediating(row) == ["mediator"]


def test_to_have_mediated_for_a_party_is_shown_at_assignment_but_not_asked_at_acceptance():
    accepted()
    row = consent(received())
    with pytest.raises(Invalid) as refusal:
        assign(row, "mediator")
    assert "曾在" in refusal.value.fields["acknowledged"][1]
    approve_all(take(row, "accept"), committee())
    assert mediating(row) == ["mediator"]


def test_hand_over_refuses_who_should_withdraw():
    row = accepted()
    relative_of(row, mediator("m2"))
    with pytest.raises(Invalid) as refusal:
        do(row, "hand_over", by=committee(), user="m2", reason="工作调整")
    assert "不能移交" in refusal.value.fields["user"][0]
    mediator("m3")
    do(row, "hand_over", by=committee(), user="m3", reason="工作调整")
    assert mediating(row) == ["m3"]


def test_the_form_lists_candidates_with_their_reasons(client):
    row = received()
    relative_of(row, mediator("m2"))
    mediator()
    client.force_login(committee(), backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(reverse("act", args=[row.pk, "assign_mediator"])).content.decode()
    assert "mediator（在办 0 件；未发现利益冲突）" in page and "m2（在办 0 件；应当回避）" in page
    assert page.index("mediator（在办") < page.index("m2（在办") and "applicant_consents_on" in page
    told = client.post(
        reverse("act", args=[row.pk, "assign_mediator"]), {"user": "m2", "chosen_by": "appointed"}
    )
    assert "近亲属" in told.content.decode() and 'value="m2" selected' in told.content.decode()


# recusal --------------------------------------------------------------------------------------------------------


def asked(row, by=None, name="mediator", **data):
    said = {"user": name, "party": party(row).pk, "ground": "other_relation", "reason": WHY, **data}
    do(row, "ask_recusal", by=by or clerk(), **said)
    return row.recusals.last()


def decide(row, granted, by=None, recusal=None, **data):
    said = {"recusal": (recusal or row.recusals.last()).pk, "granted": granted, "reason": "经审查", **data}
    return do(row, "decide_recusal", by=by or committee(), **said)


def test_while_a_recusal_is_open_nothing_of_weight_happens():
    row = accepted()
    asked(row)
    for step in ("sign_agreement", "record_oral"):
        with pytest.raises(DomainError, match="尚未决定") as refusal:
            take(row, step, **SIGNED)
        assert refusal.value.code == "recusal_open"
    with pytest.raises(DomainError, match="尚未决定"):
        asked(row)
    decide(row, "no")
    assert "继续担任" in row.documents.get(kind="recusal_decision").blocks
    assert mediating(row) == ["mediator"]
    take(row, "sign_agreement", **SIGNED)
    asked(row, ground="party_asks")
    with pytest.raises(DomainError, match="尚未决定"):
        take(row, "seal_agreement")


def test_an_open_recusal_bars_acceptance():
    row = received()
    assign(row, "mediator")
    asked(row)
    with pytest.raises(DomainError, match="尚未决定"):
        take(consent(row), "accept")


def test_recusal_of_the_only_mediator_leaves_the_case_unassigned_and_he_sees_it_no_longer():
    row = accepted()
    asked(row)
    decide(row, "yes")
    row = again(row)
    assert (row.handler, row.mediators(), row.state) == (None, [], "in_mediation")
    paper = row.documents.get(kind="recusal_decision")
    assert "决定准许" in paper.blocks and "乙公司" in paper.blocks and WHY not in paper.blocks
    other = mediator("m2")
    assert Mediation.objects.visible_to(other, TODAY).filter(pk=row.pk).exists()  # somebody must take it on
    with pytest.raises((NotFound, Refused)):
        do(row, "session", mode="phone", attendance=[{"name": "甲"}], result="continues", minutes="无")
    assign(row, "m2", acknowledged=True)
    assert mediating(row) == ["m2"] and again(row).handler == other


def test_a_replacement_named_in_the_decision_takes_the_place():
    row = accepted()
    asked(row)
    mediator("m2")
    with pytest.raises(Invalid) as refusal:
        decide(row, "no", replacement="m2")
    assert "replacement" in refusal.value.fields
    relative_of(row, mediator("m3"))
    with pytest.raises(Invalid) as refusal:
        decide(row, "yes", replacement="m3")
    assert "应当回避" in refusal.value.fields["replacement"][0]
    decide(row, "yes", replacement="m2")
    assert mediating(row) == ["m2"] and "由m2接替" in row.documents.get(kind="recusal_decision").blocks


def test_of_two_mediators_the_one_recused_leaves_and_the_other_goes_on():
    row = accepted()
    assign(row, "m2")
    asked(row)
    decide(row, "yes")
    assert mediating(row) == ["m2"] and again(row).handler.username == "m2"
    take(row, "sign_agreement", by=mediator("m2"), **SIGNED)


def test_the_mediator_asks_for_himself_and_nobody_asks_in_his_name():
    row = accepted()
    with pytest.raises(DomainError) as refusal:
        asked(row, by=clerk(), party="")
    assert refusal.value.code == "whose_wish"
    asked(row, by=mediator(), party="", ground="relative")
    decide(row, "yes")
    assert "调解员本人" in row.documents.get(kind="recusal_decision").blocks


def test_who_decides_is_the_body_never_the_mediator_concerned():
    row = accepted()
    asked(row)
    for other in (clerk(), mediator()):
        with pytest.raises(Refused):
            decide(row, "no", by=other)
    for stranger in (head(), user("leader", ("leader", None)), mediator("m2")):
        with pytest.raises(NotFound):
            decide(row, "no", by=stranger)
    both = user("mediator", ("committee", body("committee")))
    with pytest.raises(DomainError) as refusal:
        decide(row, "no", by=both)
    assert refusal.value.code == "own_cause"
    StandIn.objects.create(
        absent=committee(),
        substitute=both,
        valid_from=TODAY,
        valid_to=TODAY,
        reason="休假",
        set_by=committee(),
    )
    with pytest.raises(DomainError):
        decide(row, "no", by=both)


def test_the_bureaus_head_decides_where_the_bureau_mediates():
    row = accepted("administrative")
    asked(row, name="mediator_bureau")
    with pytest.raises(NotFound):
        decide(row, "no", by=committee())
    decide(row, "no", by=head())
    assert row.recusals.get().granted is False


def undo(row, event, by):
    return steps.act(row.pk, "undo_act", by=by, data={"act": event.pk, "reason": "选错"}, today=TODAY)


def test_a_decision_taken_back_leaves_the_question_open_and_the_mediator_in_place():
    row = accepted()
    with pytest.raises(DomainError, match="没有尚未决定"):
        decide(row, "no", recusal=type("R", (), {"pk": 1}))
    asked(row)
    decide(row, "yes")
    event = row.events.get(name="decide_recusal")
    mediator("m2")
    waiting = undo(row, event, by=mediator("m2"))
    approve_all(waiting, committee())
    recusal = row.recusals.get()
    assert (recusal.granted, recusal.cancelled, mediating(row)) == (None, False, ["mediator"])
    assert row.documents.get(kind="recusal_decision").state == "void"
    event = row.events.get(name="ask_recusal")
    approve_all(undo(row, event, by=mediator()), committee())
    assert row.recusals.get().cancelled
    take(row, "sign_agreement", **SIGNED)


def test_the_reason_is_read_by_who_decides_with_a_line_in_the_log(client):
    row = accepted()
    asked(row)
    assert WHY not in "".join(Event.objects.values_list("body", flat=True))
    url = reverse("mediation_recusals", args=[row.pk])
    for who in (clerk(), head(), mediator("m2")):
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        assert client.get(url).status_code in (403, 404)
    assert not AccessLog.objects.filter(act="read").exists()
    for who in (committee(), mediator()):
        client.force_login(who, backend="django.contrib.auth.backends.ModelBackend")
        assert WHY in client.get(url).content.decode()
    assert AccessLog.objects.filter(act="read", subject=f"recusals/{row.pk}").count() == 2


def test_a_recusal_cannot_be_decided_twice():
    row = accepted()
    recusal = asked(row)
    decide(row, "no")
    asked(row)
    with pytest.raises((Invalid, Conflict)):
        decide(row, "yes", recusal=recusal)


def test_a_mediator_refuses_a_case_in_his_own_words_and_the_body_decides():
    row = accepted()
    own = {"user": "mediator", "ground": "unable"}
    with pytest.raises(Invalid) as refusal:
        do(row, "ask_recusal", by=mediator(), **own)
    assert set(refusal.value.fields) == {"reason"}
    party = row.case.parties.first().pk
    with pytest.raises(Invalid) as refusal:
        do(row, "ask_recusal", by=clerk(), party=party, reason="出差", **own)
    assert set(refusal.value.fields) == {"ground"}
    do(row, "ask_recusal", by=mediator(), reason="长期出差，不能按期主持调解", **own)
    decide(row, "yes")
    assert mediating(row) == []
