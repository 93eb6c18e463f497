"""A ruling's text as its reviewer sees it: paragraph by paragraph, every mark with its state, what is still to decide.

Marks are what was saved, what is suggested, or what somebody has in the browser and has not saved yet.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.documents.template import compose
from cases.names import masked_name

from . import protected, publication, regime
from .models import Disclosure, Ruling
from .publication import readable_lines
from .redaction import (
    CATEGORIES,
    GONE,
    KEEP,
    ORDINALS,
    Replacement,
    identifiers,
    kept_address,
    kept_words,
    normal,
    profiles,
    spans,
)
from .redaction.offering import APART

BY_HAND = _("人工添加")
HIDE, TO_KEEP, TO_DECIDE = "", "k", "a"  # classes of a span in the stylesheet


@dataclass
class Mark:
    """One mark of the table: what it does, why, how often. `category` "" waits for a decision."""

    n: int
    original: str
    replacement: str
    category: str
    reason: str
    rule: Any = BY_HAND
    count: int = 0
    doubt: bool = False  # the house asks; left undecided it is no mark yet
    # what A does with it while it is kept or undecided
    masked: str = ""
    masked_as: str = ""

    @property
    def state(self) -> str:
        return TO_KEEP if self.category == KEEP else HIDE if self.category else TO_DECIDE

    @property
    def label(self) -> str:
        """What is done with it, in words."""
        return {TO_KEEP: str(_("保留")), TO_DECIDE: str(_("待判断"))}.get(
            self.state, CATEGORIES.get(self.category, self.category)
        )

    @property
    def why(self) -> str:
        """The tooltip of its occurrences."""
        shown = f"，公开为 {self.replacement}" if self.state == HIDE else ""
        return f"{self.label}{'：' if self.reason else ''}{self.reason}{shown}"


@dataclass
class Piece:
    """A piece of a paragraph: plain, or an occurrence of a mark and what the public reads there."""

    text: str
    mark: Mark | None = None
    stays: str = ""  # why the rules leave it alone, of a piece without a mark

    @property
    def public(self) -> str:
        return self.mark.replacement if self.hidden and self.mark else self.text

    @property
    def hidden(self) -> bool:
        return self.mark is not None and self.mark.state == HIDE


@dataclass
class Paragraph:
    """One line of the ruling, cut at its marks."""

    pieces: list[Piece]

    @property
    def changed(self) -> bool:
        """Does the public read something else here?"""
        return any(one.hidden for one in self.pieces)


@dataclass
class Review:
    """The whole page's material. `origin`: whose marks these are."""

    paragraphs: list[Paragraph]
    marks: list[Mark]
    profile: str
    document: str
    origin: str

    @property
    def doubts(self) -> list[Mark]:
        """What a person must decide before the text can be sent on."""
        return [m for m in self.marks if m.state == TO_DECIDE]

    @property
    def profile_words(self) -> str:
        return profiles()[self.profile].title

    def entries(self) -> list[dict[str, str]]:
        """The marks as the act `redact` takes them; what the house asks and nobody has decided is left out."""
        wanted = [m for m in self.marks if m.category or not m.doubt]
        return [{n: getattr(m, n) for n in Replacement.__slots__} for m in wanted]


def review(disclosure: Disclosure, today: date, entered: Sequence[Mapping[str, Any]] | None = None) -> Review:
    """The page of a disclosure with its saved marks, or the suggestions while there are none, or what was `entered`."""
    ruling = disclosure.ruling
    profile, document = regime.redaction_profile(today)
    words = profiles()[profile].title
    suggested = {normal(m.original): m for m in publication.suggestions(ruling, today)}
    if entered is not None:
        rows = [_entered(one, suggested, entered) for one in entered]
        origin = _("尚未保存的修改")
    elif disclosure.revision:
        rows, origin = disclosure.marks, _("第 %(n)s 次修订") % {"n": disclosure.revision}
    else:
        rows, origin = list(suggested.values()), _("系统建议，尚未保存")
    decided = [m for m in rows if m.category]
    known = {normal(m.original) for m in decided}
    doubts = {normal(m.original): m for m in publication.doubts(ruling, decided, profile)}
    undecided = [m for m in rows if not m.category and normal(m.original) not in known | set(doubts)]
    marks = []
    for m in [*decided, *undecided, *doubts.values()]:
        by_house = normal(m.original) in suggested or normal(m.original) in doubts
        mark = Mark(
            len(marks), m.original, m.replacement, m.category, m.reason, words if by_house else BY_HAND
        )
        mark.doubt = not m.category and normal(m.original) in doubts
        if mark.state != HIDE:
            offered = suggested.get(normal(m.original))
            if offered is None or offered.category == KEEP:
                offered = proposed(m.original, decided)
            mark.masked, mark.masked_as = offered.replacement, offered.category
            if mark.state == TO_DECIDE and m.replacement:
                mark.masked = m.replacement
        marks.append(mark)
    return Review(_paragraphs(ruling, marks), marks, profile, document, str(origin))


