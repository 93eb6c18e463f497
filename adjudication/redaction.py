"""One marked text: what is replaced in a ruling before anybody outside reads it, and the search for what was missed.

Pure: no Django, no database. Suggestions are only that; a person decides. Rules: law.md 5.3 (法释〔2016〕19号).
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

KEEP = "keep"  # a passage that stays although it contains a protected word (主张三项 is not 张三)
CATEGORIES = {
    "person": "自然人姓名",
    "representative": "法定代表人、负责人、经营者姓名",
    "agent": "代理人姓名",
    "address": "住址",
    "id_number": "证件号码",
    "phone": "联系方式",
    "secret": "商业秘密",
    "other": "其他",
    KEEP: "保留",
}
ORDINALS = "甲乙丙丁戊己庚辛壬癸"
GONE = "×××"  # 删除后影响表述的，以×代替（法释〔2016〕19号第十条）

_INVISIBLE = "\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
_GAP = rf"[\s{_INVISIBLE}]*"
_DIGIT_GAP = rf"[\s{_INVISIBLE}\-－—–()（）.]*"
_WIDE = {ord("！") + n: chr(ord("!") + n) for n in range(94)} | {0x3000: " "}

_ID18 = r"[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx]"
_ID15 = r"[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}"
_STRUCTURED = (
    ("id_number", re.compile(rf"(?<![0-9A-Za-z])(?:{_ID18}|{_ID15})(?![0-9A-Za-z])")),
    ("phone", re.compile(r"(?<![\d.A-Za-z])1[3-9]\d(?:[ -]?\d{4}){2}(?!\d)")),
    ("phone", re.compile(r"(?<![\d.])0(?:10|2\d|[3-9]\d{2})-\d{7,8}(?:转\d{1,6})?(?!\d)")),
    ("phone", re.compile(r"[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")),
)
_UNIT = r"[^省市区县旗州盟路街道村镇乡号栋楼]{0,10}(?:自治区|自治州|自治县|省|市|(?<![小社厂校园街片景])区|县|旗|盟|州)"
_DISTRICT = re.compile(rf"(?:{_UNIT}){{1,4}}")


@dataclass(frozen=True, slots=True)
class Replacement:
    """One mark: every occurrence of `original` reads `replacement`. Category `keep`: it stays as it is."""

    original: str
    replacement: str
    category: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of one party: only what a text may mention."""

    role: str
    kind: str  # person, legal_person, unincorporated, sole_trader
    name: str
    representative: str = ""
    agent: str = ""
    agent_firm: str = ""
    id_number: str = ""
    phone: str = ""
    addresses: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()  # 曾用名 and other names of the party itself


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that no public form may contain. Never shown in a finding, only its category."""

    category: str
    value: str


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text: plain (`mark` None) or an occurrence of a mark, with its place in the list."""

    text: str
    mark: Replacement | None = None


def _loose(original: str, category: str) -> str:
    """A pattern that also finds the words written apart, in full width, or with invisible signs inside."""
    gap = _DIGIT_GAP if category in ("id_number", "phone") else _GAP
    shapes = []
    for char in "".join(original.translate(_WIDE).split()):
        wide = chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char
        both = {char, char.upper(), char.lower(), wide}
        shapes.append("[" + "".join(sorted(re.escape(one) for one in both if len(one) == 1)) + "]")
    return gap.join(shapes)


def _pattern(marks: Sequence[Replacement]) -> tuple[re.Pattern[str] | None, list[Replacement]]:
    ordered = sorted((m for m in marks if m.original.strip()), key=lambda m: -len(m.original))
    if not ordered:
        return None, []
    return re.compile("|".join(f"({_loose(m.original, m.category)})" for m in ordered)), ordered


def spans(text: str, marks: Sequence[Replacement]) -> list[Span]:
    """The text cut at every occurrence of a mark; the longest mark wins, nothing is replaced twice."""
    pattern, ordered = _pattern(marks)
    if pattern is None:
        return [Span(text)] if text else []
    found, at = [], 0
    for hit in pattern.finditer(text):
        if hit.start() > at:
            found.append(Span(text[at : hit.start()]))
        found.append(Span(hit[0], ordered[(hit.lastindex or 1) - 1]))
        at = hit.end()
    if at < len(text):
        found.append(Span(text[at:]))
    return found


