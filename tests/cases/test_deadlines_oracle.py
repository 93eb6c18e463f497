"""Limits against a naive oracle that walks day by day over a table of its own (State Council notices 2023–2026)."""

import os
from datetime import date, timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases.deadlines import Calendar, due

EXAMPLES = 10_000 if os.environ.get("ZHIHENG_LONG") == "1" else 300
ONE = timedelta(days=1)
CALENDAR = Calendar()

OFF = {
    2023: "0102 0123 0124 0125 0126 0127 0405 0501 0502 0503 0622 0623 0929 1002 1003 1004 1005 1006",
    2024: "0101 0212 0213 0214 0215 0216 0404 0405 0501 0502 0503 0610 0916 0917 1001 1002 1003 1004 1007",
    2025: "0101 0128 0129 0130 0131 0203 0204 0404 0501 0502 0505 0602 1001 1002 1003 1006 1007 1008",
    2026: "0101 0102 0216 0217 0218 0219 0220 0223 0406 0501 0504 0505 0619 0925 1001 1002 1005 1006 1007",
}
WORKED = {
    2023: "0128 0129 0423 0506 0625 1007 1008",
    2024: "0204 0218 0407 0428 0511 0914 0929 1012",
    2025: "0126 0208 0427 0928 1011",
    2026: "0104 0214 0228 0509 0920 1010",
}


def days_of(table: dict[int, str]) -> set[date]:
    return {date(year, int(d[:2]), int(d[2:])) for year, row in table.items() for d in row.split()}


OFF_DAYS, WORKED_DAYS = days_of(OFF), days_of(WORKED)


def works(day: date) -> bool:
    if day in WORKED_DAYS:
        return True
    return day not in OFF_DAYS and day.strftime("%a") not in ("Sat", "Sun")


def next_worked(day: date) -> date:
    while not works(day):
        day += ONE
    return day


def corresponding(start: date, months: int) -> date:
    """Turn the pages of the calendar month by month, then look for the day."""
    year, month = start.year, start.month
    for _ in range(months):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    for number in range(start.day, 0, -1):
        try:
            return date(year, month, number)
        except ValueError:
            continue
    raise AssertionError


def blocks(excluded: set[date]) -> list[list[date]]:
    found: list[list[date]] = []
    for day in sorted(excluded):
        if found and day - found[-1][-1] == ONE:
            found[-1].append(day)
        else:
            found.append([day])
    return found


def walk_working(start: date, number: int, excluded: set[date]) -> date:
    day, counted = start, 0
    while counted < number:
        day += ONE
        if works(day) and day not in excluded:
            counted += 1
    return day


def walk_natural(start: date, months: int, days: int, excluded: set[date]) -> date:
    end = corresponding(start, months)
    for _ in range(days):
        end += ONE
    for block in blocks({day for day in excluded if day > start}):
        if block[0] > next_worked(end):  # the limit had run out
            break
        for _ in block:
            end += ONE
    return next_worked(end)


STARTS = st.dates(date(2023, 1, 1), date(2027, 12, 31))
# (rule, unit, number, amounts that extend it); all in force for a matter filed on 2025-06-02
FORWARD = [
    ("T-05", "WD", 5, []), ("T-27", "WD", 20, []), ("R-05", "WD", 45, []), ("R-08", "WD", 15, [15]),
    ("P-04", "WD", 20, [7]), ("C-09c", "WD", 2, []),
    ("T-06", "D", 15, [10, 4]), ("T-07", "D", 30, []), ("C-07b", "D", 7, [7]), ("T-29", "D", 60, []),
    ("T-18", "M", 3, [1, 2]), ("T-25", "M", 6, []), ("M-20", "M", 1, []), ("T-30b", "M", 2, []),
    ("J-06", "Y", 2, []), ("J-08a", "Y", 1, []),
]  # fmt: skip


@st.composite
def exclusions(draw: st.DrawFn, start: date) -> list[tuple[date, date]]:
    found = []
    for _ in range(draw(st.integers(0, 4))):
        begin = start + timedelta(days=draw(st.integers(-40, 140)))
        found.append((begin, begin + timedelta(days=draw(st.integers(0, 70)))))
    return found


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), start=STARTS, case=st.sampled_from(FORWARD))
def test_forward_limits(data: st.DataObject, start: date, case: tuple[str, str, int, list[int]]) -> None:
    rule, unit, number, steps = case
    granted = steps[: data.draw(st.integers(0, len(steps)))]
    exclude = data.draw(exclusions(start))
    excluded = {begin + timedelta(days=n) for begin, again in exclude for n in range((again - begin).days)}
    if unit == "WD":
        expected = walk_working(start, number + sum(granted), excluded)
    elif unit == "D":
        expected = walk_natural(start, 0, number + sum(granted), excluded)
    else:
        expected = walk_natural(start, (number + sum(granted)) * (12 if unit == "Y" else 1), 0, excluded)

    found = due(rule, start, filed=date(2025, 6, 2), exclude=exclude, extend=granted, calendar=CALENDAR)

    assert found.due == expected
    assert (found.number, found.unit) == (number, unit)
    assert found.provisional == (expected.year > 2026)


@settings(max_examples=EXAMPLES, deadline=None)
@given(hearing=STARTS)
def test_a_notice_before_the_hearing(hearing: date) -> None:
    found = due("T-14", hearing, filed=date(2025, 6, 2), calendar=CALENDAR)
    strict, lenient = (reading.due for reading in found.readings)

    def worked_between(notice: date) -> int:
        day, count = notice + ONE, 0
        while day < hearing:
            count += works(day)
            day += ONE
        return count

    assert found.due == strict < lenient < hearing
    assert works(strict) and worked_between(strict) == 3
    assert works(lenient) and worked_between(lenient) == 2
    assert found.provisional == (hearing.year > 2026)


@settings(max_examples=EXAMPLES, deadline=None)
@given(hearing=STARTS)
def test_days_before_the_hearing(hearing: date) -> None:
    found = due("T-15b", hearing, filed=date(2025, 6, 2), calendar=CALENDAR)
    for reading, whole_days in zip(found.readings, (3, 2), strict=True):
        latest = max(
            day for n in range(60) if works(day := hearing - n * ONE) and (hearing - day).days > whole_days
        )
        assert reading.due == latest


@settings(max_examples=EXAMPLES, deadline=None)
@given(a=STARTS, length=st.integers(-400, 400))
def test_counting_working_days(a: date, length: int) -> None:
    b = max(a + timedelta(days=length), date(2023, 1, 1))  # the oracle's table begins here
    low, high = min(a, b), max(a, b)
    count = sum(works(low + timedelta(days=n)) for n in range(1, (high - low).days + 1))
    assert CALENDAR.working_days_between(a, b) == (count if b >= a else -count)
    assert CALENDAR.is_working(b) == works(b)
    if count and works(high):
        assert CALENDAR.add_working_days(low, count) == high
    if works(low):
        before = sum(works(high - timedelta(days=n)) for n in range(1, (high - low).days + 1))
        assert CALENDAR.add_working_days(high, -before) == (low if before else high)
