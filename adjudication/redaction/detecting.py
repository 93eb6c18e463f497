"""Everything in a text that the public must not read, layer by layer: registered people, numbers, addresses, announced names.

What must stay beats a weak find, never a registered person or a number. Marks for a ruling stand in offering.py.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from . import announcing, names, telling
from .addresses import addresses, kept_address
from .identifiers import numbers
from .marks import APART as APART
from .marks import GONE, KEEP, Marks, Replacement
from .profiles import DEFAULT, Profile
from .profiles import profile as profile_of
from .sight import Sight, View, normal
from .subjects import GROUP, Subject, hidden_addresses, is_person, mask_people, numbers_of, people_of

REGISTERED, NAMED, TITLED, DWELLING = "登记的当事人", "文中称谓", "姓和称谓", "住址"
CATEGORY = {"representative": "representative", "agent": "agent"}  # of a group of offices; else "person"


@dataclass(frozen=True, slots=True)
class Finding:
    """A piece of the text that is hidden: where, as what, what the public reads instead, which rule found it and why.

    `certain` False: probably right and worth a look; a machine check refuses only what is certain.
    """

    start: int
    end: int
    category: str
    replacement: str
    rule: str
    reason: str
    certain: bool = True


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody whose name is looked for everywhere. `same_as`: the first name of the same person."""

    name: str
    category: str
    reason: str
    registered: bool
    certain: bool = True
    same_as: str = ""


