"""What stands in the house of a case. Each table lives in the module of its subject."""

from .approval import Approval
from .assistance import Assistance, Consultation, Reference
from .case import Case, Party, Right
from .clock import Deadline, Interval
from .effects import Idempotency, ImportRun, Outbox
from .numbers import Counter, Number
from .paper import Document, Evidence, StoredFile
from .proceeding import Participation, Proceeding
from .record import AccessLog, Chain, Event, Seal, Stamp

__all__ = [
    "AccessLog", "Approval", "Assistance", "Case", "Chain", "Consultation", "Counter", "Deadline", "Document",
    "Event", "Evidence", "Idempotency", "ImportRun", "Interval", "Number", "Outbox", "Participation", "Party",
    "Proceeding", "Reference", "Right", "Seal", "Stamp", "StoredFile",
]  # fmt: skip
