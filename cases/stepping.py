"""The marks on a method that make it a step (changes the state) or an act (does not).

A step is a django-fsm transition on `state`. Only the door (`cases.steps`) calls either.
"""

import inspect
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django_fsm import RETURN_VALUE, transition

ANY = "*"


@dataclass(frozen=True)
class Meta:
    """What is known of a step or act without running it."""

    name: str
    kind: str  # "step" or "act"
    label: Any
    source: tuple[str, ...]
    target: str | None
    daily: bool  # shown among the next steps; repairs and history are not
    grave: bool  # ends or destroys something: the page asks twice
    revises: str  # attribute of `data` naming a row whose revision the caller must send ("" = none)
    rare: bool = False  # seldom needed: the page folds it away

    def open_in(self, state: str) -> bool:
        return ANY in self.source or state in self.source


def _sources(source: str | Iterable[str]) -> tuple[str, ...]:
    return (source,) if isinstance(source, str) else tuple(source)


def step(
    *,
    source: str | Iterable[str],
    target: str | None,
    label: object,
    targets: Iterable[str] = (),
    daily: bool = True,
    grave: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a method as a step. `targets` lists the states it may return when the end is computed."""

    def mark(method: Callable[..., Any]) -> Callable[..., Any]:
        sources = _sources(source)
        end = RETURN_VALUE(*targets) if targets or target == ANY else target
        fsm_source = ANY if ANY in sources else list(sources)
        wrapped = transition(field="state", source=fsm_source, target=end)(method)
        wrapped._step = Meta(method.__name__, "step", label, sources, target, daily, grave, "")
        wrapped._targets = tuple(targets)
        return wrapped

    return mark


def act(
    *,
    label: object,
    open_in: str | Iterable[str] = ANY,
    daily: bool = True,
    grave: bool = False,
    revises: str = "",
    rare: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a method as an act: on the record, without a change of state."""

    def mark(method: Callable[..., Any]) -> Callable[..., Any]:
        meta = Meta(method.__name__, "act", label, _sources(open_in), None, daily, grave, revises, rare)
        method._step = meta  # type: ignore[attr-defined]
        return method

    return mark


@cache
def steps_of(model: type[models.Model]) -> dict[str, Meta]:
    """All steps and acts of a model, by name, in the order of their definition (base class first)."""
    found: dict[str, Meta] = {}
    for base in reversed(model.__mro__):
        for name, method in vars(base).items():
            meta = getattr(method, "_step", None)
            if inspect.isfunction(method) and meta is not None:
                found[name] = meta
    return found
