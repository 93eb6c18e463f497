"""Patent administrative adjudication: its ruling, the lawsuit about it, its disclosure and the public register."""

from .disclosure import Disclosure
from .enforcement import End as EnforcementEnd
from .enforcement import Enforcement
from .litigation import Litigation
from .proceeding import Adjudication
from .public import PublicPage, PublishedRuling
from .register import RegisterLine
from .rows import (
    AddressConfirmation,
    Appraisal,
    Assistant,
    Deliberation,
    Hearing,
    HearingRecord,
    Recusal,
    ReplySlip,
    Service,
    TechnicalOpinion,
)
from .rows_court import CourtHearing, Demand, Judgment, JudgmentItem
from .rows_decision import Finding, Omission, RulingDraft
from .rows_evidence import Addition, CrossExamination, EvidenceItem, Inspection, JoinedCase
from .rows_request import EvaluationReport, Examination, MajorReport, Mandate
from .ruling import Outcome, Ruling
from .searching import SearchPart
from .typical import PublishedBatch, TypicalBatch, TypicalCase

__all__ = [
    "Addition", "AddressConfirmation", "Adjudication", "Appraisal", "Assistant", "CourtHearing", "CrossExamination",
    "Deliberation", "Demand", "Disclosure", "Enforcement", "EnforcementEnd", "EvaluationReport", "EvidenceItem",
    "Examination",
    "Finding", "Hearing", "HearingRecord", "Inspection", "JoinedCase", "Judgment", "JudgmentItem", "Litigation",
    "MajorReport", "Mandate", "Omission", "Outcome", "PublicPage", "PublishedBatch", "PublishedRuling", "Recusal", "RegisterLine",
    "ReplySlip", "Ruling", "RulingDraft", "SearchPart", "Service", "TechnicalOpinion",
    "TypicalBatch", "TypicalCase",
]  # fmt: skip
