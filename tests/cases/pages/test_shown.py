"""What pages show: nothing protected unmasked, unmasking only with a reason, reasons where something cannot be done."""

import pytest
from django.urls import reverse

from cases import access, steps
from cases.models import AccessLog, Approval
from tests.cases.pages.desks import ADDRESS, ID, PAGES, PHONE, signed
from tests.factories import TODAY, clerk, first, register

pytestmark = pytest.mark.django_db


def test_no_page_shows_a_protected_value_unmasked(case, head):
    row = first(case)
    steps.perform(row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY)
    client = signed(clerk())
    urls = [reverse(n) for n in PAGES[:6]]
    urls += [
        f"{reverse('case', args=[case.pk])}?tab={t}"
        for t in ("record", "parties", "rights", "files", "documents")
    ]
    urls += [f"{reverse('case_act', args=[case.pk, 'correct_party'])}?party={case.parties.first().pk}"]
    urls += [reverse("approval", args=[Approval.objects.get().pk])]
    for url in urls:
        answer = client.get(url)
        assert answer.status_code == 200, url
        for secret in (ID, PHONE, ADDRESS, "13900139000"):
            assert secret not in answer.content.decode(), (url, secret)
    assert "138****8000" in client.get(f"{reverse('case', args=[case.pk])}?tab=parties").content.decode()
    assert PHONE not in client.post(reverse("search"), {"q": "甲公司"}).content.decode()


def test_unmasking_needs_a_reason_and_is_logged_before_it_is_shown(case, monkeypatch):
    client, party = signed(clerk()), case.parties.first()
    url = reverse("unmask", args=[case.pk])
    said = {"party": party.pk, "column": "phone"}
    assert client.get(url).status_code == 405
    assert client.post(url, {**said, "reason": " "}).status_code == 400
    assert AccessLog.objects.filter(act="read").count() == 0
    text = client.post(url, {**said, "reason": "电话通知"}).content.decode()
    assert PHONE in text and ID not in text and ADDRESS not in text
    entry = AccessLog.objects.get(act="read")
    assert (entry.subject, entry.reason, entry.user.username) == (
        f"party/{party.pk}/phone",
        "电话通知",
        "clerk",
    )

    def broken(*args, **kwargs):
        raise RuntimeError("the log cannot be written")

    monkeypatch.setattr(access, "log_read", broken)
    with pytest.raises(RuntimeError):
        client.post(url, {**said, "reason": "电话通知"})


def test_unmasking_is_limited_by_the_hour(case):
    client, party = signed(clerk()), case.parties.first()
    for _ in range(60):
        access.log_read(clerk(), f"party/{party.pk}/phone", reason="x")
    said = {"party": party.pk, "column": "phone", "reason": "x"}
    assert client.post(reverse("unmask", args=[case.pk]), said).status_code == 429


def test_disabled_steps_give_their_reason_and_a_late_entry_is_marked(case, head):
    row = first(case)
    text = signed(head).get(reverse("case", args=[case.pk])).content.decode()
    assert (
        "该操作由" not in text and reverse("step", args=[row.pk, "accept"]) not in text
    )  # another post's work
    mine = signed(clerk()).get(reverse("case", args=[case.pk])).content.decode()
    assert reverse("step", args=[row.pk, "accept"]) in mine
    assert str(row.nothing_asked().message) in mine  # one's own, which cannot be done yet
    late = register(received_on="2026-11-18", today=TODAY)
    page = signed(clerk()).get(reverse("case", args=[late.pk])).content.decode()
    assert "补录" in page and "2026-11-18" in page
    assert "审查维权援助申请" in page and "依据" in page and "怎样算出" in page
