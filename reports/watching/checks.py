"""What the rules of watch.toml ask: deadlines, stations, paces and rates. Counts only; no case and nobody is named."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from cases import deadlines
from cases.calendar import office_calendar
from cases.deadlines import DeadlineError
from cases.models import Case, Deadline, Proceeding
from reports import periods, status
from reports.indicators import REGISTRY, StockIndicator, figures
from stations.models import Station

from .rules import Finding, Rule, check

AT_STATIONS = frozenset({"assistance"})  # kinds a station handles itself; of others it only took in the case
DISCLOSURE_RULES = ("T-27", "T-28")


def rule_name(rule: str, today: date) -> str:
    """A limit as people read it."""
    try:
        return deadlines.rule_of(rule, today).name
    except DeadlineError:
        return rule or _("期限")


@check("overdue")
def overdue(rule: Rule, today: date) -> Iterable[Finding]:
    """Open proceedings past their nearest limit, by limit and by who handles them."""
    return _limits(_open().filter(due_on__lt=today), today, _("已逾期"))


@check("at_risk")
def at_risk(rule: Rule, today: date) -> Iterable[Finding]:
    """Open proceedings whose nearest limit ends within so many working days."""
    until = office_calendar().add_working_days(today, rule.more["working_days"])
    rows = _open().filter(due_on__gte=today, due_on__lte=until)
    return _limits(rows, today, _("%d 个工作日内到期") % rule.more["working_days"])


def _open() -> QuerySet[Proceeding]:
    return Proceeding.objects.filter(is_open=True, case__category=Case.Category.DISPUTE)


def _limits(rows: QuerySet[Proceeding], today: date, words: str) -> Iterable[Finding]:
    """Work of a station is its head's, what a body handles is its head's."""
    found = rows.order_by().values_list("due_rule", "kind", "station", "body").annotate(n=Count("pk"))
    joined: dict[tuple[str, int | None, int | None], int] = {}
    for limit, kind, station, body, number in found:
        at_station = station is not None and kind in AT_STATIONS
        place = (limit, station if at_station else None, None if at_station else body)
        joined[place] = joined.get(place, 0) + number
    for (limit, station, body), number in sorted(joined.items(), key=lambda one: (-one[1], str(one[0]))):
        name = rule_name(limit, today)
        yield Finding(
            subject=f"{limit}:s{station}:b{body}", text=f"{name} {words} {number} 件", number=number, station=station, body=body,
            group=limit, group_text=f"{name} %(n)d 件",
        )  # fmt: skip


@check("disclosure_due")
def disclosure_due(rule: Rule, today: date) -> Iterable[Finding]:
    """Rulings to be made public within so many working days, by the body that made them."""
    within = rule.more["working_days"]
    until = office_calendar().add_working_days(today, within)
    rows = Deadline.objects.filter(
        rule__in=DISCLOSURE_RULES, met_on__isnull=True, cancelled=False, due_on__gte=today, due_on__lte=until
    )
    for body, number in rows.order_by().values_list("proceeding__body").annotate(n=Count("pk")):
        text = _("裁决公开剩 %d 个工作日以内") % within
        yield Finding(
            f"b{body}",
            f"{text} {number} 件",
            number,
            body=body,
            group="disclosure",
            group_text=f"{text} %(n)d 件",
        )


@check("silent_station")
def silent_station(rule: Rule, today: date) -> Iterable[Finding]:
    """Stations in use that registered nothing for so many days."""
    days = rule.more["days"]
    since = today - timedelta(days=days)
    recent = Case.objects.filter(station=OuterRef("pk"), received_on__gte=since)
    active = REGISTRY["stations"]
    if not isinstance(active, StockIndicator):
        raise TypeError("stations are a stock")
    rows = Station.objects.filter(active.in_force(today), ~Exists(recent), opened_on__lte=since)
    together = _("%%(n)d 家工作站连续 %d 日无登记") % days
    for pk, name in rows.order_by("pk").values_list("pk", "name"):
        text = _("%(name)s连续 %(days)d 日无登记") % {"name": name, "days": days}
        yield Finding(f"s{pk}", text, 1, station=pk, group="silent", group_text=together)


@check("pace")
def pace(rule: Rule, today: date) -> Iterable[Finding]:
    """Numbers to be reached this year that are behind the share of the year gone by."""
    return _figures(today, flow=True, states=(status.BEHIND,), words=_("慢于序时进度"))


@check("rate")
def rate(rule: Rule, today: date) -> Iterable[Finding]:
    """Rates and means of this year that do not reach their target."""
    return _figures(today, flow=False, states=(status.NOT_MET,), words=_("未达目标值"))


def _figures(today: date, *, flow: bool, states: tuple[str, ...], words: str) -> Iterable[Finding]:
    codes = [code for code, one in REGISTRY.items() if one.is_flow == flow]
    for code, (figure,) in figures(codes, [periods.year(today.year)], today).items():
        if figure.status in states:
            yield Finding(code, f"{figure.name}{words}：{said(figure)}")


def said(figure: Any) -> str:
    """The value beside its target: 36.4%（目标 ≥70%）."""
    unit = "%" if figure.unit == "%" else ""
    sign = "≤" if figure.direction == "max" else "≥"
    word = _("参照目标") if figure.is_reference else _("目标")
    return f"{figure.text}{unit}（{word} {sign}{figure.target}{unit}）"
