"""The code on an invitation to mediate: made, read as people type it, and turned into the digest that is kept.

The code itself stands on the letter alone. 80 random bits, good once and for some days; who may try how often is
decided where it is asked for (mediation/answering.py).
"""

import re
import secrets
import unicodedata

from cases.models.paper import CROCKFORD
from cases.protection import blind_index

LENGTH = 16  # letters of five bits
GROUP = 4
LONGEST = 64  # of what is typed; more is no code
LOOKALIKES = str.maketrans("OIL", "011")


def new_code() -> str:
    """A fresh code, without its dashes."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(LENGTH))


def grouped(code: str) -> str:
    """As it is printed: `7K3M-9QX2-…`."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def normal(text: str) -> str:
    """What was typed in its one form: full width, small letters, blanks, dashes, O for 0, I and L for 1."""
    plain = unicodedata.normalize("NFKC", text[:LONGEST]).upper()
    return re.sub(r"[^0-9A-Z]", "", plain).translate(LOOKALIKES)


def digest(text: str) -> str:
    """The keyed digest a code is looked up by; nobody can make it, or the code from it, without the index key."""
    return blind_index(text, "invitation_code", form=normal)
