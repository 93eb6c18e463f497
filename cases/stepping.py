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

from .errors import DomainError

ANY = "*"
# Given the row, the refusal that stands in the way now (or its sentence), else nothing. It only reads.
Ready = Callable[[Any], DomainError | str | None]


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
    ready: "Ready | None" = None  # why it cannot be done yet, though the state allows it
    undoable: bool = (
        False  # `undo_act` takes it back: its rows can be marked, what it did to the clock is known
    )

    def open_in(self, state: str) -> bool:
        return ANY in self.source or state in self.source

    def obstacle(self, row: Any) -> DomainError | None:
        """What stands in the way on this row as it is; None if nothing does."""
        found = self.ready(row) if self.ready is not None else None
        return DomainError("not_ready", found) if isinstance(found, str) and found else found or None  # type: ignore[return-value]


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
    ready: Ready | None = None,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a method as a step. `targets` lists the states it may return when the end is computed.

    `ready` says what stands in the way on a row whose state is right (no announcement runs, say): page, API and door
    ask it before the form.
    """

    def mark(method: Callable[..., Any]) -> Callable[..., Any]:
        sources = _sources(source)
        end = RETURN_VALUE(*targets) if targets or target == ANY else target
        fsm_source = ANY if ANY in sources else list(sources)
        wrapped = transition(field="state", source=fsm_source, target=end)(method)
        wrapped._step = Meta(method.__name__, "step", label, sources, target, daily, grave, "", ready=ready)
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
    ready: Ready | None = None,
    undoable: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Mark a method as an act: on the record, without a change of state. `ready` as with a step.

    `undoable`: `undo_act` may take it back. Only where every row it saves can be marked (`act_undone` of the kind does
    it) and no deadline is extended in place.
    """

    def mark(method: Callable[..., Any]) -> Callable[..., Any]:
        meta = Meta(
            method.__name__,
            "act",
            label,
            _sources(open_in),
            None,
            daily,
            grave,
            revises,
            rare,
            ready,
            undoable,
        )
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
