"""Conflicts of interest: where somebody of the house meets the people of a case, in whatever role, in whatever case.

It finds and says why. What follows (a refusal, both sides' consent, a tick) is decided by whoever asks.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat, Lower, Replace
from django.utils.translation import gettext as _

from stations.models import Interest, Pairing, Person, User

from . import kinds
from .identifiers import name_key
from .models import Case, Participation, Party, Proceeding, Right
from .protection import keyed_digest

SEPARATORS = re.compile(r"[、，,；;/\n]")
FOLDED_AWAY = " 　·•（）(),，.-—&'《》"
HARD = (Interest.Relation.RELATIVE, Interest.Relation.HOLDING)
COLUMNS = ("legal_representative", "agent_name", "agent_firm")


@dataclass(frozen=True)
class Hit:
    """One thing that stands between a person and a case.

    `hard`: the person must withdraw (特邀调解规定第十五条); `liftable`: unless both parties agree. `key` holds ids and
    digests only, so that it may stand on the record; `text` names no case that the one who asked may not see.
    """

    kind: str  # judges, own, a relation of Interest, unit, paired, named (elsewhere), served, mediated or judged (elsewhere)
    key: str
    text: str
    hard: bool = False
    liftable: bool = True
    registration_no: str = ""


@dataclass(frozen=True)
class Named:
    """A name that stands in a case, in its one form, and in what role."""

    key: str
    name: str
    role: str


def names_of(party: Party) -> list[Named]:
    """Everybody a party's row names: itself, who represents it, its agents and their firms."""
    role = party.get_role_display()
    labels = (f"{role}的法定代表人", f"{role}的代理人", f"{role}的代理机构")
    found = [Named(party.name_key, party.name, role)] if len(party.name_key) > 1 else []
    for column, label in zip(COLUMNS, labels, strict=True):
        found += named(getattr(party, column), label)
    return found


@dataclass(frozen=True)
class Source:
    """Rows, each of one `case`, that name people in these columns, and whom one of them names.

    `indexed`: its own name and document number stand in `name_key` and `id_number_index`.
    """

    rows: Callable[[], QuerySet[Any]]
    columns: Sequence[str]
    names: Callable[[Any], list[Named]]
    indexed: bool = False

    def naming(self, keys: Collection[str], numbers: Collection[str]) -> QuerySet[Any]:
        """Rows that may name one of these people; the caller compares the names in their one form."""
        folded: Any = Concat(*(part for column in self.columns for part in (F(column), Value("\n"))))
        for char in FOLDED_AWAY:
            folded = Replace(folded, Value(char), Value(""))
        wanted = Q(pk__in=[])
        if self.indexed:
            wanted |= Q(name_key__in=list(keys)) | Q(id_number_index__in=list(numbers))
        for key in keys:
            wanted |= Q(folded__contains=key)
        return self.rows().annotate(folded=Lower(folded)).filter(wanted)


_sources = [Source(Party.objects.all, COLUMNS, names_of, indexed=True)]


def also(rows: Callable[[], QuerySet[Any]], *columns: str) -> Callable[[Callable[[Any], list[Named]]], Any]:
    """Register rows of a higher room that name people of a case: `@also(Mandate.objects.all, "name")`."""

    def register(names: Callable[[Any], list[Named]]) -> Callable[[Any], list[Named]]:
        _sources.append(Source(rows, columns, names))
        return names

    return register


def named(text: str, role: str) -> list[Named]:
    """The names in a column that may hold several, each in its one form; none of a single character."""
    parts = [part.strip() for part in SEPARATORS.split(text or "")]
    return [Named(key, part, role) for part in parts if len(key := name_key(part)) > 1]


def named_in(case: Case) -> list[Named]:
    """Everybody a case names: its parties and whom their rows name, holders of rights, whom higher rooms know."""
    return _named(case, case.parties.all(), case.rights.all())


