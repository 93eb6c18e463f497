"""What the case page shows of an adjudication: panel, service, hearings, and to the panel its deliberations."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import Evidence, Participation, Party
from cases.panels import Panel, panel
from stations import policy
from stations.models import User

from .forms.deciding import VOTES
from .models import Adjudication
from .models.panel import PANEL
from .models.rows import Deliberation, Hearing, Service

ATTENDED = {"attended": _("到场"), "absent": _("未到场"), "left": _("中途退出")}


@panel("adjudication")
def shown(row: Adjudication, user: Any, today: date) -> Panel:
    """Facts and meetings. Who sees the proceeding sees its services and hearings; deliberations are its participants'."""
    parties = {party.pk: party for party in row.case.parties.all()}
    parts = row.participants()
    services = row.services.filter(audience=Evidence.Audience.PROCEEDING)
    hearings = row.hearings.filter(audience=Evidence.Audience.PROCEEDING, dropped=False)
    meetings = [_hearing(one, parties) for one in hearings]
    if {part.user_id for part in parts} & policy.standing(user, today).users:
        meetings += _deliberations(list(row.deliberations.all()))
    return Panel(facts=_team(parts) + _services(services, parties), meetings=meetings)


def _team(parts: list[Participation]) -> list[dict[str, Any]]:
    """合议组 with its leader first, then the recorder."""
    leader, recorder = Participation.Capacity.PANEL_LEADER, Participation.Capacity.RECORDER
    sitting = sorted((p for p in parts if p.capacity in PANEL), key=lambda p: (p.capacity != leader, p.pk))
    found = [
        (
            _("合议组"),
            "、".join(f"{p.user}（组长）" if p.capacity == leader else str(p.user) for p in sitting),
        ),
        (_("书记员"), "、".join(str(p.user) for p in parts if p.capacity == recorder)),
    ]
    return [{"label": label, "value": value} for label, value in found if value]


def _services(rows: Iterable[Service], parties: dict[int, Party]) -> list[dict[str, Any]]:
    """Each paper to each party, once: the last service."""
    last = {(one.paper, one.party_id): one for one in rows}
    return [
        {
            "label": _("送达%(role)s") % {"role": parties[one.party_id].role_before_judge},
            "value": f"{one.get_paper_display()}（{one.get_method_display()}，"
            + (f"{one.served_on:%Y-%m-%d}" if one.served_on else f"{one.sent_on:%Y-%m-%d} {_('发出')}")
            + (f"，{_('送达回证已收回')}" if one.proof_id else "")
            + "）",
        }
        for one in last.values()
    ]


def _hearing(row: Hearing, parties: dict[int, Party]) -> dict[str, Any]:
    said = [row.place, str(_("公开进行") if row.is_public else _("不公开进行"))]
    if row.held_on is None:
        said.append(str(_("尚未举行")))
    for line in json.loads(row.attendance or "[]"):
        people = f"（{line['people']}）" if line.get("people") else ""
        said.append(f"{parties[line['party']].name}{ATTENDED[line['attended']]}{people}")
    return {
        "when": f"{row.day:%Y-%m-%d} {row.time:%H:%M}",
        "title": _("口头审理（%(mode)s）") % {"mode": row.get_mode_display()},
        "text": "；".join(said),
    }


def _deliberations(rows: list[Deliberation]) -> list[dict[str, Any]]:
    words, votes = dict(VOTES), [json.loads(row.votes) for row in rows]
    names = User.objects.in_bulk({vote["member"] for one in votes for vote in one}) if votes else {}
    found = []
    for row, one in zip(rows, votes, strict=True):
        said = [
            f"{names[v['member']]}：{words[v['vote']]}{'，' + v['words'] if v['words'] else ''}" for v in one
        ]
        found.append(
            {"when": f"{row.on:%Y-%m-%d}", "title": _("合议（%(end)s）") % {"end": words[row.conclusion]},
             "text": "；".join([*said, *filter(None, [row.minutes])])}
        )  # fmt: skip
    return found
