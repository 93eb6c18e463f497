"""May this person do this here and now? The policy's row, then relation and state; with the reason.

Pages show the reason, the API repeats it, the tests generate every pair from it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from stations import policy
from stations.models import Grant, Role, Setting, User
from stations.policy import Standing

from . import kinds
from .errors import Conflict, DomainError
from .models import Case, Participation, Proceeding
from .models.visibility import relations_q
from .stepping import Meta, steps_of


@dataclass(frozen=True)
class Answer:
    """Yes, or no and why (a Chinese sentence for the person who asks)."""

    allowed: bool
    reason: str = ""
    code: str = ""
    obstacle: DomainError | None = None  # allowed to this person in this state, but not yet

    def __bool__(self) -> bool:
        return self.allowed


YES = Answer(True)
# What may still be done once a file is archived: what comes in afterwards is followed up and the file is read.
AFTER_ARCHIVING = frozenset({
    "reopen_archive", "record_reading", "return_visit", "record_performance", "release_term", "remind",
    "grade_subsidy", "pay_subsidy", "record_suit", "record_no_suit", "open_enforcement",
})  # fmt: skip
# Of a case whose every proceeding is archived: the dispute may come back, and another case may tell of itself.
AFTER_ALL_ARCHIVED = frozenset({"open_proceeding", "merge", "unmerge", "exclude_from_figures"})
REPAIRS = frozenset({"record_history", "correct_record", "undo_last", "void"})  # whoever handles also repairs


def role_names(roles: Any) -> str:
    """Roles as people read them."""
    return "、".join(str(Role(role).label) for role in roles)


def approvers(kind: str, name: str, *, accepted: bool, body: str = "") -> tuple[str, ...]:
    """The ordered roles that must approve this step; empty: nobody. `body` is the kind of the handling body."""
    rule = policy.step_rule(kind, name)
    if rule is None:
        return ()
    if rule.approval_once_accepted and kind != "case":
        accepting = policy.step_rule(kind, kinds.get(kind).accepting) if kinds.get(kind).accepting else None
        return accepting.approval_in.get(body, accepting.approval) if accepted and accepting else ()
    asked = rule.approval_in.get(body, rule.approval)
    return tuple(role for role in asked if role not in rule.approval_if or _chosen(rule.approval_if[role]))


def _chosen(key: str) -> bool:
    """Is this approver asked today? Yes, unless the office chose otherwise from a day on."""
    return Setting.on(Setting.Key(key), timezone.localdate()) != "否"


def approvers_of(row: Proceeding, name: str) -> tuple[str, ...]:
    """The ordered roles that must approve this step of this row, as it stands."""
    body = row.body.kind if row.body is not None else ""
    return approvers(row.kind, name, accepted=row.accepted_on is not None, body=body)


def related(held: Standing, role: str, relation: str, row: Any) -> bool:
    """Does the holder of this role stand in this relation to the row (a proceeding or a case)?"""
    if relation == "any":
        return True
    if relation == "station":
        return row.station_id in held.stations(role)
    if isinstance(row, Case):
        return _own_case(held, role, relation, row)
    if relation == "body":
        return row.body_id in held.bodies(role)
    if relation == "unassigned" and row.handler_id is None and row.body_id in held.bodies(role):
        return True
    users = held.users_with(role)
    return row.handler_id in users or _takes_part(held, row, users)


def answers(held: Standing, role: str, row: Proceeding) -> bool:
    """Does the holder of this role decide on proposals of this row: at its body, or of a kind he sees in the whole district?"""
    return related(held, role, "body", row) or (row.kind in everywhere(held, role))


def everywhere(held: Standing, role: str) -> list[str]:
    """Kinds of matters this role sees anywhere, of a holder whose grant names no place: the leadership, the district."""
    if not any(g.role == role and g.body_id is None and g.station_id is None for g in held.grants):
        return []
    found = []
    for slug in kinds.apart():
        rule = policy.step_rule(slug, "view")
        if rule is not None and rule.roles.get(role) == "any":
            found.append(slug)
    return found


def _own_case(held: Standing, role: str, relation: str, case: Case) -> bool:
    """A case is one's own through a proceeding of it."""
    key = ("own case", case.pk, role, relation)
    if key not in held.memo:
        mine = relations_q(held, [(role, relation, kinds.all_kinds())])
        held.memo[key] = Proceeding.objects.filter(mine, case=case.pk).exists()
    return held.memo[key]


def _takes_part(held: Standing, row: Proceeding, users: list[int]) -> bool:
    key = ("takes part", row.pk, *users)
    if key not in held.memo:
        open_parts = Participation.objects.filter(proceeding=row.pk, cancelled=False, to_on__isnull=True)
        held.memo[key] = open_parts.filter(user__in=users).exists()
    return held.memo[key]


def shut_out(held: Standing, row: Proceeding) -> bool:
    """Whoever judges in this case is shut out of its confidential proceedings."""
    if not kinds.get(row.kind).confidential:
        return False
    key = ("judges", row.case_id)
    if key not in held.memo:
        held.memo[key] = Participation.objects.filter(
            user__in=held.users,
            cancelled=False,
            capacity__in=Participation.JUDGING,
            proceeding__kind__in=kinds.judging(),
            proceeding__case=row.case_id,
        ).exists()
    return held.memo[key]


