"""Frozen figures: kept as they were, chained, refused any change by the database; later corrections as differences."""

import json
from datetime import date, timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from cases import chain
from cases.errors import DomainError
from cases.models import Chain, Event
from cases.verifying import run_all
from reports import freezing, periods
from reports.indicators import REGISTRY, Reading
from reports.models import Frozen, FrozenRows
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
