"""Where a figure stands against its target, and the words for it. Pure; no Django, no float.

What a figure counts belongs to reports/indicators.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

AHEAD, ON_PACE, BEHIND = "ahead", "on_pace", "behind"
MET, NOT_MET = "met", "not_met"
SMALL_SAMPLE, NO_DATA = "small_sample", "no_data"

LABELS = {
    AHEAD: "快于序时进度", ON_PACE: "持平", BEHIND: "慢于序时进度", MET: "达标", NOT_MET: "未达标",
    SMALL_SAMPLE: "样本较少", NO_DATA: "暂无数据",
}  # fmt: skip
TONES = {AHEAD: "good", MET: "good", BEHIND: "warn", NOT_MET: "warn"}
SMALL = 5  # a denominator under this is never told as a percentage alone
TOLERANCE = Fraction(5, 100)  # on pace: within 5 % of the target either way
NOTHING = "—"


@dataclass(frozen=True, slots=True)
class Measured:
    """A value as measured: a count, a rate (percent) or a mean, exact. `denominator` None = it has none."""

    value: Fraction | None
    denominator: int | None = None

    @property
    def is_nothing(self) -> bool:
        return self.value is None or self.denominator == 0

    @property
    def is_small(self) -> bool:
        return self.denominator is not None and 0 < self.denominator < SMALL


def rate(numerator: int, denominator: int) -> Measured:
    """A rate in percent; 0/0 is nothing, never 0 % or 100 %."""
    return Measured(Fraction(100 * numerator, denominator) if denominator else None, denominator)


def holds(value: Fraction, target: Fraction, direction: str) -> bool:
    """`min`: at least the target; `max`: at most."""
    return value <= target if direction == "max" else value >= target


def of_level(measured: Measured, target: Decimal | None, direction: str) -> str | None:
    """Status of a rate, mean or stock: met or not, whatever day it is. None: there is no target."""
    if measured.is_nothing:
        return NO_DATA
    if measured.is_small:
        return SMALL_SAMPLE
    if target is None or measured.value is None:
        return None
    return MET if holds(measured.value, Fraction(target), direction) else NOT_MET


def of_flow(value: int, target: Decimal | None, *, years: Fraction, over: bool, begun: bool) -> str | None:
    """Status of a number to be reached each year, `years` of working days into the period.

    A part of a year is measured against its part of the yearly target.
    """
    if not begun:
        return NO_DATA
    if target is None:
        return None
    wanted = Fraction(target) * years
    if over:
        return MET if value >= wanted else NOT_MET
    leeway = Fraction(target) * TOLERANCE
    if abs(value - wanted) <= leeway:
        return ON_PACE
    return AHEAD if value > wanted else BEHIND


def rounded(value: Fraction, places: int) -> Decimal:
    """Half up, exactly."""
    scale = 10**places
    whole = (Decimal(value.numerator * scale) / Decimal(value.denominator)).quantize(
        Decimal(1), ROUND_HALF_UP
    )
    return whole.scaleb(-places)


def plain(number: Decimal) -> str:
    """A decimal as text without idle zeros: 74.29, 66.7, 100."""
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(
    measured: Measured, numerator: int | None, target: Decimal | None = None, direction: str = "min"
) -> str:
    """The value as a tile prints it: `74.3`, `2 / 3` for a small sample, `—` for nothing.

    One decimal, unless rounding would print a value on the wrong side of its target.
    """
    if measured.is_nothing or measured.value is None:
        return NOTHING
    if measured.is_small and numerator is not None:
        return f"{numerator} / {measured.denominator}"
    for places in (1, 2, 3):
        text = rounded(measured.value, places)
        if target is None or (
            holds(Fraction(text), Fraction(target), direction)
            == holds(measured.value, Fraction(target), direction)
        ):
            break
    return plain(text)
