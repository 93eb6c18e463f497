"""Deciding what was asked: approve, return, refuse, withdraw. The last approval enters the door with the stored data."""

import json
from datetime import date, datetime
from typing import Any

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations import policy
from stations.models import User

from . import access, writing
from .entry import Entry
from .errors import Conflict, DomainError, NotFound, Refused
from .models import Approval, Event, Proceeding
from .permissions import answers, everywhere, role_names
from .stepping import steps_of
from .steps import demand, enter, lock

DECISIONS = ("approve", "return", "refuse", "withdraw")
ENDS = {
    "return": Approval.State.RETURNED,
    "refuse": Approval.State.REFUSED,
    "withdraw": Approval.State.WITHDRAWN,
}


def decide(
    approval_id: int, decision: str, *, by: Any, reason: str = "", on: date | None = None, today: date
) -> Approval:
    """One decision on an open approval. A return and a refusal need a reason.

    Nobody decides on his own proposal or twice on one. If the last approval can no longer be entered, the approval is
    returned with what stands in the way.
    """
    at = timezone.now()
    try:
        with transaction.atomic(durable=True):
            return _decide(approval_id, decision, by=by, reason=reason.strip(), on=on, today=today, at=at)
    except Refused as refusal:
        access.log_refusal(by, f"approval/{approval_id}", refusal.code, at)
        raise


def _decide(
    approval_id: int, decision: str, *, by: Any, reason: str, on: date | None, today: date, at: datetime
) -> Approval:
    found = Approval.objects.filter(pk=approval_id).first()
    if found is None or found.proceeding_id is None:
        raise NotFound("not_found", _("没有这项审批，或您无权查看。"))
    case, row = lock(found.proceeding_id)
    approval = Approval.objects.select_for_update().get(pk=approval_id)
    acting_for = demand_approver(approval, row, decision, by, today)
    if approval.state != Approval.State.OPEN:
        raise Conflict(
            "approval_ended", _("该事项已经办结（%(state)s）。") % {"state": approval.get_state_display()}
        )
    if decision in ("return", "refuse") and not reason:
        raise DomainError("reason_missing", _("请填写理由。"), fields={"reason": [str(_("请填写理由。"))]})
    entry = Entry(
        by=by, approved_by=None, on=today, today=today, at=at, data={}, case=case, proceeding=row, name=f"approval_{decision}"
    )  # fmt: skip
    entry.note(name=approval.name, reason=reason, proposer=approval.proposer.username)
    role = approval.waiting_role if decision != "withdraw" else ""  # whoever withdraws is the proposer
    entry.note(role=role, acting_for=acting_for.username if acting_for else None)
    _keep(approval, by, acting_for, role, decision, reason, at)
    if decision == "approve":
        return _approved(approval, row, entry, by=by, on=on, today=today, at=at)
    approval.state, approval.reason, approval.ended_on, approval.waiting_role = (
        ENDS[decision],
        reason,
        today,
        "",
    )
    entry.save(approval)
    writing.write(entry, kind=Event.Kind.ACT)
    return approval


def _approved(
    approval: Approval,
    row: Proceeding,
    entry: Entry,
    *,
    by: Any,
    on: date | None,
    today: date,
    at: datetime,
) -> Approval:
    roles = approval.roles.split(",")
    approval.position += 1
    if approval.position < len(roles):
        approval.waiting_role = roles[approval.position]
        entry.save(approval)
        writing.write(entry, kind=Event.Kind.ACT)
        return approval
    approval.waiting_role, approval.ended_on, approval.state = "", today, Approval.State.GRANTED
    approval.save()
    data = json.loads(approval.data)
    if on is not None:
        data["on"] = on.isoformat()
    meta = steps_of(type(row))[approval.name]
    try:
        with policy.remembering(approval.proposer), transaction.atomic():
            demand(approval.proposer, row, approval.name, today)
            _outcome, event = enter(
                entry.case, row, meta, by=approval.proposer, data=data, today=today, at=at, approved_by=by,
                notes={"approved_as": entry.notes["role"], "approved_for": entry.notes.get("acting_for")},
            )  # fmt: skip
            approval.event = event
            approval.save(update_fields=["event"])
            return approval
    except DomainError as failure:
        case, fresh = lock(row.pk)
        approval.state, approval.reason = Approval.State.RETURNED, _why(failure)
        back = Entry(
            by=by, approved_by=None, on=today, today=today, at=at, data={}, case=case, proceeding=fresh,
            name="approval_return",
        )  # fmt: skip
        back.note(name=approval.name, reason=failure.code, role=entry.notes["role"])
        back.note(acting_for=entry.notes.get("acting_for"))
        back.save(approval)
        writing.write(back, kind=Event.Kind.ACT)
        return approval


