"""Where this room says that reference data changed: figures read stations and appointments beside the facts.

Who has to know registers here; the case room raises a stamp. Nothing is written here.
"""

from collections.abc import Callable

_heeded: list[Callable[[], None]] = []


def heed(tell: Callable[[], None]) -> Callable[[], None]:
    """Register what is called, inside the transaction of the change, whenever reference data changed."""
    _heeded.append(tell)
    return tell


def say() -> None:
    """Say that reference data changed; call it last in the transaction that changed it."""
    for tell in _heeded:
        tell()
