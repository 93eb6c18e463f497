"""What reports keep of their own: targets, deliveries of others, frozen figures, readers of the feed, alerts, the ledger."""

from reports.ledger.models import (
    Dossier,
    EvidenceTie,
    LedgerNotice,
    LedgerTask,
    Plan,
    PlanReading,
    Progress,
    Sample,
    SupportPolicy,
    TaskUnit,
)

from .deliveries import CourtCase, CustomsLine, Delivery, SpecialArea
from .feeding import FeedToken
from .frozen import Frozen, FrozenRows
from .targets import Target
from .watching import Notice, NoticeEntry

__all__ = [
    "CourtCase", "CustomsLine", "Delivery", "Dossier", "EvidenceTie", "FeedToken", "Frozen", "FrozenRows", "LedgerNotice",
    "LedgerTask", "Notice", "NoticeEntry", "Plan", "PlanReading", "Progress", "Sample", "SpecialArea", "SupportPolicy",
    "Target", "TaskUnit",
]  # fmt: skip
