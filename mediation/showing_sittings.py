"""What the case page and the desk show of who mediates and of sittings. Never what was said there."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.agenda import Engagement, agenda
from cases.models import Participation
from cases.panels import Panel, panel
from stations import policy

from .models import Mediation, Session
from .sealed import may_read, may_weigh


@panel("mediation")
def shown(row: Mediation, user: Any, today: date) -> Panel:
    """Mediators, recusals and sittings for whoever sees the mediation; calendar files for those who take part."""
    facts: list[dict[str, Any]] = []
    if len(mediators := row.mediators()) > 1:
        facts.append({"label": _("调解员"), "value": "、".join(str(one) for one in mediators)})
    recusals = list(row.recusals.filter(cancelled=False).select_related("user"))
    for one in recusals:
        waiting = one.granted is None
        said = _("尚未决定") if waiting else _("准许回避") if one.granted else _("驳回申请")
        facts.append(
            {
                "label": _("回避申请"),
                "value": f"{one.user}：{said}（{one.decided_on or one.asked_on:%Y-%m-%d}）",
                "tone": "warn" if waiting else "",
            }
        )
    links = []
    if recusals and may_weigh(row, user, today):
        links.append({"url": reverse("mediation_recusals", args=[row.pk]), "label": _("回避申请")})
    inside = may_read(row, user, today)
    sittings = Session.objects.visible_to(user, today).filter(mediation=row.pk, cancelled=False)
    return Panel(facts=facts, links=links, meetings=[_meeting(one, inside=inside) for one in sittings])


def _meeting(session: Session, *, inside: bool) -> dict[str, Any]:
    hours = "—".join(f"{at:%H:%M}" for at in (session.starts, session.ends) if at)
    held = session.status == Session.Status.HELD
    said = session.get_result_display() if held else session.get_status_display()
    links = []
    if inside and session.status == Session.Status.PLANNED and session.starts:
        links.append({"url": reverse("session_calendar", args=[session.pk]), "label": _("加入日历")})
    return {
        "when": f"{session.on:%Y-%m-%d} {hours}".strip(),
        "title": _("调解会议（%(mode)s）") % {"mode": session.get_mode_display()},
        "text": "，".join(filter(None, [session.place, str(said)])),
        "links": links,
    }


@agenda
def sittings_to_come(user: Any, first: date, last: date) -> Iterable[Engagement]:
    """The planned sittings of the mediations this person takes part in; one that nobody has entered as held stays."""
    users = policy.standing(user, first).users
    part = Participation.objects.filter(
        proceeding=OuterRef("mediation"), user__in=users, cancelled=False, to_on__isnull=True
    )
    planned = Session.objects.visible_to(user, first).filter(
        Q(mediation__handler__in=users) | Exists(part),
        status=Session.Status.PLANNED, cancelled=False, on__lte=last, mediation__is_open=True,
    )  # fmt: skip
    for one in planned.select_related("mediation__case").order_by("on", "starts", "pk")[:50]:
        yield Engagement(
            one.on, one.starts, str(_("调解会议（%(mode)s）") % {"mode": one.get_mode_display()}), one.place,
            one.mediation, reverse("session_calendar", args=[one.pk]),
        )  # fmt: skip
