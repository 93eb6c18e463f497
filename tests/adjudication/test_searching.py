"""Search of public rulings: one body of texts with its answers for both databases, and that only live texts are found."""

import json
import random
import re
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from adjudication import list_views, searching
from adjudication.models import PublishedRuling, SearchPart
from adjudication.searching import index, keeping
from cases import guards, outbox, verifying
from cases.backups import restoring, taking
from cases.models import Outbox
from tests.adjudication import public_story as story
from tests.adjudication.shelf import Shelf, State

pytestmark = pytest.mark.django_db


def serials(**query):
    """Serial numbers found, newest first, all pages."""
    found, after = [], ""
    while True:
        page = searching.find(searching.read(query), after=after, page=7)
        found += [row.serial for row in page.rows]
        after = page.after
        if not after:
            return found


LONG = "缓释制剂的权利要求。" + "经审理查明，" * 3_000 + "末尾提到流化床干燥。"


@pytest.fixture
def shelf():
    made = Shelf()
    made.put(
        "请求人甲公司诉称缓释制剂落入权利要求 1 的保护范围。涉案专利：ZL201010110210.8；裁决结果：侵权成立",
        parties=("甲公司", "刘某甲"),
        panel=("周建", "吴宁"),
        cause="侵害发明专利权纠纷",
        orders=("责令停止制造缓释制剂",),
    )  # 1
    made.put(
        "被控产品缺少缓释层。涉案专利：ZL 2013 2 0123456.8；制剂并非缓释",
        parties=("乙器械公司",),
        panel=("周建",),
        cause="侵害实用新型专利权纠纷",
        right="utility_model",
        outcome="not_established",
        status="sued",
        orders=("驳回请求人甲公司的请求",),
    )  # 2
    made.put(
        "型号ＡＢ－１２的Smart Valve阀门，100%棉，C:\\路径_名，𠮷田株式会社，第(2026)1号决定；“鎵氮化物”",
        parties=("𠮷田株式会社",),
        right="design",
        outcome="partly",
        status="annulled",
    )  # 3
    made.put(LONG, panel=("郑和",))  # 4: in three parts
    return made


ANSWERS = [
    ({}, [4, 3, 2, 1]),
    ({"q": "缓释"}, [4, 2, 1]),
    ({"q": "缓释制剂"}, [4, 1]),  # 2 has all its pairs but one
    ({"q": "制剂缓释"}, []),
    ({"q": "甲"}, [2, 1]),
    ({"q": "公司 缓释"}, [2, 1]),
    ({"q": "公司 缓释 保护范围"}, [1]),
    ({"q": "缓释制剂 流化床干燥"}, [4]),  # words in different parts of one text
    ({"q": "缓释制剂 流化床干燥 甲公司"}, []),
    ({"q": "权利要求1"}, [1]),
    ({"q": "津滨知裁字〔2026〕2号"}, [2]),
    ({"q": "2026年4号"}, [4]),
    ({"q": "[2026]1"}, [3, 1]),  # 3 cites it
    ({"q": "ZL201010110210.8"}, [1]),
    ({"q": "201010110210"}, [1]),
    ({"q": "2013201234561"}, []),
    ({"q": "2013201234568"}, [2]),
    ({"q": "zl 2013 2 0123456.8"}, [2]),
    ({"q": "ab-12"}, [3]),
    ({"q": "SMART"}, [3]),
    ({"q": "smartvalve"}, [3]),
    ({"q": "𠮷田"}, [3]),
    ({"q": "𠮷"}, [3]),
    ({"q": "鎵氮化物"}, [3]),
    ({"q": "100%"}, [3]),
    ({"q": "%"}, [3]),
    ({"q": "_"}, [3]),
    ({"q": "路径_名"}, [3]),
    ({"q": "路径某名"}, []),
    ({"q": "\\"}, [3]),
    ({"q": "甲公司", "in": "party"}, [1]),
    ({"q": "甲公司", "in": "orders"}, [2]),
    ({"q": "甲公司刘某甲", "in": "party"}, []),
    ({"q": "周建", "in": "panel"}, [2, 1]),
    ({"q": "周建 吴宁", "in": "panel"}, [1]),
    ({"q": "周建吴宁", "in": "panel"}, []),
    ({"q": "实用新型", "in": "cause"}, [2]),
    ({"q": "流化床", "in": "party"}, []),
    ({"q": "缓释", "right": "utility_model"}, [2]),
    ({"q": "缓释", "outcome": "established", "status": "effective", "year": "2026"}, [4, 1]),
    ({"q": "缓释", "year": "2025"}, []),
    ({"status": "annulled"}, [3]),
    ({"right": "design", "outcome": "established"}, []),
]


