"""Patent administrative adjudication, its ruling, the lawsuit about it and its enforcement."""

from .proceeding import Adjudication
from .ruling import Outcome, Ruling

# disclosure and register: from .disclosure import Disclosure, PublicPage, PublishedRuling; from .register import ...

__all__ = ["Adjudication", "Outcome", "Ruling"]
