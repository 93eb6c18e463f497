"""The tables of the mediation room, one module a subject. Forms bind to their steps in mediation/forms/; who may: policy.toml."""

from .agreement import Agreement, Term
from .confirmation import JudicialConfirmation
from .mediation import Mediation
from .sittings import Session
from .willingness import Consent, Contact

__all__ = ["Agreement", "Consent", "Contact", "JudicialConfirmation", "Mediation", "Session", "Term"]
