"""What a reviewer is offered: marks for everything `detect` finds in a ruling's texts, and what only a person can decide."""

from collections.abc import Iterable, Sequence
from typing import Any

from cases.names import masked_name

from . import announcing, names
from .detecting import REGISTERED, Finding, read
from .keeping import kept_spans
from .marks import APART, KEEP, Marks, Replacement, texts
from .profiles import DEFAULT, Profile
from .profiles import profile as profile_of
from .sight import Sight, normal
from .subjects import Subject, hidden_addresses, numbers_of, people_of, undecided


def suggest(
    subjects: Sequence[Subject], value: Any, *, profile: Profile | None = None, kept: Iterable[str] = ()
) -> list[Replacement]:
    """What a reviewer is offered first: a mark for everything certain that `detect` finds in the data's texts, each
    once. A passage that only looks like a name is offered as kept; what is not certain is a doubt, below.
    """
    rules, whole = profile or profile_of(DEFAULT), APART.join(texts(value))
    known = {normal(name): name for s in subjects for name, _category, _reason in people_of(s)}
    known |= {normal(a): a for s in subjects for a in hidden_addresses(s, rules)}
    known |= {normal(n.value): n.value for s in subjects for n in numbers_of(s)}
    reading = read(whole, subjects, profile=rules, kept=kept)
    marks: dict[str, Replacement] = {}
    for one in reading.found:
        written = whole[one.start : one.end]
        key = normal(written)
        if (one.certain or one.rule == REGISTERED) and len(key) > 1:
            marks.setdefault(
                key, Replacement(known.get(key, written), one.replacement, one.category, one.reason)
            )
    for start, end in reading.shielded:
        words = whole[start:end]
        why = "词语的一部分，不是姓名" if end - start < 5 else "单位名称"
        marks.setdefault(normal(words), Replacement(words, words, KEEP, why))
    return list(marks.values())


def doubts(
    subjects: Sequence[Subject],
    value: Any,
    marks: Sequence[Replacement],
    *,
    profile: Profile | None = None,
    kept: Iterable[str] = (),
) -> list[Finding]:
    """What a person must decide: trade names that may hold the owner's name, weak finds, given names standing alone.

    Places are those of the texts joined by APART. What a mark already covers is no doubt.
    """
    rules, whole = profile or profile_of(DEFAULT), APART.join(texts(value))
    asked: dict[str, Replacement] = {}

    def ask(words: str, replacement: str, category: str, why: str) -> None:
        asked.setdefault(normal(words), Replacement(words, replacement, category, why))

    if "representative" in rules.names:
        for name in undecided(subjects, marks):
            ask(name, masked_name(name), "other", "字号可能含经营者姓名，请判断")
    if "party" in rules.names:
        for subject in subjects:
            for name, _category, _reason in people_of(subject):
                given = name[names.surname_size(name) or 1 :]
                if len(given) == 2 and len(name) < 5:
                    ask(given, masked_name(given), "other", "可能是当事人的名字，请判断")
    for one in read(whole, subjects, profile=rules, kept=kept).found:
        if not one.certain and one.rule != REGISTERED:
            ask(whole[one.start : one.end], one.replacement, one.category, f"可能是{one.reason}，请判断")
    covered = bytearray(len(whole))
    for start, end, _mark in Marks(marks).hits(whole):
        covered[start:end] = b"\x01" * (end - start)
    return [
        Finding(start, end, mark.category, mark.replacement, "待判断", mark.reason, certain=False)
        for start, end, mark in Marks(list(asked.values())).hits(whole)
        if not any(covered[start:end])
    ]


def kept_words(value: Any) -> list[Replacement]:
    """What must stay, each once, as marks of category `keep` with the reason: numbers of cases and rights, codes of
    companies, amounts; who decided; lawyers.
    """
    found: dict[str, Replacement] = {}
    for text in texts(value):
        sight = Sight(text)
        places = [
            (*sight.light.span(a, b), "案号、权利号、代码、金额等公开信息") for a, b in kept_spans(sight)
        ]
        view = sight.close
        places += [(*view.span(a, b), "合议组、书记员等公务人员") for a, b in announcing.bench(view)]
        people = announcing.announced(sight)
        places += [(*view.span(p.start, p.end), "律师、专利代理师") for p in announcing.lawyers(view, people)]
        for start, end, why in places:
            words = text[start:end].strip()
            found.setdefault(normal(words), Replacement(words, words, KEEP, why))
    return list(found.values())
