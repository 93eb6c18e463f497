"""Stations side by side: what each accepted, of which kinds and rights, and how far that is verified.

A number of cases says nothing by itself (users.md 2, complaint 1): beside it stand the case mix, the call-backs and the
files. Stations stand by area and code; there is no order by number, and no place to ask for one.
"""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.db.models import CharField, Count, Exists, F, Q
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from cases.models import Right
from reports import splits, status
from reports.indicators import REGISTRY, Reading
from reports.indicators.base import in_period
from reports.indicators.computed import AidAndMediation
from reports.indicators.verified import CONFIRMED, DENIED, VerifiedSuccess
from reports.periods import Period
from stations.models import Station

COLUMNS = {
    "area": _("区域"), "station": _("工作站"), "accepted": _("维权援助和调解受理"), "kinds": _("办理方式"),
    "rights": _("权利类型"), "verified": _("回访确认"), "files": _("文件齐全"),
}  # fmt: skip
MOST_RIGHTS = 4


@dataclass
class Side:
    """One station: its numbers by kind and right, and its verification."""

    kinds: Counter[str] = field(default_factory=Counter)
    rights: Counter[str] = field(default_factory=Counter)
    said: Counter[str] = field(default_factory=Counter)
    complete: int = 0

    @property
    def accepted(self) -> int:
        return self.kinds.total()


def compare(period: Period, reading: Reading) -> list[dict[str, Any]]:
    """One row per station that was active or accepted something; the unknown one last. Five queries."""
    aid, verified = REGISTRY["aid_and_mediation"], REGISTRY["verified_success"]
    if not isinstance(aid, AidAndMediation) or not isinstance(verified, VerifiedSuccess):
        raise TypeError("these two are computed")
    sides: dict[str, Side] = {}
    rows = aid.counted_rows([period], reading).annotate(
        place=Cast(Coalesce("proceeding__station", "case__station"), CharField()), way=F("proceeding__kind")
    )
    whole = Count("pk", filter=Q(Exists(aid.application()), Exists(aid.notice())))
    for place, kind, number, complete in rows.values_list("place", "way").annotate(
        n=Count("pk"), whole=whole
    ):
        side = sides.setdefault(place or "", Side())
        side.kinds[kind] += number
        side.complete += complete
    by_right = splits.grouped(rows, splits.RIGHT).values_list("place", "part").annotate(n=Count("pk"))
    for place, right, number in by_right:
        sides.setdefault(place or "", Side()).rights[right or ""] += number
    sampled = verified.sampled([period], reading).filter(in_period(period)).order_by()
    called = sampled.annotate(place=Cast(Coalesce("proceeding__station", "case__station"), CharField()))
    for place, said, number in called.values_list("place", "said").annotate(n=Count("pk")):
        sides.setdefault(place or "", Side()).said[said] += number
    return _ordered(sides, period, reading)


def _ordered(sides: dict[str, Side], period: Period, reading: Reading) -> list[dict[str, Any]]:
    stations = Station.objects.select_related("area").order_by("area__code", "code")
    active = Q(opened_on__lte=period.cut(reading.as_of)) & (
        Q(closed_on__isnull=True) | Q(closed_on__gt=period.start)
    )
    shown = stations.filter(active | Q(pk__in=[key for key in sides if key]))
    found = [_row(one.area.name, one.name, sides.get(str(one.pk), Side())) for one in shown]
    return [*found, _row("", str(_("未知")), sides[""])] if "" in sides else found


def _row(area: str, station: str, side: Side) -> dict[str, Any]:
    answered = side.said[CONFIRMED] + side.said[DENIED]
    return {
        "area": area, "station": station, "accepted": side.accepted,
        "kinds": _mix(side.kinds, {"assistance": str(_("维权援助")), "mediation": str(_("调解"))}),
        "rights": _mix(side.rights, {str(value): str(label) for value, label in Right.Kind.choices}),
        "verified": _share(side.said[CONFIRMED], answered), "files": _share(side.complete, side.accepted),
    }  # fmt: skip


def _mix(counted: Counter[str], labels: dict[str, str]) -> str:
    """“调解 31、维权援助 12”: the most frequent, in words."""
    named = [
        f"{labels.get(key, str(_('未知')))} {number}" for key, number in counted.most_common(MOST_RIGHTS)
    ]
    rest = counted.total() - sum(number for _key, number in counted.most_common(MOST_RIGHTS))
    return "、".join([*named, *([f"{_('其他')} {rest}"] if rest else [])])


def _share(part: int, whole: int) -> str:
    """“18 / 20（90%）”; a small sample without a percentage, nothing as “—”."""
    measured = status.rate(part, whole)
    if measured.is_nothing:
        return status.NOTHING
    text = f"{part} / {whole}"
    return text if measured.is_small else f"{text}（{status.shown(measured, part)}%）"
