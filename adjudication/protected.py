"""Who and what a ruling's cases know: the parties and everybody else named in the file, and so what no public form may show.

Read inside the door and by the worker; nothing of it is ever logged or shown. A test holds every column that names a
person against COVERED and ELSEWHERE.
"""

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from cases import chain
from cases.models import Consultation, Event, Party, Right
from cases.names import masked_name
from cases.protection import keyed_digest

from .models.rows import AddressConfirmation, Hearing, ReplySlip, Service
from .models.rows_evidence import Addition, Inspection
from .models.rows_request import Mandate
from .redaction import DEFAULT, Secret, Subject, names, profile, secrets

ROLES = {Party.Role.APPLICANT: "请求人", Party.Role.RESPONDENT: "被请求人", Party.Role.THIRD: "第三人"}
PERSON = Party.Kind.PERSON

# "model.column" of the rows this module reads
COVERED = frozenset(
    {
        "Party.name", "Party.legal_representative", "Party.agent_name", "Party.id_number", "Party.phone", "Party.address",
        "Party.service_address", "Mandate.name", "Mandate.phone", "Addition.name", "Right.holder", "Service.substitute",
        "Service.witness", "AddressConfirmation.receiver", "AddressConfirmation.address",
        "AddressConfirmation.electronic_to", "Hearing.attendance", "ReplySlip.people", "Inspection.present",
        "Consultation.name", "Consultation.phone", "Ruling.sections",
    }
)  # fmt: skip
# and of those it does not, with the reason
ELSEWHERE = {
    "Assistant.name": "whoever helps the panel acts in office and is named in the ruling",
    "Referral.judge": "a judge acts in office", "Referral.judge_phone": "of a court's mediation, sealed from adjudication",
    "Litigation.judge": "a judge acts in office", "Litigation.agents": "the bureau's own, in office or a law firm's",
    "CourtHearing.head": "the bureau's head, in office", "CourtHearing.staff": "the bureau's staff, in office",
    "Inspection.officers": "officers, by number", "User.display_name": "the house", "User.username": "the house",
    "User.phone": "the house", "Person.name": "experts and mediators on public lists", "Interest.name": "of the house",
    "EnterpriseContact.name": "whom a station calls; never of a case",
    "Session.attendance": "mediation is confidential towards adjudication; what a ruling says of them the detector finds",
}  # fmt: skip


def subjects_of_cases(cases: list[int]) -> list[Subject]:
    """The parties of these cases, those they sent, and everybody else the files name."""
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
    known = {s.name for s in found} | {s.agent for s in found if s.agent_firm}
    for role, name, phone, address in _others(cases):
        if name not in known or phone or address:
            found.append(_other(role, name if name not in known else "", phone, address))
    return list(dict.fromkeys(found))


def subjects(ruling: Any) -> list[Subject]:
    """Everybody the cases of the ruling know, and what the signed text says of the parties."""
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


def hidden(ruling: Any, rules: str) -> list[Secret]:
    """What no public form of the ruling may show under the profile of this name ("": the default)."""
    return secrets(subjects(ruling), profile(rules or DEFAULT))


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
        aliases=tuple(dict.fromkeys(_earlier_names(party))),
    )


def _earlier_names(party: Party) -> Iterator[str]:
    """What a party was called before it was corrected: 曾用名 as the record has it."""
    row = f"party:{party.pk}"
    for event in Event.objects.filter(case=party.case_id, name="correct_party").order_by("seq"):
        notes = json.loads(event.body)["notes"]
        if notes.get("row") == row and "name" in notes["corrected"]:
            yield str(notes["corrected"]["name"][0] or "")


def _others(cases: list[int]) -> Iterator[tuple[str, str, str, str]]:
    """(role, name, telephone or mail, address) of people who are no party: receivers, witnesses, those who came."""
    of = {"case__in": cases}
    for served in Service._base_manager.filter(**of).order_by("pk"):
        yield from (("代收人", name, "", "") for name in people_in(served.substitute))
        yield from (("见证人", name, "", "") for name in people_in(served.witness))
    for confirmed in AddressConfirmation._base_manager.filter(**of).order_by("pk"):
        names = people_in(confirmed.receiver) or [""]
        yield "收件人", names[0], confirmed.electronic_to or "", confirmed.address or ""
    for slip in ReplySlip._base_manager.filter(**of).order_by("pk"):
        for one in json.loads(slip.people or "[]"):
            yield "参加人", str(one.get("name") or ""), str(one.get("phone") or ""), ""
    for hearing in Hearing._base_manager.filter(**of).order_by("pk"):
        for line in json.loads(hearing.attendance or "[]"):
            yield from (("到场人", name, "", "") for name in people_in(str(line.get("people") or "")))
    for seen in Inspection._base_manager.filter(**of).order_by("pk"):
        yield from (("到场人", name, "", "") for name in people_in(seen.present))
    for asked in Addition._base_manager.filter(**of).order_by("pk"):
        yield from (("被申请追加的人", name, "", "") for name in people_in(asked.name))
    for right in Right.objects.filter(**of).order_by("pk"):
        yield from (("权利人", name, "", "") for name in people_in(right.holder))
    for asked in Consultation.objects.filter(**of).order_by("pk"):
        names = people_in(asked.name) or [""]
        yield "咨询人", names[0], asked.phone or "", ""


def _other(role: str, name: str, phone: str, address: str) -> Subject:
    return Subject(role=role, kind=PERSON, name=name, phone=phone, addresses=tuple(filter(None, [address])))


_HAN = re.compile(r"[\u3400-\u9fff]+")
_FOREIGN = re.compile(r"[\u3400-\u9fff]+(?:[·•・][\u3400-\u9fff]+)+|[A-Za-z]+(?:[ .·-]+[A-Za-z]+)+")
_APART = re.compile(r"[、，,;；/\s]+|[（(][^（()）]*[)）]")


def people_in(text: str) -> list[str]:
    """The names of people in a short free text such as 张三（社区工作人员）、李四; words that are no name are left out."""
    pieces = (piece.strip("：: 。.") for piece in _APART.split(text or ""))
    return [piece for piece in pieces if is_name(piece)]


def is_name(words: str) -> bool:
    """Does it read like one person's name: a surname and one or two signs, a transliterated or a Latin name?"""
    if _FOREIGN.fullmatch(words):
        return masked_name(words) != words
    size = names.surname_size(words)
    return bool(
        size and _HAN.fullmatch(words) and 1 <= len(words) - size <= 2 and masked_name(words) != words
    )


def basis(ruling: Any) -> str:
    """A keyed digest of all a check rests on: if it changes, the check must be made again."""
    known: Iterable[Any] = [
        [
            s.role,
            s.kind,
            s.name,
            s.representative,
            s.agent,
            s.agent_firm,
            s.id_number,
            s.phone,
            *s.addresses,
            *s.aliases,
        ]
        for s in subjects(ruling)
    ]
    return keyed_digest(
        chain.canonical({"subjects": list(known), "sections": ruling.sections, "outcome": ruling.outcome})
    )


def patents(ruling: Any) -> list[str]:
    """Numbers of the patents in dispute; they are public."""
    cases = ruling.adjudications.values_list("case_id", flat=True)
    rights = Right.objects.filter(case__in=list(cases), kind__in=Right.PATENTS).exclude(number="")
    return list(dict.fromkeys(rights.order_by("position", "pk").values_list("number", flat=True)))
