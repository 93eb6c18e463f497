"""Small cells: no reader who knows the rule can tell a hidden one, whatever was counted. Every table is tried."""

from collections import defaultdict
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reports.feeding.suppression import KEPT_BACK, LESS, hides_rate, margin

NAMES = "abcd"


@pytest.mark.parametrize("width", [1, 2, 3, 4])
def test_no_hidden_small_cell_follows_from_what_is_told_and_the_rule_itself(width):
    """All tables with the same total and the same answer: what is small in them must differ, cell by cell."""
    alike = defaultdict(list)
    most = 14 if width == 4 else 24  # totals up to here have all their tables among those tried
    for numbers in product(range(most + 1), repeat=width):
        if sum(numbers) > most:
            continue
        table = dict(zip(NAMES, numbers, strict=False))
        found = margin(table)
        alike[sum(numbers), tuple(found.told.items()), tuple(found.hidden.items()), found.whole].append(table)
    for (total, _told, hidden, whole), tables in alike.items():
        for name in (one for one, words in hidden if words == LESS):
            seen = {table[name] for table in tables}
            assert len(seen) > 1 and max(seen) < 5, (total, tables)
        if whole and total >= 5:
            assert any(len({table[name] for table in tables}) > 1 for name in NAMES[:width]), tables


@given(st.lists(st.integers(0, 60), max_size=7))
def test_what_is_told_is_true_and_what_is_small_is_never_told(numbers):
    table = dict(zip("abcdefg", numbers, strict=False))
    found = margin(table)
    assert all(table[name] == number >= 5 for name, number in found.told.items())
    if not found.whole:
        assert {*found.told, *found.hidden} == {name for name, number in table.items() if number}
        hidden = [table[name] for name in found.hidden]
        assert len(hidden) != 1  # one alone is the total less the others


@pytest.mark.parametrize(
    ("table", "told", "hidden"),
    [
        ({"a": 9, "b": 7}, {"a": 9, "b": 7}, {}),
        ({"a": 9, "b": 3, "c": 7}, {"c": 7}, {"b": LESS, "a": KEPT_BACK}),
        ({"a": 9, "b": 3, "c": 2}, {"a": 9}, {"b": LESS, "c": LESS}),
        ({"a": 20, "b": 1, "c": 1}, {}, {"b": LESS, "c": LESS, "a": KEPT_BACK}),
        ({"a": 0, "b": 6}, {"b": 6}, {}),
    ],
)
def test_a_single_small_cell_takes_a_larger_one_with_it(table, told, hidden):
    found = margin(table)
    assert (dict(found.told), dict(found.hidden), found.whole) == (told, hidden, False)


@pytest.mark.parametrize("table", [{"a": 2, "b": 1}, {"a": 1, "b": 5}, {"a": 4, "b": 4}])
def test_a_split_that_cannot_be_told_safely_is_kept_back_whole(table):
    assert margin(table).whole and not margin(table).told


def test_a_rate_is_hidden_when_either_side_of_it_is_small():
    assert hides_rate(8, 10) and hides_rate(3, 20) and hides_rate(None, 4) and hides_rate(2, 4)
    assert (
        not hides_rate(10, 20) and not hides_rate(20, 20) and not hides_rate(0, 20) and not hides_rate(0, 0)
    )
