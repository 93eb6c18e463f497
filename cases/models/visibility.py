"""`visible_to`: where every page, API call, export, file, search and count begins.

What role sees what stands in policy.toml as the pseudo-step `view`, and `view_closed` where fewer read the papers of
the closed volume; here it becomes SQL.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from functools import cache, cached_property
from typing import Any, NoReturn

from django.apps import apps
from django.db import models
from django.db.models import Exists, OuterRef, Q

from cases import kinds
from stations import policy
from stations.policy import Standing


class Unwritable(models.QuerySet):
    """Rows whose writes must be seen: bulk writes are refused."""

    def _refuse(self, *args: object, **kwargs: object) -> NoReturn:
        raise TypeError("bulk writes to these rows are refused: use the door (cases.steps)")

    update = bulk_create = bulk_update = delete = update_or_create = _refuse  # type: ignore[assignment]


def _participation(held: Standing, **extra: Any) -> models.QuerySet:
    model = apps.get_model("cases", "Participation")
    return model.objects.filter(user__in=held.users, cancelled=False, **extra)


@cache
def view_relations(name: str = "view") -> list[tuple[str, str, frozenset[str]]]:
    """(role, relation, kinds it may view); a kind without a rule of this name goes by `view`."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for slug in kinds.all_kinds():
        rule = policy.step_rule(slug, name) or policy.step_rule(slug, "view")
        for role, relation in (rule.roles if rule else {}).items():
            found[role, relation].add(slug)
    return [(role, relation, frozenset(slugs)) for (role, relation), slugs in found.items()]


def _grounds(held: Standing, role: str, relation: str) -> list[tuple[str, tuple[int, ...]]]:
    """What this relation of the holder of this role rests on: (ground, whose or where)."""
    own = ("own", tuple(held.users_with(role)))
    match relation:
        case "any":
            return [("any", ())]
        case "station":
            return [("station", tuple(held.stations(role)))]
        case "body":
            return [("body", tuple(held.bodies(role)))]
        case "own":
            return [own]
        case _:
            return [("unassigned", tuple(held.bodies(role))), own]


def _ground_q(ground: str, ids: tuple[int, ...]) -> Q:
    match ground:
        case "any":
            return Q()
        case "station":
            return Q(station__in=ids)
        case "body":
            return Q(body__in=ids)
        case "unassigned":
            return Q(body__in=ids, handler__isnull=True)
        case _:
            parts = apps.get_model("cases", "Participation").objects.filter(
                proceeding=OuterRef("pk"), user__in=ids, cancelled=False, to_on__isnull=True
            )
            return Q(handler__in=ids) | Exists(parts)


def relations_q(held: Standing, relations: Iterable[tuple[str, str, Iterable[str]]]) -> Q:
    """The rows that stand in one of these relations (role, relation, kinds) to the holder; each ground is asked once."""
    kinds_on: dict[tuple[str, tuple[int, ...]], set[str]] = defaultdict(set)
    for role, relation, slugs in relations:
        for ground in _grounds(held, role, relation):
            kinds_on[ground].update(slugs)
    found = Q(pk__in=[])
    for (ground, ids), slugs in kinds_on.items():
        found |= Q(kind__in=sorted(slugs)) & _ground_q(ground, ids)
    return found


def shut_out_q(held: Standing) -> Q:
    """Whoever judges in a case never sees its confidential proceedings, by whatever role."""
    judging = apps.get_model("cases", "Participation").JUDGING
    return Q(kind__in=kinds.confidential()) & Exists(
        _participation(
            held,
            capacity__in=judging,
            proceeding__kind__in=kinds.judging(),
            proceeding__case=OuterRef("case"),
        )
    )


class ProceedingQuerySet(Unwritable):
    def visible_to(self, user: Any, today: date, name: str = "view") -> "ProceedingQuerySet":
        held = policy.standing(user, today)
        if not held.grants:
            return self.none()
        mine = [one for one in view_relations(name) if one[0] in held.roles]
        return self.filter(relations_q(held, mine)).exclude(shut_out_q(held))


