"""What the live records say of a station in a year: shown beside a score, never a score by itself.

Also the mix of its cases and how far its mediations were verified, for all stations in a fixed number of queries.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet

from cases.models import Deadline, Event
from reports import periods
from reports.indicators import Reading
from reports.indicators.base import in_period
from reports.indicators.computed import AdjudicationAccepted, AidAndMediation, MediationSuccess
from reports.indicators.verified import CONFIRMED, DENIED, VerifiedSuccess
from reports.models.returns import Return
from reports.periods import Period
from reports.returns import definitions, sources
from stations.models import Station

MONTHLY = "station_month"


def told(station: Station, year: int, as_of: date) -> dict[str, str]:
    """Evidence by its name, in words."""
    found = sources.numbers(definitions.get(MONTHLY), periods.year(year), sources.UnitReading(as_of, station))
    n = {name: cells["period"] for name, cells in found.items()}
    return {
        "registered": (
            f"收件登记 {n['applied']} 件（援助 {n['applied_assistance']}、调解 {n['applied_mediation']}、"
            f"裁决 {n['applied_adjudication']}）"
        ),
        "consulted": f"咨询 {n['consultations']} 次",
        "assisted": f"受理维权援助 {n['assistance']} 件，办结 {n['completed']} 件",
        "mediated": f"人民调解结案 {n['ended']} 件，达成协议 {n['agreed']} 件",
        "activities": f"宣传、培训 {n['activities']} 场，参加 {n['participants']} 人次",
        "reported": reported(station, year),
    }  # fmt: skip


def reported(station: Station, year: int) -> str:
    """Monthly returns: sent, in time, corrected."""
    rows = Return.objects.filter(station=station, code=MONTHLY, period__startswith=f"{year}-", stands=True)
    first = rows.filter(correction=0)
    late = Deadline.objects.filter(proceeding__in=first.values("pk"), cancelled=False, rule="RP-01")
    overdue = sum(1 for one in late if one.met_on is not None and one.met_on > one.due_on)
    sent = first.filter(state="sent").count()
    corrected = rows.filter(correction__gt=0).count()
    return f"月报已报 {sent} 份，其中逾期 {overdue} 份；更正 {corrected} 份"


@dataclass(frozen=True, slots=True)
class Mix:
    """What a station's year was made of, and what call-backs said of its agreements."""

    assistance: int = 0
    people: int = 0
    administrative: int = 0
    commercial: int = 0
    adjudications: int = 0
    agreed: int = 0
    ended: int = 0
    confirmed: int = 0
    denied: int = 0

    @property
    def verified(self) -> str:
        """Confirmed of those that answered; "—" where nobody was asked."""
        asked = self.confirmed + self.denied
        return f"{self.confirmed} / {asked}" if asked else "—"

    @property
    def success(self) -> str:
        return f"{self.agreed} / {self.ended}" if self.ended else "—"


def mixes(year: int, as_of: date) -> Mapping[int, Mix]:
    """Station id -> mix; four questions for all stations, the indicators' own rows."""
    period, reading = periods.year(year), Reading(as_of)
    found: dict[int, dict[str, int]] = {}
    aid, success, filed = AidAndMediation(), MediationSuccess(), AdjudicationAccepted()
    for station, bucket, n in _by_station(aid.rows(reading), period, "bucket"):
        if bucket in aid.counts:
            _add(found, station, bucket, n)
    for station, bucket, n in _by_station(success.rows(reading), period, "bucket"):
        if bucket in success.base:
            _add(found, station, "ended", n)
        if bucket in success.counts:
            _add(found, station, "agreed", n)
    for station, bucket, n in _by_station(filed.rows(reading), period, "bucket"):
        if bucket in filed.counts:
            _add(found, station, "adjudications", n)
    for station, said, n in _by_station(VerifiedSuccess().sampled([period], reading), period, "said"):
        if said in (CONFIRMED, DENIED):
            _add(found, station, said, n)
    return {station: Mix(**numbers) for station, numbers in found.items()}


def _by_station(rows: QuerySet[Event], period: Period, column: str) -> list[tuple[int, str, int]]:
    within = rows.filter(in_period(period), proceeding__station__isnull=False)
    counted = within.order_by().values_list("proceeding__station", column).annotate(n=Count("pk"))
    return list(counted)


def _add(found: dict[int, dict[str, int]], station: int, name: str, n: int) -> None:
    mine = found.setdefault(station, {})
    mine[name] = mine.get(name, 0) + n
