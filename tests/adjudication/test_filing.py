"""Up to filing: the checklist, the panel, correction, refusal, undoing, and who may."""

from datetime import date

import pytest

from adjudication.models import RegisterLine
from cases import chain, permissions, steps
from cases.errors import DomainError, Invalid, Refused
from cases.models import Approval, Event, Number
from tests.adjudication.story import (
    CONDITIONS,
    FILING,
    PARTIES,
    TODAY,
    due,
    filed,
    fresh,
    late,
    later,
    received,
    staff,
    take,
)  # fmt: skip
from tests.factories import approve_all, clerk, register

pytestmark = pytest.mark.django_db


def refused(row, data, today=TODAY):
    with pytest.raises(Invalid) as refusal:
        steps.perform(row.pk, "file", by=staff()["adj1"], data=data, version=0, today=today)
    return refusal.value.fields


def test_filing_gives_number_panel_facts_clocks_paper_and_register_line():
    row = filed()
    assert (row.state, row.number, row.accepted_on) == ("filed", "津滨知裁字〔2026〕1号", TODAY)
    event = Event.objects.get(proceeding=row, version=1)
    assert (event.fact, event.value) == ("accepted", "invention")
    assert [p.capacity for p in row.panel()] == ["panel_leader", "panel_member", "panel_member"]
    assert row.handler.username == "adj1"
    assert due(row, "T-02") is None and due(row, "T-05") == date(2026, 11, 27)
    assert due(row, "T-18") == date(2027, 2, 22)  # 2027-02-20 is a Saturday
    assert set(row.documents.values_list("kind", flat=True)) == {"filing_notice", "panel_notice"}
    assert list(RegisterLine.objects.values_list("number", "status")) == [(row.number, "pending")]
    assert chain.broken_case_chains() == []


@pytest.mark.parametrize("name", sorted(CONDITIONS))
def test_every_condition_is_demanded_with_its_article(name):
    fields = refused(received(), {**FILING, name: False})
    assert list(fields) == [name] and "第十二条" in fields[name][0]


def test_claims_relied_on_are_demanded_from_two_claims_on():
    row = received()
    assert "第三十六条" in refused(row, {**FILING, "claims_relied": ""})["claims_relied"][0]
    assert take(row, "file", {**FILING, "claim_count": 1, "claims_relied": ""}).state == "filed"


def test_old_regime_asks_for_no_claims_and_cites_the_old_measures():
    day = date(2025, 1, 10)
    row = received(day)
    fields = refused(row, {**FILING, "not_elsewhere": False, "claim_count": ""}, today=day)
    assert list(fields) == ["not_elsewhere"] and "专利行政执法办法" in fields["not_elsewhere"][0]
    assert take(row, "file", {**FILING, "claim_count": "", "claims_relied": ""}, today=day).state == "filed"


@pytest.mark.parametrize(
    ("members", "code"),
    [
        (["adj2"], "三人以上单数"),
        (["adj2", "adj3", "adj4"], "三人以上单数"),
        (["adj2", "adj2"], "重复"),
        (["adj2", "office"], "第 2 行"),
    ],
)
def test_panel_is_odd_of_three_or_more_adjudicators(members, code):
    fields = refused(received(), {**FILING, "members": [{"user": name} for name in members]})
    assert code in fields["members"][0]


def test_change_of_panel_keeps_it_odd_and_closes_the_old_seat():
    row = filed()
    base = {"leader": "adj1", "recorder": "rec", "reason": "工作调整"}
    with pytest.raises(Invalid):
        take(row, "change_panel", {**base, "members": [{"user": "adj2"}]})
    row = take(row, "change_panel", {**base, "members": [{"user": "adj2"}, {"user": "adj4"}]})
    assert {p.user.username for p in row.panel()} == {"adj1", "adj2", "adj4"}


def test_who_mediated_the_dispute_cannot_sit():
    row = received()
    row.participations.create(user=staff()["adj3"], capacity="mediator", from_on=TODAY)
    with pytest.raises(DomainError) as refusal:
        steps.perform(row.pk, "file", by=staff()["adj1"], data=FILING, version=0, today=TODAY)
    assert refusal.value.code == "mediated_before"


