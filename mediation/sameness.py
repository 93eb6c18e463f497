"""Is it the same text again? A keyed digest of an agreement's words without names, figures and punctuation.

The digest tells that two agreements read alike, never what either says.
"""

import unicodedata
from collections.abc import Iterable

from cases.protection import blind_index

LEAST = 24  # fewer letters than this are a set phrase, not a text


def bare(texts: Iterable[str], names: Iterable[str]) -> str:
    """The letters of the texts in their one form, without the names of the parties."""
    whole = "".join(texts)
    for name in sorted(filter(None, names), key=len, reverse=True):
        whole = whole.replace(name, "")
    folded = unicodedata.normalize("NFKC", whole).casefold()
    return "".join(char for char in folded if char.isalpha())


def index_of(texts: Iterable[str], names: Iterable[str]) -> str:
    """The digest two agreements share whose words are the same; "" for too short a text."""
    found = bare(texts, names)
    return blind_index(found, "agreement text", form=str) if len(found) >= LEAST else ""
