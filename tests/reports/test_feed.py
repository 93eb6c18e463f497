"""The feed: who reads it and what, the same numbers in every format as on the board, 304 without a question to facts."""

import csv
import json
from datetime import date, timedelta
from io import BytesIO, StringIO
from xml.etree import ElementTree

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from cases import chain
from reports import periods
from reports.feeding import composing, tokens
from reports.feeding.suppression import LESS
from reports.indicators import figures
from reports.models import Delivery, FeedToken
from stations.models import Token
from tests.factories import station, user
from tests.reports.facts import dispute, fact, proceeding, restate

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)
FEED = "/api/v1/feed/"
ALL = ["aid_and_mediation", "mediation_success", "adjudication_accepted", "stations"]


@pytest.fixture(autouse=True)
def _still(monkeypatch):
    cache.clear()
    monkeypatch.setattr(timezone, "localdate", lambda *_args: TODAY)


def aid(number: int, where, on: date = date(2026, 7, 6)) -> list:
    return [
        fact(proceeding("assistance", dispute(where)), "accepted", on, "assistance") for _n in range(number)
    ]


def token(**columns) -> str:
    columns = {
        "receiver": "市级平台", "document": "示例〔2026〕9号", "codes": ALL, "splits": ["station", "source"], "grain": "quarter",
        "expires_at": timezone.now() + timedelta(days=30), "made_by": user("security", ("security", None)),
    } | columns  # fmt: skip
    return FeedToken.issue(**columns)[1]


def bearer(text: str) -> dict:
    return {"headers": {"Authorization": f"Bearer {text}"}}


def ask(client, text: str, query: str = "period=2026Q3", path: str = FEED):
    return client.get(f"{path}?{query}", **bearer(text))


# tokens ------------------------------------------------------------------------------------------------------


def test_only_the_digest_is_kept_and_the_last_use(client):
    text = token()
    row = FeedToken.objects.get()
    assert text not in json.dumps(row.__dict__, default=str) and row.digest == FeedToken.digest_of(text)
    assert row.used_at is None and ask(client, text).status_code == 200
    assert FeedToken.objects.get().used_at is not None


def test_wrong_expired_and_revoked_answer_alike_by_the_same_queries(client):
    expired = token(receiver="甲", expires_at=timezone.now() - timedelta(seconds=1))
    revoked = token(receiver="乙")
    FeedToken.objects.filter(receiver="乙").update(revoked_at=timezone.now())
    seen = set()
    for text in ("x" * 43, expired, revoked, "", "a b", "令牌".encode().decode("latin-1")):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            answer = ask(client, text)
        shapes = tuple(query["sql"].split("WHERE")[0] for query in asked)
        seen.add((answer.status_code, answer.content, answer["WWW-Authenticate"], shapes))
    assert len(seen) == 1 and next(iter(seen))[0] == 401


def test_a_token_in_the_address_is_nothing(client):
    assert client.get(f"{FEED}?period=2026Q3&token={token()}").status_code == 401


def test_guessing_holds_the_guesser_off(client, monkeypatch):
    text = token()
    for _n in range(tokens.GUESSES.number):
        assert ask(client, "wrong").status_code == 401
    held = ask(client, "wrong")
    assert held.status_code == 429 and held["Retry-After"]
    assert ask(client, text).status_code == 429
    elsewhere = client.get(f"{FEED}?period=2026Q3", REMOTE_ADDR="192.0.2.7", **bearer(text))
    assert elsewhere.status_code == 200


def test_a_receiver_is_answered_so_often_a_minute(client):
    text = token()
    answers = {ask(client, text).status_code for _n in range(tokens.READS.number)}
    assert answers == {200} and ask(client, text).status_code == 429


def test_a_token_reads_its_codes_splits_and_periods_and_no_other_page(client):
    text = token(codes=["aid_and_mediation"], splits=[])
    told = ask(client, text, "period=2026Q3").json()["figures"]
    assert {row["code"] for row in told} == {"aid_and_mediation"}
    assert ask(client, text, "period=2026Q3&code=stations").status_code == 403
    assert ask(client, text, "period=2026Q3&by=station").status_code == 403
    for period in ("2026", "2026-07", "2026-07-01..2026-07-02"):
        assert ask(client, text, f"period={period}").json()["code"] == "bad_period"
    assert ask(client, text, "period=2027Q1").json()["code"] == "too_early"
    for other in ("/api/v1/indicators/", "/api/v1/cases/", "/api/v1/indicators/aid_and_mediation/cases/"):
        assert client.get(other, **bearer(text)).status_code == 401