def test_correction_sets_its_own_period_and_restarts_the_five_days():
    row = received(later(-4))
    row = take(row, "ask_correction", {"defects": [{"text": "缺登记簿副本"}], "due_on": later(6).isoformat()},
               today=later(-3))  # fmt: skip
    assert due(row, "T-01") == later(6)
    before = due(row, "T-02")
    row = take(row, "receive_correction")
    assert due(row, "T-01") is None and due(row, "T-02") == date(2026, 11, 27) > before
    with pytest.raises(DomainError) as refusal:
        take(row, "ask_correction", {"defects": [{"text": "又缺"}], "due_on": later(6).isoformat()})
    assert refusal.value.code == "corrected_once"


def test_filing_period_is_extended_once_by_five_days_since_2025_only():
    row = received()
    first_due = due(row, "T-02")
    row = take(row, "extend_filing", {"amount": 5, "reason": "案情特别复杂"})
    assert (first_due, due(row, "T-02")) == (date(2026, 11, 27), date(2026, 12, 4))
    with pytest.raises(DomainError) as refusal:
        take(row, "extend_filing", {"amount": 1, "reason": "再延"})
    assert refusal.value.code == "extend_refused"
    old = received(date(2025, 1, 10))
    with pytest.raises(DomainError) as refusal:
        take(old, "extend_filing", {"amount": 5, "reason": "复杂"}, today=date(2025, 1, 13))
    assert refusal.value.code == "other_regime" and "第二十条" in str(refusal.value)


def test_refusal_has_reasons_a_paper_and_no_number():
    row = take(received(), "refuse", {"reasons": [{"text": "没有明确的被请求人"}]})
    assert (row.state, row.number, row.outcome) == ("refused", None, "refused")
    facts = list(
        Event.objects.filter(proceeding=row, fact__in=["refused", "closed"]).values_list("fact", flat=True)
    )
    assert sorted(facts) == ["closed", "refused"]
    assert row.documents.get().kind == "filing_refusal" and not RegisterLine.objects.exists()


def test_incomplete_party_is_named_before_filing():
    row = received(parties=[{**PARTIES[0], "id_number": ""}, PARTIES[1]])
    with pytest.raises(DomainError) as refusal:
        steps.perform(row.pk, "file", by=staff()["adj1"], data=FILING, version=0, today=TODAY)
    assert refusal.value.code == "incomplete" and "证件号" in str(refusal.value)


def test_undoing_filing_voids_the_number_here_and_in_the_register():
    row = filed()
    number = row.number
    row = take(row, "undo_last", {"reason": "点错"})
    assert (row.state, row.number, row.accepted_on) == ("received", None, None)
    assert Number.objects.get(text=number).void_on == TODAY
    assert list(RegisterLine.objects.values_list("number", "status")) == [
        (number, "pending"),
        (number, "void"),
    ]
    assert row.panel() == [] and due(row, "T-02") and not due(row, "T-18")
    again = take(row, "file", FILING)
    assert again.number == "津滨知裁字〔2026〕2号"


def test_who_may_file_and_who_may_not():
    row = received()
    people = staff()
    assert permissions.can(people["adj2"], row, "file", TODAY)
    for name in ("rec", "office", "head", "legal"):
        assert not permissions.can(people[name], row, "file", TODAY), name
    assert not permissions.can(clerk(), row, "file", TODAY)
    row = filed()
    outsider = permissions.can(people["adj4"], row, "plan_hearing", TODAY)
    assert not outsider and outsider.code == "relation"
    assert permissions.can(people["rec"], row, "plan_hearing", TODAY)
    assert not type(row).objects.visible_to(people["adj4"], TODAY).filter(pk=row.pk).exists()


def test_nobody_approves_his_own_filing():
    row = received()
    people = staff()
    waiting = steps.perform(row.pk, "file", by=people["adj1"], data=FILING, version=0, today=TODAY)
    assert Approval.objects.get().roles == "head" and fresh(row).state == "received"
    with pytest.raises(Refused):
        approve_all(waiting, people["adj1"])


def test_an_earlier_filing_day_is_late_entry_and_chooses_the_clock():
    row = received(later(-20))
    row = take(row, "file", {**FILING, **late(later(-15))})
    assert row.accepted_on == later(-15) and due(row, "T-05") == date(2026, 11, 12)
    assert Event.objects.get(proceeding=row, version=1).origin == "late"


def test_only_patents_are_adjudicated():
    with pytest.raises(Invalid) as refusal:
        register(proceeding="adjudication")
    assert "专利" in refusal.value.fields["proceeding"][0]
