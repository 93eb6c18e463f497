"""Figures against the second implementation in plain SQL, over random histories and several days of reading."""

import os
import random
from collections import Counter
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

import pytest

from cases.calendar import office_calendar
from cases.models import Event
from cases.working_days import Calendar
from reports import house, periods, status
from reports.generating import running
from reports.indicators import Figure, figures
from stations.models import Area
from tests.reports import second_sql
from tests.reports.facts import dispute, fact, proceeding, withdraw

pytestmark = pytest.mark.django_db

FIRST = date(2024, 11, 1)
HISTORIES = 200 if os.environ.get("ZHIHENG_LONG") == "1" else 4
SPOKEN_OF = {
    "aid_and_mediation", "mediation_success", "respondent_answered", "performed_on_time", "median_days",
}  # fmt: skip
OUTCOMES = {
    "assistance": ["completed", "converted", "refused", "withdrawn", "transferred"],
    "mediation": [
        "written_agreement", "oral_agreement", "failed", "terminated", "withdrawn", "withdrawn_settled", "deemed_withdrawn",
        "refused", "no_consent", "no_answer", "unreachable", "transferred",
    ],
    "adjudication": ["ruled_established", "ruled_not_established", "mediated", "dismissed"],
}  # fmt: skip
RESULTS = [
    "upheld",
    "dismissed_suit",
    "annulled",
    "partly_annulled",
    "changed",
    "unlawful",
    "void",
    "withdrawn",
]


@pytest.fixture
def district():
    for _code, _name, area, *_rest in house.STATIONS:
        Area.objects.get_or_create(code=area, defaults={"name": area, "kind": "subdistrict"})
    return house.build()


class History:
    """A random history: every kind, late entries, corrections, withdrawals, undated facts, cases taken out."""

    def __init__(self, seed: int, cases: int):
        self.random = random.Random(seed)
        self.rulings = 0
        for _n in range(cases):
            self.case()

    def after(self, day: date, most: int = 120) -> date:
        return day + timedelta(days=self.random.randrange(most))

    def state(
        self, row: Any, name: str, on: date, value: str | None = None, subject: str | None = None
    ) -> Event:
        """A fact, perhaps late, undated, corrected once or twice, or withdrawn and restored."""
        roll = self.random.random()
        if roll < 0.04:
            return fact(row, name, None, value, subject=subject, known=self.after(on), origin="imported")
        imported = roll < 0.08
        known = on if imported else on + timedelta(days=self.random.choice([0, 0, 0, 1, 9, 60]))
        found = fact(
            row, name, on, value, subject=subject, known=known, origin="imported" if imported else "entered"
        )
        while self.random.random() < 0.15:
            known = self.after(known, 50)
            if self.random.random() < 0.5:
                gone = withdraw(found, known)
                if self.random.random() < 0.5:
                    return found
                known = self.after(known, 30)
                found = fact(
                    row, name, self.after(on, 30), value, subject=subject, known=known, corrects=gone
                )
            else:
                found = fact(
                    row, name, self.after(on, 30), value, subject=subject, known=known, corrects=found
                )
        return found

    def case(self) -> None:
        batch = self.random.choice(["", "", "", "甲", "乙"])
        category = "matter" if self.random.random() < 0.05 else "dispute"
        out = self.random.random()
        case = dispute(batch=batch, category=category, counted=out > 0.08)
        if out < 0.04:
            fact(case, "excluded", self.after(FIRST, 700), "yes")
        elif 0.08 < out < 0.12:
            fact(case, "excluded", (day := self.after(FIRST, 500)), "yes")
            fact(case, "excluded", self.after(day), "no")
        for kind in self.random.choices(list(OUTCOMES), weights=[4, 4, 2], k=self.random.choice([1, 1, 2])):
            self.proceeding(kind, case)

    def proceeding(self, kind: str, case: Any, **columns: Any) -> None:
        flavour = self.random.choice(["people", "people", "administrative", "commercial"])
        row = proceeding(kind, case, **({"flavour": flavour} if kind == "mediation" else {}), **columns)
        day = self.after(FIRST, 700)
        if kind == "mediation" and self.random.random() < 0.7:
            self.state(row, "contacted", day, "call", f"party:{row.pk}")
            if self.random.random() < 0.6:
                self.state(
                    row,
                    "answered",
                    self.after(day, 20),
                    self.random.choice(["agree", "refuse"]),
                    f"party:{row.pk}",
                )
        if kind == "mediation":
            self.obligations(row, day)
        if self.random.random() < 0.85:
            self.state(row, "accepted", day, flavour if kind == "mediation" else kind)
        if self.random.random() < 0.8:
            outcome, end = self.random.choice(OUTCOMES[kind]), self.after(day)
            self.state(row, "closed", end, outcome)
            if kind == "mediation" and self.random.random() < 0.6:
                self.call_back(row, case, self.after(end, 40))
            if outcome == "converted" and self.random.random() < 0.7:
                self.proceeding("mediation", case, parent=row)
            if kind == "adjudication":
                self.ruling(row, case, end)

    def call_back(self, row: Any, case: Any, day: date) -> None:
        """Drawn and mostly answered; an answer may be undone and given again."""
        called, subject = proceeding("call_back", case, parent=row), f"proceeding:{row.pk}"
        self.state(called, "sampled", day, None, subject)
        if self.random.random() < 0.8:
            said = self.random.choice(["confirmed", "confirmed", "denied", "unreachable"])
            self.state(called, "verified", self.after(day, 20), said, subject)

    def obligations(self, row: Any, day: date) -> None:
        """Instalments: some paid in time, some late, some let go, some not yet due."""
        for n in range(self.random.choice([0, 0, 1, 2, 3])):
            subject, due = f"term:{row.pk}-{n}", self.after(day, 400)
            if self.random.random() < 0.5:  # known the day the agreement takes effect, long before it is due
                fact(row, "obligation_due", due, "pay", subject=subject, known=day)
            else:
                self.state(row, "obligation_due", due, "pay", subject)
            if self.random.random() < 0.6:
                self.state(
                    row, "performed", due + timedelta(days=self.random.randrange(-30, 15)), "pay", subject
                )
            if self.random.random() < 0.15:
                self.state(row, "released", self.after(due, 30), "waived", subject)
        if self.random.random() < 0.2:
            self.state(row, "came_back", day, None, "proceeding:1")

    def ruling(self, row: Any, case: Any, day: date) -> None:
        self.rulings += 1
        subject = f"ruling:{self.rulings}"
        self.state(row, "ruled", day, "established", subject)
        if self.random.random() < 0.2:  # joined: another number, the same ruling
            self.state(proceeding("adjudication", case), "ruled", day, "established", subject)
        shown = proceeding("disclosure", case, parent=row)
        for name in self.random.choice(
            [[], ["published"], ["published"], ["withheld"], ["published", "unpublished"]]
        ):
            day = self.after(day, 60)
            self.state(shown, name, day, None, subject)
        if self.random.random() < 0.5:
            self.state(
                proceeding("litigation", case, parent=row),
                "judgment",
                self.after(day),
                self.random.choice(RESULTS),
                subject,
            )


