"""Each measurement of script/bench runs, on sizes that measure nothing. No ratio is judged here."""

import platform
from collections.abc import Iterator
from contextlib import nullcontext

import pytest

from reports import house
from stations.models import Area
from tests.bench import (
    feed,
    figures,
    finished_page,
    ground,
    machine,
    paper,
    queue_page,
    ratios,
    registration,
    search,
)
from tests.processes import database_url


@pytest.fixture
def here(committing: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The database of this run in place of the bench's own ones."""
    monkeypatch.setattr(ground, "database", lambda name: nullcontext())
    monkeypatch.setattr(ground, "address", lambda name: database_url())
    for _code, _name, area, *_rest in house.STATIONS:
        Area.objects.get_or_create(code=area, defaults={"name": area, "kind": "subdistrict"})
    yield


def whole(found: ratios.Ratio, rounds: int = 1) -> None:
    assert len(found.ours) == len(found.beneath) == rounds
    assert all(value > 0 for value in found.values)
    assert found.line().count("|") == ratios.HEADING.splitlines()[0].count("|")


def test_a_pdf(here: None) -> None:
    found = paper.measure(rounds=2, calls=1)
    whole(found, rounds=2)
    assert "one page" in found.notes


def test_registering(here: None) -> None:
    found = registration.measure(rounds=1, calls=1)
    whole(found)
    assert "rows in" in found.notes


def test_the_queue_page(here: None) -> None:
    whole(queue_page.measure(rounds=1, calls=1, small=3, large=7))


def test_all_figures(here: None) -> None:
    found = figures.measure(rounds=1, cases=40)
    whole(found)
    assert "equal" in found.notes


def test_the_feed(here: None) -> None:
    found = feed.measure(rounds=1, cases=40)
    whole(found)
    assert "rows" in found.notes


def test_what_is_unchanged(here: None) -> None:
    found = feed.unchanged(rounds=1, calls=1, cases=40)
    whole(found)
    assert "no question to facts" in found.notes


def test_the_search_page(here: None) -> None:
    found = search.measure(rounds=1, calls=1, number=40)
    whole(found)
    assert "queries" in found.notes


def test_a_finished_page(here: None) -> None:
    found = finished_page.measure(rounds=1, calls=1)
    whole(found)
    assert "requests a second" in found.notes


def test_the_machine_is_told_without_its_name(db: None) -> None:
    said = machine.described()
    assert "cores" in said and "Python" in said
    assert platform.node() not in said and "/" not in said
