"""What the case page and the work list show of reaching each side: attempts, what usually comes next, new answers.

It suggests and counts nothing; the record shows the acts, the sealed notes what was said.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from cases.calendar import office_calendar
from cases.models import Event, Party
from cases.panels import Panel, mark, panel
from stations.models import Station

from . import ladder
from .ladder import Attempt, Suggestion
from .models import Consent, Contact, Mediation
from .models.inviting import REACHING

ANSWERED = (Consent.Answer.AGREE, Consent.Answer.REFUSE, Consent.Answer.LEFT_OUT)
NEXT = {ladder.DECLINE: _("不予受理（对方逾期未答复）"), ladder.CONSENT: _("登记其调解意愿")}


@panel("mediation")
def reached(row: Mediation, user: Any, today: date) -> Panel:
    """Of each side that is still asked: every attempt in order, an open invitation, and what usually comes next."""
    if row.state not in REACHING:
        return Panel()
    answers = {one.party_id: one.answer for one in row.consents.filter(cancelled=False)}
    contacts: dict[int, list[Contact]] = {}
    for contact in row.contacts.filter(cancelled=False).select_related("message"):
        contacts.setdefault(contact.party_id, []).append(contact)
    open_until = {
        one.party_id: one.expires_on
        for one in row.invitations.filter(cancelled=False, answered_at__isnull=True)
    }
    facts: list[dict[str, Any]] = []
    parties = list(row.case.parties.all())
    roles = [one.role for one in parties]
    for party in parties:
        name = f"{party.name}：" if roles.count(party.role) > 1 else ""
        tried = contacts.get(party.pk, [])
        if tried:
            said = "；".join(_tried(one) for one in tried)
            facts.append(
                {"label": _("联系%(role)s") % {"role": party.get_role_display()}, "value": f"{name}{said}"}
            )
        if party.pk in open_until and party.pk not in answers:
            facts.append(
                {"label": _("邀请答复截止"), "value": f"{open_until[party.pk]:%Y-%m-%d}", "num": True}
            )
        asked = party.role == Party.Role.RESPONDENT and row.state == "received"
        if asked and answers.get(party.pk) == Consent.Answer.PROPOSE:
            facts.append({"label": _("建议下一步"), "value": _("就其方案与双方商谈"), "tone": "warn"})
        elif asked and answers.get(party.pk) not in ANSWERED:
            facts += _suggested(row, tried, open_until.get(party.pk), today)
    new = new_answers([row.pk])
    if new:
        facts.append({"label": _("新答复"), "value": _("当事人已凭邀请码答复，请查看"), "tone": "brand"})
    return Panel(facts=facts)


def _tried(contact: Contact) -> str:
    message = getattr(contact, "message", None)
    result = message.get_state_display() if message is not None else contact.get_result_display()
    return f"{contact.on:%m-%d} {contact.get_way_display()}，{result}"


def _suggested(
    row: Mediation, tried: Sequence[Contact], answer_by: date | None, today: date
) -> list[dict[str, Any]]:
    attempts = [Attempt(one.way, one.result, one.on) for one in tried]
    found = ladder.next_step(
        attempts, ladder=ladder.rungs(), calendar=office_calendar(), today=today, answer_by=answer_by
    )  # fmt: skip
    if found is None:
        return []
    words = _words(row, found, today)
    if found.due:
        return [{"label": _("建议下一步"), "value": words, "tone": "warn"}]
    later = _("%(day)s 起：%(what)s") % {"day": f"{found.from_on:%Y-%m-%d}", "what": words}
    return [{"label": _("建议下一步"), "value": later}]


def _words(row: Mediation, found: Suggestion, today: date) -> str:
    if found.way == Contact.Way.VISIT:
        return str(_("上门联系（%(station)s）") % {"station": nearest_station(row, today)})
    return str(NEXT.get(found.way) or Contact.Way(found.way).label)


def nearest_station(row: Mediation, today: date) -> str:
    """The open station in the area where the act took place, else the one that registered the case."""
    if row.case.act_place_id:
        there = Station.objects.filter(
            area=row.case.act_place_id, opened_on__lte=today, closed_on__isnull=True
        )
        found = there.order_by("code").first()
        if found is not None:
            return str(found)
    return str(row.case.station or _("就近工作站"))


def new_answers(mediations: Sequence[int]) -> set[int]:
    """Those of these mediations in which a party has answered by code and nobody has done anything since."""
    later = Event.objects.filter(proceeding=OuterRef("proceeding"), seq__gt=OuterRef("seq"))
    later = later.exclude(name__in=("answer_invitation", "states"))
    found = Event.objects.filter(proceeding__in=mediations, name="answer_invitation").exclude(Exists(later))
    return set(found.values_list("proceeding", flat=True))


@mark("mediation")
def marked(mediations: Sequence[int], user: Any, today: date) -> dict[int, list[Any]]:
    """On the work list: a new answer."""
    return {pk: [_("新答复")] for pk in new_answers(mediations)}
