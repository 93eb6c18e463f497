"""Frozen figures: kept as they were, chained, refused any change by the database; later corrections as differences."""

import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cases import chain
from cases.errors import DomainError
from cases.models import Chain, Event
from cases.verifying import run_all
from reports import differences, freezing, periods
from reports.indicators import REGISTRY, Reading
from reports.models import Frozen, FrozenRows
from stations.models import Area, Station
from tests.factories import TODAY, user
from tests.reports.facts import dispute, fact, proceeding, restate, withdraw

pytestmark = pytest.mark.django_db

YEAR = periods.parse("2026")


def accepted(on: date = date(2026, 3, 3)) -> Event:
    return fact(proceeding("assistance", dispute()), "accepted", on, "assistance")


def freeze(period: str = "2026", as_of: date = TODAY, **more) -> Frozen:
    by = more.pop("by", None) or user("district", ("district", None))
    return freezing.freeze(periods.parse(period), by=by, today=TODAY, as_of=as_of, why="年度通报", **more)


def broken() -> list[str]:
    return next(found for found in run_all() if found.name == "frozen").broken


def test_a_round_keeps_every_figure_and_the_ids_of_its_rows():
    event = accepted()
    row = Frozen.objects.get(pk=freeze().pk)
    assert list(row.figures) == list(REGISTRY)
    told = row.figure("aid_and_mediation")
    assert (told["value"], told["text"], told["excluded"]["undated"]) == (1, "1", 0)
    now = REGISTRY["aid_and_mediation"].figures([YEAR], Reading(TODAY))[0].as_dict()
    assert {name: told[name] for name in now} == now
    assert row.rows.get(code="aid_and_mediation").ids() == {"assistance": [event.pk]}


def test_freezing_again_stands_beside_the_first_and_changes_nothing_of_it():
    event = accepted()
    first = freeze(codes=["aid_and_mediation"])
    withdraw(event, TODAY)
    second = freeze(codes=["aid_and_mediation"])
    assert [row.figure("aid_and_mediation")["value"] for row in (first, second)] == [1, 0]
    assert (first.seq, second.seq, second.prev) == (1, 2, first.hash)
    assert list(Frozen.objects.get(pk=first.pk).figures) == ["aid_and_mediation"]


def test_a_round_of_an_earlier_day_knows_what_was_known_then():
    event = accepted()
    restate(event, date(2025, 3, 3), TODAY)
    assert freeze(as_of=TODAY - timedelta(1)).figure("aid_and_mediation")["value"] == 1
    assert freeze().figure("aid_and_mediation")["value"] == 0


@pytest.mark.parametrize(
    ("period", "as_of", "why", "code"),
    [
        ("2026", TODAY + timedelta(1), "通报", "not_yet"),
        ("2027", TODAY, "通报", "not_yet"),
        ("2026", TODAY, "  ", "no_reason"),
    ],
)
def test_freezing_what_is_still_to_come_or_without_a_use_is_refused(period, as_of, why, code):
    with pytest.raises(DomainError) as refused:
        freezing.freeze(periods.parse(period), by=user("d"), today=TODAY, as_of=as_of, why=why)
    assert refused.value.code == code and not Frozen.objects.exists()


@pytest.mark.parametrize("table", ["reports_frozen", "reports_frozenrows"])
@pytest.mark.parametrize("sql", ["UPDATE {} SET body = '{{}}'", "DELETE FROM {}"])
def test_the_database_refuses_to_change_a_round(table, sql):
    freeze(codes=["stations"])
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql.format(table))
    assert FrozenRows.objects.get().body and not broken()


def test_a_round_is_sealed_with_the_day_and_verify_finds_one_that_was_put_in_beside_the_chain():
    row = freeze(codes=["stations"])
    link = Chain.objects.get(kind="figure")
    assert (link.length, link.head, link.grown_on) == (1, row.hash, TODAY)
    (seal,) = chain.seal_day(TODAY, timezone.now())
    assert [link.pk, 1, row.hash] in json.loads(seal.body)["chains"]
    assert not broken()
    forged = Frozen(
        seq=2, period="2026", as_of=TODAY, by=row.by, at=row.at, why=row.why, body=row.body, prev=row.hash, hash="0" * 64
    )  # fmt: skip
    forged.save(force_insert=True)
    assert broken() == ["round 2 was changed", "the chain of frozen figures does not match its rounds"]


def test_verify_finds_rows_that_are_not_those_of_the_round():
    row = freeze(codes=["stations"])
    FrozenRows.objects.create(frozen=row, code="special_areas", body="{}")
    assert broken() == ["round 1 says other than its body"]


# pages, who may, what changed -------------------------------------------------------------------------------


def signed_in(client, role: str):
    client.force_login(user(role, (role, None)))
    return client


ASKED = {"period": "2026Q3", "as_of": TODAY.isoformat(), "why": "第三季度通报"}


