"""Patent administrative adjudication: its ruling, the lawsuit about it, its disclosure and the public register."""

from .disclosure import Disclosure
from .enforcement import End as EnforcementEnd
from .enforcement import Enforcement
from .litigation import Judgment, Litigation
from .proceeding import Adjudication
from .public import PublicPage, PublishedRuling
from .register import RegisterLine
from .rows import Deliberation, Hearing, Recusal, Service
from .ruling import Outcome, Ruling

__all__ = [
    "Adjudication", "Deliberation", "Disclosure", "Enforcement", "EnforcementEnd", "Hearing", "Judgment",
    "Litigation", "Outcome", "PublicPage", "PublishedRuling", "Recusal", "RegisterLine", "Ruling", "Service",
]  # fmt: skip
