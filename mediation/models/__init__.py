"""The tables of the mediation room. Forms bind to their steps in mediation/forms.py; who may stands in policy.toml."""

from .confirmation import JudicialConfirmation
from .mediation import Mediation
from .rows import Agreement, Consent, Contact, Session, Term

__all__ = ["Agreement", "Consent", "Contact", "JudicialConfirmation", "Mediation", "Session", "Term"]
