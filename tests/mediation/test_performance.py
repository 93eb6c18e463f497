"""What is owed under an agreement: instalments, release, reminders, visits, late ones, undoing (人民调解法第三十一条)."""

from datetime import date
from decimal import Decimal
from io import BytesIO

import pytest
from django.urls import reverse
from openpyxl import load_workbook

from cases import chain, queue, steps
from cases.errors import DomainError, Invalid, Refused
from cases.models import Visit
from cases.registration import duplicates
from mediation.models import Mediation, Performance
from tests.factories import TODAY, approve_all, clerk
from tests.mediation.stage import (
    PAY,
    STOP,
    TEXT,
    accepted,
    again,
    committee,
    do,
    facts,
    mediator,
    party,
    settled,
    take,
)

pytestmark = pytest.mark.django_db
DUE = date(2026, 12, 20)


def term(row, position=1):
    return row.obligations.get(position=position)


def watched(row) -> dict[str, tuple[date, date | None]]:
    """Obligations by subject: due, met."""
    return {d.subject: (d.due_on, d.met_on) for d in row.deadlines.filter(rule="OB-01", cancelled=False)}


def perform(row, today=TODAY, by=None, position=1, **data):
    return do(row, "record_performance", by=by, today=today, term=term(row, position).pk, **data)


def undo(row, event):
    return steps.act(row.pk, "undo_act", by=mediator(), data={"act": event.pk, "reason": "登错"}, today=TODAY)


# taking effect -------------------------------------------------------------------------------------------------


def test_each_dated_term_is_watched_from_the_day_of_effect_and_undated_ones_are_not():
    row = settled()
    owed = term(row)
    assert watched(row) == {owed.subject: (DUE, None)}
    due = row.events.get(fact="obligation_due")
    assert (due.subject, due.occurred_on, due.known_on, due.value) == (owed.subject, DUE, TODAY, "pay")
    assert row.due_on == DUE or row.due_rule == "J-01"


def test_an_oral_agreement_is_owed_too_and_a_day_gone_by_is_no_obstacle():
    row = accepted(today=date(2026, 11, 18))
    terms = [{**PAY, "due_on": "2026-11-18"}, STOP]
    take(row, "record_oral", **{**TEXT, "terms": terms})
    assert list(watched(again(row)).values()) == [(date(2026, 11, 18), None)]


def test_undoing_the_seal_withdraws_what_is_owed_but_not_under_a_performance():
    row = settled()
    perform(row, amount="4000")
    with pytest.raises(DomainError) as refusal:
        take(row, "undo_last", reason="误盖")
    assert refusal.value.code == "built_upon"
    event = row.events.filter(name="record_performance").get()
    approve_all(undo(row, event), committee())
    approve_all(take(row, "undo_last", reason="误盖"), committee())
    row = again(row)
    assert watched(row) == {} and "obligation_due" not in dict(facts(row)) and not row.obligations.exists()
    approve_all(take(row, "seal_agreement"), committee())
    assert len(watched(again(row))) == 1 and chain.broken_case_chains() == []


def test_a_corrected_day_of_effect_leaves_the_agreed_days():
    row = settled(today=date(2026, 11, 18), received_on="2026-11-18")
    answer = take(row, "correct_record", column="closed_on", value="2026-11-19", reason="日期填错")
    approve_all(answer, committee())
    assert watched(again(row)) == {term(row).subject: (DUE, None)}
    assert row.events.get(fact="obligation_due", corrections__isnull=True).occurred_on == DUE


# performing ----------------------------------------------------------------------------------------------------


def test_payments_add_up_and_the_last_one_completes_by_itself():
    row = settled()
    perform(row, amount="4000", today=date(2026, 12, 1))
    assert term(row).performed_on is None and "performed" not in dict(facts(row))
    perform(row, amount="6000.00", today=date(2026, 12, 22), on="2026-12-19")
    owed = term(row)
    assert owed.performed_on == date(2026, 12, 19)
    assert watched(row) == {owed.subject: (DUE, date(2026, 12, 19))}
    done = row.events.get(fact="performed")
    assert (done.subject, done.occurred_on) == (owed.subject, date(2026, 12, 19))
    with pytest.raises(DomainError):
        perform(row, amount="1")


@pytest.mark.parametrize(
    ("data", "field", "word"),
    [
        ({"amount": "10000.01"}, "amount", "尚欠 10,000.00 元"),
        ({"amount": "9999", "completes": True}, "completes", "尚欠 1.00 元"),
        ({}, "amount", "请填写"),
        ({"amount": "0"}, "amount", "大于零"),
    ],
)
def test_an_amount_that_cannot_be_is_refused_with_what_is_owed(data, field, word):
    row = settled()
    with pytest.raises(DomainError) as refusal:
        perform(row, **data)
    assert word in refusal.value.fields[field][0] and not Performance.objects.exists()