class _Taken:
    """Which signs of the text are spoken for."""

    def __init__(self, size: int):
        self._signs = bytearray(size)

    def free(self, start: int, end: int) -> bool:
        return not any(self._signs[start:end])

    def take(self, start: int, end: int) -> None:
        self._signs[start:end] = b"\x01" * (end - start)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one pass over a text found: what is hidden, and the passages that look like a name and stay."""

    found: list[Finding]
    shielded: list[tuple[int, int]]


def detect(
    text: str, subjects: Sequence[Subject] = (), *, profile: Profile | None = None, kept: Iterable[str] = ()
) -> list[Finding]:
    """Everything to be hidden, in order, none inside another; places are those of the text given.

    `kept`: words that stay (the panel, say). Without subjects only what the text itself gives away is found.
    """
    return read(text, subjects, profile=profile, kept=kept).found


def masked(text: str, found: Sequence[Finding]) -> str:
    """The text as the public reads it. `found` as `detect` tells it."""
    parts, at = [], 0
    for one in found:
        parts += [text[at : one.start], one.replacement]
        at = one.end
    return "".join([*parts, text[at:]])


def read(
    text: str, subjects: Sequence[Subject] = (), *, profile: Profile | None = None, kept: Iterable[str] = ()
) -> Reading:
    """`detect`, and what it left standing on purpose."""
    rules = profile or profile_of(DEFAULT)
    sight, taken, found = Sight(text), _Taken(len(text)), list[Finding]()
    kept = list(kept)

    def add(finding: Finding) -> None:
        if taken.free(finding.start, finding.end):
            taken.take(finding.start, finding.end)
            found.append(finding)

    for one in _registered_places(text, subjects, rules):
        add(one)
    for number in numbers(sight):
        if number.category in rules.hides:
            add(Finding(number.start, number.end, number.category, GONE, number.rule, number.reason))
    spoken = announcing.announced(sight)
    people, stays = _people(sight, spoken, subjects, rules, kept)
    replaced = _replacements(people, sight)
    shields = _shields(sight, subjects, [one for one in people if one.registered])
    registered = list(_named(sight, [one for one in people if one.registered], replaced, shields))
    for one in registered:
        add(one)
    for start, end in [*stays, *_kept_places(sight, kept)]:
        taken.take(start, end)
    if "address" in rules.hides:
        for one in _addresses(sight, rules):
            add(one)
    for one in _named(sight, [one for one in people if not one.registered], replaced, shields):
        add(one)
    for one in _titled(sight, people, replaced):
        add(one)
    return Reading(sorted(found, key=lambda one: one.start), shields.used)


# people --------------------------------------------------------------------------------------------------------


def _people(
    sight: Sight,
    spoken: list[announcing.Announced],
    subjects: Sequence[Subject],
    rules: Profile,
    kept: Iterable[str],
) -> tuple[list[Person], list[tuple[int, int]]]:
    """Who is hidden, the registered in their order, then the announced as they appear; and places of names that stay."""
    found: dict[str, Person] = {}
    public = {normal(word) for word in kept}
    for subject in subjects:
        main = normal(subject.name)
        for name, category, reason in people_of(subject):
            if GROUP[category] in rules.names:
                alias = main if normal(name) in map(normal, subject.aliases) else ""
                found.setdefault(normal(name), Person(name.strip(), category, reason, True, same_as=alias))
        public |= {normal(subject.agent)} if subject.agent and subject.agent_firm else set()
        public |= {normal(subject.name)} if subject.name and not is_person(subject) else set()
    view = sight.close
    counsel = announcing.lawyers(view, spoken)
    seats = announcing.bench(view)
    stays = [(one.start, one.end) for one in counsel] + seats
    public |= {one.name for one in counsel}
    groups, sure = _groups(spoken), {one.name for one in spoken if one.sure}
    for one in spoken:
        held_back = one.name in public and (
            one.group == "agent" or len(one.name) > 4 or one.name in map(normal, kept)
        )
        if (
            one.name in found
            or held_back
            or (one.start, one.end) in stays
            or groups[one.name] not in rules.names
        ):
            continue
        alone = one.group in ("agent", "other") and any(view.text[a:b] == one.name for a, b in seats)
        if alone and (not one.sure or one.office == telling.CONTEXT):
            continue
        category = CATEGORY.get(one.group, "person")
        written = _written(sight, one.start, one.end)
        found[one.name] = Person(
            written, category, f"文中{one.office}", False, one.name in sure, one.alias_of
        )
    for name in _fragments(view, [name for name, one in found.items() if not one.registered]):
        del found[name]
    return list(found.values()), [view.span(a, b) for a, b in stays]


def _fragments(view: View, found: Sequence[str]) -> list[str]:
    """Names that are only the beginning of another one and never stand alone: 徐晓 of 徐晓为."""
    known = set(found)
    pairs = [(long[:cut], long) for long in found for cut in range(2, len(long)) if long[:cut] in known]
    return list(dict.fromkeys(short for short, long in pairs if view.count(short) == view.count(long)))


def _groups(spoken: list[announcing.Announced]) -> dict[str, str]:
    """name -> its group; a party who has a 法定代理人 is a ward, whose name stays hidden in every profile."""
    groups: dict[str, str] = {}
    last = ""
    for one in spoken:
        guardian = one.office in ("法定代理人", "监护人", "指定代理人")
        groups.setdefault(one.name, "guardian" if guardian else one.group)
        if guardian and last:
            groups[last] = "ward"
        if one.group == "party" and not one.alias_of:
            last = one.name
    return groups


def _written(sight: Sight, start: int, end: int) -> str:
    """A name as the original has it, without blanks and signs nobody sees."""
    a, b = sight.close.span(start, end)
    words = "".join(sight.original[a:b].split())
    clean = words if len(words) == end - start else sight.close.text[start:end]
    return sight.original[a:b] if clean.isascii() else clean


def _replacements(people: Sequence[Person], sight: Sight) -> dict[str, str]:
    """close name -> what the public reads. Two who would read alike are told apart by 甲乙, in order of appearance; so is
    one from somebody whom the text already calls 刘某.
    """
    text = sight.close.text
    first = {one.name: text.find(normal(one.name)) for one in people if not one.same_as}
    ordered = sorted(first, key=lambda name: (first[name] < 0, first[name]))
    shown = mask_people(ordered, taken=text)
    by_close = {normal(name): hidden for name, hidden in shown.items()}
    for one in people:
        if one.same_as:
            hidden = by_close.get(one.same_as) or mask_people([one.name])[one.name]
            by_close[normal(one.name)] = hidden
    return by_close


class _Shields:
    """Passages of the close view inside which a person's name is none: names of companies."""

    def __init__(self, spans: list[tuple[int, int]]):
        self._covered = spans
        self.used: list[tuple[int, int]] = []

    def around(self, start: int, end: int) -> tuple[int, int] | None:
        """The passage that holds all of this piece."""
        place = bisect_right(self._covered, (start, len(self._covered) and self._covered[-1][1] + 1)) - 1
        if place < 0 or self._covered[place][1] < end:
            return None
        return self._covered[place]


