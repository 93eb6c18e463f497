"""Who reaches which page: by role as the policy says, foreign exactly like missing."""

import pytest
from django.urls import reverse

from cases import steps
from cases.models import Document
from stations import policy
from tests.cases.pages.desks import ID, PAGES, PHONE, people, signed
from tests.factories import TODAY, approve_all, clerk, first

pytestmark = pytest.mark.django_db


def test_each_page_by_role_answers_as_the_policy_says(case):
    for role, who in people().items():
        client = signed(who)
        held = policy.standing(who, TODAY)
        for name in PAGES:
            expected = 200 if policy.route_answer(name, "GET", held) else 403
            assert client.get(reverse(name)).status_code == expected, (role, name)


def test_anonymous_is_sent_to_sign_in(client, case):
    for name in PAGES:
        answer = client.get(reverse(name))
        assert answer.status_code == 302 and answer.url.startswith("/login/"), name


@pytest.mark.parametrize("role", ["leader", "district", "security", "auditor", "sysadmin"])
def test_whoever_handles_no_cases_sees_no_case_content(case, role):
    client = signed(people()[role])
    for url in [reverse("case", args=[case.pk]), reverse("cases"), reverse("search")]:
        assert client.get(url).status_code == 403
    for name in PAGES:
        text = client.get(reverse(name)).content.decode()
        assert "甲公司" not in text and "销售侵权商品" not in text and "李四" not in text, name


def test_rail_offers_only_what_is_open(case):
    text = signed(people()["leader"]).get("/").content.decode()
    assert reverse("case_new") not in text and reverse("grants") not in text
    text = signed(clerk()).get("/").content.decode()
    assert reverse("case_new") in text and reverse("grants") not in text


def test_foreign_reads_exactly_like_missing(case, head):
    row = first(case)
    waiting = steps.perform(
        row.pk, "accept", by=clerk(), data={"help_kind": "advice"}, version=0, today=TODAY
    )
    approve_all(waiting, head)
    document = Document.objects.filter(proceeding=row.pk).get()
    again = steps.perform(
        row.pk,
        "complete",
        by=clerk(),
        data={"opinion": "x", "applicant_type": "small"},
        version=1,
        today=TODAY,
    )
    party = case.parties.first()
    client = signed(clerk("clerk2", at="s2"))
    missing = 999_999
    for name, args, none in [
        ("case", [case.pk], [missing]),
        ("step", [row.pk, "complete"], [missing, "complete"]),
        ("act", [row.pk, "hand_over"], [missing, "hand_over"]),
        ("case_act", [case.pk, "correct_case"], [missing, "correct_case"]),
        ("document", [document.pk, "pdf"], [missing, "pdf"]),
        ("approval", [again.approval.pk], [missing]),
        ("file", [1], [missing]),
    ]:
        foreign, absent = client.get(reverse(name, args=args)), client.get(reverse(name, args=none))
        assert (foreign.status_code, absent.status_code) == (404, 404), name
        assert foreign.content == absent.content, name
    for name, data in [("unmask", {"party": party.pk, "column": "phone", "reason": "x"}), ("case_files", {})]:
        foreign = client.post(reverse(name, args=[case.pk]), data)
        absent = client.post(reverse(name, args=[missing]), data)
        assert (foreign.status_code, foreign.content) == (404, absent.content), name
    for url in (reverse("home"), reverse("cases")):
        text = client.get(url).content.decode()
        assert "甲公司" not in text and str(case) not in text
    for q in (str(case), "甲公司", ID, PHONE, "12345678"):
        assert client.post(reverse("search"), {"q": q}).context["results"] == []
