"""The registry of indicators, in the plan's order: its eight first, then the rest of the plan, then our own."""

from collections.abc import Iterable, Sequence
from datetime import date

from reports.periods import Period

from . import computed, delivered, durations, held, performed, planned, stocks, verified
from .base import FactIndicator, Figure, Indicator, Reading
from .stocks import StockIndicator

ORDER: tuple[type[Indicator], ...] = (
    computed.AidAndMediation,
    computed.MediationSuccess,
    delivered.TrialDays,
    delivered.FirstInstanceAccepted,
    computed.AdjudicationAccepted,
    computed.RulingUpheld,
    stocks.SpecialAreas,
    delivered.HighValuePatents,
    computed.RulingDisclosure,
    stocks.Stations,
    held.JointEnforcement,
    stocks.TechnicalInvestigators,
    stocks.PairedEnterprises,
    stocks.ProtectionCommissioners,
    stocks.OverseasPilots,
    stocks.PartnerCentres,
    held.Briefings,
    held.PushMeetings,
    planned.TasksDone,
    performed.PerformedOnTime,
    computed.RespondentAnswered,
    verified.VerifiedSuccess,
    durations.MedianDays,
)
REGISTRY: dict[str, Indicator] = {made.code: made() for made in ORDER}
PLAN_EIGHT: tuple[str, ...] = tuple(REGISTRY)[:8]


def figures(codes: Iterable[str], periods: Sequence[Period], as_of: date) -> dict[str, list[Figure]]:
    """Figures of these indicators for these periods, as known on a day: code -> one figure per period."""
    reading = Reading(as_of)
    wanted = set(codes)
    return {code: one.figures(periods, reading) for code, one in REGISTRY.items() if code in wanted}


__all__ = [
    "PLAN_EIGHT", "REGISTRY", "FactIndicator", "Figure", "Indicator", "Reading", "StockIndicator", "figures",
]  # fmt: skip
