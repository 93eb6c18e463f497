"""All figures of a year over many proceedings, against the same numbers by hand-written SQL.

Both are asked on the same database in this process; before anything is timed their numbers are compared. Beside them, in
the notes: one figure split by station against a GROUP BY, a round frozen, and an answer of 304.
"""

import statistics
import time
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone

from cases.models import Event, Proceeding
from reports import freezing, indicators, periods, splits
from reports.indicators.computed import RulingDisclosure
from reports.periods import Period
from stations.models import User

from . import bulk, figures_sql, ground
from .ratios import Ratio, side_by_side

HISTORY = "figures"  # the database
RATES = ("mediation_success", "ruling_upheld", "ruling_disclosure", "respondent_answered")


def measure(*, rounds: int, cases: int) -> Ratio:
    """A history of three years up to today; the figures of the year before this one, as known today."""
    today = timezone.localdate()
    year = today.year - 1
    period = periods.year(year)
    with ground.database(HISTORY):
        fill(cases)
        proceedings, events = Proceeding.objects.count(), Event.objects.count()
        run_out = RulingDisclosure().run_out(indicators.Reading(today))

        def ours() -> dict[str, Any]:
            found = indicators.figures(indicators.REGISTRY, [period], today)
            return {code: told[0] for code, told in found.items()}

        def by_hand() -> dict[str, figures_sql.Told]:
            return figures_sql.told(period.start, period.end, today, run_out)

        compare(ours(), by_hand())
        beside = f"{split_by_station(period, today, rounds)}, {frozen(period, today)}"
        return side_by_side(
            f"all figures of {year} over {proceedings:,} proceedings, against hand-written SQL", ours, by_hand,
            rounds=rounds, notes=f"{events:,} events; {len(figures_sql.statements('sqlite'))} computed figures, equal; {beside}",
        )  # fmt: skip


def fill(cases: int) -> None:
    """The history, made once for all who measure on it."""
    if Proceeding.objects.exists():
        return
    year = timezone.localdate().year
    bulk.generated(cases, f"{year - 2}..{year}")
    ground.settle()


def split_by_station(period: Period, today: date, rounds: int) -> str:
    """The first figure by station, both ways; they must agree."""
    aid = indicators.REGISTRY["aid_and_mediation"]

    def ours() -> dict[str, int]:
        return {
            row.key: row.numerator
            for row in splits.split(aid, splits.STATION, period, indicators.Reading(today))
        }

    def by_hand() -> dict[str, int]:
        return figures_sql.by_station(period.start, period.end, today)

    if {k: n for k, n in ours().items() if n} != by_hand():
        raise SystemExit("the split by station and hand-written SQL differ")
    found = side_by_side("", ours, by_hand, rounds=rounds)
    return f"split by station {statistics.median(found.values):.2f} of a GROUP BY"


def frozen(period: Period, today: date) -> str:
    """A round of all figures with the ids of their rows."""
    by = User.objects.first() or User.objects.create_user("bench", "bench")
    begin = time.perf_counter()
    freezing.freeze(period, by=by, today=today, as_of=today, why="bench")
    return f"frozen in {(time.perf_counter() - begin) * 1000:.0f} ms"


def compare(ours: dict[str, Any], by_hand: dict[str, figures_sql.Told]) -> None:
    """Both must have told the same numbers; ends the run if not."""
    for code, told in by_hand.items():
        figure = ours[code]
        wrong = {
            name: (mine, number)
            for name, number in told.items()
            if (mine := _of(figure, name)) is not None and mine != _plain(number)
        }
        if code in RATES and figure.value is not None:
            rate = Decimal(100 * told["numerator"]) / Decimal(told["denominator"])
            if Decimal(figure.value) != rate.quantize(Decimal("0.01"), ROUND_HALF_UP):
                wrong["value"] = (figure.value, rate)
        if wrong:
            raise SystemExit(f"{code}: ours and hand-written SQL differ: {wrong}")


def _of(figure: Any, name: str) -> Decimal | None:
    """The figure's own number of this name, or None where it prints none."""
    number = (
        figure.excluded.get(name, figure.parts.get(name))
        if not hasattr(figure, name)
        else getattr(figure, name)
    )
    return None if number is None else _plain(number)


def _plain(number: Any) -> Decimal:
    return Decimal(str(number or 0))