class CaseQuerySet(Unwritable):
    def visible_to(self, user: Any, today: date) -> "CaseQuerySet":
        held = policy.standing(user, today)
        if not held.grants:
            return self.none()
        proceedings = apps.get_model("cases", "Proceeding").objects.visible_to(user, today)
        proceedings = proceedings.exclude(kind__in=kinds.apart())
        seen = Q(Exists(proceedings.filter(case=OuterRef("pk"))))
        rule = policy.step_rule("case", "view")
        for role, relation in (rule.roles if rule else {}).items():
            if role in held.roles:
                seen |= Q(station__in=held.stations(role)) if relation == "station" else Q(pk__isnull=False)
        return self.filter(seen)


class Sight:
    """What of a row's surroundings somebody sees, as conditions on the row.

    `case`: on rows of this case alone; then its few proceedings are read once instead of in each query.
    """

    def __init__(self, user: Any, today: date, held: Standing, case: int | None) -> None:
        self.user, self.today, self.held, self.case = user, today, held, case

    def _proceedings(self, name: str = "view") -> models.QuerySet:
        seen: models.QuerySet = apps.get_model("cases", "Proceeding").objects.visible_to(
            self.user, self.today, name
        )
        return seen

    def _among(self, rows: models.QuerySet, own: str, column: str, in_case: str) -> Q:
        """The row's `column` stands in the column `own` of these, which lead to their case by `in_case`."""
        if self.case is None:
            return Q(Exists(rows.filter(**{own: OuterRef(column)})))
        return Q(**{f"{column}__in": list(rows.filter(**{in_case: self.case}).values_list(own, flat=True))})

    @cached_property
    def of_case(self) -> Q:
        """The case itself stands open to him."""
        cases = apps.get_model("cases", "Case").objects.visible_to(self.user, self.today)
        return self._among(cases, "pk", "case", "pk")

    @cached_property
    def seen(self) -> Q:
        """So does the row's proceeding."""
        return self._among(self._proceedings(), "pk", "proceeding", "case")

    @cached_property
    def inside(self) -> Q:
        """He takes part in it."""
        parts = _participation(self.held, to_on__isnull=True)
        return self._among(parts, "proceeding", "proceeding", "proceeding__case")

    @cached_property
    def closed(self) -> Q:
        """Its closed volume stands open to him."""
        return self._among(self._proceedings("view_closed"), "pk", "proceeding", "case")


def sight(user: Any, today: date, case: int | None) -> Sight | None:
    """The sight of a person, None of somebody who is nobody here; that of one case is kept with the standing."""
    held = policy.standing(user, today)
    if not held.grants:
        return None
    if case is None:
        return Sight(user, today, held, None)
    found: Sight = held.sights.setdefault(case, Sight(user, today, held, case))
    return found


class AudienceQuerySet(models.QuerySet):
    """Rows with a case, a proceeding or none, and an audience."""

    def visible_to(self, user: Any, today: date, case: int | None = None) -> "AudienceQuerySet":
        """`case`: only rows of this one, which costs far less."""
        eyes = sight(user, today, case)
        if eyes is None:
            return self.none()
        rows = self if case is None else self.filter(case=case)
        open_to_case = Q(proceeding__isnull=True) | ~Q(proceeding__kind__in=kinds.confidential()) | eyes.seen
        return rows.filter(
            (Q(audience="case") & eyes.of_case & open_to_case)
            | (eyes.seen & (Q(audience="proceeding") | Q(audience__in=["side", "sealed"]) & eyes.inside))
        )


class DocumentQuerySet(AudienceQuerySet):
    """Papers; those of the closed volume (approvals, sign-off, closing reports) by who may see that volume."""

    def visible_to(self, user: Any, today: date, case: int | None = None) -> "DocumentQuerySet":
        eyes = sight(user, today, case)
        if eyes is None:
            return self.none()
        seen: DocumentQuerySet = super().visible_to(user, today, case)  # type: ignore[assignment]
        return seen.filter(~Q(volume="closed") | Q(proceeding__isnull=True) | eyes.closed)


class EventQuerySet(AudienceQuerySet, Unwritable):
    """Events are read by audience and never written but by the door."""
