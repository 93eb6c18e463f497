"""Service and defence, objection, evidence, recusal, hearing, stay and extension, deliberation."""

import json
from datetime import date, timedelta

import pytest

from adjudication.models import Deliberation, Hearing, Recusal, Service
from cases import steps
from cases.errors import Conflict, DomainError, Invalid
from cases.models import Event
from tests.adjudication.story import (
    PARTIES,
    TODAY,
    deliberating,
    due,
    filed,
    fresh,
    later,
    party,
    serve,
    settle,
    staff,
    take,
    vote,
)  # fmt: skip

pytestmark = pytest.mark.django_db


def fails(code, *args, **kwargs):
    with pytest.raises(DomainError) as refusal:
        take(*args, **kwargs)
    assert refusal.value.code == code
    return str(refusal.value)


# service ----------------------------------------------------------------------------------------------------


def test_request_served_ends_the_five_days_and_starts_the_defence():
    row = serve(filed())
    assert due(row, "T-05") is None and due(row, "T-06") == date(
        2026, 12, 7
    )  # the fifteenth day is a Saturday
    row = take(row, "receive_defence", {"party": party(row).pk}, today=later(3))
    assert due(row, "T-06") is None and due(row, "T-08") == date(2026, 11, 30)
    row = take(row, "serve_defence_copy", {"party": party(row).pk}, today=later(4))
    assert due(row, "T-08") is None
    with pytest.raises(DomainError) as refusal:
        serve(row)
    assert refusal.value.code == "already_served"


def test_respondent_without_domicile_has_thirty_days_since_2025_only():
    row = serve(filed(), no_domicile=True)
    assert due(row, "T-06") is None and due(row, "T-07") == date(2026, 12, 21)
    day = date(2025, 1, 10)
    with pytest.raises(DomainError) as refusal:
        serve(filed(day), no_domicile=True, today=day)
    assert refusal.value.code == "other_regime"


def test_five_days_for_service_run_until_every_respondent_is_served():
    second = {"role": "respondent", "kind": "legal_person", "name": "丙公司", "address": "示例三路3号"}
    row = serve_to(filed(parties=[*PARTIES, second]), "乙公司")
    assert due(row, "T-05")
    row = serve_to(row, "丙公司")
    assert due(row, "T-05") is None
    assert row.deadlines.filter(rule="T-06", met_on__isnull=True).count() == 2


def serve_to(row, name):
    who = row.case.parties.get(name=name)
    return take(row, "serve", {"party": who.pk, "paper": "request", "method": "post"})


def test_electronic_service_needs_consent():
    row = filed()
    data = {"party": party(row).pk, "paper": "request", "method": "electronic"}
    with pytest.raises(Invalid) as refusal:
        take(row, "serve", data)
    assert "同意" in refusal.value.fields["consented"][0]
    assert take(row, "serve", {**data, "consented": True}).services.get().consented


def test_public_notice_stops_the_closing_clock_until_its_days_have_run():
    row = serve(filed(), method="public_notice")
    service = row.services.get()
    assert service.served_on is None and due(row, "T-06") is None
    closing = row.deadlines.get(rule="T-18")
    fails("announcement_runs", row, "complete_announcement", {"service": service.pk}, today=later(29))
    row = take(row, "complete_announcement", {"service": service.pk}, today=later(30))
    assert row.services.get().served_on == later(30) and due(row, "T-06") == later(45) + timedelta(0)
    assert due(row, "T-05") is None
    # thirty days are added to 2027-02-20 before rolling
    assert due(row, "T-18") == date(2027, 3, 22) > closing.due_on
    assert Service.objects.count() == 1


def test_no_defence_is_recorded_only_after_its_time():
    row = serve(filed())
    fails("defence_period_runs", row, "record_no_defence", {"party": party(row).pk}, today=later(10))
    row = take(row, "record_no_defence", {"party": party(row).pk}, today=later(18))
    assert due(row, "T-06") is None


# jurisdiction, evidence ---------------------------------------------------------------------------------------


def test_objection_to_jurisdiction_stops_the_closing_clock_and_has_five_days():
    row = serve(filed())
    data = {"party": party(row).pk, "reason": "不在本区"}
    row = take(row, "object_jurisdiction", data, today=later(3))
    assert due(row, "T-10") == date(2026, 11, 30) and row.open_interval("jurisdiction_objection")
    row = take(row, "decide_jurisdiction", {"sustained": "no", "reason": "侵权行为地在本区"}, today=later(7))
    assert due(row, "T-10") is None and due(row, "T-18") == date(2027, 2, 24)
    late_one = serve(filed())
    assert "2026-12-07" in fails("objection_late", late_one, "object_jurisdiction",
                                 {"party": party(late_one).pk, "reason": "迟"}, today=later(18))  # fmt: skip


def test_evidence_period_is_fifteen_days_at_least_and_a_party_s_extension_is_excluded():
    row = filed()
    fails("evidence_period_short", row, "set_evidence_period", {"due_on": later(14).isoformat()})
    row = take(row, "set_evidence_period", {"due_on": later(15).isoformat()})
    assert due(row, "T-13") == later(15)
    row = take(
        row, "extend_evidence", {"due_on": later(25).isoformat(), "asked_by": "party", "reason": "取证"}
    )
    assert due(row, "T-13") == later(25) and due(row, "T-18") == date(2027, 3, 2)
    day = date(2025, 1, 10)
    fails("other_regime", filed(day), "set_evidence_period", {"due_on": "2025-03-01"}, today=day)


# recusal --------------------------------------------------------------------------------------------------------


