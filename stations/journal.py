"""Where this room says what has to stand in the access log: sign-ins, grants, stand-ins.

The log itself belongs to the case room, which hands in its writer; nothing is written here.
"""

from collections.abc import Callable
from typing import Any

Writer = Callable[[Any, str, str, str, str, str], None]
_writers: list[Writer] = []


def keep(writer: Writer) -> Writer:
    """Register the writer of the access log: (user or None, act, subject, outcome, address, reason)."""
    _writers[:] = [writer]
    return writer


def write(user: Any, act: str, subject: str, outcome: str, *, address: str = "", reason: str = "") -> None:
    """Say that something happened. Never inside a transaction that may still fail."""
    for writer in _writers:
        writer(user, act, subject, outcome, address, reason)
