"""Whom to ask to mediate: those who may, with what speaks for and against each. Plain rules in order, no score.

First who has no conflict, then who knows the field, then who has least in hand. The committee decides.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cases.conflicts import Hit, hits
from cases.models import Case, Participation, Proceeding, Right
from cases.permissions import receivers
from stations.models import Appointment, User

SEPARATORS = re.compile(r"[、，,；;/\s]+")


@dataclass(frozen=True)
class Candidate:
    """One person of the body: the fields that fit the rights, languages, open mediations, what stands in the way."""

    user: User
    fields: tuple[str, ...]
    languages: str
    load: int
    hits: tuple[Hit, ...]

    @property
    def reasons(self) -> str:
        """What the list shows beside the name."""
        said = [_("领域相符：%(fields)s") % {"fields": "、".join(self.fields)}] if self.fields else []
        if self.languages:
            said.append(_("语言：%(languages)s") % {"languages": self.languages})
        said.append(_("在办 %(n)d 件") % {"n": self.load})
        hard = sum(hit.hard for hit in self.hits)
        if hard:
            said.append(_("应当回避"))
        elif self.hits:
            said.append(_("关联 %(n)d 项，须核对") % {"n": len(self.hits)})
        else:
            said.append(_("未发现利益冲突"))
        return "；".join(said)


def candidates(row: Any, today: date, *, viewer: Any) -> list[Candidate]:
    """Everybody of the handling body who may mediate this and does not yet, best first; a constant number of queries."""
    taking_part = row.participations.filter(to_on__isnull=True, cancelled=False).values("user")
    users = list(receivers(row, today).exclude(pk__in=taking_part))
    found = hits(row.case, users, today, viewer=viewer)
    loads, appointed = load_of(users), _appointed(users, today)
    kinds = [str(Right.Kind(right.kind).label) for right in row.case.rights.all()]
    foreign = row.case.foreign not in ("", Case.Foreign.NONE)
    made = []
    for user in users:
        terms = appointed.get(user.pk, [])
        fields = [word for term in terms for word in SEPARATORS.split(term.field) if _fits(word, kinds)]
        languages = "、".join(term.languages for term in terms if term.languages) if foreign else ""
        made.append(
            Candidate(
                user, tuple(dict.fromkeys(fields)), languages, loads.get(user.pk, 0), tuple(found[user.pk])
            )
        )
    made.sort(
        key=lambda one: (
            any(hit.hard for hit in one.hits), bool(one.hits), not one.fields, not one.languages, one.load,
            one.user.display_name, one.user.pk,
        )
    )  # fmt: skip
    return made


def load_of(users: list[User]) -> dict[int, int]:
    """How many open mediations each has in hand, as handler or taking part."""
    ids = [user.pk for user in users]
    rows = Proceeding.objects.filter(kind="mediation", is_open=True)
    pairs = set(rows.filter(handler__in=ids).values_list("handler", "pk"))
    parts = Participation.objects.filter(user__in=ids, cancelled=False, to_on__isnull=True)
    pairs |= set(
        parts.filter(proceeding__kind="mediation", proceeding__is_open=True).values_list("user", "proceeding")
    )
    loads: dict[int, int] = defaultdict(int)
    for user, _row in pairs:
        loads[user] += 1
    return loads


def _appointed(users: list[User], today: date) -> dict[int, list[Appointment]]:
    terms = Appointment.objects.in_force(today).filter(
        kind=Appointment.Kind.MEDIATOR, person__user__in=[user.pk for user in users]
    )
    found: dict[int, list[Appointment]] = defaultdict(list)
    for term in terms.select_related("person").order_by("pk"):
        if term.may_serve:
            found[term.person.user_id].append(term)
    return found


def _fits(word: str, kinds: list[str]) -> bool:
    """商标 fits 商标; 专利 fits 发明专利; 软件著作权 fits 著作权."""
    return len(word) > 1 and any(word in kind or kind in word for kind in kinds)
