"""Chance with a seed: days that are worked, people and rights that do not exist, how many of what."""

import random
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from cases.backfill import Backfill
from cases.calendar import office_calendar
from cases.identifiers.rights import patent_check
from cases.models import Case, Party, Right
from reports.house import House
from stations.models import Station

T = TypeVar("T")
MONTHS = (5, 4, 9, 9, 8, 9, 8, 8, 9, 8, 11, 12)  # how the year is spread; the spring festival is quiet
RIGHTS = (("trademark", 44), ("design", 17), ("utility_model", 11), ("invention", 7), ("copyright", 12),
          ("unfair_competition", 4), ("trade_secret", 3), ("software", 2))  # fmt: skip
SOURCES = (("application", 46), ("12345", 14), ("12330", 7), ("market", 9), ("platform", 6), ("initiative", 5),
           ("exhibition", 4), ("tip", 4), ("other_region", 3), ("procuratorate", 1), ("police", 1))  # fmt: skip
CAUSES = {
    "trademark": "商标侵权纠纷", "design": "外观设计专利侵权纠纷", "utility_model": "实用新型专利侵权纠纷",
    "invention": "发明专利侵权纠纷", "copyright": "著作权侵权纠纷", "unfair_competition": "不正当竞争纠纷",
    "trade_secret": "商业秘密侵权纠纷", "software": "软件著作权侵权纠纷",
}  # fmt: skip
PATENTS = {"invention": "1", "utility_model": "2", "design": "3"}


@dataclass
class Draw:
    """One generation's chance and calendar."""

    seed: int
    house: House
    today: date
    first_year: int
    chance: random.Random = field(init=False)
    days: list[date] = field(init=False)
    serial: int = 0
    published: list[Any] = field(default_factory=list)  # (ruling id, disclosure id, line)
    settled: list["Settled"] = field(default_factory=list)  # disputes that may come back

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        calendar = office_calendar()
        day, self.days = date(self.first_year, 1, 1), []
        while day <= self.today:
            if calendar.is_working(day):
                self.days.append(day)
            day += timedelta(1)

    def one(self, weighted: Sequence[tuple[T, int]]) -> T:
        """One of several, by weight."""
        return self.chance.choices([v for v, _w in weighted], [w for _v, w in weighted])[0]

    def odds(self, share: float) -> bool:
        return self.chance.random() < share

    def after(self, day: date, least: int, most: int) -> date | None:
        """A worked day so many worked days later, or None if that is after today."""
        place = bisect_left(self.days, day) + self.chance.randint(least, most)
        return self.days[place] if place < len(self.days) else None

    def between(self, first: date, last: date) -> date | None:
        """Some worked day from the first to the last (the last itself if none is), or None if that is after today."""
        day = first + timedelta(self.chance.randint(0, max((last - first).days, 0)))
        worked = self.after(day, 0, 0)
        if worked is not None and worked > last:
            worked = last
        return worked if worked is not None and worked <= self.today else None

    def worked_days(self, year: int) -> list[date]:
        """The worked days of a year until today, each as often as its month is busy."""
        return [d for d in self.days if d.year == year]

    def receipt_days(self, year: int, number: int) -> list[date]:
        """So many days of receipt in a year, in order."""
        days = self.worked_days(year)
        weights = [MONTHS[d.month - 1] for d in days]
        return sorted(self.chance.choices(days, weights, k=number)) if days else []

    def station(self, on: date) -> Station:
        """A station that is open, by how much work it gets."""
        open_ones = [
            (s, w) for s, w in zip(self.house.stations, self.house.weights, strict=True) if s.opened_on <= on
        ]
        return self.one(open_ones or [(self.house.stations[0], 1)])


def new_case(
    draw: Draw, backfill: Backfill, on: date, *, right: str = "", source: str = "", batch: "Batch | None" = None,
    addresses: bool = False, identified: bool = False, back: "Settled | None" = None,
) -> Any:  # fmt: skip
    """A simulated case, registered: its history to go on with. One in twelve was entered some days late.

    `identified`: the respondent's number is known; `back`: the same two about the same right as in a dispute settled before.
    """
    draw.serial += 1
    n, chance = draw.serial, draw.chance
    station = batch.station if batch else draw.station(on)
    who = back.serial if back else n
    right = batch.right if batch else back.right if back else right or draw.one(RIGHTS)
    source = source or draw.one(SOURCES)
    late = draw.after(on, 4, 12) if draw.odds(1 / 12) else None
    today = late or on
    case = Case(
        station=station, source=source, received_on=on, cause=CAUSES[right],
        summary=f"模拟案件：{CAUSES[right]}", foreign=chance.choices(["none", "foreign", "hong_kong", "taiwan"], [94, 4, 1, 1])[0],
        claim_amount=Decimal(chance.randint(3, 400) * 500) if draw.odds(0.7) else None,
        act_place=station.area if draw.odds(0.8) else None, act_platform="模拟平台" if draw.odds(0.15) else "",
        batch=batch.code if batch else "", simulated=True,
        court_case_no=f"（{on.year}）津0116诉前调{n}号" if source.startswith("court_") else "",
    )  # fmt: skip
    applicant = Party(
        role=Party.Role.APPLICANT,
        kind=Party.Kind.LEGAL,
        name=batch.holder if batch else f"模拟企业甲{who:04d}",
    )
    applicant.id_number = f"MONI{who:06d}"
    applicant.address = f"模拟路{who}号"
    kind = Party.Kind.SOLE_TRADER if draw.odds(0.2) and not addresses else Party.Kind.LEGAL
    respondent = Party(role=Party.Role.RESPONDENT, kind=kind, name=f"模拟企业乙{who:04d}")
    if identified:
        respondent.id_number = f"MONIB{who:06d}"
    if addresses:
        respondent.address = f"模拟街{n}号"
    rights = [Right(kind=right, number=batch.number if batch else right_number(right, who, on.year))]
    history = backfill.case(
        case, [applicant, respondent], rights, by=draw.house.clerks[station.pk], on=on, today=today
    )
    if batch:
        case.batch = batch.code = batch.code or str(case.registration_no)
    return history


def right_number(kind: str, n: int, year: int) -> str:
    """A number in the right form that no real right bears (a trademark above the series, a patent of 2099)."""
    if kind == "trademark":
        return f"99{n % 10**6:06d}"
    if kind in PATENTS:
        body = f"2099{PATENTS[kind]}{n % 10**7:07d}"
        return f"ZL{body}.{patent_check(body)}"
    return ""


@dataclass(frozen=True)
class Settled:
    """A dispute that was settled: who (by serial number), about what, when, in which mediation."""

    serial: int
    right: str
    on: date
    mediation: int


@dataclass
class Batch:
    """Several matters of one right holder and one right, registered together under the number of the first."""

    code: str  # empty until the first has its number
    station: Station
    right: str
    holder: str
    number: str
    way: str


def new_batch(draw: Draw, on: date) -> Batch:
    right = draw.one(RIGHTS[:3])
    draw.serial += 1
    return Batch(
        "", draw.station(on), right, f"模拟企业甲{draw.serial:04d}",
        right_number(right, draw.serial, on.year), draw.one([("assistance", 1), ("people", 2)]),
    )  # fmt: skip
