"""Who and what a ruling's cases know: the parties behind it, and so what no public form may show.

Read inside the door and by the worker; nothing of it is ever logged or shown.
"""

from typing import Any

from cases import chain
from cases.models import Party
from cases.protection import keyed_digest

from .models.rows_request import Mandate
from .redaction import Subject

ROLES = {Party.Role.APPLICANT: "请求人", Party.Role.RESPONDENT: "被请求人", Party.Role.THIRD: "第三人"}


def subjects_of_cases(cases: list[int]) -> list[Subject]:
    """The parties of these cases and those they sent."""
    found = [
        _subject(party)
        for party in Party.objects.filter(case__in=cases).order_by("case_id", "position", "pk")
    ]
    found += [
        Subject(
            role=ROLES[Party.Role(one.party.role)],
            kind=one.party.kind,
            name=one.party.name,
            agent=one.name,
            agent_firm=one.firm,
            phone=one.phone or "",
        )
        # one taken back may stand in a text signed before
        for one in Mandate._base_manager.filter(case__in=cases).select_related("party").order_by("pk")
    ]
    return found


def subjects(ruling: Any) -> list[Subject]:
    """The parties of every case the ruling ends, and what the signed text says of them."""
    found = subjects_of_cases(list(ruling.adjudications.values_list("case_id", flat=True)))
    for printed in ruling.data().get("parties", []):  # a party corrected after the signing still stands there
        known = next((s for s in found if s.name == printed.get("name")), None)
        found.append(
            Subject(
                role=str(printed.get("role", "")),
                kind=known.kind if known else "",
                name=printed.get("name", ""),
                representative=printed.get("legal_representative", ""),
                addresses=tuple(filter(None, [printed.get("address", "")])),
            )
        )
    return found


def _subject(party: Party) -> Subject:
    addresses = dict.fromkeys(filter(None, [party.address, party.service_address]))
    return Subject(
        role=ROLES[Party.Role(party.role)],
        kind=party.kind,
        name=party.name,
        representative=party.legal_representative,
        agent=party.agent_name,
        agent_firm=party.agent_firm,
        id_number=party.id_number or "",
        phone=party.phone or "",
        addresses=tuple(addresses),
    )


def basis(ruling: Any) -> str:
    """A keyed digest of all a check rests on: if it changes, the check must be made again."""
    known = [[s.role, s.kind, s.name, s.representative, s.agent, s.agent_firm, s.id_number, s.phone, *s.addresses]
             for s in subjects(ruling)]  # fmt: skip
    return keyed_digest(
        chain.canonical({"subjects": known, "sections": ruling.sections, "outcome": ruling.outcome})
    )