def test_what_has_no_amount_is_done_at_once_or_in_part():
    row = settled()
    with pytest.raises(Invalid) as refusal:
        perform(row, position=2, amount="5")
    assert set(refusal.value.fields) == {"amount"}
    perform(row, position=2)
    assert term(row, 2).performed_on is None
    perform(row, position=2, completes=True)
    assert term(row, 2).performed_on == TODAY and ("performed", "stop") in facts(row)


def test_two_mediators_recording_the_same_payment_record_it_once():
    row = settled()
    second = mediator("m2")
    steps.act(
        row.pk, "hand_over", by=committee(), data={"user": second.username, "reason": "休假"}, today=TODAY
    )
    perform(row, by=second, amount="3000")
    with pytest.raises(DomainError) as refusal:
        perform(row, by=second, amount="3000")
    assert refusal.value.code == "same_payment" and "m2" in str(refusal.value.message)
    perform(row, by=second, amount="3000", another=True)
    perform(row, by=second, amount="4000")
    with pytest.raises(DomainError) as refusal:
        perform(row, by=second, amount="4000")
    assert refusal.value.code in ("nothing_owed", "invalid")
    assert sum(p.amount for p in Performance.objects.all()) == Decimal(10000)


def test_a_released_term_is_owed_no_longer():
    row = settled()
    do(row, "release_term", term=term(row).pk, ground="waived")
    owed = term(row)
    assert owed.released_on == TODAY and watched(row)[owed.subject] == (DUE, TODAY)
    assert ("released", "waived") in facts(row)
    with pytest.raises(Invalid):
        perform(row, amount="10")
    event = row.events.get(name="release_term")
    approve_all(undo(row, event), committee())
    assert term(row).released_on is None and watched(row)[owed.subject] == (DUE, None)
    assert "released" not in dict(facts(row))


def test_undoing_the_last_payment_makes_the_term_owed_again_the_first_cannot_go_before_it():
    row = settled()
    perform(row, amount="4000")
    perform(row, amount="6000")
    first, last = row.events.filter(name="record_performance").order_by("seq")
    with pytest.raises(DomainError) as refusal:
        undo(row, first)
    assert refusal.value.code == "built_upon"
    approve_all(undo(row, last), committee())
    owed = term(row)
    assert owed.performed_on is None and watched(row)[owed.subject] == (DUE, None)
    assert "performed" not in dict(facts(row))
    perform(row, amount="6000")
    assert term(row).performed_on == TODAY


# following up --------------------------------------------------------------------------------------------------


def test_a_reminder_is_on_the_record_and_nothing_goes_out():
    row = settled()
    do(row, "remind", by=clerk(), term=term(row).pk, way="phone", reached="no")
    event = row.events.get(name="remind")
    assert '"way":"phone"' in event.body and not row.documents.filter(event=event).exists()


def test_a_visit_keeps_what_was_said_sealed_and_prints_the_sheet():
    row = settled()
    perform(row, amount="4000")
    with pytest.raises(Invalid) as refusal:
        do(row, "return_visit", by=clerk(), party=party(row).pk, way="phone", reached="yes")
    assert set(refusal.value.fields) == {"satisfaction"}
    do(row, "return_visit", by=clerk(), party=party(row).pk, way="phone", reached="yes", satisfaction=4, said="对方另有怨言")  # fmt: skip
    visit = Visit.objects.get()
    assert (visit.said, visit.satisfaction, visit.proceeding_id) == ("对方另有怨言", 4, row.pk)
    paper = row.documents.get(kind="performance_visit")
    assert "已付4,000.00元" in paper.blocks and "怨言" not in paper.blocks
    assert not row.events.filter(body__contains="怨言").exists() and "怨言" not in visit.said_sealed


def test_a_late_obligation_stays_on_the_work_list_until_it_is_done():
    row = settled()
    later = date(2027, 1, 11)
    listed = queue.after_the_end(mediator(), later)
    assert [(d.rule, d.due_on) for d in listed] == [("OB-01", DUE)]
    perform(row, amount="10000", today=later)
    assert queue.after_the_end(mediator(), later) == []


# who, pages ----------------------------------------------------------------------------------------------------


