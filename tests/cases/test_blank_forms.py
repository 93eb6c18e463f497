"""Blank forms: the same template blank and filled; the public page gives them to anyone and keeps nothing of him."""

import json

import pytest
from django.core.files.storage import default_storage

from cases import blank_forms, blank_printing, outbox, steps
from cases.documents import template
from cases.documents.blocks import from_json, plain_text
from cases.models import Document, Outbox
from tests.factories import TODAY, clerk, first, register
from tests.mediation import stage

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("kind", sorted(blank_forms.FORMS))
def test_blank_form_states_nothing_of_anybody_and_asks_for_what_the_filled_one_says(kind):
    sample = template.sample(kind)
    blank = plain_text(blank_printing.blank(kind))
    filled = plain_text(template.compose(kind, sample))
    for name, value in sample.items():
        if isinstance(value, str) and len(value) > 3 and name not in ("sue_within",) and value in filled:
            assert value not in blank, name
    assert template.load(kind).title in blank.replace("\n", "")


def test_print_form_from_a_case_is_filled_for_the_party_chosen():
    row = stage.received()
    respondent = stage.party(row)
    steps.act(
        row.pk,
        "print_form",
        by=clerk(),
        data={"form": "power_of_attorney", "party": respondent.pk},
        today=TODAY,
    )
    paper = Document.objects.get(proceeding=row.pk, kind="power_of_attorney")
    text = plain_text(from_json(paper.blocks))
    assert "乙公司" in text and "与甲公司的知识产权纠纷" in text
    assert paper.state == "issued" and paper.volume == "open"


def test_form_of_another_kind_of_proceeding_is_refused():
    row = first(register())
    with pytest.raises(steps.Invalid) as refused:
        steps.act(row.pk, "print_form", by=clerk(), data={"form": "consent_form"}, today=TODAY)
    assert "form" in refused.value.fields


def test_public_page_lists_forms_without_cookie(client):
    answer = client.get("/forms/")
    assert answer.status_code == 200 and not answer.cookies
    for form in blank_forms.FORMS.values():
        assert form.title in answer.content.decode()
    assert client.get("/forms/mediation_application/").status_code == 200
    assert client.get("/forms/ruling/").status_code == 404
    assert client.get("/forms/ruling.pdf").status_code == 404


@pytest.fixture
def unprinted():
    """No blank of the rights notice lies in the storage."""
    for ending in blank_printing.ENDINGS:
        default_storage.delete(blank_printing.stored_name("rights_notice", ending))


@pytest.mark.usefixtures("unprinted")
def test_blank_file_is_printed_once_by_the_worker_and_then_given_to_anyone(client):
    assert client.get("/forms/rights_notice.pdf").status_code == 202
    assert client.get("/forms/rights_notice.pdf").status_code == 202
    wanted = Outbox.objects.filter(name="print_blank")
    assert [json.loads(row.payload) for row in wanted] == [{"kind": "rights_notice"}]
    outbox.drain()
    answer = client.get("/forms/rights_notice.pdf")
    assert answer.status_code == 200 and b"".join(answer.streaming_content).startswith(b"%PDF")
    assert not answer.cookies
    word = client.get("/forms/rights_notice.docx")
    assert word.status_code == 200 and b"".join(word.streaming_content).startswith(b"PK")


def test_blank_file_that_was_cleared_away_is_printed_again(client):
    blank_printing.print_blank("rights_notice")
    Outbox.objects.all().delete()
    assert client.get("/forms/rights_notice.pdf").status_code == 200
    default_storage.delete(blank_printing.stored_name("rights_notice", "pdf"))
    for _turn in range(2):
        assert client.get("/forms/rights_notice.pdf").status_code == 202
        outbox.drain()
        assert client.get("/forms/rights_notice.pdf").status_code == 200
        default_storage.delete(blank_printing.stored_name("rights_notice", "pdf"))