def _named(case: Case, parties: Iterable[Party], rights: Iterable[Right]) -> list[Named]:
    found = [one for party in parties for one in names_of(party)]
    found += [Named(key, one.holder, _("权利人")) for one in rights if len(key := name_key(one.holder)) > 1]
    for source in _sources[1:]:
        found += [one for row in source.rows().filter(case=case.pk) for one in source.names(row)]
    return found


def meeting(names: list[Named], people: Iterable[User], today: date) -> dict[int, list[Hit]]:
    """What stands between people who work on a case and names that are new in it: {user id: [Hit]}."""
    users = {user.pk: user for user in people}
    found: dict[int, list[Hit]] = {pk: [] for pk in users}
    _in_this_case(found, names, users, today)
    return found


def hits(case: Case, people: Iterable[User], today: date, *, viewer: Any) -> dict[int, list[Hit]]:
    """What stands between each of these people and the case, the hard ones first: {user id: [Hit]}, [] if nothing.

    A hit in a case or proceeding that `viewer` may not see says only that there is one. The number of queries grows
    neither with people nor with parties nor with cases.
    """
    users = {user.pk: user for user in people}
    found: dict[int, list[Hit]] = {pk: [] for pk in users}
    if not users:
        return found
    parties, rights = list(case.parties.all()), list(case.rights.all())
    here = _named(case, parties, rights)
    _judging(found, case)
    _in_this_case(found, here, users, today)
    _in_the_registers(found, here, today)
    elsewhere = _Elsewhere(case, viewer, today)
    elsewhere.named(found, users)
    elsewhere.served(found, here, parties, rights)
    for listed in found.values():
        listed.sort(key=lambda hit: (not hit.hard, hit.kind, hit.registration_no))
    return found


def _judging(found: dict[int, list[Hit]], case: Case) -> None:
    parts = Participation.objects.filter(
        proceeding__case=case.pk, user__in=list(found), capacity__in=Participation.JUDGING, cancelled=False
    )
    for user in set(parts.values_list("user", flat=True)):
        text = _("承担本纠纷的裁决工作，不能担任调解员")
        found[user].append(Hit("judges", "judges", text, hard=True, liftable=False))


def _in_this_case(
    found: dict[int, list[Hit]], here: list[Named], users: dict[int, User], today: date
) -> None:
    """The person's own name and the names declared, against every name of this case."""
    by_key = _by_key(here)
    for pk, user in users.items():
        for named in by_key.get(name_key(user.display_name), []):
            text = _("与本案%(role)s“%(name)s”同名") % {"role": named.role, "name": named.name}
            found[pk].append(Hit("own", f"own:{_digest(named.key)}", text, hard=True))
    for one in Interest.objects.filter(user__in=list(users), valid_from__lte=today).order_by("pk"):
        in_force = one.valid_to is None or one.valid_to >= today
        for named in by_key.get(name_key(one.name), []):
            text = _("其申报的“%(relation)s”与本案%(role)s“%(name)s”同名") % {
                "relation": one.get_relation_display(), "role": named.role, "name": named.name,
            }  # fmt: skip
            if not in_force:
                text += _("（已于 %(day)s 终止）") % {"day": one.valid_to}
            key = f"interest:{one.pk}:{_digest(named.key)}"
            hard = in_force and one.relation in HARD
            found[one.user_id].append(Hit(one.relation, key, text, hard=hard))


