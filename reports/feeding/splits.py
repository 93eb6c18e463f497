"""Counts of an indicator by one property of its rows: every row stands in exactly one cell, so cells add up to the figure.

Only counts are split: a rate per station is a ranking of small samples.
"""

from collections.abc import Callable
from typing import Any

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from cases import kinds
from cases.models import Case, Right
from reports.indicators import FactIndicator, Indicator, Reading
from reports.periods import Period

NONE = _("未注明")
_FIRST_RIGHT = Right.objects.filter(case=OuterRef("case")).order_by("pk").values("kind")[:1]
BY: dict[str, tuple[Any, Any]] = {
    "station": (_("工作站"), Coalesce("proceeding__station__name", "case__station__name")),
    "area": (_("区域"), Coalesce("proceeding__station__area__name", "case__station__area__name")),
    "source": (_("案源"), "case__source"),
    "right": (_("权利类型（首项）"), Subquery(_FIRST_RIGHT)),
    "kind": (_("办理方式"), "proceeding__kind"),
}
NESTED = {"station", "area"}  # an area is the sum of its stations: nobody outside reads both


def splittable(indicator: Indicator) -> bool:
    return isinstance(indicator, FactIndicator) and not indicator.base


def cells(indicator: Indicator, by: str, period: Period, reading: Reading) -> dict[str, int]:
    """Words of the cell -> rows counted. One query."""
    if not isinstance(indicator, FactIndicator) or not splittable(indicator):
        return {}
    rows = indicator.listed("numerator", period, reading).order_by()
    column = BY[by][1]
    found = (
        rows.values_list(column).annotate(n=Count("pk"))
        if isinstance(column, str)
        else rows.annotate(cell=column).values_list("cell").annotate(n=Count("pk"))
    )
    said: dict[str, int] = {}
    for value, number in found:
        words = str(_WORDS.get(by, str)(value)) if value else str(NONE)
        said[words] = said.get(words, 0) + number
    return dict(sorted(said.items()))


_WORDS: dict[str, Callable[[str], Any]] = {
    "source": lambda value: dict(Case.Source.choices).get(value, value),
    "right": lambda value: dict(Right.Kind.choices).get(value, value),
    "kind": lambda value: kinds.get(value).label,
}
