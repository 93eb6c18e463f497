"""Working days: the printed calendar and its overlay. Pure; limits and their law belong to cases/deadlines.py."""

from bisect import bisect_left
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import accumulate

from chinese_calendar.constants import holidays, workdays  # type: ignore[import-untyped]

# A printed yearly table names at least this many days off; fewer rows are exceptions, not a table.
TABLE_ROWS = 10


def _days_off_known(days: Iterable[date]) -> dict[int, int]:
    found: dict[int, int] = {}
    for day in days:
        found[day.year] = found.get(day.year, 0) + 1
    return found


_PRINTED = _days_off_known(holidays)


def _running_count(year: int, overlay: Mapping[date, bool]) -> tuple[int, ...]:
    """Entry i = number of working days among the first i days of the year."""
    first = date(year, 1, 1)
    length = 366 if year % 4 == 0 and (year % 100 != 0 or year % 400 == 0) else 365
    working = []
    for offset in range(length):
        day = first + timedelta(days=offset)
        told = overlay.get(day)
        if told is None:
            told = day in workdays or (day.weekday() < 5 and day not in holidays)
        working.append(int(told))
    return tuple(accumulate(working, initial=0))


@cache
def _printed_count(year: int) -> tuple[int, ...]:
    return _running_count(year, {})


class Calendar:
    """Working days: the printed table of the State Council, overruled by `overlay` (day -> is it worked).

    A year that neither knows has weekends only; `has_data` says so and dates that depend on it are provisional.
    """

    def __init__(self, overlay: Mapping[date, bool] | None = None) -> None:
        self._overlay = dict(overlay or {})
        self._own_years = {day.year for day in self._overlay}
        self._tables = _days_off_known(day for day, worked in self._overlay.items() if not worked)
        self._counts: dict[int, tuple[int, ...]] = {}

    def has_data(self, year: int) -> bool:
        """True when the days off of this year are known, printed or entered as a whole table."""
        return max(_PRINTED.get(year, 0), self._tables.get(year, 0)) >= TABLE_ROWS

    def is_working(self, day: date) -> bool:
        """True on a day the office works: make-up weekends included, holidays not."""
        count = self._count(day.year)
        ordinal = day.timetuple().tm_yday
        return count[ordinal] > count[ordinal - 1]

    def add_working_days(self, start: date, number: int) -> date:
        """The `number`-th working day after `start` (before it when negative); `start` itself is not counted."""
        if number == 0:
            return start
        year, ordinal = start.year, start.timetuple().tm_yday
        count = self._count(year)
        if number > 0:
            wanted = count[ordinal] + number
            while wanted > count[-1]:
                wanted -= count[-1]
                year += 1
                count = self._count(year)
        else:
            wanted = count[ordinal - 1] + number + 1
            while wanted <= 0:
                year -= 1
                count = self._count(year)
                wanted += count[-1]
        return date(year, 1, 1) + timedelta(days=bisect_left(count, wanted) - 1)

    def working_days_between(self, a: date, b: date) -> int:
        """Working days after `a` up to and including `b`; negative when `b` is earlier."""
        if b < a:
            return -self.working_days_between(b, a)
        whole = sum(self._count(year)[-1] for year in range(a.year, b.year))
        return whole + self._count(b.year)[b.timetuple().tm_yday] - self._count(a.year)[a.timetuple().tm_yday]

    def roll(self, day: date) -> date:
        """`day`, or the next working day when it is a day off (细则第五条)."""
        return day if self.is_working(day) else self.add_working_days(day, 1)

    def roll_back(self, day: date) -> date:
        """`day`, or the working day before it: for limits counted backward, where later would be too late."""
        return day if self.is_working(day) else self.add_working_days(day, -1)

    def _count(self, year: int) -> tuple[int, ...]:
        count = self._counts.get(year)
        if count is None:
            count = _running_count(year, self._overlay) if year in self._own_years else _printed_count(year)
            self._counts[year] = count
        return count
