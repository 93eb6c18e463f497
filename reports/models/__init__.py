"""What reports keep of their own: targets, deliveries of others, frozen figures, readers of the feed, alerts, the ledger,
and the matters of reporting: returns, papers, evaluations."""

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

# isort: split
# these ask the indicators, which read the tables above
from .evaluations import Evaluation, EvaluationScore
from .papers import Bulletin
from .returns import CaseReturn, Return

__all__ = [
    "Bulletin", "CaseReturn", "CourtCase", "CustomsLine", "Delivery", "Dossier", "Evaluation", "EvaluationScore", "EvidenceTie",
    "FeedToken", "Frozen", "FrozenRows", "LedgerNotice", "LedgerTask", "Notice", "NoticeEntry", "Plan", "PlanReading", "Progress",
    "Return", "Sample", "SpecialArea", "SupportPolicy", "Target", "TaskUnit",
]  # fmt: skip
