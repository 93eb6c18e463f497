"""The clock of a mediation as drawn: what counted, what did not, what is left; each day in exactly one stretch."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from cases.clock_words import WHOLE, bands

START, TODAY, END = date(2026, 11, 2), date(2026, 11, 22), date(2026, 12, 22)
days = st.integers(-5, 40).map(lambda n: START + timedelta(n))


def spent(stops: list[tuple[date, date | None]]) -> int:
    """Days between start and today inside a stop, one by one."""
    every = [START + timedelta(n) for n in range((TODAY - START).days)]
    return sum(any(a <= day < (b or TODAY) for a, b in stops) for day in every)


def test_an_appraisal_is_a_stretch_of_its_own() -> None:
    found = bands(START, END, [(date(2026, 11, 10), date(2026, 11, 15))], TODAY)
    assert [(b["level"], b["days"]) for b in found] == [
        ("counted", 8),
        ("stopped", 5),
        ("counted", 7),
        ("left", 0),
    ]
    assert found[0]["x"] == 0 and found[1]["x"] == WHOLE * 8 // 50


def test_an_open_stop_reaches_to_today() -> None:
    found = bands(START, TODAY, [(date(2026, 11, 20), None)], TODAY)
    assert [(b["level"], b["days"]) for b in found] == [("counted", 18), ("stopped", 2)]


@given(st.lists(st.tuples(days, st.one_of(st.none(), days)), max_size=5))
def test_every_day_gone_by_stands_in_one_stretch(stops: list[tuple[date, date | None]]) -> None:
    found = bands(START, END, stops, TODAY)
    told = {level: sum(b["days"] for b in found if b["level"] == level) for level in ("counted", "stopped")}
    assert told["stopped"] == spent(stops)
    assert told["counted"] + told["stopped"] == (TODAY - START).days
