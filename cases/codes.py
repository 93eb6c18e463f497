"""A code that opens something to whoever holds it: made, read as people type it, turned into the digest that is kept.

The code itself stands on a letter alone. 80 random bits; what it opens, how long, and who may try how often is decided
where it is asked for (mediation/answering.py, cases/matters/tips/asking.py).
"""

import re
import secrets
import unicodedata

from cases.protection import blind_index

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
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


def digest(text: str, domain: str) -> str:
    """The keyed digest a code is looked up by; nobody can make it, or the code from it, without the index key.

    `domain`: what the code opens; the same letters open nothing else.
    """
    return blind_index(text, domain, form=normal)
