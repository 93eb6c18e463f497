"""Public pages: finished bytes, no cookie, no script, cacheable; search, facets, feed, seals, joined numbers, API."""

import json
import re

import pytest
from django.utils import timezone

from adjudication import publication, register_views
from adjudication.models import Adjudication, PublicPage, PublishedRuling
from cases import chain
from tests.adjudication import public_story as story
from tests.adjudication.story import TODAY, filed
from tests.factories import clerk

pytestmark = pytest.mark.django_db
PAGES = ("/rulings/", "/rulings/2026/1/", "/rulings/2026/1.pdf", "/rulings/2026/1.json", "/rulings/register/",
         "/rulings/register.csv", "/rulings/seals.txt", "/rulings/feed.atom")  # fmt: skip
SEARCHES = {
    "": 1,
    "?q=阀门": 1,
    "?q=阀门 落入": 1,
    "?q=阀门 专机": 0,
    "?q=〔2026〕1号": 1,
    "?q=ZL201010110210": 1,
    "?q=刘海燕": 0,
    "?q=刘某甲": 1,
    "?year=2026&right=invention&outcome=established": 1,
    "?year=2025": 0,
    "?right=design": 0,
    "?outcome=not_established": 0,
    "?year=abc&right=x&outcome=y&after=zz": 1,
    "?after=2026-1": 0,
    "?q=%25": 0,
}
API = ("/api/v1/rulings/", "/api/v1/rulings/2026/1/")


@pytest.fixture
def public(client):
    client.cookies["session"] = "anything"
    return story.published()


def test_public_pages_set_no_cookie_run_no_script_and_are_cacheable(client, public):
    for path in [*PAGES, *API]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert not answer.cookies and "Set-Cookie" not in answer.headers
        assert "Cookie" not in answer.get("Vary", ""), path
        assert answer["Cache-Control"] == "public, max-age=60", path
        text = answer.content.decode("latin-1")
        if answer["Content-Type"].startswith("text/html"):
            assert "<script" not in text and "hx-" not in text and "csrf" not in text
            assert not re.search(r"https?://(?!127\.0\.0\.1)", text), (
                path
            )  # nothing is fetched from elsewhere


def test_known_bytes_are_answered_304_with_few_queries(client, public, django_assert_max_num_queries):
    for path in PAGES:
        with django_assert_max_num_queries(6):
            first = client.get(path)
        with django_assert_max_num_queries(6):
            again = client.get(path, headers={"If-None-Match": first["ETag"]})
        assert (again.status_code, again.content) == (304, b""), path
        assert again["ETag"] == first["ETag"]


def test_a_ruling_is_one_query(client, public, django_assert_num_queries):
    for path in PAGES[1:4]:
        with django_assert_num_queries(1):
            client.get(path)


def test_a_finished_page_has_every_header_of_the_house_and_refuses_a_forged_host(client, public):
    answer = client.get("/rulings/2026/1/")
    composed = client.get("/rulings/")
    for name in (
        "Content-Security-Policy",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Referrer-Policy",
        "Cache-Control",
    ):
        assert answer[name] == composed[name], name
    assert client.head("/rulings/2026/1/").status_code == 200
    assert client.get("/rulings/2026/1/", headers={"Host": "elsewhere.example"}).status_code == 400
    assert client.post("/rulings/2026/1/").status_code == 405


def test_page_is_the_same_bytes_for_everyone(client, public):
    anonymous = client.get("/rulings/2026/1/").content
    client.force_login(story.reviewers()["reviewer"])
    answer = client.get("/rulings/2026/1/")
    assert answer.content == anonymous and not answer.cookies.get("session")


def test_unknown_rulings_are_404_and_nothing_else_is_declared(client, public):
    for path in (
        "/rulings/2026/2/",
        "/rulings/2026/2.pdf",
        "/rulings/1999/1.json",
        "/api/v1/rulings/2026/9/",
    ):
        assert client.get(path).status_code == 404
    assert client.post("/rulings/").status_code == 405
    filed()
    assert client.get("/rulings/2026/2/").status_code == 404


def test_search_and_facets(client, public):
    for query, hits in SEARCHES.items():
        text = client.get(f"/rulings/{query}").content.decode()
        assert text.count('class="result"') == hits, query
        assert len(client.get(f"/api/v1/rulings/{query}").json()["results"]) == hits, query


