"""收件登记 and consultations on the page: four things suffice, nothing typed is lost, no second case."""

import pytest
from django.urls import reverse

from cases import outbox
from cases.models import AccessLog, Case, Consultation
from tests.cases.pages.desks import ID, PHONE, signed
from tests.factories import TODAY, clerk

pytestmark = pytest.mark.django_db


def page_data(**changes):
    data = {
        "proceeding": "assistance", "mediation_kind": "", "received_on": TODAY.isoformat(), "source": "application",
        "summary": "直播间销售侵权商品", "foreign": "none", "handled_elsewhere": "unknown", "key": "k1",
        "parties-0-role": "applicant", "parties-0-kind": "legal_person", "parties-0-name": "丙公司",
        "parties-1-role": "respondent", "parties-1-kind": "legal_person", "parties-1-name": "",
        "rights-0-kind": "trademark", "rights-0-number": "",
    }  # fmt: skip
    return {**data, **changes}


def test_four_things_suffice_and_a_second_click_makes_no_second_case(head):
    client = signed(clerk())
    answer = client.post(reverse("case_new"), page_data(receipt="on"))
    case = Case.objects.get()
    assert answer.status_code == 302 and answer.url.startswith(reverse("case", args=[case.pk]))
    assert [p.name for p in case.parties.all()] == ["丙公司"]
    assert case.documents.get().kind == "receipt"
    seen = page_data(receipt="on", seen=str(case.pk))
    assert client.post(reverse("case_new"), seen).url == answer.url
    assert Case.objects.count() == 1
    followed = client.get(answer.url).content.decode()
    assert "已登记，登记号 2026-000001" in followed and "收件回执" in followed
    outbox.drain()
    paper = client.get(reverse("document", args=[case.documents.get().pk, "pdf"]))
    assert paper.status_code == 200 and b"".join(paper.streaming_content).startswith(b"%PDF")


def test_mistakes_come_back_with_what_was_typed(head):
    client = signed(clerk())
    wrong = page_data(
        **{
            "parties-0-id_number": "91110000802100433A",
            "rights-0-number": "abc",
            "rights-0-kind": "invention",
        }
    )
    answer = client.post(reverse("case_new"), wrong)
    text = answer.content.decode()
    assert answer.status_code == 400 and Case.objects.count() == 0
    assert "丙公司" in text and "91110000802100433A" in text and "请先改正以下内容" in text


def test_plus_without_script_adds_a_row_and_keeps_the_rest(head):
    answer = signed(clerk()).post(reverse("case_new"), page_data(add="parties"))
    text = answer.content.decode()
    assert answer.status_code == 200 and 'name="parties-2-name"' in text and "丙公司" in text
    assert Case.objects.count() == 0


def test_likely_duplicate_is_shown_once_then_registered(case):
    client = signed(clerk())
    again = page_data(**{"parties-0-name": "甲 公司"})
    first_try = client.post(reverse("case_new"), again)
    assert first_try.status_code == 200 and str(case) in first_try.content.decode()
    assert Case.objects.count() == 1
    assert client.post(reverse("case_new"), {**again, "seen": str(case.pk)}).status_code == 302
    fragment = client.post(reverse("case_duplicates"), again).content.decode()
    assert str(case) in fragment and "<html" not in fragment


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"parties-0-id_number": "91110000802100433A", "parties-0-kind": "legal_person"}, "error"),
        ({"parties-0-id_number": ID, "parties-0-kind": "legal_person"}, "格式正确"),
        ({"parties-0-phone": "13800"}, "error"),
        ({"rights-0-number": "ZL201010110210.1", "rights-0-kind": "invention"}, "error"),
        ({"parties-0-phone": ""}, ""),
    ],
)
def test_numbers_are_checked_as_typed_in_the_body(case, data, said):
    answer = signed(clerk()).post(reverse("case_check"), data, HTTP_HX_TRIGGER_NAME=next(iter(data)))
    assert answer.status_code == 200 and said in answer.content.decode()
    assert signed(clerk()).get(reverse("case_check")).status_code == 405


def test_consultation_becomes_a_case_with_its_phone(head):
    client = signed(clerk())
    assert (
        client.post(
            reverse("consultation"), {"question": "商标被人抢注怎么办", "name": "丁某", "phone": PHONE}
        ).status_code
        == 302
    )
    row = Consultation.objects.get()
    listed = client.get(reverse("consultations")).content.decode()
    assert PHONE not in listed and "138****8000" in listed
    page = client.get(f"{reverse('case_new')}?consultation={row.pk}").content.decode()
    assert "商标被人抢注怎么办" in page and "丁某" in page and PHONE not in page
    said = page_data(consultation=str(row.pk), **{"parties-0-name": "丁某", "parties-0-kind": "person"})
    client.post(reverse("case_new"), said)
    row.refresh_from_db()
    assert row.case is not None and row.case.parties.get().phone == PHONE
    assert PHONE in client.post(reverse("consultation_unmask", args=[row.pk])).content.decode()
    assert AccessLog.objects.filter(subject=f"consultation/{row.pk}/phone").exists()
    assert (
        signed(clerk("clerk2", at="s2")).post(reverse("consultation_unmask", args=[row.pk])).status_code
        == 404
    )
