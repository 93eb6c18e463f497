"""What an address or a command asks of figures: period, day, codes. Refusals in Chinese say what to write instead."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from cases.errors import DomainError
from reports import periods
from reports.indicators import REGISTRY
from reports.periods import Period, PeriodError


@dataclass(frozen=True)
class Asked:
    """A period as known on a day."""

    period: Period
    as_of: date


class BadQuestion(DomainError):
    """The question cannot be read; nothing was computed."""

    status = 400


def asked(period: str, as_of: str, *, today: date) -> Asked:
    """Read both; empty = this year, as known today. Raises BadQuestion."""
    try:
        found = periods.parse(period) if period.strip() else periods.year(today.year)
    except PeriodError as error:
        raise BadQuestion("bad_period", str(error)) from error
    return Asked(found, day(as_of, today=today))


def day(text: str, *, today: date) -> date:
    """A day; empty = today. Raises BadQuestion."""
    if not text.strip():
        return today
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadQuestion("bad_day", _("看不懂截至日期“%s”，请写成 2026-06-30。") % text[:20]) from None


def codes(wanted: Iterable[str]) -> list[str]:
    """Codes in the plan's order; none asked = all. Raises BadQuestion for an unknown one."""
    asked_for = [code for code in wanted if code]
    unknown = [code for code in asked_for if code not in REGISTRY]
    if unknown:
        raise BadQuestion(
            "unknown_code", _("没有代码为“%s”的指标，请核对代码。") % "、".join(c[:40] for c in unknown)
        )
    return [code for code in REGISTRY if not asked_for or code in asked_for]