def _in_the_registers(found: dict[int, list[Hit]], here: list[Named], today: date) -> None:
    """What the house itself knows of its people: where one works, and the enterprise one looks after as commissioner."""
    by_key = _by_key(here)
    people = Person.objects.filter(user__in=list(found)).order_by("pk")
    paired = Pairing.objects.in_force(today).filter(commissioner__person__user__in=list(found))
    known = [
        (one.user_id, "unit", one.unit, _("其任职单位“%(name)s”在本案中为%(role)s"))
        for one in people
        if one.unit
    ]
    known += [
        (
            pair.commissioner.person.user_id,
            "paired",
            pair.enterprise.name,
            _("其担任保护专员的企业“%(name)s”在本案中为%(role)s"),
        )
        for pair in paired.select_related("enterprise", "commissioner__person").order_by("pk")
    ]
    for user, kind, name, words in known:
        for named in by_key.get(name_key(name), []):
            text = words % {"name": named.name, "role": named.role}
            found[user].append(Hit(kind, f"{kind}:{_digest(named.key)}", text, hard=kind == "unit"))


class _Elsewhere:
    """The same people in other cases, as far as `viewer` sees those."""

    def __init__(self, case: Case, viewer: Any, today: date) -> None:
        self.case, self.viewer, self.today = case, viewer, today

    def named(self, found: dict[int, list[Hit]], users: dict[int, User]) -> None:
        """The person's own name as party, representative or agent of any other case."""
        keys = {name_key(user.display_name): [] for user in users.values()}  # type: dict[str, list[int]]
        for pk, user in users.items():
            keys[name_key(user.display_name)].append(pk)
        roles: dict[tuple[int, int], list[str]] = defaultdict(list)
        numbers: dict[int, str] = {}
        for row, names in _naming([key for key in keys if len(key) > 1], but=self.case):
            for one in names:
                for pk in keys.get(one.key, []):
                    roles[pk, row.case_id].append(one.role)
                    numbers[row.case_id] = str(row.case)
        if not roles:
            return
        seen = set(
            Case.objects.visible_to(self.viewer, self.today)
            .filter(pk__in=numbers)
            .values_list("pk", flat=True)
        )
        for (pk, other), listed in roles.items():
            key = f"named:{other}"
            if other not in seen:
                found[pk].append(Hit("named", key, _out_of_sight()))
                continue
            text = _("与 %(number)s 案的%(roles)s同名") % {
                "number": numbers[other], "roles": "、".join(dict.fromkeys(listed)),
            }  # fmt: skip
            found[pk].append(Hit("named", key, text, registration_no=numbers[other]))

    def served(
        self, found: dict[int, list[Hit]], here: list[Named], parties: list[Party], rights: list[Right]
    ) -> None:
        """What the person has handled, mediated or judged before with somebody, or about a right, of this case."""
        links, numbers = self._links(list(found), here, parties, rights)
        capacities = self._capacities(list(found), links)
        rows = [pk for held in capacities.values() for pk, _label, _kind in held]
        if not rows:
            return
        seen = set(
            Proceeding.objects.visible_to(self.viewer, self.today)
            .filter(pk__in=rows)
            .values_list("pk", flat=True)
        )
        for (user, other), held in capacities.items():
            ways = {way for _pk, _label, way in held}
            kind = ways.pop() if len(ways) == 1 else "served"
            key = f"{kind}:{other}"
            shown = [label for pk, label, _kind in held if pk in seen]
            if not shown:
                found[user].append(Hit(kind, key, _out_of_sight()))
                continue
            text = _("曾在 %(number)s 案任%(capacity)s，%(links)s") % {
                "number": numbers[other], "capacity": "、".join(dict.fromkeys(shown)),
                "links": "；".join(dict.fromkeys(links[other])),
            }  # fmt: skip
            found[user].append(Hit(kind, key, text, registration_no=numbers[other]))

    def _links(
        self, users: list[int], here: list[Named], parties: list[Party], rights: list[Right]
    ) -> tuple[dict[int, list[str]], dict[int, str]]:
        """Other cases these people worked on that share a name, a document number or a right.

        Case -> in what roles, and case -> its number.
        """
        worked = Q(Exists(_worked(users).filter(case=OuterRef("case")))) & ~Q(case=self.case.pk)
        by_key, documents = _by_key(here), {p.id_number_index: p for p in parties if p.id_number_index}
        links: dict[int, list[str]] = defaultdict(list)
        numbers: dict[int, str] = {}
        for row, names in _naming(list(by_key), documents, only=worked, but=self.case):
            numbers[row.case_id] = str(row.case)
            for there in names:
                for one in by_key.get(there.key, []):
                    links[row.case_id].append(
                        _("该案%(there)s是本案%(here)s“%(name)s”")
                        % {"there": there.role, "here": one.role, "name": one.name}
                    )
            same = documents.get(row.id_number_index) if isinstance(row, Party) else None
            if same is not None and name_key(same.name) != row.name_key:
                links[row.case_id].append(
                    _("该案%(there)s与本案%(here)s证件号相同")
                    % {"there": row.get_role_display(), "here": same.get_role_display()}
                )
        wanted = {right.number_key: right for right in rights if right.number_key}
        shared = Right.objects.filter(worked, number_key__in=wanted).select_related("case").order_by("pk")
        for other in shared if wanted else ():
            numbers[other.case_id] = str(other.case)
            links[other.case_id].append(_("涉及同一权利“%(right)s”") % {"right": wanted[other.number_key]})
        return links, numbers

    def _capacities(
        self, users: list[int], links: Collection[int]
    ) -> dict[tuple[int, int], list[tuple[int, str, str]]]:
        """(user, case) -> [(proceeding, capacity in words, how: see `_way`)]."""
        found: dict[tuple[int, int], list[tuple[int, str, str]]] = defaultdict(list)
        if not links:
            return found
        parts = Participation.objects.filter(user__in=users, proceeding__case__in=links, cancelled=False)
        parts = parts.exclude(proceeding__kind__in=kinds.apart())
        said = set()
        for part in parts.select_related("proceeding").order_by("pk"):
            found[part.user_id, part.proceeding.case_id].append(
                (part.proceeding_id, part.get_capacity_display(), _way(part.capacity))
            )
            said.add((part.user_id, part.proceeding_id))
        handled = Proceeding.objects.filter(handler__in=users, case__in=links).order_by("pk")
        handled = handled.exclude(kind__in=kinds.apart())
        for pk, case, handler in handled.values_list("pk", "case", "handler"):
            if (handler, pk) not in said:
                found[handler, case].append((pk, str(Participation.Capacity.HANDLER.label), "served"))
        return found