def test_the_district_freezes_and_the_leader_reads(client):
    answer = signed_in(client, "district").post("/board/frozen/", ASKED)
    assert answer.status_code == 302 and answer["Location"] == "/board/frozen/1/"
    row = Frozen.objects.get()
    assert (row.period, row.as_of, row.by.username, row.why) == ("2026Q3", TODAY, "district", "第三季度通报")
    assert "冻结全部指标" not in signed_in(client, "leader").get("/board/frozen/").content.decode()
    for path in ("/board/frozen/", "/board/frozen/1/", "/board/frozen/1/aid_and_mediation/"):
        assert client.get(path).status_code == 200
        sheet = client.get(path, {"download": "xlsx"})
        assert sheet.status_code == 200 and sheet["Content-Type"].endswith("sheet")
    assert client.post("/board/frozen/", ASKED).status_code == 403
    assert Frozen.objects.count() == 1


@pytest.mark.parametrize("role", ["clerk", "head", "auditor"])
def test_nobody_else_reaches_the_rounds(client, role):
    freeze(codes=["stations"])
    signed_in(client, role)
    for path in ("/board/frozen/", "/board/frozen/1/", "/board/frozen/1/stations/"):
        assert client.get(path).status_code == 403
    assert client.post("/board/frozen/", ASKED).status_code == 403


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"period": "三季度"}, "请写成"),
        ({"period": "2026-01-01..2026-02-28"}, "只冻结月、季度、年和全周期"),
        ({"as_of": "2099-01-01"}, "截至日期不能晚于今天"),
        ({"why": " "}, "必填"),
    ],
)
def test_what_cannot_be_frozen_comes_back_with_what_was_typed(client, asked, words):
    page = signed_in(client, "district").post("/board/frozen/", ASKED | asked)
    text = page.content.decode()
    assert page.status_code == 400 and words in text and not Frozen.objects.exists()
    assert all(f'value="{typed}"' in text for typed in (ASKED | asked).values())


def test_a_correction_shows_as_a_difference_with_the_rows_that_caused_it(client):
    kept, gone, moved = accepted(), accepted(date(2026, 7, 1)), accepted(date(2026, 8, 3))
    first = freeze(as_of=TODAY - timedelta(30))
    withdraw(gone, TODAY)
    fact(moved.proceeding, "closed", date(2026, 8, 9), "converted", known=TODAY)
    talk = proceeding("mediation", moved.case, flavour="people", parent=moved.proceeding)
    late = fact(talk, "accepted", date(2026, 8, 8), "people", known=TODAY)
    signed_in(client, "leader")
    page = client.get("/board/frozen/1/aid_and_mediation/", {"as_of": TODAY.isoformat()})
    found = [dict(line["cells"])["变化"] for line in page.context["lines"]]
    assert found == ["新增（人民调解）", "调整：维权援助 → 转调解，已按调解计", "减少（维权援助）"]
    assert (page.context["then"]["value"], page.context["now"].value) == (3, 2)
    assert "更正" in dict(page.context["lines"][2]["cells"])["原因"]
    difference = differences.of_figure(first, "aid_and_mediation", TODAY)
    assert (
        list(difference.moves) == sorted((gone.pk, moved.pk, late.pk), reverse=True)
        and kept.pk not in difference.moves
    )
    line = next(
        one for one in client.get("/board/frozen/1/").context["lines"] if one["code"] == "aid_and_mediation"
    )
    assert (line["then"]["text"], line["now"], line["moved"], line["changed"]) == ("3", "2", 3, True)
    unchanged = client.get("/board/frozen/1/aid_and_mediation/", {"as_of": first.as_of.isoformat()})
    assert unchanged.context["lines"] == []


def test_differences_mask_what_lists_mask(client):
    event = accepted()
    freeze(as_of=TODAY - timedelta(30))
    withdraw(event, TODAY)
    page = signed_in(client, "district").get("/board/frozen/1/aid_and_mediation/")
    (line,) = page.context["lines"]
    cells = dict(line["cells"])
    assert line["masked"] and cells["案号（登记号）"] == "—" and cells["变化"] == "减少（维权援助）"


def test_a_station_opened_late_in_the_books_is_a_difference_of_a_stock(client):
    freeze(codes=["stations"])
    area = Area.objects.create(code="x", name="甲区", kind="zone")
    Station.objects.create(code="n", name="补登站", area=area, opened_on=date(2026, 1, 1))
    page = signed_in(client, "leader").get("/board/frozen/1/stations/")
    assert [dict(line["cells"])["名称"] for line in page.context["lines"]] == ["补登站"]
    assert page.context["then"]["value"] + 1 == page.context["now"].value


def test_query_count_of_differences_does_not_grow(client):
    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert client.get("/board/frozen/1/aid_and_mediation/").status_code == 200
        return len(found)

    signed_in(client, "leader")
    freeze(as_of=TODAY - timedelta(30))
    fact(proceeding("assistance", dispute()), "accepted", date(2026, 3, 3), "assistance", known=TODAY)
    asked()
    few = asked()
    for _n in range(5):
        fact(proceeding("assistance", dispute()), "accepted", date(2026, 3, 3), "assistance", known=TODAY)
    assert asked() == few
