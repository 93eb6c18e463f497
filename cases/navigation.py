"""What the rail offers: entries that rooms add, shown only where the policy lets the person go.

A higher room adds its own in its AppConfig.ready: `navigation.add("公开", "rulings", _("裁决公开"), order=40)`.
"""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _

from stations import policy
from stations.policy import Standing

from . import kinds


@dataclass(frozen=True)
class Entry:
    """One line of the rail. `badge` names a count of cases.context; `kind` filters the list of cases."""

    group: str
    route: str
    label: Any
    order: int = 50
    badge: str = ""
    kind: str = ""
    of: str = ""  # the kind of matter the route takes in its address


GROUPS = ("", "案件", "公开", "工作体系", "统计督办", "管理")
_entries: dict[tuple[str, str], Entry] = {}


def add(group: str, route: str, label: Any, *, order: int = 50, badge: str = "", kind: str = "") -> None:
    """Offer a route in a group of the rail ("" = the first, unnamed one)."""
    _entries[route, kind] = Entry(group, route, label, order, badge, kind)


def add_matters(group: str, of: str, *, order: int = 50) -> None:
    """Offer the list of a kind of matter, to whom the policy lets see that kind."""
    _entries["matters", of] = Entry(group, "matters", kinds.get(of).label, order, of=of)


add("", "home", _("我的待办"), order=1, badge="work")
add("", "case_new", _("收件登记"), order=2)
add("", "consultations", _("咨询登记"), order=3)
add("", "approvals", _("待我审批"), order=4, badge="approvals")
add("案件", "cases", _("全部案件"), order=10)
add("案件", "batches", _("批量案件"), order=11)
add("案件", "hand_over_all", _("批量移交"), order=40)
add("案件", "assistance_list", _("维权援助统计"), order=31)
add("案件", "overseas_list", _("海外维权台账"), order=32)
add("案件", "to_archive", _("待归档"), order=35)
add("案件", "seals", _("用印登记"), order=36)
add("案件", "readings", _("阅卷登记"), order=37)
add("工作体系", "stations", _("保护工作站"), order=10)
add("工作体系", "people", _("人员名册"), order=12)
add("工作体系", "enterprises", _("企业名录"), order=14)
add("工作体系", "partners", _("协作单位"), order=16)
add("工作体系", "activities", _("活动台账"), order=18)
add("工作体系", "stand_ins", _("代理期间"), order=40)
add("管理", "import", _("导入历史案件"), order=5)
add("管理", "grants", _("授权管理"), order=10)
add("管理", "stand_ins_others", _("设置代理"), order=20)
add("管理", "alerts", _("访问告警"), order=30)
add("管理", "audit", _("审计"), order=40)


def entries() -> list[Entry]:
    """All entries in the order of the rail; a kind chosen at registration has its own line."""
    chosen = [
        Entry("案件", "cases", known.label, 20 + n, kind=slug)
        for n, (slug, known) in enumerate(kinds.all_kinds().items())
        if known.opens_from_case
    ]
    place = {name: n for n, name in enumerate(GROUPS)}
    return sorted([*_entries.values(), *chosen], key=lambda e: (place.get(e.group, 99), e.group, e.order))


def rail(request: HttpRequest, held: Standing, badges: dict[str, tuple[str, bool]]) -> list[dict[str, Any]]:
    """The groups of the rail for this person: only what the policy answers for, with badges (text, hot)."""
    current = request.resolver_match.view_name if request.resolver_match else ""
    groups: dict[str, list[dict[str, Any]]] = {}
    for entry in entries():
        if not policy.route_answer(entry.route, "GET", held) or (entry.of and not _sees(entry.of, held)):
            continue
        try:
            url = reverse(entry.route, args=[entry.of] if entry.of else [])
        except NoReverseMatch:
            continue
        badge, hot = badges.get(entry.badge, ("", False))
        here = entry.route == current and (entry.kind, entry.of) == (
            request.GET.get("kind", "") if entry.route == "cases" else "",
            str(request.resolver_match.kwargs.get("slug", "")) if entry.of and request.resolver_match else "",
        )
        address = f"{url}?kind={entry.kind}" if entry.kind else url
        works = entry.route != "home" or policy.route_answer("cases", "GET", held)
        item = {
            "url": address,
            "label": entry.label if works else _("首页"),
            "badge": badge,
            "hot": hot,
            "current": here,
        }
        groups.setdefault(entry.group, []).append(item)
    return [{"label": label, "items": items} for label, items in groups.items()]


def _sees(kind: str, held: Standing) -> bool:
    """Does a role of this person see matters of the kind at all?"""
    rule = policy.step_rule(kind, "view")
    return rule is not None and bool(set(rule.roles) & held.roles)
