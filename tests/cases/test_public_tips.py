"""The public pages of 举报: closed until opened, a code that tells the stage alone, guessing is stopped."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from cases import codes, steps
from cases.models import (
    Event,
    Tip,
)
from tests.cases.tipping import (
    ACCUSED,
    SECRETS,
    STORY,
    WHO,
    code_of,
    head,
    office,
    tip,
)
from tests.factories import TODAY, area, body

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _no_tries_counted():
    cache.clear()


def told_publicly(**said):
    data = {"violation": "trademark", "accused": ACCUSED, "story": STORY, "area": area().code, **said}
    return Client(enforce_csrf_checks=True).post("/tips/", data)


def test_the_public_form_is_closed_until_the_office_opens_it():
    assert Client().get("/tips/").status_code == 404 and told_publicly().status_code == 404
    assert not Tip.objects.exists()
    office(public_tips="是")
    page = Client().get("/tips/")
    assert page.status_code == 200 and not page.cookies and "Cookie" not in page.get("Vary", "")


def test_a_public_tip_gives_a_code_that_tells_the_stage_alone():
    office(public_tips="是")
    body("bureau")
    answer = told_publicly(
        nature="complaint", channel="12315", code="0" * 16
    )  # what the page does not ask counts nothing
    row = Tip.objects.get()
    assert answer.status_code == 200 and not answer.cookies
    assert (row.channel, row.nature, row.real_name, row.received_on) == (
        "web",
        "report",
        False,
        row.case.received_on,
    )
    code = code_of(row)
    assert code in answer.content.decode() and codes.normal(code) not in Event.objects.get(name="opened").body
    page = Client().post("/tips/status/", {"code": code})
    assert "等待核查" in page.content.decode() and not page.cookies
    assert not any(secret in page.content.decode() for secret in SECRETS)


def test_a_bad_public_tip_keeps_what_was_typed_and_rate_is_limited():
    office(public_tips="是")
    body("bureau")
    answer = told_publicly(story="", tipster=WHO)
    said = answer.content.decode()
    assert answer.status_code == 400 and ACCUSED in said and WHO in said and not Tip.objects.exists()
    assert {told_publicly(story="").status_code for _n in range(4)} == {400}
    assert told_publicly().status_code == 429 and not Tip.objects.exists()


def test_a_code_that_opens_nothing_gets_one_answer_by_the_same_work():
    row = tip()
    code = code_of(row)
    dead = code_of(other := tip())
    boss = head()
    steps.perform(
        other.pk, "void", by=boss, data={"ground": "mistake", "reason": "重复"}, version=0, today=TODAY
    )
    seen = set()
    for text in (codes.new_code(), dead, "", "x" * 500, code[:-1] + ("0" if code[-1] != "0" else "1")):
        cache.clear()
        with CaptureQueriesContext(
            connection,
        ) as queries:
            answer = Client().post("/tips/status/", {"code": text})
        asked = [q["sql"] for q in queries if "cases_tip" in q["sql"]]
        seen.add((answer.status_code, answer.content, len(queries), len(asked)))
    assert len(seen) == 1 and {one[0] for one in seen} == {404}


def test_guessing_codes_is_stopped_and_good_codes_do_not_count():
    code = code_of(tip())
    for _n in range(12):
        assert Client().post("/tips/status/", {"code": code}).status_code == 200
    assert {Client().post("/tips/status/", {"code": codes.new_code()}).status_code for _n in range(10)} == {
        404
    }
    assert Client().post("/tips/status/", {"code": code}).status_code == 429
