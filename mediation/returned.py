"""The same dispute coming back: a mediation settled within twelve months between the same two over the same right or cause."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from cases import deadlines
from cases.identifiers import name_key
from cases.models import Party

MONTHS = 12


def earlier(row: Any, on: date) -> QuerySet[Any]:
    """Settled mediations that this one repeats, latest first. What a person may see of them is asked elsewhere."""
    sides = {
        role: [party for party in row.case.parties.all() if party.role == role]
        for role in (Party.Role.APPLICANT, Party.Role.RESPONDENT)
    }
    found = type(row).objects.none()
    keys = [right.number_key for right in row.case.rights.all() if right.number_key]
    same = Q(case__rights__number_key__in=keys) if keys else Q()
    if row.case.cause:
        same |= Q(case__cause=row.case.cause)
    if not same or not all(sides.values()):
        return found
    found = type(row).objects.filter(
        state="settled", closed_on__gte=deadlines.add_months(on, -MONTHS), closed_on__lte=on
    )
    for parties in sides.values():  # a join of its own for each side, whichever side it was on then
        found = found.filter(_is_one_of(parties))
    return found.filter(same).exclude(pk=row.pk).order_by("-closed_on", "-pk").distinct()


def _is_one_of(parties: list[Party]) -> Q:
    names = Q(case__parties__name_key__in=[party.name_key or name_key(party.name) for party in parties])
    numbers = [party.id_number_index for party in parties if party.id_number_index]
    return names | Q(case__parties__id_number_index__in=numbers) if numbers else names