def test_count_line_never_hides_the_withheld(client, public):
    _adjudication, _ruling, other = story.marked()
    story.decide(other, "withhold")
    year = TODAY.year
    assert register_views.counted(TODAY) == {
        "year": year,
        "should": 1,
        "published": 1,
        "withheld": 1,
        "withdrawn": 0,
        "late": 0,
    }
    if timezone.localdate().year == year:
        said = re.sub(r"<[^>]*>", "", client.get("/rulings/").content.decode())
        assert "本年应公开 1 件，已公开 1 件；另有 1 件依法不公开" in said
    assert "%" not in client.get("/rulings/").content.decode().replace("%s", "")


def test_overdue_counts_as_owed():
    story.ruled()
    assert register_views.counted(TODAY)["should"] == 0
    assert register_views.counted(TODAY.replace(month=12, day=31))["should"] == 1


def test_joined_number_points_to_the_one_page(client):
    row, ruling, disclosure = story.ruled()
    other = filed()
    ruling.adjudications.add(Adjudication.objects.get(pk=other.pk))
    disclosure = story.save(disclosure, story.rows(ruling, story.WITNESS))
    story.decide(disclosure, "publish")
    moved = client.get("/rulings/2026/2/")
    assert (moved.status_code, moved["Location"]) == (301, "/rulings/2026/1/")
    assert client.get("/api/v1/rulings/2026/2/")["Location"] == "/api/v1/rulings/2026/1/"
    assert row.number in client.get("/rulings/2026/1/").content.decode()
    csv = client.get("/rulings/register.csv").content.decode()
    assert csv.count(f"{row.number},published") == csv.count(f"{other.number},published") == 1


def test_json_says_what_the_page_says(client, public):
    said = json.loads(client.get("/rulings/2026/1.json").content)
    assert said["number"] == "津滨知裁字〔2026〕1号" and said["outcome"] == "established"
    assert said["legal_status"] == "unserved" and said["patents"] == ["ZL201010110210.8"]
    assert [p["name"] for p in said["parties"]] == ["刘某甲", "滨海刘某乙五金店"]
    api = client.get("/api/v1/rulings/2026/1/").json()
    assert api.pop("published_on") == TODAY.isoformat() and api == said
    page = client.get("/rulings/2026/1/").content.decode()
    assert all(line in page for line in said["paragraphs"])


def test_feed_and_seals(client, public):
    chain.seal_day(TODAY, timezone.now())
    feed = client.get("/rulings/feed.atom").content.decode()
    assert feed.count("<entry>") == 1 and "津滨知裁字〔2026〕1号　已公开" in feed
    day, number, digest, length, head = (
        client.get("/rulings/seals.txt").content.decode().splitlines()[-1].split()
    )
    last = client.get("/rulings/register.csv").content.decode().splitlines()[-1]
    assert (day, number, length, head) == (TODAY.isoformat(), "1", "3", last.rpartition(",")[2])
    assert len(digest) == 64


def test_paper_is_the_redacted_text_and_nothing_beneath(client, public):
    content = client.get("/rulings/2026/1.pdf").content
    text = "".join(publication.pdf_text(content).split())
    assert "刘某甲" in text and "裁决结果：侵权成立" in text and "仅供" not in text
    assert not publication.beneath(content, list(story.SECRET))
    assert publication.beneath(content + "刘海燕".encode(), ["刘海燕"])  # the search itself can fail
    assert client.get("/rulings/2026/1.pdf")["Content-Disposition"] == 'inline; filename="ruling-2026-1.pdf"'


def test_candidates_are_not_public(client):
    _adjudication, _ruling, _row = story.marked()
    assert PublishedRuling.objects.count() == 1 and PublicPage.objects.count() == 3
    assert client.get("/rulings/2026/1/").status_code == 404
    assert "阀门" not in client.get("/rulings/").content.decode()


def test_review_page_is_for_reviewers(client, public):
    _adjudication, _ruling, row = public
    assert client.get("/disclosures/").status_code == 302
    people = story.reviewers()
    client.force_login(people["head"])
    assert client.get(f"/disclosures/{row.pk}/").status_code == 200
    client.force_login(people["reviewer"])
    page = client.get(f"/disclosures/{row.pk}/")
    text = page.content.decode()
    assert "刘海燕" in text and "刘某甲" in text and "通过" in text and "no-store" in page["Cache-Control"]
    assert client.get("/disclosures/999/").status_code == 404
    client.force_login(clerk("clerk9"))
    assert client.get(f"/disclosures/{row.pk}/").status_code == 403
