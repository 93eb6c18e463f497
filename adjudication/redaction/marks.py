"""One marked text: a mark holds for every occurrence of its words, however they are written; the longest wins."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from .sight import Sight, View, normal

KEEP = "keep"  # a passage that stays although it contains a protected word (主张三项 is not 张三)
CATEGORIES = {
    "person": "自然人姓名",
    "representative": "法定代表人、负责人、经营者姓名",
    "agent": "代理人姓名",
    "address": "住址",
    "id_number": "证件号码",
    "phone": "联系方式",
    "account": "银行账号",
    "plate": "车牌号码",
    "property": "不动产权证号",
    "birth": "出生日期",
    "secret": "商业秘密",
    "other": "其他",
    KEEP: "保留",
}
NAMES = frozenset({"person", "representative", "agent"})
NUMBERS = frozenset({"id_number", "phone", "account", "plate"})  # hyphens and brackets inside do not count
APART = "\ue000"  # between texts read as one: nothing is found across it
GONE = "×××"  # 删除后影响表述的，以×代替（法释〔2016〕19号第十条）


@dataclass(frozen=True, slots=True)
class Replacement:
    """One mark: every occurrence of `original` reads `replacement`. Category `keep`: it stays as it is."""

    original: str
    replacement: str
    category: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text: plain (`mark` None) or an occurrence of a mark."""

    text: str
    mark: Replacement | None = None


class Marks:
    """Marks made ready to be found in many texts, in one pass over each."""

    def __init__(self, marks: Sequence[Replacement]):
        self._words: dict[bool, dict[str, list[tuple[str, Replacement]]]] = {
            True: defaultdict(list), False: defaultdict(list),
        }  # fmt: skip
        for mark in marks:
            digits = mark.category in NUMBERS
            needle = normal(mark.original, digits=digits)
            if needle:
                self._words[digits][needle[:2]].append((needle, mark))
        for known in self._words.values():
            for found in known.values():
                found.sort(key=lambda one: -len(one[0]))

    def __bool__(self) -> bool:
        return any(self._words.values())

    def hits(self, text: str) -> list[tuple[int, int, Replacement]]:
        """(start, end, mark) of every occurrence in the text, from left to right, none inside another."""
        sight, found = Sight(text), []
        for digits, known in self._words.items():
            if known:
                found += _in_view(sight.digits if digits else sight.close, known)
        found.sort(key=lambda hit: (hit[0], -hit[1]))
        taken, reach = [], 0
        for start, end, mark in found:
            if start >= reach:
                taken.append((start, end, mark))
                reach = end
        return taken


def _in_view(
    view: View, known: Mapping[str, list[tuple[str, Replacement]]]
) -> list[tuple[int, int, Replacement]]:
    text, found = view.text, []
    single = [head for head in known if len(head) == 1]
    for place in range(len(text)):
        head = text[place : place + 2]
        if head not in known and not (single and head[:1] in known):
            continue
        for needle, mark in [*known.get(head, ()), *(known.get(head[:1], ()) if single else ())]:
            if text.startswith(needle, place):
                found.append((*view.span(place, place + len(needle)), mark))
                break
    return found


def spans(text: str, marks: Sequence[Replacement]) -> list[Span]:
    """The text cut at every occurrence of a mark; the longest mark wins, nothing is replaced twice."""
    return _cut(text, Marks(marks))


def _cut(text: str, marks: Marks) -> list[Span]:
    found, at = [], 0
    for start, end, mark in marks.hits(text) if marks else ():
        if start > at:
            found.append(Span(text[at:start]))
        found.append(Span(text[start:end], mark))
        at = end
    if at < len(text):
        found.append(Span(text[at:]))
    return found


def redact(value: Any, marks: Sequence[Replacement]) -> Any:
    """The same data with every text in it replaced; dates, numbers and truth values stay."""
    return _redacted(value, Marks(marks))


def _redacted(value: Any, marks: Marks) -> Any:
    if isinstance(value, str):
        return "".join(
            s.text if s.mark is None or s.mark.category == KEEP else s.mark.replacement
            for s in _cut(value, marks)
        )
    if isinstance(value, Mapping):
        return {key: _redacted(one, marks) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_redacted(one, marks) for one in value]
    return value


def texts(value: Any) -> list[str]:
    """Every text in the data, in order."""
    if isinstance(value, str):
        return [value]
    if isinstance(value, Mapping):
        return [text for one in value.values() for text in texts(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in texts(one)]
    return [value.isoformat()] if isinstance(value, date) else []


class Words:
    """Every text of the data as a search sees it, made once: whether words stand there, however written."""

    def __init__(self, value: Any):
        seen = [Sight(text) for text in texts(value)]
        self._views = {
            False: APART.join(one.close.text for one in seen), True: APART.join(one.digits.text for one in seen)
        }  # fmt: skip

    def hold(self, original: str, category: str) -> bool:
        digits = category in NUMBERS
        needle = normal(original, digits=digits)
        return bool(needle) and needle in self._views[digits]