def test_answers_are_the_same_everywhere(shelf, client):
    for query, expected in ANSWERS:
        assert serials(**query) == expected, query
        page = client.get("/rulings/", query).content.decode()
        assert re.findall(r'<h2><a href="/rulings/2026/(\d+)/"', page) == list(map(str, expected)), query
        said = client.get("/api/v1/rulings/", query).json()
        assert [row["number"] for row in said["results"]] == [f"津滨知裁字〔2026〕{n}号" for n in expected], (
            query
        )
        assert (said["count"], said["more"], said["next"]) == (len(expected), False, None)


FOUND_IN = "专利权侵zlab12x缓释"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_what_is_found_is_what_holds_the_word(data, filled):
    bodies = filled
    text = data.draw(st.sampled_from(list(bodies.values())))
    start = data.draw(st.integers(0, len(text) - 2))
    word = data.draw(
        st.just(text[start : start + data.draw(st.integers(2, 8))])
        | st.text(FOUND_IN, min_size=2, max_size=8)
    )
    other = data.draw(st.none() | st.text(FOUND_IN, min_size=1, max_size=2))
    sought = [word, *([other] if other else [])]
    wanted = sorted((n for n, body in bodies.items() if all(one in body for one in sought)), reverse=True)
    assert serials(q=" ".join(sought)) == wanted


@pytest.fixture
def filled():
    """Texts of few characters, so that chance pairs abound; one of them in several parts. Serial -> normal text."""
    chance = random.Random(7)
    made = Shelf()
    texts = ["".join(chance.choices(FOUND_IN, k=chance.choice((12, 40, 200)))) for _n in range(30)]
    texts.append("".join(chance.choices("专利权", k=9_000)) + "".join(chance.choices(FOUND_IN, k=9_000)))
    return {row.serial: searching.normal(row.text) for row in made.put(*texts)}


HOSTILE = [
    "\"", "'", "''", "\" OR \"", "缓释 AND 制剂", "NEAR(缓释 制剂)", "缓释*", "^缓释", "words:缓释", "-缓释", "缓释 NOT", "( ) ()", ")",
    "\x00", "缓\x00释", "%", "%%", "%s", "%(q)s", "_", "\\", "\\'", "' OR 1=1 --", "'; DROP TABLE adjudication_searchpart; --",
    "&", "|", "!", "<->", "缓释:*", "a & b", "🔧", "👩‍🔬", "\u202e释缓", "\ud83d", "<script>alert(1)</script>", "缓释" * 50_000,
    "a " * 50_000, "ﷺ" * 100, "\t\r\n", "2026年" * 40, "(2026)" * 40, "9" * 100, "1 " * 100, "{{ q }}", "{% now %}", "..", "../etc",
]  # fmt: skip


def test_nothing_typed_breaks_it(shelf, client):
    for typed in HOSTILE:
        for more in ({}, {"in": "orders", "after": typed, "year": typed, "right": typed, "page_size": typed}):
            query = urlencode({"q": typed, **more}, errors="surrogatepass")
            page, said = client.get(f"/rulings/?{query}"), client.get(f"/api/v1/rulings/?{query}")
            assert (page.status_code, said.status_code) == (200, 200), typed[:40]
            assert "<script" not in page.content.decode()
    for after in ("9" * 15, "2026-99999999999", "-", "2026-", "２０２６-1", "2026-1-1", "\x00-1"):
        assert client.get("/rulings/", {"q": "缓释", "after": after}).status_code == 200
    assert SearchPart.objects.count() > 4


def test_the_page_marks_what_it_found_and_escapes_the_rest(client):
    Shelf().put(
        "前文。<b>甲&乙</b>公司制造的<i>缓释制剂</i>。",
        status="annulled",
        history=json.dumps(["行政诉讼：撤销<1>"]),
    )
    page = client.get("/rulings/", {"q": "缓释 <b>甲&乙</b>"}).content.decode()
    assert (
        "前文。<mark>&lt;b&gt;甲&amp;乙&lt;/b&gt;</mark>公司制造的&lt;i&gt;<mark>缓释</mark>制剂&lt;/i&gt;。"
        in page
    )
    assert "已撤销" in page and " · 行政诉讼：撤销&lt;1&gt;" in page
    assert 'value="缓释 &lt;b&gt;甲&amp;乙&lt;/b&gt;"' in page


