"""Search of public rulings: the same answers on both databases, from published text only.

words.py: normal form and tokens. asking.py: what a reader asks. finding.py: what is found. keeping.py: the rows, their
effect and check. index.py: the two databases. What the page looks like stands in list_views.py.
"""

from .asking import FACETS, FIELDS, Question, read
from .finding import Found, find
from .keeping import index_ruling, keep, parts_of, rebuild
from .words import LONGEST, normal, passages

__all__ = [
    "FACETS", "FIELDS", "LONGEST", "Found", "Question", "find", "index_ruling", "keep", "normal", "parts_of",
    "passages", "read", "rebuild",
]  # fmt: skip
