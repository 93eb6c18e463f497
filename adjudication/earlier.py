"""Earlier matters that bear on a request: one dismissed for want of a patent and made again, repeated infringement.

Other cases are only read here, and only as far as whoever asks may see them; none is written.
"""

from datetime import date
from typing import Any

from django.db.models import Q

from cases.models import Party, Right

from . import legal_status
from .models.public import LegalStatus, PublishedRuling
from .models.ruling import Outcome, Ruling


def same_patent(row: Any) -> Q:
    """Adjudications about a patent of this one."""
    keys = row.case.rights.filter(kind__in=Right.PATENTS).exclude(number_key="").values("number_key")
    return Q(case__rights__number_key__in=keys)


def dismissed_first(row: Any, number: str, user: Any, today: date) -> Any:
    """The adjudication of this number that was 先行驳回 over the same patent, if this person may see it; else None."""
    seen = (
        type(row).objects.visible_to(user, today).filter(same_patent(row), number=number).exclude(pk=row.pk)
    )
    return seen.filter(rulings__kind=Ruling.Kind.DISMISSED_FIRST, rulings__void=False).distinct().first()


def rulings_repeated(row: Any, user: Any, today: date) -> list[Ruling]:
    """Effective rulings against a respondent of this case over the same patent (办法第三十四条), the latest first.

    Those of cases this person may not see only if the public may read them.
    """
    against = Q()
    for party in row.case.parties.filter(role=Party.Role.RESPONDENT):
        # with two numbers known they decide; a name alone is as good as it gets
        named = Q(name_key=party.name_key)
        if party.id_number_index:
            named = Q(id_number_index=party.id_number_index) | named & Q(id_number_index="")
        against |= named
    if not against:
        return []
    seen = type(row).objects.visible_to(user, today)
    respondents = Party.objects.filter(against, role=Party.Role.RESPONDENT)
    mine = type(row).objects.filter(same_patent(row), case__parties__in=respondents).exclude(pk=row.pk)
    public = PublishedRuling.objects.live().values("ruling")
    found = Ruling.objects.filter(
        Q(adjudications__in=seen) | Q(pk__in=public), adjudications__in=mine, void=False,
        outcome__in=(Outcome.ESTABLISHED, Outcome.PARTLY),
    ).distinct()  # fmt: skip
    return [one for one in found if legal_status.of(one, today)[0] == LegalStatus.EFFECTIVE]