def told(figure: Figure, expected: dict[str, Any]) -> dict[str, Any]:
    """The figure in the terms of the second implementation."""
    found: dict[str, Any] = {}
    for name in expected:
        match name:
            case "value":
                is_count = isinstance(expected[name], int)
                found[name] = figure.value if is_count else figure.measured.value
            case "low" | "high":
                found[name] = getattr(figure, name)
            case "numerator" | "denominator" | "excluded":
                found[name] = getattr(figure, name)
            case _:
                found[name] = figure.parts[name]
    return found


def as_stated(expected: dict[str, Any]) -> dict[str, Any]:
    """Low and high as the contract writes them."""
    return {
        name: status.plain(status.rounded(value, 2))
        if name in ("low", "high") and isinstance(value, Fraction)
        else value
        for name, value in expected.items()
    }


@pytest.mark.parametrize("seed", range(HISTORIES))
def test_figures_equal_the_second_implementation(seed):
    History(seed, cases=45)
    calendar = Calendar()
    days = [date(2025, 3, 31), date(2025, 12, 31), date(2026, 6, 30), date(2027, 12, 31)]
    asked = [periods.parse(text) for text in ("2025", "2026", "2025Q4", "2026-02", "2025-06-15..2026-06-14")]
    compared = 0
    for as_of in days:
        expected = [second_sql.figures(p.start, p.end, as_of, calendar) for p in asked]
        found = figures(expected[0], asked, as_of)
        for n, period in enumerate(asked):
            for code, wanted in expected[n].items():
                got = told(found[code][n], wanted)
                assert got == as_stated(wanted), (code, period.text, as_of)
                compared += bool(wanted["value"])
    assert compared > 40  # the histories give something to compare


def test_generated_histories_give_the_same_figures_twice(district):
    """What `generate` tells, read on several days, in both implementations: quarters, a year, all of it."""
    running.generate(420, range(2025, 2027), 19, district, date(2026, 11, 20), pages=0)
    calendar = office_calendar()
    asked = [
        periods.parse(text) for text in ("2025", "2025Q3", "2026Q2", "2026-09", "2025-01-01..2026-11-20")
    ]
    compared: Counter[str] = Counter()
    for as_of in (date(2025, 8, 14), date(2026, 2, 27), date(2026, 11, 20), date(2027, 12, 31)):
        expected = [second_sql.figures(p.start, p.end, as_of, calendar) for p in asked]
        found = figures(expected[0], asked, as_of)
        for n, period in enumerate(asked):
            for code, wanted in expected[n].items():
                assert told(found[code][n], wanted) == as_stated(wanted), (code, period.text, as_of)
                compared[code] += bool(wanted["value"])
    assert all(compared[code] for code in SPOKEN_OF), compared
    assert Event.objects.filter(fact="came_back").exists()
