"""Periods: what is read, both ends, and what is refused in words that help."""

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest

from cases.working_days import Calendar
from reports import periods
from reports.periods import PeriodError, parse


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2026", date(2026, 1, 1), date(2026, 12, 31), "2026 年"),
        ("2026Q3", date(2026, 7, 1), date(2026, 9, 30), "2026 年第 3 季度"),
        ("2026q4", date(2026, 10, 1), date(2026, 12, 31), "2026 年第 4 季度"),
        ("2026-07", date(2026, 7, 1), date(2026, 7, 31), "2026 年 7 月"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "2024 年 2 月"),
        ("2023..2025", date(2023, 1, 1), date(2025, 12, 31), "2023-01-01 至 2025-12-31"),
        ("2026-03-05..2026-03-05", date(2026, 3, 5), date(2026, 3, 5), "2026-03-05 至 2026-03-05"),
        ("2025Q4..2026-02", date(2025, 10, 1), date(2026, 2, 28), "2025-10-01 至 2026-02-28"),
    ],
)
def test_period_is_read_with_both_ends(text, start, end, label):
    found = parse(text)
    assert (found.start, found.end, found.label) == (start, end, label)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "26",
        "2026Q5",
        "2026-13",
        "2026-1",
        "2026-02-30..2026-03-01",
        "2026..2025",
        "1999",
        "2026-07-01",
        "..",
    ],
)
def test_unreadable_period_is_refused_in_chinese(text):
    with pytest.raises(PeriodError) as refusal:
        parse(text)
    assert "请" in str(refusal.value)


def test_months_cover_the_year_without_gap():
    months = periods.months_of(2024)
    assert months[0].start == date(2024, 1, 1) and months[-1].end == date(2024, 12, 31)
    assert all((b.start - a.end).days == 1 for a, b in pairwise(months))


def test_share_counts_working_days_of_each_year():
    calendar = Calendar()
    whole = parse("2026")
    assert periods.share(whole, date(2025, 12, 31), calendar) == 0
    assert periods.share(whole, date(2026, 12, 31), calendar) == 1
    assert periods.share(parse("2023..2025"), date(2026, 5, 1), calendar) == 3
    half = periods.share(whole, date(2026, 6, 30), calendar)
    days = calendar.working_days_between(date(2025, 12, 31), date(2026, 6, 30))
    assert half == Fraction(days, calendar.working_days_between(date(2025, 12, 31), date(2026, 12, 31)))
    quarters = [periods.share(parse(f"2026Q{n}"), date(2026, 12, 31), calendar) for n in (1, 2, 3, 4)]
    assert sum(quarters) == 1
