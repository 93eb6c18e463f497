"""What can prove a task: every figure, the lists of the house, matters; read as they stand now.

A source is registered by its code; higher knowledge stays where it is, here is only how it is told.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from adjudication.models import PublishedRuling
from adjudication.models.typical import PublishedBatch
from cases import kinds
from cases.models import Proceeding
from cases.models.matter import PAGE
from reports import periods
from reports.indicators import REGISTRY, Reading
from stations.models import Appointment, Station


@dataclass(frozen=True)
class Told:
    """What a source says now: words, and where it opens ("" = nowhere)."""

    label: str
    words: str
    url: str = ""
    proves: bool = True  # False: nobody keeps this yet, or there is nothing in it


Teller = Callable[[date], Told]


@dataclass(frozen=True)
class Source:
    code: str
    label: Any
    tell: Teller


_sources: dict[str, Source] = {}


def register(code: str, label: Any, tell: Teller) -> None:
    """Offer a source. `tell` is given the day of reading and asks a constant number of queries."""
    _sources[code] = Source(code, label, tell)


def sources() -> dict[str, Source]:
    """Everything that can be tied, figures first, then lists, then kinds of matters."""
    found = {f"indicator:{code}": _indicator(code) for code in REGISTRY}
    found |= _sources
    for slug, known in kinds.all_kinds().items():
        if known.page == PAGE and slug not in OWN:
            found[f"matters:{slug}"] = _matters(slug, known.label)
    return found


OWN = ("ledger_task", "support_policy", "ledger_notice")  # a ledger does not prove itself
ROW = "matter"  # the code of a tie to one matter, whose id stands in `ref`


def choices() -> list[tuple[str, Any]]:
    """What a form offers."""
    return [(code, one.label) for code, one in sources().items()] + [(ROW, gettext_lazy("某一事项"))]


class Answers:
    """What sources say on one day, each asked once for a whole page or dossier."""

    def __init__(self, today: date):
        self.today = today
        self.known = sources()
        self._told: dict[str, Told] = {}

    def of(self, ties: Iterable[Any]) -> list[tuple[Any, Told]]:
        """Each tie with what it says."""
        return [(tie, self.one(tie.source, tie.ref)) for tie in ties]

    def one(self, code: str, ref: str = "") -> Told:
        key = f"{code}:{ref}" if ref else code
        if key not in self._told:
            self._told[key] = self._ask(code, ref)
        return self._told[key]

    def _ask(self, code: str, ref: str) -> Told:
        if code == ROW:
            row = Proceeding.objects.filter(pk=int(ref)).first() if ref.isdigit() else None
            if row is None:
                return Told(_("某一事项"), _("没有这个事项"), proves=False)
            concrete = row.concrete()
            return Told(
                str(row.kind_label),
                f"{concrete.matter_title()}（{row.state_label}）",  # type: ignore[attr-defined]
                reverse(PAGE, args=[row.pk]),
            )
        source = self.known.get(code)
        if source is None:
            return Told(code, _("本系统尚无这项登记"), proves=False)
        return source.tell(self.today)


def _indicator(code: str) -> Source:
    indicator = REGISTRY[code]

    def tell(today: date) -> Told:
        year = periods.year(today.year)
        figure = indicator.figures([year], Reading(today))[0]
        nothing = figure.value is None
        some = not nothing and Decimal(figure.value or 0) > 0
        words = _("%(text)s%(unit)s（%(year)s年，截至 %(day)s）") % {
            "text": figure.text, "unit": "" if nothing else f" {figure.unit.partition('/')[0]}", "year": today.year,
            "day": today.isoformat(),
        }  # fmt: skip
        return Told(str(indicator.name), words, reverse("board_cases", args=[code]), proves=some)

    return Source(f"indicator:{code}", gettext_lazy("指标：%(name)s") % {"name": indicator.name}, tell)


def _matters(slug: str, label: Any) -> Source:
    def tell(today: date) -> Told:
        number = Proceeding.objects.filter(kind=slug).exclude(state="void").count()
        return Told(str(label), _("%s 项") % number, reverse("matters", args=[slug]), proves=number > 0)

    return Source(f"matters:{slug}", gettext_lazy("事项：%(name)s") % {"name": label}, tell)


def _stations(today: date) -> Told:
    number = Station.objects.filter(opened_on__lte=today).exclude(closed_on__lte=today).count()
    return Told(_("保护工作站"), _("%s 家在用") % number, reverse("stations"), proves=number > 0)


def _rulings(today: date) -> Told:
    number = PublishedRuling.objects.live().count()
    return Told(_("已公开的行政裁决"), _("%s 件") % number, reverse("rulings"), proves=number > 0)


def _typical(today: date) -> Told:
    number = PublishedBatch.objects.filter(state=PublishedBatch.State.LIVE).count()
    return Told(_("已发布的典型案例"), _("%s 批") % number, reverse("rulings_typical"), proves=number > 0)


def _appointed(kind: str, label: Any) -> Teller:
    def tell(today: date) -> Told:
        rows = Appointment.objects.in_force(today).filter(kind=kind)
        number = rows.values("person").distinct().count()
        return Told(str(label), _("%s 人在聘") % number, proves=number > 0)

    return tell


register("list:stations", gettext_lazy("名录：保护工作站"), _stations)
register("list:rulings", gettext_lazy("名录：已公开的行政裁决"), _rulings)
register("list:typical", gettext_lazy("名录：已发布的典型案例"), _typical)
for _kind, _label in Appointment.Kind.choices:
    register(
        f"list:appointments:{_kind}",
        gettext_lazy("名录：%(name)s") % {"name": _label},
        _appointed(_kind, _label),
    )
