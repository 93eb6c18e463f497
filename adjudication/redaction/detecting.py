"""Everything in a text that the public must not read, layer by layer: registered people, numbers, addresses, announced names.

What a layer finds is certain or a doubt for a person to decide; what must stay beats a weak find, never a registered one.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cases.names import masked_name

from . import names
from .addresses import addresses, kept_address
from .identifiers import numbers
from .marks import GONE, KEEP, Marks, Replacement, texts
from .profiles import DEFAULT, Profile
from .profiles import profile as profile_of
from .sight import Sight, normal
from .subjects import Subject, is_person, mask_people, numbers_of, people_of, undecided

APART = "\ue000"  # between texts: nothing is found across it
REPRESENTING = (
    "法定代表人",
    "法人代表",
    "负责人",
    "经营",
    "投资人",
    "合伙人",
    "董事",
    "经理",
    "厂长",
    "店主",
    "业主",
    "控制人",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of the text that is hidden: where, as what, what the public reads instead, which rule found it and why."""

    start: int
    end: int
    category: str
    replacement: str
    rule: str
    reason: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class _Person:
    """A name to be looked for: as it is written, why, and whether the house knows it or the text announced it."""

    name: str
    category: str
    reason: str
    registered: bool


class _Taken:
    """Which signs of the text are spoken for."""

    def __init__(self, size: int):
        self._signs = bytearray(size)

    def free(self, start: int, end: int) -> bool:
        return not any(self._signs[start:end])

    def take(self, start: int, end: int) -> None:
        self._signs[start:end] = b"\x01" * (end - start)


def detect(
    text: str, subjects: Sequence[Subject] = (), *, profile: Profile | None = None, kept: Iterable[str] = ()
) -> list[Finding]:
    """Everything to be hidden, in order, none inside another; places are those of the text given.

    `kept`: words that stay (the panel, say). Without subjects only what the text itself gives away is found.
    """
    rules = profile or profile_of(DEFAULT)
    sight, taken, found = Sight(text), _Taken(len(text)), list[Finding]()
    people = _people(sight, subjects, {normal(word) for word in kept})
    hidden = [one for one in people if one.category in rules.hides]
    replaced = mask_people([one.name for one in hidden])

    def add(finding: Finding) -> None:
        if finding.category in rules.hides and taken.free(finding.start, finding.end):
            taken.take(finding.start, finding.end)
            found.append(finding)

    for one in _registered_places(text, subjects):
        add(one)
    for number in numbers(sight):
        add(Finding(number.start, number.end, number.category, GONE, number.rule, number.reason))
    registered = [one for one in hidden if one.registered]
    for one in _named(sight, registered, replaced):
        add(one)
    for start, end in _stays(sight, kept):
        taken.take(start, end)
    for address in addresses(sight):
        shown = "" if address.detail > address.start else GONE
        add(Finding(address.detail, address.end, "address", shown, "住址", "住址，保留至区、县"))
    for one in _named(sight, [one for one in hidden if not one.registered], replaced):
        add(one)
    for one in _addressed(sight, hidden, replaced):
        add(one)
    return sorted(found, key=lambda one: one.start)


def masked(text: str, found: Sequence[Finding]) -> str:
    """The text as the public reads it. `found` as `detect` tells it."""
    parts, at = [], 0
    for one in found:
        parts += [text[at : one.start], one.replacement]
        at = one.end
    return "".join([*parts, text[at:]])


# people --------------------------------------------------------------------------------------------------------


def _people(sight: Sight, subjects: Sequence[Subject], kept: set[str]) -> list[_Person]:
    """Who is hidden: the registered in their order, then the announced as they appear."""
    found: dict[str, _Person] = {}
    stays = set(kept)
    for subject in subjects:
        for name, category, reason in people_of(subject):
            found.setdefault(normal(name), _Person(name.strip(), category, reason, True))
        stays |= {normal(subject.agent)} if subject.agent and subject.agent_firm else set()
        stays |= {normal(subject.name)} if subject.name and not is_person(subject) else set()
    text = sight.close.text
    stays |= names.lawyers(text) | {text[a:b] for a, b in names.bench(text)}
    for one in names.announced(text):
        if (
            one.name not in found
            and one.name not in stays
            and not any(one.name in word for word in stays if len(word) > 4)
        ):
            written = _written(sight, one.start, one.end)
            found[one.name] = _Person(written, _category(one.office), f"文中{one.office}", False)
    return list(found.values())


def _category(office: str) -> str:
    if "代理人" in office:
        return "agent"
    return "representative" if office.endswith(REPRESENTING) or office in REPRESENTING else "person"


def _written(sight: Sight, start: int, end: int) -> str:
    """A name as the original has it, without blanks inside."""
    a, b = sight.close.span(start, end)
    words = "".join(sight.original[a:b].split())
    return words if normal(words) == sight.close.text[start:end] else sight.close.text[start:end]


