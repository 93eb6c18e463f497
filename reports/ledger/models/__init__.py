"""What the ledger keeps: the plan as read, tasks, policies, what proves them, notices, dossiers and samples."""

from .evidence import EvidenceTie, Progress
from .handing import Dossier, Sample
from .notice import LedgerNotice
from .plan import Plan, PlanReading
from .policy import SupportPolicy
from .task import LedgerTask, TaskUnit

__all__ = [
    "Dossier",
    "EvidenceTie",
    "LedgerNotice",
    "LedgerTask",
    "Plan",
    "PlanReading",
    "Progress",
    "Sample",
    "SupportPolicy",
    "TaskUnit",
]  # fmt: skip
