"""Chinese text without spaces made searchable: one normal form, its overlapping pairs of characters, its parts.

Pure: no Django, no database. What is a part of a ruling is said in keeping.py, what a question asks in asking.py.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from itertools import pairwise

PART = 8_000  # characters of one part
LONGEST = 100  # characters of a word asked for; parts overlap by one less, so that no word is cut in two

_A, _LETTERS = ord("a"), 4
_LIMIT = (
    26**_LETTERS
)  # code points that four letters can tell; above lie only selectors, tags and private use
_OPENING, _CLOSING = "〔［【〖〘﹝[", "〕］】〗〙﹞]"


class _Kept(dict[int, int | None]):
    """str.translate table: what is not read is gone, brackets are of one kind; filled as characters are met."""

    def __missing__(self, point: int) -> int | None:
        category = unicodedata.category(chr(point))
        self[point] = (
            None if point >= _LIMIT or category[0] == "Z" or category in ("Cc", "Cf", "Cs") else point
        )
        return self[point]


_KEPT = _Kept({ord(c): ord("(") for c in _OPENING} | {ord(c): ord(")") for c in _CLOSING})


def normal(text: str) -> str:
    """The form in which two writings of the same words are equal: NFKC, no case, no space, one kind of bracket."""
    return unicodedata.normalize("NFKC", text).casefold().translate(_KEPT)


@cache
def _letters(char: str) -> str:
    """Four small letters for a character: no tokenizer of any database splits, folds or drops them."""
    point, told = ord(char), ""
    for _place in range(_LETTERS):
        point, rest = divmod(point, 26)
        told = chr(_A + rest) + told
    return told


def indexed(body: str) -> set[str]:
    """Tokens under which a part is found: each of its characters, and each two that stand together."""
    code = {char: _letters(char) for char in set(body)}
    return {*code.values(), *(code[one] + code[two] for one, two in set(pairwise(body)))}


def wanted(word: str) -> list[str]:
    """Tokens that a part must have to contain a word; with two characters at most they also suffice."""
    if len(word) == 1:
        return [_letters(word)]
    return sorted({_letters(one) + _letters(two) for one, two in pairwise(word)})


def mark(name: str, value: object) -> str:
    """A token that states a fact of a ruling; its odd length is that of no word."""
    return "x" + "".join(map(_letters, f"{name}={value}"))


def pieces(body: str) -> Iterator[str]:
    """A normal text as parts of at most PART characters; any word up to LONGEST stands whole in one of them."""
    yield body[:PART]
    for start in range(PART, len(body), PART - LONGEST + 1):
        yield body[start - LONGEST + 1 : start - LONGEST + 1 + PART]


# showing what was found ----------------------------------------------------------------------------------------

_CLUSTER = re.compile(r".[\u0300-\u036f\u3099\u309a\ufe00-\ufe0f]*", re.DOTALL)
AROUND = 36  # characters shown before and after what was found


def passages(text: str, words: tuple[str, ...], most: int = 2) -> list[list[tuple[str, bool]]]:
    """The first lines that hold one of the (normal) words, cut to what surrounds it: runs of (text, is it a hit)."""
    found = []
    left = list(words)
    for line in text.splitlines():
        here = [word for word in left if word in (said := normal(line))]
        if not here:
            continue
        left = [word for word in left if word not in here]
        shown = _cut(line, _hits(line, said, words))
        if shown:
            found.append(shown)
        if not left or len(found) == most:
            break
    return found


def _hits(line: str, said: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where the words stand in a line as written; empty if its characters cannot be told apart one by one."""
    places: list[int] = []
    seen = []
    for cluster in _CLUSTER.finditer(line):
        seen.append(normal(cluster[0]))
        places += [cluster.start()] * len(seen[-1])
    if "".join(seen) != said:
        return []
    places.append(len(line))
    spans = sorted(
        (found.start(), found.end()) for word in words for found in re.finditer(re.escape(word), said)
    )
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return [(places[start], places[end - 1] + 1) for start, end in merged]


def _cut(line: str, hits: list[tuple[int, int]]) -> list[tuple[str, bool]]:
    """A line around its first hit, those that stand within it marked."""
    if not hits:
        return []
    start = max(0, hits[0][0] - AROUND)
    end = min(len(line), max(hits[0][1] + AROUND, start + 3 * AROUND))
    runs, at = [("…" if start else "", False)], start
    for left, right in hits:
        if right <= end:
            runs += [(line[at:left], False), (line[left:right], True)]
            at = right
    runs += [(line[at:end], False), ("…" if end < len(line) else "", False)]
    return [(run, hit) for run, hit in runs if run]
