"""What the case page shows of an adjudication: service. Hearings: showing_hearing.py; decision: showing_decision.py."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import Evidence, Party
from cases.panels import Panel, panel

from .models import Adjudication
from .models.rows import Service


@panel("adjudication")
def shown(row: Adjudication, user: Any, today: date) -> Panel:
    """Who sees the proceeding sees its services."""
    parties = {party.pk: party for party in row.case.parties.all()}
    services = row.services.filter(audience=Evidence.Audience.PROCEEDING)
    return Panel(facts=_services(services, parties))


def _services(rows: Iterable[Service], parties: dict[int, Party]) -> list[dict[str, Any]]:
    """Each paper to each party, once: the last service."""
    last = {(one.paper, one.party_id): one for one in rows}
    sides = Counter(party.role for party in parties.values())
    return [
        {
            "label": _("送达%(role)s") % {"role": parties[one.party_id].role_before_judge},
            "value": (f"{parties[one.party_id].name}：" if sides[parties[one.party_id].role] > 1 else "")
            + f"{one.get_paper_display()}（{one.get_method_display()}，"
            + (f"{one.served_on:%Y-%m-%d}" if one.served_on else f"{one.sent_on:%Y-%m-%d} {_('发出')}")
            + (f"，{_('送达回证已收回')}" if one.proof_id else "")
            + "）",
        }
        for one in last.values()
    ]