def _worked(users: list[int]) -> QuerySet[Proceeding]:
    """The proceedings these people handle or have taken part in; what nobody of the case learns of is not one."""
    part = Participation.objects.filter(proceeding=OuterRef("pk"), user__in=users, cancelled=False)
    rows = Proceeding.objects.filter(Q(handler__in=users) | Exists(part))
    return rows.exclude(kind__in=kinds.apart())


def _naming(
    keys: Collection[str], numbers: Collection[str] = (), *, only: Q | None = None, but: Case
) -> Iterator[tuple[Any, list[Named]]]:
    """Rows of other cases that may name one of these people, each with whom it names."""
    for source in _sources if keys or numbers else ():
        rows = source.naming(keys, numbers).filter(only or Q()).exclude(case=but.pk)
        for row in rows.select_related("case").order_by("pk"):
            yield row, source.names(row)


def _way(capacity: str) -> str:
    """What somebody was elsewhere: its mediator, one who judged it, or somebody else of the house."""
    if capacity == Participation.Capacity.MEDIATOR:
        return "mediated"
    return "judged" if capacity in Participation.JUDGING else "served"


def _by_key(names: Iterable[Named]) -> dict[str, list[Named]]:
    found: dict[str, list[Named]] = defaultdict(list)
    for named in names:
        if named not in found[named.key]:
            found[named.key].append(named)
    return found


def _out_of_sight() -> str:
    return _("另有一起您无权查看的案件涉及该人员，请由有权查看的人员核对")


def _digest(key: str) -> str:
    return keyed_digest(key)[:16]
