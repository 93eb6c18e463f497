"""The tables of the mediation room, one module a subject. Forms bind to their steps in mediation/forms/; who may: policy.toml."""

from .agreement import Agreement, AgreementCheck, Term
from .appointing import Recusal
from .call_back import CallBack, Sample
from .confirmation import JudicialConfirmation
from .inviting import Invitation, Message
from .mediation import Mediation
from .patent_matter import PatentMatter
from .performance import Performance
from .referral import Referral
from .sittings import Note, Session
from .subsidy import Subsidy
from .willingness import Consent, Contact

__all__ = [
    "Agreement", "AgreementCheck", "CallBack", "Consent", "Contact", "Invitation", "JudicialConfirmation", "Mediation",
    "Message", "Note", "PatentMatter", "Performance", "Recusal", "Referral", "Sample", "Session", "Subsidy", "Term",
]  # fmt: skip
