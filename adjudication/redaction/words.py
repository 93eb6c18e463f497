"""Common words of Chinese, to tell where a name may not begin or end: 主张|三项, 应当|承担. Data: words.txt, by field."""

from functools import cache
from pathlib import Path


@cache
def _words() -> frozenset[str]:
    lines = Path(__file__).with_name("words.txt").read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def is_word(pair: str) -> bool:
    """Are these two signs a common word?"""
    return pair in _words()
