"""What every kind of matter says of itself in its list. What its page shows more is registered with `cases.panels`."""

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

PAGE = "matter"  # the route of the page that shows any matter


class Matter:
    """Mixin of a proceeding that is a matter."""

    listed: ClassVar[dict[str, Any]] = {}  # column -> heading of the list, after what every matter shows
    named: ClassVar[str] = "title"  # the column that names it
    related: ClassVar[tuple[str, ...]] = ()  # what a page of the list fetches along

    def matter_title(self: Any) -> str:
        """What it is called in a list, a heading, a message."""
        return str(getattr(self, self.named) or self)

    def cells(self: Any) -> dict[str, Any]:
        """One line of the list: value by column of `listed`; text, number or day."""
        found = {}
        for name in self.listed:
            shown = getattr(self, f"get_{name}_display", None)
            value = shown() if shown is not None else getattr(self, name)
            found[name] = value if isinstance(value, date | int | Decimal | None) else str(value)
        return found
