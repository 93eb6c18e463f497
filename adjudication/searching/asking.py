"""What a reader asks for: words, case and patent numbers in any writing, a field, facets. Pure but for the choices."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from adjudication.models.public import LegalStatus
from adjudication.models.ruling import Outcome
from adjudication.models.searching import SearchPart
from cases.identifiers import patent_check
from cases.models import Right

from .words import LONGEST, normal

WORDS = 8  # of one question
FIELDS = {
    "": _("全部内容"),
    **{part.value: part.label for part in SearchPart.Part if part != SearchPart.Part.TEXT},
}
FACETS = {
    "year": (),
    "right": [(kind, Right.Kind(kind).label) for kind in Right.PATENTS],
    "outcome": Outcome.choices,
    "status": LegalStatus.choices,
}

_QUOTES = "\"'“”‘’「」`"
_NUMBER = re.compile(
    r"(?:(?<=字)\s+)?(?:\(\s*(\d{4})\s*\)\s*第?\s*(\d{1,6})\s*号?|(\d{4})\s*年\s*第?\s*(\d{1,6})\s*号)"
)
_PATENT = re.compile(
    r"(?<![0-9A-Za-z.])((?:ZL|CN)?)\s*(\d{4}\s?\d\s?\d{7}|\d{2}\s?\d\s?\d{5})(?:(\s?\.\s?|\s?)([\dX]))?(?![0-9A-Za-z])",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Question:
    """Words that must all stand in a ruling (or in one field of it), and the facets chosen. Words are normal."""

    words: tuple[str, ...] = ()
    part: str = ""
    chosen: tuple[tuple[str, str], ...] = ()  # facet, value
    left_out: bool = False  # more was typed than is looked for

    def value(self, facet: str) -> str:
        return dict(self.chosen).get(facet, "")


def read(query: Mapping[str, Any]) -> Question:
    """A question from an address: `q`, `in`, `year`, `right`, `outcome`, `status`; what makes no sense is left out."""
    typed = str(query.get("q", ""))
    words = tuple(dict.fromkeys(_words(typed[:LONGEST])))
    part = str(query.get("in", ""))
    chosen = []
    for facet, values in FACETS.items():
        value = str(query.get(facet, ""))
        if value in dict(values) or (facet == "year" and re.fullmatch("[0-9]{4}", value)):
            chosen.append((facet, value))
    return Question(
        words[:WORDS],
        part if part in FIELDS else "",
        tuple(chosen),
        len(typed) > LONGEST or len(words) > WORDS,
    )


def _words(typed: str) -> list[str]:
    """The words of what was typed; numbers first become what stands in the texts, spaces and all."""
    text = unicodedata.normalize("NFKC", typed).translate(_BRACKETS)
    text = _PATENT.sub(_patent, _NUMBER.sub(_number, text))
    return [word[:LONGEST] for word in (normal(part.strip(_QUOTES)) for part in text.split()) if word]


_BRACKETS = {**dict.fromkeys(map(ord, "〔[【〖〘"), "("), **dict.fromkeys(map(ord, "〕]】〗〙"), ")")}


def _number(found: re.Match[str]) -> str:
    year, serial = found[1] or found[3], found[2] or found[4]
    return f"({year}){serial}号 "


def _patent(found: re.Match[str]) -> str:
    """The digits of a patent number, which stand in every writing of it; another number stays what it is."""
    body, check = re.sub(r"\s", "", found[2]), (found[4] or "").upper()
    named = bool(found[1]) or "." in (found[3] or "")
    if check and not named and check != patent_check(body):
        return found[0]
    if not check and not named and found[2] != body:
        return found[0]
    return f" {body} "
