"""The registry of kinds of proceeding. A higher room registers its kinds; the lower room asks here.

No kind is named in this module.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Kind:
    """One kind of proceeding and what the house must know of it."""

    slug: str
    model: Any  # the model of this kind, a Proceeding
    label: Any
    states: Mapping[str, Any]
    way: tuple[str, ...]
    ends: frozenset[str]
    accepting: str = ""  # the step that accepts or files and gives the number
    history: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    confidential: bool = False  # closed to whoever judges in the same case
    judging: bool = False  # its participants are shut out of confidential proceedings
    opens_from_case: bool = False  # may be chosen at registration or opened by `open_proceeding`
    outcomes: Mapping[str, Any] = field(default_factory=dict)
    outcomes_of: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  # end state -> what it may end with
    body: str = ""  # kind of the body that handles it
    page: str = ""  # route of a page of its own: whoever sees only this of a case does not see the case

    def outcomes_in(self, state: str) -> dict[str, Any]:
        """The outcomes, with their names, that fit a state; history without a state fits any."""
        allowed = tuple(self.outcomes) if state == "recorded" else self.outcomes_of.get(state, ())
        return {code: self.outcomes[code] for code in allowed}


_kinds: dict[str, Kind] = {}


def kind(slug: str, **facts: Any) -> Callable[[type], type]:
    """Class decorator: register a model as a kind of proceeding."""

    def mark(model: type) -> type:
        if slug in _kinds and _kinds[slug].model.__qualname__ != model.__qualname__:
            raise ValueError(f"two kinds named {slug}")
        facts["ends"] = frozenset(facts.get("ends", ())) | {"void", "recorded"}
        _kinds[slug] = Kind(slug=slug, model=model, **facts)
        model.KIND = slug  # type: ignore[attr-defined]
        return model

    return mark


def get(slug: str) -> Kind:
    return _kinds[slug]


def all_kinds() -> dict[str, Kind]:
    return dict(_kinds)


def confidential() -> list[str]:
    return [k.slug for k in _kinds.values() if k.confidential]


def apart() -> list[str]:
    """Kinds with a page of their own: nobody else of the case learns of them, and they do not open the case."""
    return [k.slug for k in _kinds.values() if k.page]


def judging() -> list[str]:
    return [k.slug for k in _kinds.values() if k.judging]
