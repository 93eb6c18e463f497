"""口径卡: everything that makes a figure, on one page: formula and its history, parts, exclusions, sources, target.

Words and numbers come from the indicator and its figure alone, so the card cannot say other than the code counts.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from reports import status
from reports.indicators import REGISTRY, FactIndicator, Figure, Indicator, Reading, StockIndicator
from reports.indicators.base import SOURCES
from reports.models import Delivery
from reports.periods import Period


@dataclass(frozen=True)
class Part:
    """One bucket of the figure; `set` opens its list, empty where there is none."""

    name: str
    label: str
    number: int
    set: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "label": self.label, "number": self.number}


@dataclass(frozen=True)
class Card:
    """What a definition card says of one figure."""

    indicator: Indicator
    figure: Figure
    numerator: list[Part]
    denominator: list[Part]
    excluded: list[Part]
    papers: list[Delivery]

    def as_dict(self) -> dict[str, Any]:
        """The figure's contract of interfaces.md, and what stands beside it on the card."""
        target = self.figure.target_row
        return self.figure.as_dict() | {
            "period": self.figure.period.text, "as_of": self.figure.as_of, "basis": str(self.indicator.basis),
            "versions": [
                {"number": v.number, "valid_from": v.valid_from, "text": str(v.text), "why": str(v.why)}
                for v in self.indicator.versions
            ],
            "numerator_parts": [part.as_dict() for part in self.numerator],
            "denominator_parts": [part.as_dict() for part in self.denominator],
            "excluded_parts": [part.as_dict() for part in self.excluded],
            "low_is": str(self.indicator.low_is), "high_is": str(self.indicator.high_is),
            "target_document": target.document if target else None, "target_is_reference": self.figure.is_reference,
            "papers": [paper_text(paper) for paper in self.papers],
        }  # fmt: skip


def compose(code: str, period: Period, as_of: date) -> Card:
    """The card of an indicator for a period as known on a day. KeyError: there is no such indicator."""
    indicator, reading = REGISTRY[code], Reading(as_of)
    figure = indicator.figures([period], reading)[0]
    return Card(
        indicator, figure, _numerator(indicator, figure), _of(indicator, figure, getattr(indicator, "base", ())),
        [_part(indicator, name, number) for name, number in figure.excluded.items()],
        indicator.papers_of(period, reading),
    )  # fmt: skip


def _numerator(indicator: Indicator, figure: Figure) -> list[Part]:
    if isinstance(indicator, FactIndicator):
        return _of(indicator, figure, indicator.counts)
    if isinstance(indicator, StockIndicator) and figure.numerator is not None:
        return [
            Part(name, _("清单"), number, name)
            for name in indicator.sets
            if (number := _listed(figure, name)) is not None
        ]
    return []


def _listed(figure: Figure, name: str) -> int | None:
    return figure.numerator if name == "numerator" else figure.parts.get(name)


def _of(indicator: Indicator, figure: Figure, names: tuple[str, ...]) -> list[Part]:
    return [_part(indicator, name, figure.parts[name]) for name in names]


def _part(indicator: Indicator, name: str, number: int) -> Part:
    opens = isinstance(indicator, FactIndicator) and bool(indicator.buckets_of(name))
    return Part(name, str(indicator.labels.get(name, name)), number, name if opens else "")


# words -----------------------------------------------------------------------------------------------------------


def pace_text(figure: Figure) -> str:
    """What the pace is judged by: what the working days gone by ask for, and what there is."""
    if figure.wanted is None or figure.years is None or figure.numerator is None:
        return ""
    words = {
        "gone": status.plain(status.rounded(figure.years * 100, 1)),
        "wanted": status.plain(status.rounded(figure.wanted, 1)),
        "ahead": f"{figure.numerator - status.rounded(figure.wanted, 1):+}", "value": figure.numerator,
    }  # fmt: skip
    if figure.unit.endswith("/季度"):
        return _("已过的季度应达 %(wanted)s，实际 %(value)d（%(ahead)s）") % words
    return _("已过工作日占全年 %(gone)s%%，序时应达 %(wanted)s，实际 %(value)d（%(ahead)s）") % words


def paper_text(paper: Delivery) -> str:
    """A delivery in one line: what, for when, by which paper."""
    when = f"{paper.start}" if paper.start == paper.end else f"{paper.start} 至 {paper.end}"
    return f"{paper.get_kind_display()}，{when}，{paper.source_ref or paper.paper_name or _('未注明来源')}"


def url(figure: Figure) -> str:
    """Where the card of a figure stands."""
    query = urlencode({"period": figure.period.text, "as_of": figure.as_of.isoformat()})
    return f"{reverse('board_card', args=[figure.code])}?{query}"


def source_text(figure: Figure) -> str:
    return str(SOURCES[figure.source])