def test_only_the_mediator_of_the_case_records_performance():
    row = settled()
    for person in (clerk(), committee()):
        with pytest.raises(Refused):
            perform(row, by=person, amount="10")
    with pytest.raises(DomainError) as refusal:
        perform(row, by=mediator("m2"), amount="10")
    assert refusal.value.code == "not_found"


def test_the_case_page_tells_due_and_done_and_the_words_only_to_those_who_take_part(client):
    row = settled()
    perform(row, amount="4000")
    for person, reads in ((mediator(), True), (clerk(), False)):
        client.force_login(person)
        text = client.get(f"{reverse('case', args=[row.case_id])}?p={row.pk}").content.decode()
        assert "协议履行" in text and "2026-12-20" in text and "已付 4,000.00 元" in text
        assert ("支付补偿款" in text) == reads


def test_the_list_of_obligations_shows_ones_own_alone_and_downloads(client, django_assert_max_num_queries):
    row = settled()
    client.force_login(mediator())
    with django_assert_max_num_queries(12):
        page = client.get(reverse("obligations"), {"which": "open"})
    assert row.number in page.content.decode() and "支付补偿款" not in page.content.decode()
    answer = client.get(reverse("obligations"), {"which": "all", "download": "xlsx"})
    sheet = load_workbook(BytesIO(answer.content)).active
    assert [sheet.cell(3, n).value for n in (1, 3, 7)] == [row.number, "1. 付款", 10000]
    client.force_login(mediator("m2"))
    assert row.number not in client.get(reverse("obligations"), {"which": "all"}).content.decode()


def test_the_form_of_a_performance_names_only_what_is_owed(client):
    row = settled()
    client.force_login(mediator())
    page = client.get(reverse("act", args=[row.pk, "record_performance"]))
    assert "尚欠 10,000.00 元" in page.content.decode()
    perform(row, amount="10000")
    page = client.get(reverse("act", args=[row.pk, "record_performance"])).content.decode()
    assert "停止侵权（乙公司）" in page and "尚欠" not in page


# coming back ---------------------------------------------------------------------------------------------------


def test_the_same_dispute_within_twelve_months_is_known_and_shown_only_to_whom_the_old_one_is(client):
    old = settled(today=TODAY)
    new = accepted(today=date(2027, 3, 1))
    back = new.events.get(fact="came_back")
    assert back.subject == f"proceeding:{old.pk}" and "甲公司" not in back.body
    client.force_login(mediator())
    assert old.number in client.get(f"{reverse('case', args=[new.case_id])}?p={new.pk}").content.decode()
    other = mediator("m2")
    steps.act(
        new.pk, "hand_over", by=committee(), data={"user": "m2", "reason": "分工"}, today=date(2027, 3, 1)
    )
    client.force_login(other)
    text = client.get(f"{reverse('case', args=[new.case_id])}?p={new.pk}").content.decode()
    assert new.number in text and old.number not in text and "曾调解" not in text


@pytest.mark.parametrize(
    "changes",
    [
        {"today": date(2027, 11, 22)},
        {"today": date(2027, 3, 1), "rights": [{"kind": "trademark", "number": "87654321"}]},
        {"today": date(2027, 3, 1), "parties": [
            {"role": "applicant", "kind": "legal_person", "name": "甲公司", "id_number": "91110000802100433B", "phone": "13800138000"},
            {"role": "respondent", "kind": "legal_person", "name": "丙公司"},
        ]},
    ],
)  # fmt: skip
def test_another_time_right_or_party_is_another_dispute(changes):
    settled()
    assert not accepted(**changes).events.filter(fact="came_back").exists()


def test_the_desk_is_told_of_an_agreement_of_the_last_twelve_months_it_may_see():
    settled()
    asked = {"names": ["甲公司"], "numbers": []}
    (likely,) = duplicates(**asked, by=clerk(), today=date(2027, 11, 20))
    assert likely.settled_lately
    (likely,) = duplicates(**asked, by=clerk(), today=date(2027, 11, 21))
    assert not likely.settled_lately
    assert duplicates(**asked, by=clerk("elsewhere", "s2"), today=TODAY) == []


def test_the_same_two_with_sides_changed_is_the_same_dispute():
    old = settled()
    sides = [
        {"role": "respondent", "kind": "legal_person", "name": "甲公司"},
        {"role": "applicant", "kind": "legal_person", "name": "乙公司", "id_number": "91110000802100433B", "phone": "13800138000"},
    ]  # fmt: skip
    new = accepted(today=date(2027, 3, 1), parties=sides)
    assert new.events.get(fact="came_back").subject == f"proceeding:{old.pk}"
    assert Mediation.objects.get(pk=new.pk).accepted_on == date(2027, 3, 1)