def test_nobody_outside_reads_on_a_day_of_his_choice(client):
    aid(6, station())
    late = fact(
        proceeding("assistance", dispute(station())), "accepted", date(2026, 9, 1), known=date(2026, 11, 5)
    )
    told = ask(client, token(), "period=2026Q3&as_of=2026-11-19").json()
    assert told["as_of"] == "2026-10-31" and told["figures"][0]["value"] == 6 and late.pk
    assert composing.cut(periods.parse("2026Q4"), TODAY) == date(2026, 10, 31)
    assert composing.cut(periods.parse("2025"), TODAY) == date(2026, 1, 31)


def test_without_a_period_the_last_one_of_the_length_is_told(client):
    assert ask(client, token(), "").json()["period"] == "2026Q4"


def test_people_read_the_feed_as_the_board_and_others_do_not(client):
    for role, status in (("leader", 200), ("district", 200), ("clerk", 403), ("security", 403)):
        who = user(f"a-{role}", (role, station() if role == "clerk" else None))
        text = Token.issue(who, timezone.now() + timedelta(days=1))
        assert ask(client, text).status_code == status, role


# what is told ------------------------------------------------------------------------------------------------


def test_small_cells_are_kept_back_from_outside_and_told_inside(client):
    one, two, three = station("s1"), station("s2"), station("s3")
    aid(3, one), aid(7, two), aid(9, three)
    outside = ask(client, token(), "period=2026Q3&by=station&code=aid_and_mediation").json()["figures"]
    cells = {row["cell"]: (row["value"], row["suppressed"], row["shown"]) for row in outside[1:]}
    assert outside[0]["value"] == 19
    assert cells[one.name] == (None, True, LESS) and sum(row["suppressed"] for row in outside) == 2
    leader = user("leader", ("leader", None))
    text = Token.issue(leader, timezone.now() + timedelta(days=1))
    inside = ask(client, text, "period=2026Q3&by=station&code=aid_and_mediation").json()["figures"]
    assert [row["value"] for row in inside] == [19, 3, 7, 9] and not any(row["suppressed"] for row in inside)


def test_a_small_figure_is_kept_back_with_all_that_it_says(client):
    aid(4, station())
    row = ask(client, token(), "period=2026Q3&code=aid_and_mediation&by=station").json()["figures"]
    assert len(row) == 1 and row[0]["shown"] == LESS and row[0]["suppressed"]
    assert row[0]["value"] is row[0]["numerator"] is row[0]["denominator"] is row[0]["status"] is None


def test_parts_are_told_once_the_period_no_longer_moves(client):
    aid(8, station(), date(2026, 10, 3))
    rows = ask(client, token(), "period=2026Q4&code=aid_and_mediation&by=station").json()["figures"]
    assert [(row["split"], row["value"]) for row in rows] == [("", 8)]


def test_parts_add_up_to_the_figure_for_every_split():
    one, two = station("s1"), station("s2")
    aid(3, one), aid(5, two), aid(1, None)
    asked = composing.Asked(periods.parse("2026"), TODAY)
    for by in composing.splits.SPLITS:
        rows = list(composing.rows(composing.Question(["aid_and_mediation"], [by], asked)))
        assert sum(row.value for row in rows[1:]) == rows[0].value == 9, by


def plain(value) -> str:
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


# formats -----------------------------------------------------------------------------------------------------


def test_every_format_tells_what_the_board_tells(client):
    aid(6, station("s1")), aid(2, station("s2"))
    client.force_login(user("leader", ("leader", None)))
    query = "period=2026&by=station"
    told = client.get(f"{FEED}?{query}").json()["figures"]
    lines = client.get(f"{FEED}figures.jsonl?{query}").content.decode().splitlines()
    assert [json.loads(line) for line in lines] == told
    table = list(
        csv.DictReader(StringIO(client.get(f"{FEED}figures.csv?{query}").content.decode("utf-8-sig")))
    )
    assert table == [{name: plain(value) for name, value in row.items()} for row in told]
    book = load_workbook(BytesIO(client.get(f"{FEED}figures.xlsx?{query}").content)).active
    assert [[row[0].value, row[6].value] for row in book.iter_rows(min_row=3)] == [
        [row["code"], row["value"] if row["value"] is not None else None] for row in told
    ]
    found = figures([row["code"] for row in told], [periods.parse("2026")], TODAY)
    board = client.get("/board/", {"period": "2026", "as_of": TODAY.isoformat()}).context["board"]
    tiles = {tile["code"]: tile["value"] for tile in (*board.eight, *board.rest)}
    for row in (row for row in told if not row["split"]):
        assert row["value"] == found[row["code"]][0].value and row["shown"] == tiles[row["code"]]
    assert client.get(f"{FEED}figures.pdf").status_code == 404


