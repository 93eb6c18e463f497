"""Anybody at the public column: search, read, download, look up the register and check it, without script; WCAG by axe."""

import hashlib
from datetime import date
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone

from adjudication.models import PublishedRuling
from cases import chain, outbox
from tests.adjudication import public_story as story
from tests.adjudication import register_checker
from tests.adjudication.public_story import SECRET
from tests.laid import laid_once

from .people import WIDTHS

pytestmark = pytest.mark.browser
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = (
    "/rulings/", "/rulings/?q=阀门", "/rulings/?q=没有这个词", "/rulings/2026/1/", "/rulings/2026/1/related/",
    "/rulings/2026/2/", "/rulings/register/", "/rulings/register/?number=2026年1号", "/rulings/about/", "/rulings/typical/",
)  # fmt: skip


@pytest.fixture
def column(base: str, today: date) -> str:
    return published(today)


@laid_once
def published(today: date) -> str:
    """A ruling that is public, with an English summary, and one that was taken down; the day is sealed."""
    _adjudication, ruling, row = story.ruled(today)
    row.summary_english = "Utility model infringement; the respondent shall stop selling."
    row.save()
    story.decide(story.save(row, story.rows(ruling, story.WITNESS), today), "publish", today=today)
    for role in ("applicant", "respondent"):
        story.serve_ruling(ruling, role, today)
    _adjudication, _ruling, row = story.published(today)
    story.decide(row, "withdraw", today=today)
    outbox.drain()
    chain.seal_day(today, timezone.now())
    year = str(PublishedRuling.objects.first().year)
    return year


@pytest.mark.parametrize("screen", WIDTHS)
def test_from_a_word_to_the_checked_register_without_script(open_for, column, screen, tmp_path):
    anybody = open_for(screen=screen, script=False)
    asked: list[str] = []
    anybody.page.on("request", lambda request: asked.append(request.url))
    anybody.go("/rulings/").sees("共 1 件", "起诉期限内", "刘某").fill(q="阀门").press("检索").sees("共 1 件")
    number = PublishedRuling.objects.get(state="live").number
    anybody.follow(f"{number} 专利侵权纠纷行政裁决书").sees(
        "专利侵权纠纷行政裁决书", "刘某甲", "引用", "校验值", "English summary"
    )
    anybody.misses(*SECRET)
    assert anybody.text(".cite").endswith(anybody.page.url.removeprefix(anybody.base))
    said = anybody.text("#check + dl code")
    pdf = anybody.context.request.get(anybody.page.get_by_role("link", name="下载 PDF").get_attribute("href"))
    assert (
        pdf.body()[:5] == b"%PDF-"
        and register_checker.sm3(pdf.body()) == said == hashlib.new("sm3", pdf.body()).hexdigest()
    )
    anybody.follow("相关裁决").sees("同一专利", "同一当事人").follow(number)
    anybody.follow("公开登记簿中本案号的各行").sees("待公开", "已公开", said[:12]).follow("全部").sees(
        "已撤下"
    )
    anybody.fill(number="2026年9号").press("查询").sees("没有这个案号的记录")
    names = []
    for name in ("register.csv", "seals.txt"):
        names.append(Path(tmp_path / name))
        names[-1].write_bytes(anybody.context.request.get(f"/rulings/{name}").body())
    held = register_checker.check(*(one.read_bytes() for one in names))
    assert sorted(held.values()) == ["published", "withdrawn"] and held[number] == "published"
    anybody.go("/rulings/register/").follow("怎样核对").sees("openssl dgst -sm3")
    assert not anybody.context.cookies()
    assert [one for one in asked if not one.startswith(anybody.base)] == []


def test_every_public_page_fits_and_passes_axe(open_for, column):
    anybody = open_for()
    for path in (one.replace("2026", column) for one in PAGES):
        anybody.go(path, status=410 if path.endswith("/2/") else 200).fits()
        for width, height in WIDTHS.values():
            anybody.page.set_viewport_size({"width": width, "height": height})
            found = Axe().run(anybody.page, options={"runOnly": RULES}).response["violations"]
            told = [(one["id"], one["nodes"][0]["html"], one["nodes"][0]["failureSummary"]) for one in found]
            assert not told, f"{path} at {width}: {told}"


def test_a_ruling_prints_as_its_paper(open_for, column):
    """What is printed is the paper alone: no header, no button, no note of this day."""
    anybody = open_for().go(f"/rulings/{column}/1/")
    anybody.page.emulate_media(media="print")
    shown = anybody.page.locator("h1, h2, a.btn, header, footer, .demo, .cite, .tag").evaluate_all(
        "all => all.filter(one => one.offsetParent !== null).map(one => one.tagName + one.className)"
    )
    assert shown == ["H1"], shown
