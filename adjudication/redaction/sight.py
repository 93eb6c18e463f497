"""A text as a search sees it, each sign with its place in the original: one width and case, nothing invisible.

Four views: `light` keeps hyphens and, of a row of blanks, one (identifiers are told apart by them), `numerals` is `light` with numbers in
Chinese or circled numerals as digits, `close` drops blanks (names and addresses broken over lines) and remembers where
they were, `digits` drops hyphens and brackets, too.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from functools import cached_property

_BLANK = ("\n", "\t", " ")  # a row of blanks is seen as one, the first of these in it
_LIKE_BLANKS = "\u2800\u3164\u115f\u1160\uffa0"  # look like a space, are called letters
_LINES = "\n\r\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"
_DASHES = "\u2212\u2043\u2500\u2501"  # look like a hyphen, are none
_DOTS = "•・‧∙⋅･"
_NUMERALS = {
    **dict(zip("零一二三四五六七八九", "0123456789", strict=True)),
    **dict(zip("〇壹贰叁肆伍陆柒捌玖", "0123456789", strict=True)),
    **dict(zip("○幺貳參叄陸", "012336", strict=True)),
}
_ROUND = "①-⑨⓪❶-❾⓿➀-➈➊-➒⓵-⓽⑴-⑼⒈-⒐⁰¹²³⁴-⁹₀-₉㊀-㊈㈠-㈨"
_NUMERAL = f"[0-9{''.join(_NUMERALS)}{_ROUND}]"
_ROW = re.compile(rf"{_NUMERAL}(?:[ \n\t\-·.]{{0,2}}{_NUMERAL}){{6,}}")


class _Seen(dict[str, str]):
    """sign -> how it is seen; "" if it is not seen at all. Worked out once for each sign."""

    def __missing__(self, char: str) -> str:
        self[char] = seen = self._seen(char)
        return seen

    @staticmethod
    def _seen(char: str) -> str:
        if char in _LINES:
            return "\n"
        if char == "\t":
            return "\t"
        category = unicodedata.category(char)
        if char in _LIKE_BLANKS or category[0] == "Z":
            return " "
        if category in ("Cf", "Cc", "Mn", "Me"):
            return ""
        if category == "Pd" or char in _DASHES:
            return "-"
        if char in _DOTS:
            return "·"
        if category == "Nd":
            return str(unicodedata.decimal(char))
        if category == "No":  # ① stands beside a number and is no part of it
            return char
        plain = unicodedata.normalize("NFKC", char)
        return (plain if len(plain) == 1 or plain.isalpha() else char).casefold()


_SEEN = _Seen()


def _digit(char: str) -> str:
    if char.isascii():
        return char
    value = _NUMERALS.get(char)
    if value is None and unicodedata.category(char) == "No":
        number = unicodedata.numeric(char)
        value = str(int(number)) if number in range(10) else None
    return value or char


@dataclass(frozen=True)
class View:
    """A view of a text: `text` as seen, `at[i]` the place of its i-th sign in the original; `gaps`: the signs before
    which a blank was dropped.
    """

    text: str
    at: list[int]
    gaps: frozenset[int] = field(default_factory=frozenset)
    _counts: dict[str, int] = field(default_factory=dict, repr=False, compare=False)

    def count(self, words: str) -> int:
        """How often these words stand in the view; each counted once."""
        if words not in self._counts:
            self._counts[words] = self.text.count(words)
        return self._counts[words]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a piece of the view stands in the original; both ends as slices have them."""
        return self.at[start], self.at[end - 1] + 1

    def without(self, signs: str) -> "View":
        """The same view without these signs."""
        kept: list[int] = []
        gaps: set[int] = set()
        for place, char in enumerate(self.text):
            if char in signs:
                gaps.add(len(kept))
            else:
                kept.append(place)
        if len(kept) == len(self.text):
            return self
        return View("".join([self.text[n] for n in kept]), [self.at[n] for n in kept], frozenset(gaps))


class Sight:
    """The views of one text, made when asked for."""

    def __init__(self, text: str):
        self.original = text

    @cached_property
    def light(self) -> View:
        signs: list[str] = []
        at: list[int] = []
        for place, char in enumerate(self.original):
            seen = _SEEN[char]
            if seen in _BLANK:
                if signs and signs[-1] in _BLANK:
                    signs[-1] = min(signs[-1], seen, key=_BLANK.index)
                    continue
                signs.append(seen)
                at.append(place)
            else:
                signs += seen
                at += [place] * len(seen)
        return View("".join(signs), at)

    @cached_property
    def numerals(self) -> View:
        """`light`, sign by sign, with rows of seven and more numerals as digits: 张三 stays a name."""
        return View(_ROW.sub(lambda row: "".join(map(_digit, row[0])), self.light.text), self.light.at)

    @cached_property
    def close(self) -> View:
        return self.light.without(" \n\t")

    @cached_property
    def digits(self) -> View:
        return self.numerals.without(" \n\t-·.()")


def normal(text: str, *, digits: bool = False) -> str:
    """The text as a search sees it: one width and case, no blanks or invisible signs (for numbers: no hyphens)."""
    sight = Sight(text)
    return (sight.digits if digits else sight.close).text