def differences(saved: Sequence[Replacement], mine: Review) -> list[str]:
    """In words, where somebody else's saved marks are not what is entered here."""
    theirs = {normal(m.original): m for m in saved}
    ours = {normal(m.original): m for m in mine.marks if m.category}
    said = []
    for key in dict.fromkeys([*theirs, *ours]):
        one, other = theirs.get(key), ours.get(key)
        if one is not None and other is None:
            said.append(
                _("对方有、您没有：“%(words)s”公开为“%(shown)s”")
                % {"words": one.original, "shown": one.replacement}
            )
        elif one is None and other is not None:
            said.append(
                _("您有、对方没有：“%(words)s”公开为“%(shown)s”")
                % {"words": other.original, "shown": other.replacement}
            )
        elif (
            one is not None
            and other is not None
            and (one.replacement, one.category) != (other.replacement, other.category)
        ):
            said.append(
                _("“%(words)s”：对方公开为“%(theirs)s”，您公开为“%(ours)s”")
                % {"words": one.original, "theirs": one.replacement, "ours": other.replacement}
            )
    return [str(one) for one in said]


def _paragraphs(ruling: Ruling, marks: list[Mark]) -> list[Paragraph]:
    lines = readable_lines(compose(Ruling.PAPER, ruling.data()))
    plain = [Replacement(m.original, m.replacement, m.category, m.reason) for m in marks]
    of = {id(one): mark for one, mark in zip(plain, marks, strict=True)}
    found = [Paragraph([])]
    for span in spans(APART.join(lines), [*plain, *_staying(lines, plain)]):
        mark = of.get(id(span.mark))
        if mark is not None:
            mark.count += 1
            found[-1].pieces.append(Piece(span.text, mark))
            continue
        first, *others = span.text.split(APART)
        found[-1].pieces.append(Piece(first, stays=span.mark.reason if span.mark else ""))
        found += [Paragraph([Piece(line)]) for line in others]
    return found


def _staying(lines: Sequence[str], marks: Sequence[Replacement]) -> list[Replacement]:
    """What the rules leave alone and no mark touches (the longest wins): case and patent numbers, the panel, lawyers."""
    taken = [normal(m.original) for m in marks]
    return [
        one
        for one in kept_words(list(lines))
        if not any(words in normal(one.original) or normal(one.original) in words for words in taken)
    ]


def _entered(
    row: Mapping[str, Any], suggested: Mapping[str, Replacement], rows: Sequence[Mapping[str, Any]]
) -> Replacement:
    """A row as somebody typed it; one that was only selected in the text gets what the house would do with it."""
    said = {name: str(row.get(name) or "") for name in Replacement.__slots__}
    if said["category"] == "selected":
        others = [Replacement(str(r.get("original")), str(r.get("replacement")), "other") for r in rows]
        offered = suggested.get(normal(said["original"])) or proposed(said["original"], others)
        return Replacement(said["original"], offered.replacement, offered.category, offered.reason)
    return Replacement(**said)


def proposed(words: str, others: Sequence[Replacement]) -> Replacement:
    """What is offered for words a reviewer selected: by their shape a number, an address, a name, or something else."""
    number = identifiers(words)
    if number:
        return Replacement(words, GONE, number[0].category)
    district = kept_address(words)
    if district and normal(district) != normal(words):
        return Replacement(words, district, "address")
    plain = normal(words)
    if protected.is_name("".join(words.split())):
        masked = masked_name(words)
        taken = {m.replacement for m in others if normal(m.original) != plain}
        free = (f"{masked}{mark}" for mark in ORDINALS)
        return Replacement(
            words,
            masked if masked not in taken else next((f for f in free if f not in taken), masked),
            "person",
        )
    return Replacement(words, GONE, "other")