def _named(sight: Sight, people: Sequence[_Person], replaced: dict[str, str]) -> Iterator[Finding]:
    """Every place of these names, but inside longer words."""
    of = {normal(one.name): one for one in people}
    view = sight.close
    for start, end, name in names.occurrences(view.text, of):
        if names.in_a_word(view.text, start, end):
            continue
        one = of[name]
        rule = "登记的当事人" if one.registered else "文中称谓"
        yield Finding(*view.span(start, end), one.category, replaced[one.name], rule, one.reason)


def _addressed(sight: Sight, people: Sequence[_Person], replaced: dict[str, str]) -> Iterator[Finding]:
    """刘先生, 老刘: what remains reads as the person's masked name where only one bears the surname."""
    of: dict[str, list[_Person]] = {}
    for one in people:
        size = names.is_surname(one.name)
        if size and len(one.name) > size:
            of.setdefault(one.name[:size], []).append(one)
    view = sight.close
    for start, end, surname in names.addressed(view.text, list(of)):
        who = of[surname]
        shown = replaced[who[0].name] if len(who) == 1 else f"{surname}某"
        yield Finding(*view.span(start, end), who[0].category, shown, "姓和称谓", who[0].reason)


def _registered_places(text: str, subjects: Sequence[Subject]) -> Iterator[Finding]:
    """The registered addresses, whole or without their district, and the registered numbers."""
    marks = []
    for subject in subjects:
        for address in subject.addresses:
            kept = kept_address(address)
            detail = address.strip()[len(kept) :].strip()
            why = f"{subject.role}住址，保留至区、县"
            marks.append(Replacement(address, kept or GONE, "address", why))
            if kept and len(detail) > 2:
                marks.append(Replacement(detail, GONE, "address", why))
        for secret in numbers_of(subject):
            marks.append(Replacement(secret.value, GONE, secret.category, f"{subject.role}的号码"))
    for start, end, mark in Marks(marks).hits(text):
        yield Finding(start, end, mark.category, mark.replacement, "登记的当事人", mark.reason)


def _stays(sight: Sight, kept: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Places of the panel, of whoever wrote, and of words kept on purpose."""
    view = sight.close
    for start, end in names.bench(view.text):
        yield view.span(start, end)
    for start, end, _mark in Marks([Replacement(word, word, KEEP) for word in kept]).hits(sight.original):
        yield start, end


# marks ---------------------------------------------------------------------------------------------------------


def suggest(
    subjects: Sequence[Subject], value: Any, *, profile: Profile | None = None, kept: Iterable[str] = ()
) -> list[Replacement]:
    """What a reviewer is offered first: a mark for everything `detect` finds in the data's texts, each once.

    A passage that only looks like a name is offered as kept.
    """
    whole = APART.join(texts(value))
    known = {normal(name): name for s in subjects for name, _category, _reason in people_of(s)}
    known |= {normal(a): a for s in subjects for a in s.addresses}
    known |= {normal(n.value): n.value for s in subjects for n in numbers_of(s)}
    marks: dict[str, Replacement] = {}
    for one in detect(whole, subjects, profile=profile, kept=kept):
        written = whole[one.start : one.end]
        key = normal(written)
        if len(key) > 1:
            marks.setdefault(
                key, Replacement(known.get(key, written), one.replacement, one.category, one.reason)
            )
    view = Sight(whole).close
    short = [
        key
        for key, mark in marks.items()
        if len(key) == 2 and mark.category in ("person", "representative", "agent")
    ]
    for start, end, _name in names.occurrences(view.text, short):
        if names.in_a_word(view.text, start, end):
            a, b = view.span(start - 1, end)
            marks.setdefault(
                view.text[start - 1 : end],
                Replacement(whole[a:b], whole[a:b], KEEP, "词语的一部分，不是姓名"),
            )
    return list(marks.values())


def doubts(
    subjects: Sequence[Subject], value: Any, marks: Sequence[Replacement], *, profile: Profile | None = None
) -> list[Finding]:
    """What a person must decide: trade names that may hold the owner's name, and given names standing alone.

    Places are those of the texts joined by APART. What a mark already covers is no doubt.
    """
    rules = profile or profile_of(DEFAULT)
    whole = APART.join(texts(value))
    if "representative" not in rules.hides:
        return []
    asked = {name: "字号可能含经营者姓名，请判断" for name in undecided(subjects, marks)}
    for subject in subjects:
        for name, _category, _reason in people_of(subject):
            given = name[names.is_surname(name) or 1 :]
            if len(given) == 2:
                asked.setdefault(given, "可能是当事人的名字，请判断")
    covered = Marks(marks)
    free = _Taken(len(whole))
    for start, end, _mark in covered.hits(whole) if covered else ():
        free.take(start, end)
    wanted = Marks([Replacement(word, "", "other", why) for word, why in asked.items()])
    return [
        Finding(start, end, "other", masked_name(mark.original), "待判断", mark.reason, certain=False)
        for start, end, mark in wanted.hits(whole)
        if free.free(start, end)
    ]