def foresee(held: Standing, rows: Sequence[Proceeding]) -> None:
    """Ask for many rows at once what `may` would ask of each: who takes part, who judges."""
    parts = Participation.objects.filter(user__in=held.users, cancelled=False)
    open_parts: dict[int, set[int]] = {}
    for pk, user in parts.filter(proceeding__in=rows, to_on__isnull=True).values_list("proceeding", "user"):
        open_parts.setdefault(pk, set()).add(user)
    judging = parts.filter(
        capacity__in=Participation.JUDGING, proceeding__kind__in=kinds.judging(),
        proceeding__case__in=[row.case_id for row in rows],
    )  # fmt: skip
    judged = set(judging.values_list("proceeding__case", flat=True))
    for row in rows:
        held.memo["judges", row.case_id] = row.case_id in judged
        for role in held.roles:
            users = held.users_with(role)
            held.memo["takes part", row.pk, *users] = bool(open_parts.get(row.pk, set()) & set(users))


def may(user: Any, row: Any, name: str, today: date) -> Answer:
    """The policy's answer for this person and this row, whatever its state."""
    kind = row.kind if isinstance(row, Proceeding) else "case"
    rule = policy.step_rule(kind, name)
    if rule is None or not rule.roles:
        return Answer(False, _("该操作未开放。"), "not_in_policy")
    held = policy.standing(user, today)
    roles = [role for role in rule.roles if role in held.roles]
    if not roles:
        return Answer(False, _("该操作由%(roles)s办理。") % {"roles": role_names(rule.roles)}, "role")
    if isinstance(row, Proceeding) and shut_out(held, row):
        return Answer(False, _("您在本纠纷中承担裁决工作，不能参与调解。"), "shut_out")
    if any(related(held, role, rule.roles[role], row) for role in roles):
        return YES
    return Answer(False, _("您不是本案的承办人员，或本案不属于您的单位、工作站。"), "relation")


def can(user: Any, row: Any, name: str, today: date) -> Answer:
    """May this person take this step or act on this row, as it stands?"""
    model = kinds.get(row.kind).model if isinstance(row, Proceeding) else Case
    meta: Meta | None = steps_of(model).get(name)
    if meta is None:
        return Answer(False, _("没有这个操作。"), "unknown_step")
    answer = may(user, row, name, today)
    if answer and isinstance(row, Proceeding) and not meta.open_in(row.state):
        words = _("当前环节（%(state)s）不能办理该操作。") % {"state": row.state_label}
        return Answer(False, words, "wrong_state")
    if answer and (closed := _archived(row, name, policy.standing(user, today))) is not None:
        return closed
    if answer and meta.ready is not None:
        concrete = row.concrete() if isinstance(row, Proceeding) else row
        if (obstacle := meta.obstacle(concrete)) is not None:
            return Answer(False, str(obstacle.message), obstacle.code, obstacle)
    return answer


def _archived(row: Any, name: str, held: Standing) -> Answer | None:
    """The one lock of an archived file: pages, API, files and approvals all come through `can`."""
    if isinstance(row, Proceeding):
        if row.archived_on is None or name in AFTER_ARCHIVING:
            return None
        words = _("本程序已于 %(day)s 归档，不能再办理；确需补充的，请先办理“撤销归档”。") % {
            "day": row.archived_on
        }
    else:
        if name in AFTER_ALL_ARCHIVED:
            return None
        key = ("all archived", row.pk)
        if key not in held.memo:
            rows = Proceeding.objects.filter(case=row.pk).exclude(Q(state="void") | Q(kind__in=kinds.apart()))
            days = list(rows.values_list("archived_on", flat=True))
            held.memo[key] = bool(days) and None not in days
        if not held.memo[key]:
            return None
        words = _("本案已全部归档，不能再更改；确需补充的，请先在程序中办理“撤销归档”。")
    return Answer(False, words, "archived", Conflict("archived", words))


def receivers(row: Proceeding, today: date) -> QuerySet[User]:
    """Who may be given this proceeding to handle: holders of a role that takes it on, at its body or station.

    Grants of their own in force, no stand-ins. A mediator of the dispute never judges it, nor the other way round.
    """
    found = handlers_at(row.kind, row.body_id, row.station_id, today)
    parts = Participation.objects.filter(proceeding__case=row.case_id, cancelled=False)
    if kinds.get(row.kind).confidential:
        found = found.exclude(
            pk__in=parts.filter(
                capacity__in=Participation.JUDGING, proceeding__kind__in=kinds.judging()
            ).values("user")
        )
    if kinds.get(row.kind).judging:
        mediators = parts.filter(capacity=Participation.Capacity.MEDIATOR)
        found = found.exclude(pk__in=mediators.values("user"))
    return found


def handlers_at(kind: str, body: int | None, station: int | None, today: date) -> QuerySet[User]:
    """Who may handle proceedings of this kind at this body and station, whatever the case.

    The roles that accept the kind; where nothing is accepted, those that take any of its steps.
    """
    known, table = kinds.get(kind), policy.policy().steps.get(kind, {})
    own = (
        [known.accepting]
        if known.accepting
        else [n for n, m in steps_of(known.model).items() if m.kind == "step"]
    )
    roles: dict[str, set[str]] = {}
    for name in own:
        if name in table and name not in REPAIRS:
            for role, relation in table[name].roles.items():
                roles.setdefault(role, set()).add(relation)
    here = Q(pk__in=[])
    for role, relations in roles.items():
        place = Q(pk__in=[])
        if "station" in relations:
            place |= Q(station=station, station__isnull=False)
        if relations & {"body", "own", "unassigned"}:
            place |= Q(body=body) if body is not None else Q(pk__isnull=False)
        here |= Q(role=role) & place
    grants = Grant.objects.in_force(today).filter(here)
    return User.objects.filter(is_active=True, pk__in=grants.values("user"))
