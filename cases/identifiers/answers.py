"""The answer of a check and the plain forms of text that all checks start from.

What a particular number must look like is in the modules beside this one.
"""

import unicodedata
from dataclasses import dataclass
from typing import Literal

Level = Literal["ok", "warning", "error"]

_DASHES = "\u2212\u2043\u2500\u2501"  # minus sign, hyphen bullet and lookalikes that are not category Pd


@dataclass(frozen=True)
class Check:
    """Answer of a check. `normalised` is the form to store; `message` is Chinese and shows no digit of it.

    `ok` is False only for `error`; a `warning` may be stored, a person should look at the paper again.
    """

    ok: bool
    normalised: str
    level: Level
    message: str


def passed(normalised: str) -> Check:
    """The value is right in form, and its check digit fits where there is one."""
    return Check(True, normalised, "ok", "")


def doubted(normalised: str, message: str) -> Check:
    """The value can be stored, but somebody should compare it with the paper."""
    return Check(True, normalised, "warning", message)


def refused(normalised: str, message: str) -> Check:
    """The value cannot be right."""
    return Check(False, normalised, "error", message)


def tidy(value: str) -> str:
    """NFKC, without invisible characters, dashes unified, runs of white space one space: still readable."""
    out = []
    for char in unicodedata.normalize("NFKC", value or ""):
        category = unicodedata.category(char)
        if category == "Pd" or char in _DASHES:
            out.append("-")
        elif category in ("Zs", "Zl", "Zp", "Cc"):
            out.append(" ")
        elif category != "Cf" and not "\ufe00" <= char <= "\ufe0f":
            out.append(char)
    return " ".join("".join(out).split())


def normalise(value: str) -> str:
    """The bare form of a number: `tidy`, then no spaces, no dashes, upper case (`x` becomes `X`)."""
    before, bare = None, value
    while bare != before:  # removing a space can join a letter and an accent, which NFKC then composes
        before, bare = bare, tidy(bare).replace(" ", "").replace("-", "").upper()
    return bare


def name_key(name: str) -> str:
    """The form in which two spellings of one name are equal (duplicates, conflicts; not for display)."""
    folded = unicodedata.normalize("NFKC", tidy(name).casefold())
    kept = "".join(char for char in folded if unicodedata.category(char)[0] not in "PZC")
    return kept or folded.replace(" ", "")
