"""What the case page shows of service: each paper to each party, how, when, and whether its slip is back."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.models import Evidence, Party
from cases.panels import Panel, Table, panel

from .models import Adjudication
from .models.rows import Service

COLUMNS = [_("文书"), _("受送达人"), _("方式"), _("送达日期"), _("证明")]


@panel("adjudication")
def shown(row: Adjudication, user: Any, today: date) -> Panel:
    """Who sees the proceeding sees its services."""
    parties = {party.pk: party for party in row.case.parties.all()}
    services = row.services.filter(audience=Evidence.Audience.PROCEEDING)
    return Panel(tables=_services(services, parties, finished=not row.is_open))


def _services(rows: Iterable[Service], parties: dict[int, Party], *, finished: bool) -> list[Table]:
    """Each paper to each party, once: the last service. Those under way stand first; all arrived, an ended case folds it."""
    last = sorted(
        {(one.paper, one.party_id): one for one in rows}.values(), key=lambda one: one.served_on is not None
    )
    if not last:
        return []
    lines: list[list[dict[str, Any]]] = []
    for one in last:
        party = parties[one.party_id]
        arrived = {"text": f"{one.served_on:%Y-%m-%d}", "num": True} if one.served_on else {
            "text": _("%(day)s 发出") % {"day": one.sent_on}, "tone": "warn",
        }  # fmt: skip
        lines.append([
            {"text": one.get_paper_display()}, {"text": f"{party.role_before_judge}　{party.name}"},
            {"text": one.get_method_display()}, arrived, {"text": _("已收回") if one.proof_id else "—"},
        ])  # fmt: skip
    arrived_all = all(one.served_on for one in last)
    folded = _("%(n)d 份，均已送达") % {"n": len(last)} if finished and arrived_all else ""
    return [Table(str(_("送达")), [str(one) for one in COLUMNS], lines, folded=folded)]
