"""A legal status that the calendar changes: page, list, search and open data say it on the first request of the day."""

import csv
import io
import json
from datetime import timedelta

import pytest

from adjudication import open_data, publication, tasks
from adjudication.models import Adjudication, PublicPage, PublishedRuling, Ruling
from cases import outbox
from cases.protection import sm3
from tests.adjudication import public_story as story
from tests.adjudication.story import FILING, TODAY, later, party, received, take

pytestmark = pytest.mark.django_db
PAGE, DATA = "/rulings/2026/1/", "/rulings/2026/1.json"


@pytest.fixture
def on(time_machine):
    def move(day):
        time_machine.move_to(f"{day}T00:00:01+08:00", tick=False)

    move(TODAY)
    return move


@pytest.fixture
def served(on):
    """Published, then served on both sides: the worker made what comes after the last suing period; then it sleeps."""
    _adjudication, ruling, _row = story.published()
    for role in ("applicant", "respondent"):
        story.serve_ruling(ruling, role)
    outbox.drain()
    return ruling


def said(client) -> dict[str, str]:
    """Where each public form says the ruling stands."""
    lines = client.get("/rulings/open.csv").getvalue().decode().removeprefix("\ufeff")
    return {
        "page": client.get(PAGE).content.decode().partition('class="tag status">')[2].partition("<")[0],
        "json": client.get(DATA).json()["legal_status_label"],
        "list": client.get("/rulings/")
        .content.decode()
        .partition('class="tag status">')[2]
        .partition("<")[0],
        "api": client.get("/api/v1/rulings/").json()["results"][0]["legal_status_label"],
        "csv": next(csv.DictReader(io.StringIO(lines)))["legal_status_label"],
        "jsonl": json.loads(client.get("/rulings/open.jsonl").getvalue())["legal_status_label"],
    }


def all_say(client, words: str) -> None:
    assert set(said(client).values()) == {words}, said(client)


def test_the_first_request_of_the_day_is_right_though_no_worker_woke(client, served, on):
    text = PublishedRuling.objects.get()
    last = text.effective_on - timedelta(1)
    on(last)
    all_say(client, "起诉期限内")
    tag = client.get(PAGE)["ETag"]
    on(text.effective_on)
    all_say(client, "已发生法律效力")
    assert client.get(PAGE, headers={"If-None-Match": tag}).status_code == 200
    assert client.get("/rulings/?status=effective").content.decode().count('class="result"') == 1
    assert client.get("/rulings/?status=suable&q=阀门").content.decode().count('class="result"') == 0
    assert client.get("/rulings/?status=effective&q=阀门").content.decode().count('class="result"') == 1


def test_list_and_search_turn_before_anybody_opens_the_page(client, served, on):
    on(PublishedRuling.objects.get().effective_on)
    assert client.get("/rulings/?status=effective&q=阀门").content.decode().count('class="result"') == 1


def test_what_was_made_ahead_is_checked_and_dies_with_a_lawsuit(client, served, on):
    text = PublishedRuling.objects.get()
    ahead = PublicPage.objects.filter(valid_from=text.effective_on)
    assert sorted(ahead.values_list("path", flat=True)) == [DATA, PAGE]
    forms = publication.readable(text, list(PublicPage.objects.all()))
    assert "已发生法律效力" in forms["html"] and "起诉期限内" in forms["html"]
    row = Adjudication.objects.get()
    suit = {"court": "示例法院", "court_case_no": "", "party": party(row).pk}
    take(row, "record_suit", suit, today=later(5))
    on(later(5))
    outbox.drain()
    assert not PublicPage.objects.filter(valid_from__gt=later(5)).exists()
    on(later(60))
    all_say(client, "行政诉讼中")


def test_the_nightly_task_finds_nothing_left_to_do(client, served, on):
    text = PublishedRuling.objects.get()
    on(text.effective_on)
    before = client.get(PAGE).content
    tasks.refresh_public()
    assert client.get(PAGE).content == before
    assert [row.path for row in PublicPage.objects.order_by("path")] == [DATA, "/rulings/2026/1.pdf", PAGE]
    assert tasks.refresh_public() == 0


def test_a_candidate_rendered_early_turns_too(client, on):
    """Between rendering and publishing a suing period ends: the page is right before the worker touched it again."""
    _adjudication, ruling, row = story.ruled()
    for role in ("applicant", "respondent"):
        story.serve_ruling(ruling, role)
    row = story.save(row, story.rows(ruling, story.WITNESS))
    on(row.candidate().effective_on)
    story.decide(row, "publish", today=row.candidate().effective_on)
    all_say(client, "已发生法律效力")


def test_a_request_made_again_is_told_with_its_number_until_its_filing_is_taken_back(client, on):
    row, ruling, _disclosure = story.published()
    ruling.kind = Ruling.Kind.DISMISSED_FIRST
    ruling.save()
    again = take(received(), "file", {**FILING, "refiled_of": row.number})
    outbox.drain()
    page = client.get(PAGE).content.decode()
    assert f"已立案：{again.number}</a>" in page and "/rulings/register/?number=" in page
    told = {
        "on": TODAY.isoformat(),
        "words": f"请求人另行提出处理请求，已立案：{again.number}",
        "number": again.number,
    }
    assert client.get(DATA).json()["history"] == [told]
    assert "另行提出处理请求" in client.get("/rulings/").content.decode()
    take(again, "undo_last", {"reason": "误立案"})
    outbox.drain()
    assert client.get(DATA).json()["history"] == []


def test_pages_that_answer_on_a_day_are_one_each(served):
    text = PublishedRuling.objects.get()
    for day in (TODAY, text.effective_on, text.effective_on + timedelta(30)):
        page = PublicPage.at(DATA, day)
        assert list(open_data.rows_on(day)) == [page] and page.digest == sm3(bytes(page.content))
