"""What is wrong with a sheet as a whole, or with one of its rows."""

from dataclasses import dataclass
from typing import Any

from cases.errors import Invalid


class SheetRefused(Invalid):
    """The file or the mapping cannot be used at all; nothing was read or written. `code` is stable."""


@dataclass(frozen=True)
class Problem:
    """One reason why a row did not go in, or (as a warning) what to look at although it did.

    `code` is stable; `reason` says in Chinese what to do; `value` never shows an identity number.
    """

    line: int
    column: str
    value: str
    code: str
    reason: str

    def as_dict(self) -> dict[str, Any]:
        """The object of the command's JSON."""
        return {
            "line": self.line, "column": self.column, "value": self.value[:200], "reason": self.code,
            "detail": self.reason,
        }  # fmt: skip
