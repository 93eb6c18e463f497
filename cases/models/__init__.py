"""What stands in the house of a case. Each table lives in the module of its subject."""

from .activity import Activity, ActivityPhoto, Participant
from .approval import Approval
from .archive import Reading, Volume
from .assistance import Assistance
from .assisting import Expert, Forwarding, Overseas
from .batch import BatchRun
from .case import Case, Party, Right
from .clock import Deadline, Interval
from .consultation import Consultation
from .effects import Idempotency, ImportRun, Outbox
from .finding import Finding
from .numbers import Counter, Number
from .paper import Document, Evidence, StoredFile
from .proceeding import Participation, Proceeding
from .record import AccessLog, Chain, Event, Seal, Stamp
from .reference import Reference
from .rewarding import TipReward
from .service_order import ServiceOrder, TeamMember
from .tip import Tip
from .transfer import LeadNotice, Transfer
from .visiting import Visit
from .white_list import WhiteList

__all__ = [
    "AccessLog", "Activity", "ActivityPhoto", "Approval", "Assistance", "BatchRun", "Case", "Chain", "Consultation",
    "Counter", "Deadline", "Document", "Event", "Evidence", "Expert", "Finding", "Forwarding", "Idempotency",
    "ImportRun", "Interval", "LeadNotice", "Number", "Outbox", "Overseas", "Participant", "Participation", "Party",
    "Proceeding", "Reading", "Reference", "Right", "Seal", "ServiceOrder", "Stamp", "StoredFile", "TeamMember",
    "Tip", "TipReward", "Transfer", "Visit", "Volume", "WhiteList",
]  # fmt: skip
