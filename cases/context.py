"""What every page is given beside its own context. Lazy: a public page reads no user and no session."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from stations import policy
from stations.models import Role, Station, User

from . import approvals, navigation, queue

MANY = 99


def house(request: HttpRequest) -> dict[str, Any]:
    """`site`, `demo`, and for signed-in pages `nav`, `user_title`, `quick_consultation`."""
    shared: dict[str, Any] = {"site": settings.SITE, "demo": not settings.PRODUCTION}
    if getattr(request, "is_public", False):
        return shared
    return {
        **shared,
        "nav": SimpleLazyObject(lambda: _nav(request)),
        "user_title": SimpleLazyObject(lambda: _title(request)),
        "quick_consultation": SimpleLazyObject(lambda: _may(request, "consultation", "POST")),
        "may_search": SimpleLazyObject(lambda: _may(request, "search", "POST")),
    }


def _standing(request: HttpRequest) -> policy.Standing:
    return policy.standing(getattr(request, "user", None), timezone.localdate())


def _nav(request: HttpRequest) -> list[dict[str, Any]]:
    held = _standing(request)
    if held.user_id is None:
        return []
    today = timezone.localdate()
    badges: dict[str, tuple[str, bool]] = {}
    if policy.route_answer("cases", "GET", held):
        soon = queue.pressing(request.user, today, limit=MANY + 1)
        badges["work"] = (f"{MANY}+" if soon > MANY else str(soon or ""), bool(soon))
        waiting = approvals.waiting_for(request.user, today).order_by()[: MANY + 1].count()
        badges["approvals"] = (f"{MANY}+" if waiting > MANY else str(waiting or ""), False)
    return navigation.rail(request, held, badges)


def _title(request: HttpRequest) -> str:
    user = request.user
    if not isinstance(user, User):
        return ""
    if user.title:
        return user.title
    held = _standing(request)
    roles = sorted({str(Role(g.role).label) for g in held.grants if g.user_id == user.pk})
    places = Station.objects.filter(pk__in={g.station_id for g in held.grants if g.station_id})[:3]
    return " · ".join(filter(None, ["、".join(roles), "、".join(s.name for s in places)]))


def _may(request: HttpRequest, route: str, method: str) -> bool:
    return bool(policy.route_answer(route, method, _standing(request)))
