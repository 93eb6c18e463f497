"""Periods of figures: a year, a quarter, a month, or `A..B`, both ends included. Pure; no Django, no clock."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Literal, Protocol

DAY = timedelta(days=1)
FIRST_YEAR, LAST_YEAR = 2000, 2100


class PeriodError(ValueError):
    """A period nobody can read; the message (Chinese) says what to write instead."""


class WorkingDays(Protocol):
    """What is asked of a calendar: working days after `a` up to and including `b`."""

    def working_days_between(self, a: date, b: date) -> int: ...


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` to `end`, both in it. `text` is how it is written, `label` how it is read."""

    text: str
    start: date
    end: date
    kind: Literal["year", "quarter", "month", "range"]

    @property
    def label(self) -> str:
        match self.kind:
            case "year":
                return f"{self.start.year} 年"
            case "quarter":
                return f"{self.start.year} 年第 {(self.start.month + 2) // 3} 季度"
            case "month":
                return f"{self.start.year} 年 {self.start.month} 月"
        return f"{self.start.isoformat()} 至 {self.end.isoformat()}"

    def is_over(self, as_of: date) -> bool:
        """Nothing dated in the period is still to come."""
        return as_of >= self.end

    def has_begun(self, as_of: date) -> bool:
        return as_of >= self.start

    def cut(self, as_of: date) -> date:
        """The day at which a stock is taken: the end of the period, or `as_of` while it runs."""
        return min(self.end, as_of)


def year(number: int) -> Period:
    return Period(f"{number}", date(number, 1, 1), date(number, 12, 31), "year")


def quarter(number: int, which: int) -> Period:
    return Period(
        f"{number}Q{which}", date(number, 3 * which - 2, 1), _month_end(number, 3 * which), "quarter"
    )


def month(number: int, which: int) -> Period:
    return Period(f"{number}-{which:02d}", date(number, which, 1), _month_end(number, which), "month")


def months_of(number: int) -> list[Period]:
    """The twelve months of a year."""
    return [month(number, which) for which in range(1, 13)]


def span(start: date, end: date) -> Period:
    return Period(f"{start.isoformat()}..{end.isoformat()}", start, end, "range")


def parse(text: str) -> Period:
    """`2026`, `2026Q3`, `2026-07`, or `2026-01-01..2026-06-30` (each end may itself be a year, quarter or month).

    Raises PeriodError with a sentence that says what to write.
    """
    text = re.sub(r"\s+", "", text).upper()
    if ".." in text:
        first, _dots, last = text.partition("..")
        start, end = _end(first, text).start, _end(last, text).end
        if end < start:
            raise PeriodError(f"期间“{text}”的止日早于起日，请调换两端的日期。")
        return Period(text, start, end, "range")
    return _whole(text)


def share(period: Period, as_of: date, calendar: WorkingDays) -> Fraction:
    """Years' worth of working days of the period that have gone by at `as_of`: 1 = one whole year.

    Each year's days are measured against that year's working days, so a quarter of a year is about 1/4 and
    2023..2025 is 3.
    """
    found = Fraction(0)
    last = period.cut(as_of)
    for number in range(period.start.year, last.year + 1):
        opens, closes = date(number, 1, 1), date(number, 12, 31)
        begin, end = max(opens, period.start), min(closes, last)
        if begin <= end:
            whole = calendar.working_days_between(opens - DAY, closes)
            found += Fraction(calendar.working_days_between(begin - DAY, end), whole)
    return found


def _whole(text: str) -> Period:
    if match := re.fullmatch(r"(\d{4})", text):
        return year(_year(match[1], text))
    if match := re.fullmatch(r"(\d{4})-?Q([1-4])", text):
        return quarter(_year(match[1], text), int(match[2]))
    if match := re.fullmatch(r"(\d{4})-(0[1-9]|1[0-2])", text):
        return month(_year(match[1], text), int(match[2]))
    raise PeriodError(f"看不懂期间“{text[:40]}”，请写成 2026、2026Q3、2026-07 或 2026-01-01..2026-06-30。")


def _end(text: str, whole: str) -> Period:
    text = text.strip()
    if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        try:
            day = date.fromisoformat(text)
        except ValueError:
            raise PeriodError(f"期间“{whole[:40]}”中的日期“{text}”不存在，请核对。") from None
        _year(text[:4], whole)
        return Period(text, day, day, "range")
    return _whole(text)


def _year(digits: str, text: str) -> int:
    number = int(digits)
    if not FIRST_YEAR <= number <= LAST_YEAR:
        raise PeriodError(f"期间“{text[:40]}”的年份应在 {FIRST_YEAR} 至 {LAST_YEAR} 之间，请核对。")
    return number


def _month_end(number: int, which: int) -> date:
    return (date(number + which // 12, which % 12 + 1, 1)) - DAY


CYCLE = Period("2023..2025", date(2023, 1, 1), date(2025, 12, 31), "range")  # 全周期 of the plan
