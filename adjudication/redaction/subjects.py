"""What is known of the people behind a text, and what no public form may show of them."""

import re
from collections.abc import Callable, Container, Iterable, Sequence
from dataclasses import dataclass

from cases.names import masked_name, reads_like_organisation

from .addresses import kept_address
from .identifiers import is_identity_number
from .marks import CATEGORIES, Replacement

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


def people_of(subject: Subject) -> list[tuple[str, str, str]]:
    """(name, category, reason) of the natural persons of a party whose names are hidden; lawyers keep theirs."""
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


def mask_people(names: Iterable[str], mask: Callable[[str], str] = masked_name) -> dict[str, str]:
    """name -> what the public reads; stable inside one text, alike names told apart in the order given."""
    groups: dict[str, list[str]] = {}
    for name in names:
        group = groups.setdefault(mask(name), [])
        if name not in group:
            group.append(name)
    return {
        name: hidden if len(group) == 1 else f"{hidden}{_ordinal(n)}"
        for hidden, group in groups.items()
        for n, name in enumerate(group)
    }


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


def secrets(subjects: Sequence[Subject], hides: Container[str] = CATEGORIES) -> list[Secret]:
    """All that no public form may show of these parties: people's names, numbers, addresses below the district.

    `hides`: categories the profile takes out; by default every one.
    """
    found: list[Secret] = []
    for subject in subjects:
        found += [Secret(category, name) for name, category, _reason in people_of(subject)]
        found += numbers_of(subject)
        for address in subject.addresses:
            detail = address.strip()[len(kept_address(address)) :].strip()
            if len(detail) > 2:
                found.append(Secret("address", detail))
    return [one for one in dict.fromkeys(found) if one.category in hides]


def undecided(subjects: Sequence[Subject], marks: Sequence[Replacement]) -> list[str]:
    """Names of sole traders that may contain the owner's name and that nobody has decided about."""
    return [
        s.name for s in subjects
        if s.kind == "sole_trader" and not any(m.original and m.original in s.name for m in marks)
    ]  # fmt: skip
