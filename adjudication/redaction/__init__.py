"""Redaction: one marked text from which every public form derives, and the search for what was missed.

Pure: no Django, no database. What is found is offered; a person decides. Rules: law.md 5.3 (法释〔2016〕19号).

- sight: a text as a search sees it; identifiers: numbers of people; addresses: below the district
- names: the shape of a name; announcing: whom the text itself names; telling: whom only what they say and do gives away
- tables: cells under a heading; keeping: what must stay; words: common words, which no name may cut
- subjects: what is known of a case; profiles: what is hidden, as data
- detecting: all layers together; offering: marks for a reviewer; marks: the marked text; checking: what was missed
"""

from .addresses import kept_address
from .checking import absent, identifiers, leaks
from .detecting import Finding, detect, masked
from .marks import (
    APART,
    CATEGORIES,
    GONE,
    KEEP,
    NAMES,
    NUMBERS,
    Marks,
    Replacement,
    Span,
    Words,
    redact,
    spans,
    texts,
)
from .offering import doubts, kept_words, suggest
from .profiles import DEFAULT, Profile, profile, profiles
from .sight import normal
from .subjects import ORDINALS, Secret, Subject, mask_people, people_of, secrets, undecided

__all__ = [
    "APART",
    "CATEGORIES",
    "DEFAULT",
    "GONE",
    "KEEP",
    "NAMES",
    "NUMBERS",
    "ORDINALS",
    "Finding",
    "Marks",
    "Profile",
    "Replacement",
    "Secret",
    "Span",
    "Subject",
    "Words",
    "absent",
    "detect",
    "doubts",
    "identifiers",
    "kept_address",
    "kept_words",
    "leaks",
    "mask_people",
    "masked",
    "normal",
    "people_of",
    "profile",
    "profiles",
    "redact",
    "secrets",
    "spans",
    "suggest",
    "texts",
    "undecided",
]
