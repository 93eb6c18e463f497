"""The due dates of an adjudication, told a second time: written from law.md 1.4 and 9 alone, day by day.

Nothing of the product is imported: neither its rules nor its counting nor its holidays.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

ONE = timedelta(days=1)
CHANGED = date(2025, 2, 1)

# State Council notices: weekdays off, weekends worked (law.md 9). Beyond them nobody knows: weekends only.
OFF = {
    2024: "0101 0212 0213 0214 0215 0216 0404 0405 0501 0502 0503 0610 0916 0917 1001 1002 1003 1004 1007",
    2025: "0101 0128 0129 0130 0131 0203 0204 0404 0501 0502 0505 0602 1001 1002 1003 1006 1007 1008",
    2026: "0101 0102 0216 0217 0218 0219 0220 0223 0406 0501 0504 0505 0619 0925 1001 1002 1005 1006 1007",
}
WORKED = {
    2024: "0204 0218 0407 0428 0511 0914 0929 1012",
    2025: "0126 0208 0427 0928 1011",
    2026: "0104 0214 0228 0509 0920 1010",
}


def _days(table: dict[int, str]) -> set[date]:
    return {date(year, int(d[:2]), int(d[2:])) for year, row in table.items() for d in row.split()}


_OFF, _WORKED = _days(OFF), _days(WORKED)


def works(day: date) -> bool:
    """A working day of the office (K-10, K-11)."""
    return day in _WORKED or (day not in _OFF and day.isoweekday() < 6)


def rolled(day: date) -> date:
    """The day itself, or the first working day after it (K-03)."""
    while not works(day):
        day += ONE
    return day


def working_days_after(start: date, number: int) -> date:
    """The day of the event does not count (K-01)."""
    day = start
    while number:
        day += ONE
        number -= works(day)
    return day


def months_after(start: date, number: int) -> date:
    """The corresponding day, else the last of the month (K-02): leaf by leaf."""
    year, month = start.year, start.month
    for _leaf in range(number):
        year, month = (year + 1, 1) if month == 12 else (year, month + 1)
    day = start.day
    while True:
        try:
            return date(year, month, day)
        except ValueError:
            day -= 1


@dataclass
class Case:
    """One adjudication of one respondent: what happened on which day, and from it alone every date."""

    filed: date
    limits: dict[str, tuple[date, date]] = field(default_factory=dict)  # running: rule -> start, last day
    stretches: list[list[date | str | None]] = field(
        default_factory=list
    )  # kind, first day, day it runs again
    months: list[int] = field(default_factory=list)  # granted beyond the three
    defence_due: date | None = None
    closed: date | None = None

    @property
    def new(self) -> bool:
        return self.filed >= CHANGED

    @property
    def left_out(self) -> set[str]:
        """Kinds of stretches that do not count for closing (T-18)."""
        old = {"stay", "announcement", "appraisal"}
        return old | {"jurisdiction_objection", "evidence_extension", "settlement"} if self.new else old

    @property
    def most(self) -> list[int]:
        """Months each extension may add: the head's, then the superior's."""
        return [1, 2] if self.new else [1]

    def open(self, kind: str) -> bool:
        return any(one[0] == kind and one[2] is None for one in self.stretches)

    def start(self, rule: str, on: date, due: date) -> None:
        self.limits[rule] = (on, due)

    def pause(self, kind: str, on: date, until: date | None = None) -> None:
        self.stretches.append([kind, on, until])

    def resume(self, kind: str, on: date) -> None:
        for one in self.stretches:
            if one[0] == kind and one[2] is None:
                one[2] = on

    def closing(self) -> date:
        """Last day for closing: three months and what was granted, longer by every day that does not count."""
        gone: set[date] = set()
        for kind, first, again in self.stretches:
            if kind in self.left_out and again is not None:
                day = first
                while day < again:  # type: ignore[operator]
                    gone.add(day)  # type: ignore[arg-type]
                    day += ONE  # type: ignore[operator]
        end = months_after(self.filed, 3 + sum(self.months))
        day = self.filed + ONE
        while day <= rolled(end):
            if day in gone:
                while day in gone:  # a stretch that begins in time does not count to its end
                    end += ONE
                    day += ONE
            else:
                day += ONE
        return rolled(end)

    def stopped(self) -> bool:
        """Does the time for closing stand still now?"""
        return any(kind in self.left_out and again is None for kind, _first, again in self.stretches)

    def running(self) -> dict[str, date]:
        """Every limit that runs, with its last day."""
        found = {rule: due for rule, (_start, due) in self.limits.items()}
        return found if self.closed else {**found, "T-18": self.closing()}

    def next(self) -> tuple[date, str] | None:
        """What the list of work shows first: the earliest limit that does not stand still."""
        found = self.running()
        if self.stopped():
            found.pop("T-18", None)
        return min(((due, rule) for rule, due in found.items()), default=None)
