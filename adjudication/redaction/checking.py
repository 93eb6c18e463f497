"""The search for what was missed: secrets that still stand in a public form, and what must stand there and does not."""

import re
from collections.abc import Mapping, Sequence

from .identifiers import numbers
from .marks import KEEP, NUMBERS, Replacement
from .sight import Sight, normal
from .subjects import Secret

NOT_ALONE = frozenset({"出生日期", "服务电话"})  # finds that are no person's by themselves
_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")  # its digits are nobody's number


def identifiers(text: str) -> list[Secret]:
    """Numbers of persons, telephones and mail addresses standing in a text, as written there."""
    found: dict[str, Secret] = {}
    text = _DIGEST.sub(lambda whole: "￼" * len(whole[0]), text)
    for one in numbers(Sight(text)):
        if one.rule not in NOT_ALONE:
            written = text[one.start : one.end]
            found.setdefault(written, Secret(one.category, written))
    return list(found.values())


def leaks(
    forms: Mapping[str, str], hidden: Sequence[Secret], marks: Sequence[Replacement] = ()
) -> list[tuple[str, str]]:
    """(public form, category) of everything that must not be there: the case's own secrets, what was marked away,
    and any identifier. A passage kept by a mark does not count.
    """
    kept = [m.original for m in marks if m.category == KEEP]
    stays = {normal(word) for word in kept}
    wanted = [s for s in hidden if normal(s.value) not in stays]
    wanted += [
        Secret(m.category, m.original)
        for m in marks
        if m.category not in (KEEP, "address") and normal(m.original) not in normal(m.replacement)
    ]
    found: list[tuple[str, str]] = []
    for form, text in forms.items():
        sight = Sight(text)
        seen = {False: sight.close.text, True: sight.digits.text}
        for phrase in sorted(kept, key=len, reverse=True):
            seen = {
                digits: whole.replace(normal(phrase, digits=digits), "￼") for digits, whole in seen.items()
            }
        for secret in wanted:
            digits = secret.category in NUMBERS
            needle = normal(secret.value, digits=digits)
            if needle and needle in seen[digits]:
                found.append((form, secret.category))
        found += [(form, one.category) for one in identifiers(text) if normal(one.value) not in stays]
    return list(dict.fromkeys(found))


def absent(forms: Mapping[str, str], demanded: Mapping[str, str]) -> list[tuple[str, str]]:
    """(public form, name) of what must be there and is not: case number, panel, outcome, patent number."""
    seen = {form: normal(text) for form, text in forms.items()}
    return [
        (form, name)
        for form, text in seen.items()
        for name, value in demanded.items()
        if normal(value) not in text
    ]
