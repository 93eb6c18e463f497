"""Common words of Chinese, to tell where a name may not begin or end: 主张|三项, 应当|承担. Data: words.txt."""

from functools import cache
from pathlib import Path


@cache
def _words() -> dict[str, frozenset[str]]:
    """first sign -> the signs that make a common word of two with it."""
    lines = Path(__file__).with_name("words.txt").read_text("utf-8").splitlines()
    return {line[0]: frozenset(line[1:]) for line in lines if not line.startswith("#")}


_NONE: frozenset[str] = frozenset()


def is_word(pair: str) -> bool:
    """Are these two signs a common word?"""
    return len(pair) == 2 and pair[1] in _words().get(pair[0], _NONE)