def ask(row, officer="adj2", known=TODAY, stage="in_time", today=TODAY):
    data = {
        "officer": officer,
        "party": party(row).pk,
        "ground": "relative",
        "known_on": known.isoformat(),
        "stage": stage,
    }
    return take(row, "ask_recusal", data, today=today)


def test_recusal_granted_seats_another_and_stops_decisions_until_then():
    row = ask(serve(filed()))
    assert due(row, "T-12") == date(2026, 11, 25)
    row = take(row, "receive_defence", {"party": party(row).pk})
    fails("recusal_open", row, "deliberate")
    data = {"recusal": Recusal.objects.get().pk, "granted": "yes", "reason": "近亲属"}
    fails("replacement_missing", row, "decide_recusal", data)
    row = take(row, "decide_recusal", {**data, "replacement": "adj4"})
    assert {p.user.username for p in row.panel()} == {"adj1", "adj3", "adj4"} and due(row, "T-12") is None
    assert take(settle(row), "deliberate").state == "deliberating"


def test_recusal_asked_too_late_is_recorded_and_cannot_be_granted():
    row = ask(filed(), known=TODAY, today=later(6))  # three working days ran out on 11-25
    found = Recusal.objects.get()
    assert found.late
    data = {"recusal": found.pk, "granted": "yes", "replacement": "adj4", "reason": "x"}
    assert "第五条" in fails("recusal_late", row, "decide_recusal", data, today=later(6))
    row = take(
        row, "decide_recusal", {"recusal": found.pk, "granted": "no", "reason": "逾期"}, today=later(6)
    )
    assert len(row.panel()) == 3 and not ask(row, "adj3", later(5), today=later(6)).recusals.last().late


# hearing --------------------------------------------------------------------------------------------------------

PLACE = {"time": "09:30", "place": "第一审理室", "mode": "room", "is_public": True}


def test_hearing_is_told_three_full_working_days_before_and_both_readings_are_shown():
    row = filed()
    text = fails("notice_too_late", row, "plan_hearing", {**PLACE, "day": "2026-11-25"})
    assert "2026-11-19" in text and "2026-11-20" in text
    row = take(row, "plan_hearing", {**PLACE, "day": "2026-11-26"})
    assert due(row, "T-14") == TODAY
    event = Event.objects.get(proceeding=row, name="plan_hearing")
    assert json.loads(event.body)["notes"]["lenient"] == "2026-11-23"
    assert row.documents.filter(kind="hearing_notice").exists()
    row = serve(serve(row, "hearing_notice"), "hearing_notice", "applicant")
    assert due(row, "T-14") is None


def test_closed_hearing_needs_a_reason_and_a_new_plan_drops_the_old():
    row = filed()
    with pytest.raises(Invalid):
        take(row, "plan_hearing", {**PLACE, "is_public": False, "day": "2026-12-01"})
    row = take(row, "plan_hearing", {**PLACE, "day": "2026-12-01"})
    row = take(row, "plan_hearing", {**PLACE, "day": "2026-12-03"})
    assert [h.dropped for h in Hearing.objects.order_by("pk")] == [True, False]


def test_absent_requester_is_hinted_and_can_end_the_case():
    row = take(filed(), "plan_hearing", {**PLACE, "day": "2026-11-30"})
    rows = [
        {"party": party(row, "applicant").pk, "attended": "absent"},
        {"party": party(row).pk, "attended": "attended"},
    ]
    fails("hearing_to_come", row, "record_hearing", {"attendance": rows})
    with pytest.raises(Invalid):
        take(row, "record_hearing", {"attendance": rows[:1]}, today=later(10))
    row = take(row, "record_hearing", {"attendance": rows}, today=later(10))
    event = Event.objects.get(proceeding=row, name="record_hearing")
    assert "撤回请求" in json.loads(event.body)["notes"]["hint"]
    row = take(row, "dismiss", {"ground": "requester_absent"}, today=later(10))
    assert (row.state, row.outcome) == ("dismissed", "dismissed")


# deliberation -------------------------------------------------------------------------------------------------


def test_deliberation_waits_for_service_and_defence():
    row = filed()
    fails("not_served", row, "deliberate")
    row = serve(row)
    row = settle(row)
    fails("defence_period_runs", row, "deliberate", today=later(5))
    assert take(row, "deliberate", today=later(20)).state == "deliberating"


def test_deliberation_is_the_whole_panel_s_and_has_a_majority():
    row = deliberating()
    fails("not_whole_panel", row, "record_deliberation", {"votes": vote()["votes"][:2]})
    split = [
        {**v, "vote": code}
        for v, code in zip(vote()["votes"], ("established", "partly", "dismiss"), strict=True)
    ]
    fails("no_majority", row, "record_deliberation", {"votes": split})
    split[1]["vote"] = "established"
    row = take(row, "record_deliberation", {"votes": split})
    assert row.deliberations.get().conclusion == "established"
    with pytest.raises(Conflict):
        steps.act(filed().pk, "record_deliberation", by=staff()["adj1"], data=vote(), today=TODAY)


def test_deliberation_is_invisible_outside_the_panel():
    row = take(deliberating(), "record_deliberation", vote())
    people = staff()

    def seen(name):
        found = Event.objects.visible_to(people[name], TODAY).filter(
            proceeding=row, name="record_deliberation"
        )
        return found.count() + Deliberation.objects.visible_to(people[name], TODAY).count()

    assert [seen(name) for name in ("adj1", "adj2", "rec")] == [2, 2, 2]
    assert [seen(name) for name in ("head", "legal", "office", "adj4")] == [0, 0, 0, 0]
    others = Event.objects.visible_to(people["head"], TODAY).filter(proceeding=row)
    assert others.exists() and "同意" not in "".join(others.values_list("body", flat=True))
    assert fresh(row).state == "deliberating"
