"""What the case page shows of an adjudication: service, and to the panel its deliberations. Hearings: showing_hearing.py."""

import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import Evidence, Party
from cases.panels import Panel, panel
from stations import policy
from stations.models import User

from .forms.deciding import VOTES
from .models import Adjudication
from .models.rows import Deliberation, Service


@panel("adjudication")
def shown(row: Adjudication, user: Any, today: date) -> Panel:
    """Facts and meetings. Who sees the proceeding sees its services; deliberations are its participants'."""
    parties = {party.pk: party for party in row.case.parties.all()}
    parts = row.participants()
    services = row.services.filter(audience=Evidence.Audience.PROCEEDING)
    meetings = []
    if {part.user_id for part in parts} & policy.standing(user, today).users:
        meetings += _deliberations(list(row.deliberations.all()))
    return Panel(facts=_services(services, parties), meetings=meetings)


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