def test_facets_count_the_selection(shelf, client):
    counts = searching.find(searching.read({"q": "缓释"}), page=20).counts
    assert counts == {
        "year": {"2026": 3}, "right": {"invention": 2, "utility_model": 1},
        "outcome": {"established": 2, "not_established": 1}, "status": {"effective": 2, "sued": 1},
    }  # fmt: skip
    assert searching.find(searching.read({"right": "design"}), page=20).counts["outcome"] == {"partly": 1}
    assert searching.find(searching.read({}), page=20).counts["year"] == {"2026": 4}
    page = client.get("/rulings/?q=缓释").content.decode()
    assert "发明专利（2）" in page and "实用新型（1）" in page and "外观设计" not in page
    page = client.get("/rulings/?q=缓释&right=invention").content.decode()
    assert re.search(r'<option value="invention" selected>\w+（2）', page) and "外观设计</option>" in page


def test_pages_follow_one_another(client):
    Shelf().put(*["事实相同"] * 45)
    for query in ("", "q=事实&"):
        seen, address = [], f"/rulings/?{query}"
        while address:
            page = client.get(address).content.decode()
            seen += [int(n) for n in re.findall(r'<h2><a href="/rulings/2026/(\d+)/"', page)]
            found = re.search(r'rel="next" href="([^"]*)"', page)
            address = f"/rulings/{found[1]}".replace("&amp;", "&") if found else ""
        assert seen == list(range(45, 0, -1))
        seen, address = [], f"/api/v1/rulings/?page_size=10&{query}"
        while address:
            said = client.get(address).json()
            seen += [row["url"] for row in said["results"]]
            address = said["next"]
        assert len(seen) == 45


def test_more_than_can_be_counted_is_said_so(monkeypatch, client, django_assert_max_num_queries):
    monkeypatch.setattr(searching.finding, "MOST", 10)
    monkeypatch.setattr(searching.finding, "RECENT", 10)
    monkeypatch.setattr(list_views, "PAGE", 5)
    made = Shelf()
    for year in (2023, 2024, 2025, 2026):
        made.put(*["事实相同"] * 6, year=year)
    made.put("事实在长文里。" + "无" * 9_000 + "末尾", year=2022)
    found = searching.find(searching.read({"q": "事实"}), page=5)
    assert (found.total, found.more, found.counts["year"], found.years) == (
        10,
        True,
        {},
        [2026, 2025, 2024, 2023, 2022],
    )
    assert (
        len(serials(q="事实")) == 25 and len(serials(q="事实 相同")) == 24 and serials(q="事实 末尾") == [1]
    )
    assert searching.find(searching.read({"q": "事实", "year": "2024"}), page=5).total == 6
    with django_assert_max_num_queries(6):
        page = client.get("/rulings/?q=事实").content.decode()
    assert "超过" in page and "分类不计件数" in page


def test_at_most_six_queries(shelf, client):
    for query, _expected in ANSWERS:
        for address in ("/rulings/", "/api/v1/rulings/"):
            with CaptureQueriesContext(connection) as counted:
                client.get(address, query)
            assert len(counted) <= 6, (query, [one["sql"][:80] for one in counted])


# only what is public -------------------------------------------------------------------------------------------


def stored_words():
    """Everything any table of the search keeps."""
    rows = SearchPart.objects.values_list("pk", flat=True)
    return {pk: words for pk in {*index.ids(), *rows} for words in [index.stored(pk, pk)]}


def broken():
    return [line for one in verifying.run_all() if one.name == "search" for line in one.broken]


def test_only_live_texts_are_found(shelf, client):
    for state in (State.CANDIDATE, State.REPLACED, State.WITHDRAWN):
        shelf.put("秘密词语", state=state)
    assert serials(q="秘密词语") == [] and SearchPart.objects.filter(body__contains="秘密词语").count() == 0
    live = shelf.put("公开词语")[0]
    PublishedRuling.objects.filter(pk=live.pk).update(state=State.WITHDRAWN)  # its effect has not run yet
    for query in ({"q": "公开词语"}, {"q": "开"}, {"q": "公开词语", "status": "effective"}):
        assert serials(**query) == []
        assert client.get("/api/v1/rulings/", query).json()["count"] == 0
    assert broken()
    searching.index_ruling(live.ruling_id)
    assert not broken() and not SearchPart.objects.filter(published=live.pk).exists()


