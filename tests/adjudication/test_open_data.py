"""Open data, feed, sitemap, robots, related rulings, what search engines are told; what is taken down leaves all of them."""

import csv
import io
import json
import re
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from adjudication import open_data
from adjudication.models import PublishedRuling, RegisterLine, TypicalBatch
from cases import outbox
from stations import policy
from tests.adjudication import public_story as story
from tests.adjudication import test_typical as typical
from tests.adjudication.public_story import SECRET
from tests.adjudication.story import ruled, take
from tests.laid import laid_once

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
OF_ONE = {"year": 2026, "serial": 1}


def addresses() -> dict[str, str]:
    """Every public address about rulings, by route."""
    kept = {"ruling", "ruling_pdf", "ruling_json", "ruling_related", "api:ruling"}
    routes = [r for r in policy.policy().groups["public_routes"] if "ruling" in r or r == "robots"]
    found = {}
    for route in routes:
        if "typical_batch" not in route:
            kwargs = OF_ONE if route in kept else {"year": 2026} if route == "rulings_sitemap_year" else {}
            found[route] = reverse(route, kwargs=kwargs)
    return found


@laid_once
def companies():
    """A ruling between companies, public: nobody in it is a natural person."""
    row, ruling = ruled()
    disclosure = story.save(ruling.disclosures.get(), story.rows(ruling))
    return row, ruling, story.decide(disclosure, "publish")


def body(answer) -> str:
    return (answer.getvalue() if answer.streaming else answer.content).decode()


def rows(client) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(client.get("/rulings/open.csv")).removeprefix("\ufeff"))))


def test_no_public_address_sets_a_cookie_runs_a_script_or_asks_for_anything_elsewhere(client):
    companies()
    client.cookies["session"] = "anything"
    for route, path in addresses().items():
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert not answer.cookies and "Cookie" not in answer.get("Vary", ""), path
        assert answer["Cache-Control"] == "public, max-age=60", path
        if not answer["Content-Type"].startswith("text/html"):
            continue
        page = body(answer)
        assert not re.search(
            r"<script|<iframe|<object|<embed|<form[^>]+method=\"post|\son\w+=|javascript:", page
        ), route
        fetched = re.findall(r"<(?:link|img|source)[^>]+(?:href|src)=\"([^\"]*)\"", page)
        loaded = [
            one
            for one in fetched
            if not re.match(r"/static/|/rulings/|http://127\.0\.0\.1:8000/rulings/", one)
        ]
        assert not loaded, (route, loaded)


def test_csv_and_json_lines_are_the_finished_json(client):
    companies()
    row, _ruling, _disclosure = story.published()
    listed = rows(client)
    lines = body(client.get("/rulings/open.jsonl")).splitlines()
    assert [one["number"] for one in listed] == ["津滨知裁字〔2026〕1号", row.number]
    for serial, (line, one) in enumerate(zip(lines, listed, strict=True), start=1):
        page = client.get(f"/rulings/2026/{serial}.json").content
        assert line.encode() == page
        said = json.loads(line)
        assert (one["number"], one["url"], one["pdf_sm3"]) == (said["number"], said["url"], said["pdf_sm3"])
        assert one["pdf_sm3"] == PublishedRuling.objects.get(serial=serial).digest
        assert one["patents"].split("；") == said["patents"]
    assert listed[1]["parties"] == "请求人：刘某甲；被请求人：滨海刘某乙五金店"
    for word in SECRET:
        assert word not in "\n".join(lines) + str(listed)


