"""What the case page shows of a mediation: willingness of each party, agreement. Never what was said there."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases.models import Party
from cases.panels import Panel, panel

from .models import Consent, Mediation
from .sealed import may_read


@panel("mediation")
def shown(row: Mediation, user: Any, today: date) -> Panel:
    """Facts for whoever sees the mediation; the way to the sealed notes for those who take part."""
    answers: dict[int, Consent] = {
        consent.party_id: consent for consent in row.consents.filter(cancelled=False)
    }
    facts: list[dict[str, Any]] = [{"label": _("调解种类"), "value": row.get_flavour_display()}]
    if row.patent_matter:
        decision = f"（{row.infringement_decision}）" if row.infringement_decision else ""
        said = f"{row.get_patent_matter_display()}{decision}"
        facts.append({"label": _("专利纠纷事项"), "value": said})
    for party in row.case.parties.all():
        answer = answers.get(party.pk)
        if answer is None and party.role == Party.Role.THIRD:
            continue
        said = (
            f"{answer.get_answer_display()}（{answer.get_way_display()}，{answer.on:%Y-%m-%d}）"
            if answer
            else ""
        )
        facts.append(
            {
                "label": _("%(role)s意愿") % {"role": party.get_role_display()},
                "value": said,
                "missing": _("未答复"),
            }
        )
    agreement = row.agreement
    if agreement is not None and agreement.effective_on:
        facts.append({"label": _("协议生效"), "value": f"{agreement.effective_on:%Y-%m-%d}", "num": True})
    links = []
    if may_read(row, user, today):
        links.append({"url": reverse("mediation_sealed", args=[row.pk]), "label": _("密存记录")})
    return Panel(facts=facts, links=links)
