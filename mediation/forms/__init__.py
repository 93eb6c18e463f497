"""Forms of the mediation room, one module a subject. What may repeat the talks is never in `recorded`."""

from . import (
    acceptance,
    agreement,
    appointing,
    call_back,
    confirmation,
    endings,
    patent_matter,
    performance,
    referral,
    sittings,
    subsidy,
    timing,
    willingness,
)

__all__ = [
    "acceptance", "agreement", "appointing", "call_back", "confirmation", "endings", "patent_matter", "performance", "referral",
    "sittings", "subsidy", "timing", "willingness",
]  # fmt: skip
