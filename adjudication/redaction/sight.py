"""A text as a search sees it, each sign with its place in the original: one width and case, nothing invisible.

Three views: `light` keeps blanks and hyphens (identifiers are told apart by them), `close` drops blanks (names and
addresses broken over lines), `digits` drops hyphens and brackets, too.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

INVISIBLE = "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
_UNSEEN = re.compile(f"[{INVISIBLE}]")
_BLANK = re.compile(r"\s")
_JOINTS = re.compile(r"[-\u2010-\u2015\u2212—–()（）.]")
_SEEN: dict[str, str] = {}  # sign -> how it is seen; Chinese characters see themselves


def _sign(char: str) -> str:
    seen = _SEEN.get(char)
    if seen is None:
        seen = "" if _UNSEEN.match(char) else _UNSEEN.sub("", unicodedata.normalize("NFKC", char).casefold())
        if len(_SEEN) < 70_000:
            _SEEN[char] = seen
    return seen


@dataclass(frozen=True)
class View:
    """A view of a text: `text` as seen, `at[i]` the place of its i-th sign in the original."""

    text: str
    at: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of the view stands in the original; both ends as slices have them."""
        return self.at[start], self.at[end - 1] + 1

    def without(self, what: re.Pattern[str]) -> "View":
        """The same view without these signs."""
        if not what.search(self.text):
            return self
        kept = [n for n, char in enumerate(self.text) if not what.match(char)]
        return View("".join([self.text[n] for n in kept]), [self.at[n] for n in kept])


class Sight:
    """The views of one text, made when asked for."""

    def __init__(self, text: str):
        self.original = text

    @cached_property
    def light(self) -> View:
        signs: list[str] = []
        at: list[int] = []
        for place, char in enumerate(self.original):
            seen = char if "\u4e00" <= char <= "\u9fff" else _sign(char)
            signs.append(seen)
            if len(seen) == 1:
                at.append(place)
            elif seen:
                at.extend([place] * len(seen))
        return View("".join(signs), at)

    @cached_property
    def close(self) -> View:
        return self.light.without(_BLANK)

    @cached_property
    def digits(self) -> View:
        return self.close.without(_JOINTS)


def normal(text: str, *, digits: bool = False) -> str:
    """The text as a search sees it: one width and case, no blanks or invisible signs (for numbers: no hyphens)."""
    sight = Sight(text)
    return (sight.digits if digits else sight.close).text