def test_open_data_is_304_until_something_changes(client, django_assert_max_num_queries):
    companies()
    for path in ("/rulings/open.csv", "/rulings/open.jsonl"):
        first = client.get(path)
        with django_assert_max_num_queries(1):
            assert client.get(path, headers={"If-None-Match": first["ETag"]}).status_code == 304
    story.published()
    assert client.get("/rulings/open.csv", headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_cell_is_never_a_formula():
    assert [open_data._cell("cause", one) for one in ("=1+1", "@x", "-1", "正常")] == [
        "'=1+1",
        "'@x",
        "'-1",
        "正常",
    ]


def test_the_feed_is_atom_by_its_rules(client):
    """RFC 4287: what a feed and an entry must have, ids that differ, dates in its form, an alternate link each."""
    companies()
    _row, _ruling, disclosure = story.published()
    story.decide(disclosure, "withdraw")
    answer = client.get("/rulings/feed.atom")
    assert answer["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = ElementTree.fromstring(answer.content)  # noqa: S314
    assert feed.tag == f"{ATOM}feed"
    entries = feed.findall(f"{ATOM}entry")
    for part in (feed, *entries):
        for name in ("id", "title", "updated"):
            assert len(part.findall(f"{ATOM}{name}")) == 1 and part.findtext(f"{ATOM}{name}"), name
        assert MOMENT.fullmatch(part.findtext(f"{ATOM}updated"))
        assert part.findtext(f"{ATOM}id").startswith("http")
        links = [(link.get("rel", "alternate"), link.get("href")) for link in part.findall(f"{ATOM}link")]
        assert [rel for rel, _href in links].count("alternate") == 1 and all(href for _rel, href in links)
    assert feed.find(f"{ATOM}author/{ATOM}name").text
    assert len({one.findtext(f"{ATOM}id") for one in entries}) == len(entries) == 3
    updated = [one.findtext(f"{ATOM}updated") for one in entries]
    assert updated == sorted(updated, reverse=True) and feed.findtext(f"{ATOM}updated") == updated[0]
    assert [one.find(f"{ATOM}category").get("term") for one in entries] == [
        "withdrawn",
        "published",
        "published",
    ]
    assert "第十五条" in entries[0].findtext(f"{ATOM}summary")


def test_search_engines_get_companies_only(client):
    companies()
    story.published()
    for path in (
        "/rulings/2026/1/",
        "/rulings/2026/1.pdf",
        "/rulings/2026/1.json",
        "/api/v1/rulings/2026/1/",
    ):
        assert "X-Robots-Tag" not in client.get(path), path
        assert (
            client.get(path.replace("/1", "/2", 1) if "api" not in path else "/api/v1/rulings/2026/2/")[
                "X-Robots-Tag"
            ]
            == "noindex"
        )
    assert 'content="noindex"' in client.get("/rulings/2026/2/").content.decode()
    assert 'content="noindex"' not in client.get("/rulings/2026/1/").content.decode()
    index = ElementTree.fromstring(client.get("/rulings/sitemap.xml").content)  # noqa: S314
    maps = [one.text for one in index.iter(f"{MAP}loc")]
    assert maps == ["http://127.0.0.1:8000/rulings/sitemap-2026.xml"]
    year = ElementTree.fromstring(client.get("/rulings/sitemap-2026.xml").content)  # noqa: S314
    assert [one.text for one in year.iter(f"{MAP}loc")] == ["http://127.0.0.1:8000/rulings/2026/1/"]
    assert client.get("/rulings/sitemap-2019.xml").status_code == 404
    said = client.get("/robots.txt").content.decode()
    assert "Disallow: /\n" in said and "Allow: /rulings/\n" in said and "sitemap.xml" in said


def test_related_rulings_are_found_by_patent_and_company_and_leave_the_ruling_s_bytes_alone(client):
    companies()
    before = client.get("/rulings/2026/1/").content
    assert "目前没有公开的同一专利裁决" in client.get("/rulings/2026/1/related/").content.decode()
    companies()
    outbox.drain()
    related = client.get("/rulings/2026/1/related/").content.decode()
    assert related.count("〔2026〕2号") == 1 and 'href="/rulings/2026/2/"' in related
    assert client.get("/rulings/2026/1/").content == before
    assert client.get("/rulings/2026/9/related/").status_code == 404


def test_what_is_taken_down_leaves_every_channel_at_once_and_the_register_keeps_its_history(client):
    _row, _ruling, disclosure = companies()
    outbox.drain()
    tags = {path: client.get(path).get("ETag") for path in addresses().values()}
    story.decide(disclosure, "withdraw")  # and no worker wakes
    for path in (
        "/rulings/2026/1/",
        "/rulings/2026/1.pdf",
        "/rulings/2026/1.json",
        "/rulings/2026/1/related/",
    ):
        answer = client.get(path, headers={"If-None-Match": tags[path]})
        assert answer.status_code == 410 and "第十五条" in answer.content.decode(), path
        assert answer["Cache-Control"] == "public, max-age=60"
    api = client.get("/api/v1/rulings/2026/1/")
    assert api.status_code == 410 and "第十五条" in api.json()["detail"]
    for path in ("/rulings/", "/rulings/?q=阀门", "/api/v1/rulings/?q=阀门"):
        assert "/rulings/2026/1/" not in client.get(path).content.decode(), path
    assert rows(client) == [] and body(client.get("/rulings/open.jsonl")) == ""
    assert client.get("/rulings/sitemap-2026.xml").status_code == 404
    assert b"<loc>" not in client.get("/rulings/sitemap.xml").content
    entry = ElementTree.fromstring(client.get("/rulings/feed.atom").content).find(f"{ATOM}entry")  # noqa: S314
    assert "已撤下" in entry.findtext(f"{ATOM}title") and "number=" in entry.find(f"{ATOM}link").get("href")
    assert [line.status for line in RegisterLine.objects.all()] == [
        "pending",
        "due",
        "published",
        "withdrawn",
    ]
    page = client.get("/rulings/register/").content.decode()
    assert page.count("<tr id=") == 4 and 'href="/rulings/2026/1/"' not in page
    story.decide(disclosure, "republish")
    assert client.get("/rulings/2026/1/").status_code == 200 and len(rows(client)) == 1


def test_annul_and_change_publish_again_and_the_open_data_follow(client):
    row, ruling, _disclosure = companies()
    suit = {"court": "示例法院", "court_case_no": "", "party": row.case.parties.get(role="respondent").pk}
    story.serve_ruling(ruling, "respondent")
    take(row, "record_suit", suit)
    outbox.drain()
    (one,) = rows(client)
    assert one["legal_status"] == "sued" and "人民法院正在审理" in one["history"]


def test_english_summary_is_redacted_and_marked_as_english(client):
    _row, ruling, row = story.ruled()
    row.summary_english = "刘海燕 holds the patent. Infringement found."
    row.save()
    row = story.save(row, story.rows(ruling, story.WITNESS))
    story.decide(row, "publish")
    page = client.get("/rulings/2026/1/").content.decode()
    summary = page.partition('lang="en"')[2].partition("</section>")[0]
    assert "刘某甲 holds the patent. Infringement found." in summary
    assert client.get("/rulings/2026/1.json").json()["summary_english"].startswith("刘某甲 holds")


def batch_of(ruling):
    """A published batch of typical cases that tells this ruling."""
    row = typical.batch()
    typical.add(row, ruling.number)
    typical.granted(typical.perform(row, "publish"))
    return row


def test_a_batch_of_typical_cases_is_walked_from_the_column_to_the_ruling_and_back(client):
    _row, ruling, _disclosure = companies()
    outbox.drain()
    path = f"/rulings/typical/{batch_of(ruling).pk}/"
    followed = {}
    for here, there in (
        ("/rulings/", "/rulings/typical/"), ("/rulings/typical/", path), (path, "/rulings/2026/1/"),
        ("/rulings/2026/1/", "/rulings/2026/1/related/"), ("/rulings/2026/1/related/", path),
    ):  # fmt: skip
        followed[here] = client.get(here)
        assert followed[here].status_code == 200 and not followed[here].cookies, here
        assert f'href="{there}"' in body(followed[here]), (here, there)
    assert "X-Robots-Tag" not in followed[path] and "noindex" not in body(followed[path])
    assert f"<loc>http://127.0.0.1:8000{path}</loc>" in body(client.get("/rulings/sitemap-2026.xml"))
    typical.granted(typical.perform(TypicalBatch.objects.get(), "withdraw", ground="内容需要更正"))
    assert client.get(path).status_code == 410
    assert path not in body(client.get("/rulings/sitemap-2026.xml"))
    assert path not in body(client.get("/rulings/2026/1/related/"))


def test_search_engines_stay_out_of_a_batch_that_tells_of_a_person(client):
    _adjudication, ruling, _disclosure = story.published()
    row = batch_of(ruling)
    page = client.get(f"/rulings/typical/{row.pk}/")
    assert page["X-Robots-Tag"] == "noindex" and 'content="noindex"' in body(page)
    assert client.get("/rulings/sitemap-2026.xml").status_code == 404