def redact(value: Any, marks: Sequence[Replacement]) -> Any:
    """The same data with every text in it replaced; dates, numbers and truth values stay."""
    if isinstance(value, str):
        parts = spans(value, marks)
        return "".join(
            p.text if p.mark is None or p.mark.category == KEEP else p.mark.replacement for p in parts
        )
    if isinstance(value, Mapping):
        return {key: redact(one, marks) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [redact(one, marks) for one in value]
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


def occurs(original: str, category: str, value: Any) -> bool:
    """Does the text contain these words, however written?"""
    pattern = re.compile(_loose(original, category))
    return any(pattern.search(text) for text in texts(value))


def kept_address(address: str) -> str:
    """The address cut at district level: 天津市滨海新区. Empty if it names no district."""
    found = _DISTRICT.match(address.strip())
    return found[0] if found else ""


def identifiers(text: str) -> list[Secret]:
    """Numbers of persons, telephones and mail addresses standing in a text, as written there."""
    plain = text.translate(_WIDE)
    found: dict[str, Secret] = {}
    for category, pattern in _STRUCTURED:
        for hit in pattern.finditer(plain):
            written = text[hit.start() : hit.end()]
            found.setdefault(written, Secret(category, written))
    return list(found.values())


def suggest(subjects: Sequence[Subject], value: Any, mask: Callable[[str], str]) -> list[Replacement]:
    """What a reviewer is offered first: the case's own people, addresses, numbers, as far as the text has them.

    `mask` gives 姓+某; two people who would read alike become 刘某甲, 刘某乙.
    """
    marks: list[Replacement] = []

    def add(original: str, replacement: str, category: str, reason: str) -> None:
        known = any(m.original == original for m in marks)
        if original and not known and occurs(original, category, value):
            marks.append(Replacement(original, replacement, category, reason))

    people = [(name, category, reason) for s in subjects for name, category, reason in people_of(s)]
    masked = mask_people([name for name, _category, _reason in people], mask)
    for name, category, reason in people:
        add(name, masked[name], category, reason)
    for subject in subjects:
        for address in subject.addresses:
            add(address, kept_address(address) or GONE, "address", f"{subject.role}住址，保留至区、县")
        for secret in _numbers(subject):
            add(secret.value, GONE, secret.category, f"{subject.role}{CATEGORIES[secret.category]}")
    for text in texts(value):
        for secret in identifiers(text):
            if not any(occurs(m.original, m.category, secret.value) for m in marks):
                add(secret.value, GONE, secret.category, "文中识别")
    return marks


def people_of(subject: Subject) -> list[tuple[str, str, str]]:
    """(name, category, reason) of the natural persons of a party whose names are hidden; lawyers keep theirs."""
    found = []
    if subject.kind == "person" and subject.name:
        found.append((subject.name, "person", f"{subject.role}（自然人）"))
        found += [(alias, "person", f"{subject.role}（曾用名）") for alias in subject.aliases]
    if subject.representative:
        post = "经营者" if subject.kind == "sole_trader" else "法定代表人或者负责人"
        found.append((subject.representative, "representative", f"{subject.role}{post}"))
    if subject.agent and not subject.agent_firm:
        found.append((subject.agent, "agent", f"{subject.role}的公民代理人"))
    return [one for one in found if len(one[0].strip()) > 1]


def mask_people(names: Iterable[str], mask: Callable[[str], str]) -> dict[str, str]:
    """name -> what the public reads; stable inside one text, alike names told apart in the order given."""
    groups: dict[str, list[str]] = {}
    for name in names:
        group = groups.setdefault(mask(name), [])
        if name not in group:
            group.append(name)
    return {
        name: masked if len(group) == 1 else f"{masked}{_ordinal(n)}"
        for masked, group in groups.items()
        for n, name in enumerate(group)
    }


def _ordinal(place: int) -> str:
    return ORDINALS[place] if place < len(ORDINALS) else str(place + 1)


def _numbers(subject: Subject) -> list[Secret]:
    found = []
    if subject.id_number and (
        subject.kind == "person" or re.fullmatch(f"{_ID18}|{_ID15}", subject.id_number)
    ):
        found.append(Secret("id_number", subject.id_number))
    if len(re.sub(r"\D", "", subject.phone)) >= 7:
        found.append(Secret("phone", subject.phone))
    return found


def secrets(subjects: Sequence[Subject]) -> list[Secret]:
    """All that no public form may show of these parties: people's names, numbers, addresses below the district."""
    found: list[Secret] = []
    for subject in subjects:
        found += [Secret(category, name) for name, category, _reason in people_of(subject)]
        found += _numbers(subject)
        for address in subject.addresses:
            detail = address.strip()[len(kept_address(address)) :].strip()
            if len(detail) > 2:
                found.append(Secret("address", detail))
    return list(dict.fromkeys(found))


def undecided(subjects: Sequence[Subject], marks: Sequence[Replacement]) -> list[str]:
    """Names of sole traders that may contain the owner's name and that nobody has decided about."""
    return [
        s.name for s in subjects
        if s.kind == "sole_trader" and not any(m.original and m.original in s.name for m in marks)
    ]  # fmt: skip


def normal(text: str, *, digits: bool = False) -> str:
    """The text as a search sees it: one width and case, no spaces or invisible signs (for numbers: no hyphens)."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    plain = re.sub(rf"[\s{_INVISIBLE}]", "", plain)
    return re.sub(r"[-—–()（）.]", "", plain) if digits else plain


def leaks(
    forms: Mapping[str, str], hidden: Sequence[Secret], marks: Sequence[Replacement] = ()
) -> list[tuple[str, str]]:
    """(public form, category) of everything that must not be there: the case's own secrets, what was marked away,
    and any identifier. A passage kept by a mark does not count.
    """
    kept = [m.original for m in marks if m.category == KEEP]
    wanted = [s for s in hidden if s.value not in kept]
    wanted += [
        Secret(m.category, m.original)
        for m in marks
        if m.category not in (KEEP, "address") and normal(m.original) not in normal(m.replacement)
    ]
    found: list[tuple[str, str]] = []
    for form, text in forms.items():
        seen = {False: normal(text), True: normal(text, digits=True)}
        for phrase in sorted(kept, key=len, reverse=True):
            seen = {
                digits: whole.replace(normal(phrase, digits=digits), "￼") for digits, whole in seen.items()
            }
        for secret in wanted:
            digits = secret.category in ("id_number", "phone")
            needle = normal(secret.value, digits=digits)
            if needle and needle in seen[digits]:
                found.append((form, secret.category))
        found += [(form, one.category) for one in identifiers(text) if one.value not in kept]
    return list(dict.fromkeys(found))


def absent(forms: Mapping[str, str], demanded: Mapping[str, str]) -> list[tuple[str, str]]:
    """(public form, name) of what must be there and is not: case number, panel, outcome, patent number."""
    return [
        (form, name)
        for form, text in forms.items()
        for name, value in demanded.items()
        if normal(value) not in normal(text)
    ]