@pytest.mark.parametrize(
    "path", [FEED, f"{FEED}figures.jsonl", f"{FEED}figures.csv", f"{FEED}figures.xlsx", f"{FEED}changes.atom"]
)
def test_unchanged_is_answered_304_without_a_question_to_facts(client, path):
    aid(6, station())
    text = token()
    etag = ask(client, text, path=path)["ETag"]
    with CaptureQueriesContext(connection) as asked:
        again = client.get(
            f"{path}?period=2026Q3", headers={"Authorization": f"Bearer {text}", "If-None-Match": etag}
        )
    assert again.status_code == 304 and again["ETag"] == etag
    assert not [query for query in asked if "cases_event" in query["sql"] or "delivery" in query["sql"]]
    chain.raise_stamp("facts")
    moved = client.get(
        f"{path}?period=2026Q3", headers={"Authorization": f"Bearer {text}", "If-None-Match": '"other"'}
    )
    assert moved.status_code == 200


def test_two_receivers_do_not_share_an_answer(client):
    aid(6, station())
    narrow, wide = token(codes=["stations"]), token(receiver="乙")
    first, second = ask(client, narrow), ask(client, wide)
    assert first["ETag"] != second["ETag"]
    assert len(first.json()["figures"]) == 1 and len(second.json()["figures"]) == len(ALL)


def test_changes_name_what_moved_a_figure_and_number_it_only_inside(client):
    row = aid(1, station())[0]
    restate(row, date(2026, 7, 7), date(2026, 11, 2))
    Delivery.objects.create(
        kind="patents", start=TODAY, end=TODAY, numbers='{"value": 9}', entered_on=TODAY, confirmed_on=TODAY
    )
    space = "{http://www.w3.org/2005/Atom}"
    answer = ask(client, token(), path=f"{FEED}changes.atom")
    entries = ElementTree.fromstring(answer.content).findall(f"{space}entry")  # noqa: S314  our own bytes
    assert (
        answer["Content-Type"].startswith("application/atom+xml") and len(entries) == 1
    )  # patents are not in its scope
    assert {one.get("term") for one in entries[0].findall(f"{space}category")} <= set(ALL)
    assert "项" not in entries[0].find(f"{space}title").text
    client.force_login(user("leader", ("leader", None)))
    inside = client.get(f"{FEED}changes.atom").content.decode()
    assert "涉及登记 1 项" in inside and "高价值" in inside


# the page of tokens ------------------------------------------------------------------------------------------


def form(**said) -> dict:
    return {
        "receiver": "市级平台", "document": "示例〔2026〕9号", "codes": ["stations"], "splits": ["station"], "grain": "year",
        "expires_on": "2027-03-31", **said,
    }  # fmt: skip


def test_the_security_officer_makes_a_token_that_is_shown_once_and_withdraws_it(client):
    client.force_login(user("security", ("security", None)))
    made = client.post(reverse("feed_tokens"), form())
    text = made.context["text"]
    assert len(text) > 40 and text in made.content.decode()
    assert text not in client.get(reverse("feed_tokens")).content.decode()
    assert ask(client, text, "period=2025").status_code == 200
    assert client.post(reverse("feed_tokens"), form()).status_code == 400  # one per receiver
    client.post(reverse("feed_token_revoke", args=[FeedToken.objects.get().pk]))
    assert ask(client, text, "period=2025").status_code == 401
    assert client.post(reverse("feed_tokens"), form()).status_code == 200


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"expires_on": "2026-11-19"}, "expires_on"), ({"expires_on": "2027-12-31"}, "expires_on"), ({"codes": []}, "codes"),
        ({"splits": ["station", "area"]}, "splits"), ({"document": ""}, "document"),
    ],
)  # fmt: skip
def test_a_token_without_end_scope_or_document_is_refused(client, said, field):
    client.force_login(user("security", ("security", None)))
    answer = client.post(reverse("feed_tokens"), form(**said))
    assert (
        answer.status_code == 400
        and field in answer.context["form"].errors
        and not FeedToken.objects.exists()
    )
