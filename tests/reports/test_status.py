"""Status and words of a value: exact at the edges, never a bare percentage of a small sample, never 0/0."""

from decimal import Decimal
from fractions import Fraction

import pytest

from reports import status
from reports.status import Measured, rate


@pytest.mark.parametrize(
    ("numerator", "denominator", "text", "state"),
    [
        (0, 0, "—", "no_data"),
        (2, 3, "2 / 3", "small_sample"),
        (4, 4, "4 / 4", "small_sample"),
        (7, 10, "70", "met"),
        (208, 280, "74.3", "met"),
        (6996, 10000, "69.96", "not_met"),  # 70.0 beside 未达标 would be a contradiction
        (1, 8, "12.5", "not_met"),
    ],
)
def test_rate_against_seventy(numerator, denominator, text, state):
    measured = rate(numerator, denominator)
    assert status.shown(measured, numerator, Decimal(70)) == text
    assert status.of_level(measured, Decimal(70), "min") == state


def test_maximum_is_met_from_below():
    assert status.of_level(Measured(Fraction(70)), Decimal(70), "max") == "met"
    assert status.of_level(Measured(Fraction(701, 10)), Decimal(70), "max") == "not_met"


def test_without_target_there_is_no_status():
    assert status.of_level(Measured(Fraction(3)), None, "max") is None
    assert status.of_flow(3, None, years=Fraction(1, 2), over=False, begun=True) is None


@pytest.mark.parametrize(
    ("value", "state"),
    [(303, "ahead"), (302, "on_pace"), (275, "on_pace"), (248, "on_pace"), (247, "behind")],
)
def test_pace_is_within_five_percent_of_the_target(value, state):
    """Half of the year's working days gone: 275 of 550, give or take 27.5."""
    assert status.of_flow(value, Decimal(550), years=Fraction(1, 2), over=False, begun=True) == state


def test_flow_that_is_over_or_has_not_begun():
    assert status.of_flow(550, Decimal(550), years=Fraction(1), over=True, begun=True) == "met"
    assert status.of_flow(549, Decimal(550), years=Fraction(1), over=True, begun=True) == "not_met"
    assert status.of_flow(0, Decimal(550), years=Fraction(0), over=False, begun=False) == "no_data"


def test_rounding_is_half_up_and_exact():
    assert status.plain(status.rounded(Fraction(1, 8) * 100, 1)) == "12.5"
    assert status.plain(status.rounded(Fraction(5, 1000), 2)) == "0.01"
    assert status.plain(status.rounded(Fraction(100), 2)) == "100"
