"""What changed figures, newest first, as an Atom feed: corrections, deliveries, and what other rooms register.

Numbers of corrected facts are for readers of the house; outside only that there was one.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from xml.sax.saxutils import escape

from django.db.models import Count, Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _

from cases.models import Event
from reports.indicators import REGISTRY
from reports.models import Delivery, Frozen

DAYS = 92
MOST = 200
# fact -> the figures that count it
COUNTED_BY: dict[str, tuple[str, ...]] = {
    "accepted": ("aid_and_mediation", "mediation_success", "adjudication_accepted", "median_days"),
    "closed": ("mediation_success", "median_days", "ruling_disclosure"), "effective": ("mediation_success",),
    "judgment": ("ruling_upheld",), "ruled": ("ruling_disclosure",), "published": ("ruling_disclosure",),
    "withheld": ("ruling_disclosure",), "contacted": ("respondent_answered",), "answered": ("respondent_answered",),
}  # fmt: skip
DELIVERED: dict[str, tuple[str, ...]] = {
    Delivery.Kind.COURT_ROWS: ("trial_days", "first_instance_accepted"),
    Delivery.Kind.COURT_TOTALS: ("trial_days", "first_instance_accepted"),
    Delivery.Kind.PATENTS: ("high_value_patents",), Delivery.Kind.POPULATION: ("high_value_patents",),
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """On a day something moved these figures; `mark` tells it from others of the day for good."""

    on: date
    mark: str
    codes: tuple[str, ...]
    words: str
    number: int | None = None


Source = Callable[[date], Iterable[Change]]
_sources: list[Source] = []


def source(tell: Source) -> Source:
    """Register what else changes figures: (first day) -> changes since, both in a constant number of queries."""
    _sources.append(tell)
    return tell


@source
def corrections(since: date) -> Iterable[Change]:
    """Facts corrected or withdrawn, by the day this became known and by what they had said."""
    rows = Event.objects.filter(corrects__isnull=False, known_on__gte=since).exclude(
        origin=Event.Origin.GENERATED
    )
    found = rows.order_by().values_list("known_on", "corrects__fact").annotate(n=Count("pk"))
    for on, fact, number in found:
        if fact in COUNTED_BY:
            yield Change(on, f"correction:{fact}", COUNTED_BY[fact], _("登记更正或者撤回"), number)


@source
def deliveries(since: date) -> Iterable[Change]:
    """What others delivered, from the day it counts."""
    earlier = Delivery.objects.filter(replaced_by=OuterRef("pk"))
    rows = Delivery.objects.filter(confirmed_on__gte=since).annotate(replacing=Exists(earlier))
    for row in rows:
        if row.kind in DELIVERED:
            words = _("外部数据替换：%s") if row.replacing else _("外部数据登记：%s")
            yield Change(
                row.confirmed_on or row.entered_on, f"delivery:{row.pk}", DELIVERED[row.kind], words % row
            )


@source
def freezings(since: date) -> Iterable[Change]:
    """Rounds frozen: from then on these figures of the period are fixed."""
    begin = timezone.make_aware(datetime.combine(since, time.min))
    for row in Frozen.objects.filter(at__gte=begin):
        on = timezone.localdate(row.at)
        yield Change(on, f"frozen:{row.seq}", tuple(row.figures), _("冻结 %s 的数据") % row.of_period.label)


def since(today: date, codes: Sequence[str]) -> list[Change]:
    """Changes of these figures in the last three months, newest first."""
    wanted = set(codes)
    found = [
        one
        for tell in _sources
        for one in tell(today - timedelta(days=DAYS))
        if one.on <= today and wanted & set(one.codes)
    ]
    return sorted(found, key=lambda one: (one.on, one.mark), reverse=True)[:MOST]


def atom(changes: Sequence[Change], codes: Sequence[str], address: str, today: date, *, outside: bool) -> str:
    """The feed; a reader sees only the names of figures it may read."""
    newest = changes[0].on if changes else today
    entries = []
    for one in changes:
        mine = [code for code in one.codes if code in codes and code in REGISTRY]
        number = _("，涉及登记 %d 项") % one.number if one.number and not outside else ""
        text = f"{one.words}{number}"
        names = "、".join(str(REGISTRY[code].name) for code in mine)
        entries.append(
            f"<entry><id>{escape(f'{address}#{one.on.isoformat()}:{one.mark}')}</id><title>{escape(text)}</title>"
            f"<updated>{one.on.isoformat()}T00:00:00+08:00</updated>"
            + "".join(f'<category term="{escape(code)}"/>' for code in mine)
            + f"<summary>{escape(_('影响指标：%s') % names)}</summary></entry>"
        )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>{escape(address)}</id><title>{escape(_('指标变动'))}</title><updated>{newest.isoformat()}T00:00:00+08:00</updated>"
        f'<link rel="self" href="{escape(address)}"/><author><name>{escape(_("知衡"))}</name></author>'
        f"{''.join(entries)}</feed>\n"
    )
