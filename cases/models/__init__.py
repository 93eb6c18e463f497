"""What stands in the house of a case. Each table lives in the module of its subject."""

from .approval import Approval
from .archive import Reading, Volume
from .assistance import Assistance
from .assisting import Expert, Forwarding, Overseas
from .batch import BatchRun
from .case import Case, Party, Right
from .clock import Deadline, Interval
from .consultation import Consultation
from .effects import Idempotency, ImportRun, Outbox
from .numbers import Counter, Number
from .paper import Document, Evidence, StoredFile
from .proceeding import Participation, Proceeding
from .record import AccessLog, Chain, Event, Seal, Stamp
from .reference import Reference
from .visiting import Visit

__all__ = [
    "AccessLog", "Approval", "Assistance", "BatchRun", "Case", "Chain", "Consultation", "Counter", "Deadline", "Document",
    "Event", "Evidence", "Expert", "Forwarding", "Idempotency", "ImportRun", "Interval", "Number", "Outbox", "Overseas", "Participation",
    "Party", "Proceeding", "Reading", "Reference", "Right", "Seal", "Stamp", "StoredFile", "Visit", "Volume",
]  # fmt: skip
