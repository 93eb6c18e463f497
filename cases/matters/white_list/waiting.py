"""How long the parties of listed enterprises and all others waited: days from acceptance to closing, the median.

Counted from the columns for what was closed within a year; of an even number of cases the lower of the two middle ones.
No rate, and no ranking.
"""

from collections import Counter
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Party, Proceeding, WhiteList
from cases.panels import above


def closed_lately(today: date) -> QuerySet[Proceeding]:
    """Disputes closed within a year, each with whether a party of it was listed when it was accepted."""
    listing = WhiteList.objects.filter(
        Q(closed_on__isnull=True) | Q(closed_on__gte=OuterRef(OuterRef("accepted_on"))),
        credit_index=OuterRef("id_number_index"), accepted_on__lte=OuterRef(OuterRef("accepted_on")),
    )  # fmt: skip
    party = Party.objects.filter(Exists(listing), case=OuterRef("case")).exclude(id_number_index="")
    rows = Proceeding.objects.filter(
        closed_on__gt=today - timedelta(days=365), closed_on__lte=today, accepted_on__isnull=False,
        parent__isnull=True, case__category=Case.Category.DISPUTE, case__counted=True,
    )  # fmt: skip
    return rows.annotate(first=Exists(party))


def median_days(today: date) -> dict[bool, tuple[int | None, int]]:
    """Listed or not -> (median days, cases)."""
    days: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    pairs = (
        closed_lately(today).order_by().values("first", "accepted_on", "closed_on").annotate(n=Count("pk"))
    )
    for first, begun, ended, number in pairs.values_list("first", "accepted_on", "closed_on", "n"):
        days[bool(first)][(ended - begun).days] += number
    return {first: (_median(found), found.total()) for first, found in days.items()}


def _median(found: Counter[int]) -> int | None:
    half, seen = (found.total() + 1) // 2, 0
    for day in sorted(found):
        seen += found[day]
        if seen >= half:
            return day
    return None


@above("white_list")
def facts(user: Any, today: date) -> list[dict[str, Any]]:
    """Both medians with the number of cases they rest on."""
    found = median_days(today)
    labels = {True: _("名单内当事人案件：受理至结案中位天数"), False: _("其他案件：受理至结案中位天数")}
    return [
        {
            "label": labels[first], "num": True,
            "value": "—" if days is None else _("%(days)d 天（%(n)d 件，近一年）") % {"days": days, "n": number},
        }
        for first, (days, number) in found.items()
    ]  # fmt: skip