def test_the_shelf_is_made_anew(shelf, capsys, monkeypatch):
    monkeypatch.setattr(keeping, "PORTION", 3)
    before = stored_words()
    SearchPart.objects.filter(part="party").delete()
    index.remove([searching.keeping.slot_of(2026, 2)])
    index.put([(5_000, {"aaaa"})])
    assert broken()
    call_command("reindex_rulings")
    assert "4 件" in capsys.readouterr().out and not broken() and stored_words() == before
    searching.index_ruling(PublishedRuling.objects.first().ruling_id)  # twice is once
    assert stored_words() == before


def test_verify_names_what_is_wrong(shelf):
    assert not broken()
    row = SearchPart.objects.filter(part="text").first()
    SearchPart.objects.filter(pk=row.pk).update(body="别的")
    assert broken() == [f"public text {row.published_id}: is not searched as it stands"]
    SearchPart.objects.filter(pk=row.pk).update(body=row.body)
    index.put([(row.pk, {"aaaa"})])
    assert broken() == [f"public text {row.published_id}: is not searched as it stands"]


def test_a_ruling_and_its_change_bear_one_number():
    made = Shelf()
    first, later = made.put("缓释原裁决", serial=5)[0], made.put("缓释变更裁决", serial=5)[0]
    found = searching.find(searching.read({"q": "缓释"}), page=5)
    assert {row.pk for row in found.rows} == {first.pk, later.pk} and found.total == 2
    assert not broken()


def drained():
    outbox.drain()
    assert not Outbox.objects.exclude(state=Outbox.State.DONE).exists()


def test_publishing_withdrawing_and_undoing_carry_the_search_along(client):
    _adjudication, ruling, row = story.published()
    drained()
    assert serials(q="刘某甲") == [1] and serials(q="阀门", **{"in": "orders"}) == [1]
    assert serials(q="ZL201010110210.8") == [1] and not broken()
    for secret in story.SECRET:
        assert serials(q=secret) == []
        assert not SearchPart.objects.filter(body__contains=searching.normal(secret)).exists()
    row = story.decide(row, "withdraw")
    assert serials(q="刘某甲") == []  # before the worker has done anything
    drained()
    assert not SearchPart.objects.exists() and index.ids() == set() and not broken()
    assert client.get("/api/v1/rulings/?q=刘某甲").json()["results"] == []
    assert ruling.number not in client.get("/rulings/?q=2026年1号").content.decode()
    row = story.decide(row, "undo_last", data={"reason": "误操作"})  # public again
    drained()
    assert serials(q="刘某甲") == [1] and not broken()


def test_a_publication_taken_back_leaves_nothing_in_the_index():
    _adjudication, _ruling, row = story.published()
    drained()
    row = story.decide(row, "undo_last", data={"reason": "误操作"})
    assert serials(q="刘某甲") == []
    drained()
    assert index.ids() == set() and not SearchPart.objects.exists() and not broken()
    story.decide(row, "publish")
    drained()
    assert serials(q="刘某甲") == [1] and not broken()


def test_a_withheld_ruling_is_in_no_index(client):
    _adjudication, _ruling, row = story.marked()
    drained()
    story.decide(row, "withhold")
    drained()
    assert index.ids() == set() and not SearchPart.objects.exists()
    for word in ("阀门", "刘某甲", "2026年1号"):
        assert client.get("/api/v1/rulings/", {"q": word}).json()["results"] == []


def test_status_moves_in_the_search_too():
    _adjudication, ruling, _row = story.published()
    drained()
    assert serials(q="阀门", status="unserved") == [1]
    for role in ("applicant", "respondent"):
        story.serve_ruling(ruling, role)
    drained()
    assert (
        serials(q="阀门", status="suable") == [1]
        and serials(q="阀门", status="unserved") == []
        and not broken()
    )


def test_a_restored_house_is_searched_again(committing, tmp_path):
    Shelf().put("缓释制剂", LONG)
    path = tmp_path / "house.backup"
    taken = taking.take(path, tell=lambda said: None)
    assert SearchPart._meta.db_table not in taken.rows
    index.remove({pk // index.SLOT for pk in index.ids()})
    guards.drop()
    call_command("flush", interactive=False, verbosity=0)
    restoring.restore(path, tell=lambda said: None)
    assert serials(q="缓释制剂") == [2, 1] and not broken()