def demand_approver(approval: Approval, row: Proceeding, decision: str, by: Any, today: date) -> User | None:
    """Only the proposer withdraws; only a holder of the waiting role related to the row decides.

    Answers with the absent person in whose place `by` decides, None if he holds the role himself.
    """
    if decision not in DECISIONS:
        raise NotFound("unknown_decision", _("没有这个操作。"))
    if decision == "withdraw":
        if approval.proposer_id != by.pk:
            if not Proceeding.objects.visible_to(by, today).filter(pk=row.pk).exists():
                raise NotFound("not_found", _("没有这项审批，或您无权查看。"))
            raise Refused("not_proposer", _("只有拟办人可以撤回拟办意见。"))
        return None
    waiting = approval.waiting_role
    held = policy.standing(by, today)
    if waiting not in held.roles or not answers(held, waiting, row):
        if not Proceeding.objects.visible_to(by, today).filter(pk=row.pk).exists():
            raise NotFound("not_found", _("没有这项审批，或您无权查看。"))
        if waiting:
            raise Refused("role", _("该事项由%(roles)s审批。") % {"roles": role_names([waiting])})
        return None  # it has ended: says the caller
    here = {row.body_id} | ({None} if row.kind in everywhere(held, waiting) else set())
    acting_for = {g.user_id for g in held.grants if g.role == waiting and g.body_id in here}
    spent = {approval.proposer_id, *_decided(approval)}
    if by.pk in spent or acting_for <= spent:
        raise Refused("own_proposal", _("不能审批自己提出的事项，也不能在同一事项上审批两次。"))
    if by.pk in acting_for:
        return None
    return User.objects.get(pk=min(acting_for - spent))


def _decided(approval: Approval) -> set[int]:
    """Who has decided so far, in person or through a stand-in."""
    lines = [json.loads(line) for line in approval.decided.splitlines() if line]
    return {one["by"] for one in lines} | {one["for"] for one in lines if one.get("for")}


def _keep(
    approval: Approval, by: Any, acting_for: User | None, role: str, decision: str, reason: str, at: datetime
) -> None:
    line = {
        "by": by.pk,
        "for": acting_for.pk if acting_for else None,
        "name": named(by, acting_for),
        "role": role,
        "decision": decision,
        "reason": reason,
        "at": at,
    }
    approval.decided += json.dumps(line, ensure_ascii=False, default=str) + "\n"


def named(by: Any, acting_for: Any) -> str:
    """How a decision names its maker: a stand-in with the person he stands for."""
    return f"{by}（代 {acting_for}）" if acting_for else str(by)


def waiting_for(user: Any, today: date) -> models.QuerySet[Approval]:
    """What this person is asked to decide, oldest first."""
    held = policy.standing(user, today)
    mine = Q(pk__in=[])
    for role in held.roles:
        here = Q(proceeding__body__in=held.bodies(role)) | Q(proceeding__kind__in=everywhere(held, role))
        mine |= here & Q(waiting_role=role)
    return (
        Approval.objects.filter(mine, state=Approval.State.OPEN)
        .exclude(proposer=user)
        .select_related("proceeding", "proposer", "case")
        .order_by("pk")
    )


def _why(failure: DomainError) -> str:
    """What stood in the way, with the fields it concerns."""
    return "；".join([str(failure.message), *(t for texts in failure.fields.values() for t in texts)])[:500]
