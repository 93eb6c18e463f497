"""What is known of the people behind a text, and what no public form may show of them."""

import itertools
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from cases.names import masked_name, reads_like_organisation

from .addresses import kept_address
from .identifiers import is_identity_number
from .marks import Replacement
from .profiles import DEFAULT, Profile, profile

ORDINALS = "甲乙丙丁戊己庚辛壬癸"


@dataclass(frozen=True, slots=True)
class Subject:
    """What is known of one party: only what a text may mention."""

    role: str
    kind: str  # person, legal_person, unincorporated, sole_trader; "": nobody said
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


GROUP = {"person": "party", "representative": "representative", "agent": "agent"}  # of a profile, by category


def people_of(subject: Subject) -> list[tuple[str, str, str]]:
    """(name, category, reason) of the natural persons of a party; lawyers keep their names and are not among them."""
    found = []
    if subject.name and is_person(subject):
        found.append((subject.name, "person", f"{subject.role}（自然人）"))
        found += [(alias, "person", f"{subject.role}（曾用名）") for alias in subject.aliases]
    if subject.representative:
        post = "经营者" if subject.kind == "sole_trader" else "法定代表人或者负责人"
        found.append((subject.representative, "representative", f"{subject.role}{post}"))
    if subject.agent and not subject.agent_firm:
        found.append((subject.agent, "agent", f"{subject.role}的公民代理人"))
    return [one for one in found if len(one[0].strip()) > 1]


def is_person(subject: Subject) -> bool:
    """Is the party a natural person? Where nobody said, by how the name reads."""
    return subject.kind == "person" or (not subject.kind and not reads_like_organisation(subject.name))


def mask_people(
    names: Iterable[str], mask: Callable[[str], str] = masked_name, *, taken: str = ""
) -> dict[str, str]:
    """name -> what the public reads; stable inside one text, alike names told apart in the order given.

    `taken`: a text that may call others 刘某 already.
    """
    groups: dict[str, list[str]] = {}
    for name in names:
        group = groups.setdefault(mask(name), [])
        if name not in group:
            group.append(name)
    found = {}
    for hidden, group in groups.items():
        free = (mark for n in itertools.count() if f"{hidden}{(mark := _ordinal(n))}" not in taken)
        alone = len(group) == 1 and hidden not in taken
        found |= {name: hidden if alone else f"{hidden}{next(free)}" for name in group}
    return found


def _ordinal(place: int) -> str:
    return ORDINALS[place] if place < len(ORDINALS) else str(place + 1)


def numbers_of(subject: Subject) -> list[Secret]:
    """Identity number of a person (a company's code is public) and telephone."""
    found = []
    if subject.id_number and (is_person(subject) or is_identity_number(subject.id_number)):
        found.append(Secret("id_number", subject.id_number))
    if len(re.sub(r"\D", "", subject.phone)) >= 7 or "@" in subject.phone:
        found.append(Secret("phone", subject.phone))
    return found


def hidden_addresses(subject: Subject, rules: Profile) -> tuple[str, ...]:
    """Addresses of a party that are cut at their district: where people live, not where a company sits."""
    kind = subject.kind or ("person" if is_person(subject) else "legal_person")
    return subject.addresses if "address" in rules.hides and kind in rules.addresses else ()


def secrets(subjects: Sequence[Subject], rules: Profile | None = None) -> list[Secret]:
    """All that no public form may show of these parties: people's names, numbers, addresses below the district.

    By the profile `rules`, else by the default one, the strictest.
    """
    rules = rules or profile(DEFAULT)
    found: list[Secret] = []
    for subject in subjects:
        for name, category, _reason in people_of(subject):
            if GROUP[category] in rules.names:
                found.append(Secret(category, name))
        found += [one for one in numbers_of(subject) if one.category in rules.hides]
        for address in hidden_addresses(subject, rules):
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
