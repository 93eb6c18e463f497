"""Whom to ask to help the panel: those appointed for it, with what speaks for and against each. Plain rules, no score.

First whose name meets nobody of the case, then who knows the field, then the language a foreign case asks for,
then who has least in hand. Who is not vetted is not suggested. The head decides.
"""

import re
from collections import Counter
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from cases.conflicts import Hit, named_in
from cases.identifiers import name_key
from cases.models import Case, Right
from stations.models import Appointment, Person

from .models import Assistant

SEPARATORS = re.compile(r"[、，,；;/\s]+")
APPOINTED_AS = {
    Assistant.Capacity.INVESTIGATOR.value: Appointment.Kind.TECHNICAL_INVESTIGATOR,
    Assistant.Capacity.EXPERT.value: Appointment.Kind.EXPERT,
}


@dataclass(frozen=True)
class Candidate:
    """One person with a term: as what, the fields of it, those that fit, cases in hand, where the name stands here."""

    person: Person
    capacity: str
    field: str
    fitting: tuple[str, ...]
    languages: str
    grade: str
    load: int
    met: tuple[str, ...]

    @property
    def reasons(self) -> str:
        """What the list shows beside the name."""
        said = [str(Assistant.Capacity(self.capacity).label)]
        said += [_("领域：%(field)s") % {"field": self.field}] if self.field else []
        said += [_("等级：%(grade)s") % {"grade": self.grade}] if self.grade else []
        said += [_("语言：%(languages)s") % {"languages": self.languages}] if self.languages else []
        said.append(_("在办 %(n)d 件") % {"n": self.load})
        said.append(_("与本案人员同名，须核对") if self.met else _("未发现同名"))
        return "；".join(said)


def candidates(row: Any, today: date) -> list[Candidate]:
    """Everybody appointed as investigator or expert who does not help here yet, best first; four queries."""
    terms = Appointment.objects.in_force(today).filter(kind__in=APPOINTED_AS.values())
    here = set(row.assisting().values_list("person", "capacity"))
    capacities = {kind: capacity for capacity, kind in APPOINTED_AS.items()}
    load = Counter(
        Assistant.objects.filter(to_on__isnull=True, proceeding__is_open=True, person__isnull=False)
        .values_list("person", flat=True)
    )  # fmt: skip
    words = [str(Right.Kind(right.kind).label) for right in row.case.rights.all()]
    words += [right.title for right in row.case.rights.all() if right.title]
    foreign = row.case.foreign not in ("", Case.Foreign.NONE)
    named = people_of(row)
    found = {}
    for term in terms.select_related("person").order_by("pk"):
        capacity = capacities[Appointment.Kind(term.kind)]
        if (term.person_id, capacity) in here or not term.may_serve:
            continue
        fields = [word for word in SEPARATORS.split(term.field) if len(word) > 1]
        fitting = tuple(word for word in fields if any(word in one or one in word for one in words))
        met = tuple(named.get(name_key(term.person.name), ()))
        found[term.person_id, capacity] = Candidate(
            term.person, capacity, term.field, fitting, term.languages if foreign else "", term.grade,
            load[term.person_id], met,
        )  # fmt: skip
    return sorted(
        found.values(),
        key=lambda one: (
            bool(one.met), not one.fitting, foreign and not one.languages, one.load, one.person.name, one.person.pk,
        ),
    )  # fmt: skip


def people_of(row: Any) -> dict[str, list[str]]:
    """Everybody the case names, by the one form of the name: in what role."""
    found: dict[str, list[str]] = {}
    for named in named_in(row.case):
        found.setdefault(named.key, []).append(named.role)
    return found


def met_by(row: Any, name: str, unit: str) -> list[Hit]:
    """Where a person of this name, from this unit, meets the people of the case; the name bars, the unit is weighed."""
    people, found = people_of(row), []
    for key, what, hard in ((name_key(name), _("姓名"), True), (name_key(unit), _("单位"), False)):
        for role in dict.fromkeys(people.get(key, ())) if len(key) > 1 else ():
            text = _("%(what)s与本案%(role)s相同") % {"what": what, "role": role}
            found.append(Hit("own", f"name:{role}" if hard else f"unit:{role}", text, hard=hard))
    return found
