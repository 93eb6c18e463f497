"""Under the district portal: every public address below its path, whether it passes the path on or not; its editor's export."""

import re
from io import BytesIO
from zipfile import ZipFile

import pytest
from django.conf import settings
from openpyxl import load_workbook

from adjudication import publication
from adjudication.models import Adjudication
from cases import outbox
from tests.adjudication import public_story as story
from tests.adjudication.public_story import SECRET
from tests.adjudication.story import TODAY, filed, later
from tests.adjudication.test_open_data import addresses, companies
from tests.factories import clerk

pytestmark = pytest.mark.django_db
PORTAL = {
    "base": "/zscq", "url": "https://portal.example/zscq", "portal": "示例区人民政府", "portal_url": "https://portal.example/",
    "undertaker": "示例科", "contact": "022-00000000", "site_code": "1200000000", "icp": "津ICP备00000000号",
    "police": "津公网安备00000000000000号", "index_code": "000000000",
}  # fmt: skip
LOCAL = re.compile(r'(?:href|src|action)="(/[^"]*)"')


@pytest.fixture
def portal(settings):
    settings.SITE = {**settings.SITE, **PORTAL}
    settings.PUBLIC_URL = PORTAL["url"]


def test_every_link_of_every_public_page_stays_below_the_portal_s_path(client, portal):
    companies()
    outbox.drain()
    for path in addresses().values():
        answer = client.get(path)
        if answer["Content-Type"].startswith("text/html"):
            page = answer.content.decode()
            astray = [one for one in LOCAL.findall(page) if not one.startswith("/zscq/")]
            assert not astray, (path, astray)
            assert 'href="https://portal.example/">示例区人民政府</a>' in page
            for words in (
                "承办单位：示例科",
                "022-00000000",
                "网站标识码：1200000000",
                "津ICP备",
                "津公网安备",
            ):
                assert words in page, (path, words)
    assert client.get("/rulings/2026/1.json").json()["url"] == "https://portal.example/zscq/rulings/2026/1/"
    page = client.get("/rulings/2026/1/").content.decode()
    assert '<link rel="canonical" href="https://portal.example/zscq/rulings/2026/1/">' in page
    for path in ("/rulings/feed.atom", "/rulings/sitemap.xml", "/robots.txt"):
        text = client.get(path).content.decode()
        assert "https://portal.example/zscq/rulings/" in text and settings.BASE_URL not in text, path


def test_the_portal_may_pass_its_path_on_or_strip_it(client, portal):
    companies()
    for path in addresses().values():
        if not path.startswith("/api/"):
            assert client.get(f"/zscq{path}").status_code == client.get(path).status_code == 200, path
    for path in ("/zscq/login/", "/zscq/cases/", "/zscq/api/v1/rulings/", "/zscqx/rulings/"):
        assert client.get(path).status_code == 404, path


def test_a_joined_number_is_sent_on_below_the_path(client, portal):
    _row, ruling, disclosure = story.ruled()
    ruling.adjudications.add(Adjudication.objects.get(pk=filed().pk))
    story.decide(story.save(disclosure, story.rows(ruling, story.WITNESS)), "publish")
    assert client.get("/rulings/2026/2/")["Location"] == "/zscq/rulings/2026/1/"


def test_finished_pages_follow_a_change_of_the_house_s_settings(client, settings):
    _row, ruling, _disclosure = companies()
    before = client.get("/rulings/2026/1.pdf").content
    settings.SITE = {**settings.SITE, **PORTAL}
    settings.PUBLIC_URL = PORTAL["url"]
    assert publication.refresh(ruling.pk, TODAY)
    assert "承办单位：示例科" in client.get("/rulings/2026/1/").content.decode()
    assert client.get("/rulings/2026/1.pdf").content == before


def test_the_editor_s_export_holds_what_is_public_and_nothing_else(client, portal):
    companies()
    row, _ruling, disclosure = story.published()
    story.marked()
    client.force_login(story.reviewers()["reviewer"])
    period = f"?from={TODAY}&to={TODAY}"
    assert client.get(f"/disclosures/portal/{period}").content.decode().count('<th scope="row">') == 2
    answer = client.get(f"/disclosures/portal.zip{period}")
    assert "no-store" in answer["Cache-Control"]
    folder = ZipFile(BytesIO(answer.content))
    sheet = load_workbook(BytesIO(folder.read("目录.xlsx"))).active
    _title, heading, *listed = sheet.iter_rows(values_only=True)
    assert [one[heading.index("索引号")] for one in listed] == [
        "000000000/2026-00001",
        "000000000/2026-00002",
    ]
    assert [one[heading.index("文号")] for one in listed] == ["津滨知裁字〔2026〕1号", row.number]
    assert listed[0][heading.index("发布日期")].date() == listed[0][heading.index("成文日期")].date() == TODAY
    for name in folder.namelist():
        content = folder.read(name)
        text = publication.pdf_text(content) if name.endswith(".pdf") else content.decode(errors="replace")
        assert not [word for word in SECRET if word in text], name
    body = folder.read("2026-2.html").decode()
    assert set(re.findall(r"<(/?\w+)", body)) == {"p", "/p"} and "class" not in body
    said = client.get("/rulings/2026/2.json").json()["paragraphs"]
    assert folder.read("2026-2.txt").decode().split("\r\n") == said
    assert folder.read("2026-2.pdf") == client.get("/rulings/2026/2.pdf").content
    one = ZipFile(
        BytesIO(client.get(f"/disclosures/portal.zip?ruling={row.rulings.get().published.get().pk}").content)
    )
    assert sorted(one.namelist()) == ["2026-2.html", "2026-2.pdf", "2026-2.txt", "目录.xlsx"]
    story.decide(disclosure, "withdraw")
    assert (
        ZipFile(BytesIO(client.get(f"/disclosures/portal.zip{period}").content)).namelist()[0]
        == "2026-1.html"
    )
    assert client.get(f"/disclosures/portal.zip?from={later(1)}&to={later(2)}").status_code == 404
    assert client.get("/disclosures/portal/?from=2026-02-31&to=x").status_code == 200
    client.force_login(clerk("clerk9"))
    assert client.get("/disclosures/portal.zip").status_code == 403
