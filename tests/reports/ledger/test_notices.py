"""通报、约谈: drafted from the rule, nothing until head and leader have signed, served, answered, closed."""

from datetime import timedelta

import pytest
from django.urls import reverse

from cases import approvals, steps
from cases.documents import making
from cases.errors import Conflict, DomainError, Refused
from cases.models import Document, Event
from reports.models import LedgerNotice
from stations.models import Unit
from tests.factories import approve_all
from tests.reports.ledger.ground import TODAY, act, district, head, leader, read, step

pytestmark = pytest.mark.django_db


def draft(client, form="circular", unit="甲局及相关成员单位") -> LedgerNotice:
    """Drafted from the unit's page."""
    client.force_login(district())
    address = reverse("unit_notice", args=[Unit.objects.get(name=unit).pk])
    answer = client.post(address, {"form": form, "key": f"k-{form}"})
    assert answer.status_code == 302, answer.content.decode()
    return LedgerNotice.objects.latest("pk")


def signed(client, **said) -> LedgerNotice:
    row = draft(client, **said)
    answer = step(row, "sign", letter_no="津滨知通〔2026〕1号")
    done = approve_all(answer, head(), leader(), today=TODAY)
    assert done.state == "granted", done.reason
    return LedgerNotice.objects.get(pk=row.pk)


@pytest.fixture
def plan(time_machine):
    time_machine.move_to(f"{TODAY}T10:00:00+08:00", tick=False)
    return read()


def test_a_draft_names_the_late_tasks_and_is_no_paper(plan, client):
    row = draft(client)
    assert (row.state, row.items, row.unit.name) == ("received", "1", "甲局及相关成员单位")
    assert "完成时限 2023.6" in row.problems and "逾期 41 个月" in row.problems
    assert not Document.objects.exists() and not Event.objects.filter(fact="notice_signed").exists()


def test_a_unit_without_anything_late_gets_no_draft(plan, client):
    client.force_login(district())
    address = reverse("unit_notice", args=[Unit.objects.get(name="丙区").pk])
    assert client.post(address, {"form": "circular", "key": "k"}).status_code >= 400
    assert not LedgerNotice.objects.exists()


def test_the_leadership_and_others_draft_nothing(plan, client):
    client.force_login(leader())
    address = reverse("unit_notice", args=[Unit.objects.first().pk])
    assert client.post(address, {"form": "circular"}).status_code == 403


def test_head_then_leader_sign_and_the_paper_leaves_as_pdf_and_docx(plan, client):
    row = draft(client)
    answer = step(row, "sign", letter_no="津滨知通〔2026〕1号")
    with pytest.raises(DomainError):
        approvals.decide(answer.approval.pk, "approve", by=leader(), today=TODAY)
    approvals.decide(answer.approval.pk, "approve", by=head(), today=TODAY)
    assert LedgerNotice.objects.get(pk=row.pk).state == "received"
    assert [one.pk for one in approvals.waiting_for(leader(), TODAY)] == [answer.approval.pk]
    approvals.decide(answer.approval.pk, "approve", by=leader(), today=TODAY)
    (paper,) = Document.objects.filter(kind="ledger_notice")
    assert (paper.layout, LedgerNotice.objects.get(pk=row.pk).state) == ("official", "signed")
    assert "津滨知通〔2026〕1号" in paper.blocks and "甲局及相关成员单位" in paper.blocks
    making.render(paper)
    made = Document.objects.get(pk=paper.pk)
    assert made.pdf.size > 1000 and made.docx.size > 1000


def test_a_draft_two_people_edit_loses_nothing(plan, client):
    row = draft(client)
    said = {"problems": "改一", "demand": "要求", "reply_by": str(TODAY + timedelta(days=9)), "revision": 0}
    act(row, "edit_draft", **said)
    with pytest.raises(Conflict) as stale:
        act(row, "edit_draft", **{**said, "problems": "改二"})
    assert stale.value.code == "stale_revision" and LedgerNotice.objects.get(pk=row.pk).problems == "改一"


def test_it_is_served_answered_and_closed(plan, client):
    row = signed(client)
    with pytest.raises(Conflict):
        step(row, "record_reply", reply="已整改")
    step(row, "serve", how="official", receiver="收发室")
    with pytest.raises(DomainError) as no_talk:
        act(row, "record_talk", attended="甲", talk="略")
    assert no_talk.value.code == "no_talk"
    step(row, "record_reply", reply="已整改")
    step(row, "close", result="整改到位")
    assert (LedgerNotice.objects.get(pk=row.pk).state, LedgerNotice.objects.get(pk=row.pk).closed_on) == (
        "closed",
        TODAY,
    )


def test_a_talk_closes_only_after_it_was_held(plan, client):
    row = signed(client, form="talk")
    step(row, "serve", how="direct", receiver="收发室")
    step(row, "record_reply", reply="已整改")
    with pytest.raises(DomainError) as missing:
        step(row, "close", result="到位")
    assert missing.value.code == "talk_missing"
    act(row, "record_talk", attended="负责人", talk="约谈内容")
    step(row, "close", result="到位")


def test_the_leader_signs_nothing_by_himself(plan, client):
    row = draft(client)
    with pytest.raises(Refused):
        steps.perform(row.pk, "sign", by=leader(), data={"letter_no": "1"}, version=0, today=TODAY)