def _shields(sight: Sight, subjects: Sequence[Subject], registered: Sequence[Person]) -> _Shields:
    """Where names of companies stand. A shop's name is no shield: it may carry its owner's, a person decides."""
    text = sight.close.text
    known = {normal(s.name) for s in subjects if s.kind in ("legal_person", "unincorporated")}
    known |= {normal(s.name) for s in subjects if not s.kind and not is_person(s)}
    known |= announcing.organisations(sight.close)
    people = {normal(one.name) for one in registered}
    firm = [one for one in known if one not in people and not announcing.TRADE_END.search(one)]
    return _Shields([(a, b) for a, b, _name in names.occurrences(text, firm)])


def _named(
    sight: Sight, people: Sequence[Person], replaced: dict[str, str], shields: _Shields
) -> Iterator[Finding]:
    """Every place of these names, but inside longer words and names of companies."""
    of = {normal(one.name): one for one in people}
    view = sight.close
    for start, end, name in names.occurrences(view.text, of):
        if shield := shields.around(start, end):
            shields.used.append(view.span(*shield))
            continue
        common = not of[name].registered and names.a_word(view, start, end)
        if common or names.in_a_word(view, start, end):
            shields.used.append(view.span(max(start - 1, 0), min(end + 1, len(view.text))))
            continue
        one = of[name]
        rule = REGISTERED if one.registered else NAMED
        in_shop = re.match(rf"[{names.HAN}]{{0,6}}(?:{announcing.ORG_END})", view.text[end : end + 12])
        certain = one.certain and not in_shop
        yield Finding(*view.span(start, end), one.category, replaced[name], rule, one.reason, certain)


def _titled(sight: Sight, people: Sequence[Person], replaced: dict[str, str]) -> Iterator[Finding]:
    """刘先生, 老刘: what remains reads as the person's masked name where only one bears the surname."""
    of: dict[str, list[Person]] = {}
    for one in people:
        size = names.surname_size(one.name)
        if size and len(one.name) > size and not one.same_as:
            of.setdefault(one.name[:size], []).append(one)
    view = sight.close
    for start, end, surname in names.addressed(view, list(of)):
        who = of[surname]
        shown = replaced[normal(who[0].name)] if len(who) == 1 else f"{surname}某"
        yield Finding(
            *view.span(start, end), who[0].category, shown, TITLED, who[0].reason, who[0].registered
        )


# places --------------------------------------------------------------------------------------------------------


def _registered_places(text: str, subjects: Sequence[Subject], rules: Profile) -> Iterator[Finding]:
    """The registered addresses, whole or without their district, and the registered numbers."""
    marks = []
    for subject in subjects:
        for address in hidden_addresses(subject, rules):
            kept = kept_address(address)
            detail = address.strip()[len(kept) :].strip()
            why = f"{subject.role}住址，保留至区、县"
            if normal(detail):
                marks.append(Replacement(address, kept or GONE, "address", why))
            if kept and len(detail) > 2:
                marks.append(Replacement(detail, GONE, "address", why))
        for secret in numbers_of(subject):
            if secret.category in rules.hides:
                marks.append(Replacement(secret.value, GONE, secret.category, f"{subject.role}的号码"))
    for start, end, mark in Marks(marks).hits(text):
        yield Finding(start, end, mark.category, mark.replacement, REGISTERED, mark.reason)


def _addresses(sight: Sight, rules: Profile) -> Iterator[Finding]:
    for address in addresses(sight):
        if address.owner in rules.addresses:
            shown = "" if address.detail > address.start else GONE
            yield Finding(
                address.detail,
                address.end,
                "address",
                shown,
                DWELLING,
                "住址，保留至区、县",
                address.anchored,
            )


def _kept_places(sight: Sight, kept: Iterable[str]) -> Iterator[tuple[int, int]]:
    """Places of words kept on purpose."""
    for start, end, _mark in Marks([Replacement(word, word, KEEP) for word in kept]).hits(sight.original):
        yield start, end
