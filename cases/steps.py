"""The door. `perform`, `act`, `register`, `open_matter` and `case_act` are the only callers of a step or act.

Each is one transaction: locks, idempotency, version, permission, source state, form, the method, then writing.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import structlog
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from stations import policy

from . import kinds, matters, undoing, writing
from .entry import Entry
from .errors import Conflict, DomainError, Invalid, NotFound, Refused, VersionMissing
from .forms import form_of
from .models import Approval, Case, Event, Proceeding
from .once import Answer, Outcome, Waiting, once
from .permissions import approvers_of, can, may
from .registration import OfBatch, RegistrationForm
from .stepping import Meta, steps_of

log = structlog.get_logger()


def perform(
    proceeding_id: int,
    step: str,
    *,
    by: Any,
    data: Mapping[str, Any],
    version: int | None,
    today: date,
    key: str | None = None,
) -> Answer:
    """Take a step. `version` is the one the caller has seen.

    Raises NotFound, VersionMissing, Conflict (`stale_version`, `wrong_state`, `approval_pending`), Refused, Invalid,
    KeyReused, or what the step itself refuses; then nothing was written but the refusal in the access log.
    """

    def call(at: datetime) -> tuple[Answer, Event | None]:
        case, row = lock(proceeding_id)
        meta = steps_of(type(row)).get(step)
        if meta is None or meta.kind != "step":
            raise NotFound("unknown_step", _("没有这个步骤。"))
        if version is None:
            raise VersionMissing(
                "version_missing", _("请求缺少版本号（If-Match 或 version），请先读取最新内容。")
            )
        if version != row.version:
            raise Conflict(
                "stale_version",
                _("本案刚刚已被其他人办理到下一步，请刷新后再办理；您填写的内容没有丢失。"),
                version=row.version,
                state=row.state,
            )
        demand(by, row, step, today)
        refuse_while_approving(row)
        return _enter_or_ask(case, row, meta, by=by, data=data, today=today, at=at)

    return once(call, by=by, key=key, route=f"{proceeding_id}/{step}", said=[version, dict(data)])


def act(
    proceeding_id: int,
    name: str,
    *,
    by: Any,
    data: Mapping[str, Any],
    today: date,
    key: str | None = None,
    told: bool = False,
) -> Answer:
    """Do an act: on the record, without a change of state. Raises as `perform` does, but asks for no version.

    `told`: somebody outside says so whose permission the caller has tested (the code of an invitation); the policy
    opens such an act to nobody, and only its state is asked here.
    """

    def call(at: datetime) -> tuple[Answer, Event | None]:
        case, row = lock(proceeding_id)
        meta = steps_of(type(row)).get(name)
        if meta is None or meta.kind != "act":
            raise NotFound("unknown_act", _("没有这个操作。"))
        if not told:
            demand(by, row, name, today)
        elif not meta.open_in(row.state):
            raise Conflict("wrong_state", _("当前环节不能办理该操作。"), state=row.state)
        if approvers_of(row, name):
            refuse_while_approving(row)
        return _enter_or_ask(case, row, meta, by=by, data=data, today=today, at=at)

    return once(call, by=by, key=key, route=f"{proceeding_id}/acts/{name}", said=[dict(data)])


def case_act(
    case_id: int,
    name: str,
    *,
    by: Any,
    data: Mapping[str, Any],
    today: date,
    key: str | None = None,
    told: bool = False,
) -> Answer:
    """Do an act on the case itself: data of a party or right, a file, a further proceeding.

    `told`: another case says so through the outbox; whoever acted was allowed to there, and is not asked again here.
    """

    def call(at: datetime) -> tuple[Answer, Event | None]:
        case = _lock_case(case_id)
        meta = steps_of(Case).get(name)
        if meta is None:
            raise NotFound("unknown_act", _("没有这个操作。"))
        if not told:
            demand(by, case, name, today)
        form = _clean(Case, meta, data, row=None, case=case, by=by, today=today)
        entry = _entry(form, case=case, row=None, name=name, by=by, approved_by=None, today=today, at=at)
        entry.audience = Event.Audience.CASE
        getattr(case, name)(entry)
        event = writing.write(entry, kind=Event.Kind.ACT)
        return Outcome(case.pk, event.pk), event

    return once(call, by=by, key=key, route=f"case/{case_id}/{name}", said=[dict(data)])


def register(
    *, by: Any, data: Mapping[str, Any], today: date, key: str | None = None, of: OfBatch | None = None
) -> Outcome:
    """收件登记: the case with its parties, rights, registration number and first proceeding, in one transaction.

    `data` as the API body of interfaces.md; `of`: it is one of a batch. Raises Invalid with messages by field.
    """

    def call(at: datetime) -> tuple[Answer, Event | None]:
        demand_registrar(by, today)
        form = RegistrationForm(data, by=by, today=today)
        if not form.is_valid():
            raise Invalid("invalid", _("请按提示修改后再提交。"), fields=form.messages())
        case, event, first = form.make(at, of)
        return Outcome(case.pk, event.pk, first.pk, first.state, first.version, first.number), event

    answer = once(call, by=by, key=key, route="register", said=[dict(data)])
    if isinstance(answer, Waiting):
        raise TypeError("registration needs no approval")
    return answer


def open_matter(
    slug: str,
    *,
    by: Any,
    data: Mapping[str, Any],
    today: date,
    key: str | None = None,
    files: Mapping[str, Sequence[matters.Kept]] | None = None,
    told: bool = False,
) -> Outcome:
    """What has steps without a dispute begins: its case without parties or number, and its proceeding.

    Who may is the row `open` of the kind in the policy; `data` goes into the form the kind bound with
    `cases.matters.opens`, with the `files` stored before. `told`: somebody outside says so on a public form whose
    being open the caller has tested, a paper that whoever runs the machine reads in, or the schedule. Raises Refused,
    Invalid with messages by field, KeyReused.
    """
    kept = {name: list(some) for name, some in (files or {}).items()}

    def call(at: datetime) -> tuple[Answer, Event | None]:
        if not told:
            matters.demand_opener(slug, by, today)
        case, event, row = matters.make(slug, by=by, data=data, files=kept, today=today, at=at, told=told)
        return Outcome(case.pk, event.pk, row.pk, row.state, row.version, row.number), event

    named = {name: [one.stored.sm3 for one in some] for name, some in kept.items()}
    answer = once(
        call, by=by, key=key, route=f"matter/{slug}", said=[dict(data), *([named] if named else [])]
    )
    if isinstance(answer, Waiting):
        raise TypeError("opening a matter needs no approval")
    return answer


# what the doors share ---------------------------------------------------------------------------------------


def lock(proceeding_id: int) -> tuple[Case, Proceeding]:
    """Lock the case, then the proceeding, and fetch it as its own kind."""
    found = Proceeding.objects.filter(pk=proceeding_id).values_list("case_id", "kind").first()
    if found is None:
        raise NotFound("not_found", _("没有这个案件，或您无权查看。"))
    case = _lock_case(found[0])
    row: Proceeding = kinds.get(found[1]).model.objects.select_for_update().get(pk=proceeding_id)
    row.case = case
    return case, row


def _lock_case(case_id: int) -> Case:
    case: Case | None = Case.objects.select_for_update().filter(pk=case_id).first()
    if case is None:
        raise NotFound("not_found", _("没有这个案件，或您无权查看。"))
    return case


def demand(by: Any, row: Any, name: str, today: date) -> None:
    """Refuse with the reason if this person may not; a wrong state is a conflict."""
    getattr(by, "_standing", {}).clear()  # what a request knew before the lock may have changed
    answer = can(by, row, name, today)
    if answer:
        return
    if answer.obstacle is not None:
        raise answer.obstacle
    if answer.code == "wrong_state":
        raise Conflict("wrong_state", answer.reason, state=row.state)
    visible = type(row)._default_manager if isinstance(row, Case) else Proceeding.objects
    if not visible.visible_to(by, today).filter(pk=row.pk).exists():
        raise NotFound("not_found", _("没有这个案件，或您无权查看。"))
    raise Refused(answer.code, answer.reason)


def demand_registrar(by: Any, today: date) -> None:
    """Only station staff register."""
    rule = policy.step_rule("case", "register")
    held = policy.standing(by, today)
    if rule is None or not any(held.stations(role) for role in rule.roles):
        raise Refused("role", _("收件登记由工作站人员办理。"))


def refuse_while_approving(row: Proceeding) -> None:
    """One question at a time: while an approval is open, other steps wait."""
    if Approval.objects.filter(proceeding=row.pk, state=Approval.State.OPEN).exists():
        raise Conflict("approval_pending", _("本案有事项正在审批，请等待审批结束或先撤回该事项。"))


def _enter_or_ask(
    case: Case, row: Proceeding, meta: Meta, *, by: Any, data: Mapping[str, Any], today: date, at: datetime
) -> tuple[Answer, Event | None]:
    needed = approvers_of(row, meta.name)
    if not needed:
        outcome, event = enter(case, row, meta, by=by, data=data, today=today, at=at)
        return outcome, event
    form = _clean(type(row), meta, data, row=row, case=case, by=by, today=today)
    raw = dict(data)
    if form.cleaned_data.get("on") == today:
        raw.pop("on", None)
    with transaction.atomic():  # try it, so that nobody is asked to approve what cannot be done
        sid = transaction.savepoint()
        enter(case, row, meta, by=by, data=data, today=today, at=at, form=form)
        transaction.savepoint_rollback(sid)
    case, row = lock(row.pk)
    approval = Approval(
        case=case, proceeding=row, name=meta.name, proposer=by, roles=",".join(needed), waiting_role=needed[0],
        asked_on=today,
    )  # fmt: skip
    approval.data = json.dumps(raw, default=str, ensure_ascii=False)
    entry = Entry(
        by=by,
        approved_by=None,
        on=today,
        today=today,
        at=at,
        data={},
        case=case,
        proceeding=row,
        name="proposed",
    )
    entry.save(approval)
    entry.note(name=meta.name)
    event = writing.write(entry, kind=Event.Kind.ACT)
    return Waiting(approval), event


def enter(
    case: Case,
    row: Proceeding,
    meta: Meta,
    *,
    by: Any,
    data: Mapping[str, Any],
    today: date,
    at: datetime,
    approved_by: Any = None,
    origin: str = "",
    notes: Mapping[str, Any] | None = None,
    form: Any = None,
) -> tuple[Outcome, Event]:
    """Form, method, writing: what happens once nothing stands in the way. Inside the door's transaction.

    `notes`: what the record says of the approval (as what, in whose place). `form`: this data, cleaned in this call.
    """
    if form is None:
        form = _clean(type(row), meta, data, row=row, case=case, by=by, today=today)
    entry = _entry(
        form, case=case, row=row, name=meta.name, by=by, approved_by=approved_by, today=today, at=at
    )
    entry.origin = origin or entry.origin
    entry.note(**notes or {})
    if meta.kind == "act":
        before = writing.snapshot(row)
        getattr(row, meta.name)(entry)
        if entry.undone is not None:
            undoing.refuse_built_upon(row, entry.undone)
            row.act_undone(entry, entry.undone)
            _void_children(row, entry)
        event = writing.write(entry, kind=Event.Kind.ACT, before=before)
    else:
        event = _step(row, meta, entry)
    return Outcome(case.pk, event.pk, row.pk, row.state, row.version, row.number), event


def _step(row: Proceeding, meta: Meta, entry: Entry) -> Event:
    before, from_state = writing.snapshot(row), row.state
    getattr(row, meta.name)(entry)
    if entry.undone is not None:
        row.undone(entry, entry.undone.name)
        _void_children(row, entry)
    return writing.write(entry, kind=Event.Kind.STEP, before=before, from_state=from_state)


def _void_children(row: Proceeding, entry: Entry) -> None:
    """Undoing a step or act takes back what it opened; a child that has moved on must be dealt with first."""
    opened = Event.objects.filter(name="opened", proceeding__parent=row.pk).exclude(proceeding__state="void")
    for event in opened.order_by("seq"):
        if json.loads(event.body)["notes"].get("opened_by") != entry.undone.pk:  # type: ignore[union-attr]
            continue
        _case, child = lock(event.proceeding_id)
        if child.version:
            raise DomainError("child_moved_on", _("它开启的后续程序已经办理，请先撤回后续程序的步骤。"))
        inner = Entry(
            by=entry.by, approved_by=entry.approved_by, on=entry.on, today=entry.today, at=entry.at,
            data={"ground": "mistake", "reason": entry.data.get("reason", "")}, case=entry.case, proceeding=child,
            name="void",
        )  # fmt: skip
        _step(child, steps_of(type(child))["void"], inner)


def _clean(
    model: type,
    meta: Meta,
    data: Mapping[str, Any],
    *,
    row: Proceeding | None,
    case: Case,
    by: Any,
    today: date,
) -> Any:
    form = form_of(model, meta.name)(data, proceeding=row, case=case, by=by, today=today)
    if not form.is_valid():
        raise Invalid("invalid", _("请按提示修改后再提交。"), fields=form.messages())
    return form


def _entry(
    form: Any,
    *,
    case: Case,
    row: Proceeding | None,
    name: str,
    by: Any,
    approved_by: Any,
    today: date,
    at: datetime,
) -> Entry:
    entry = Entry(
        by=by, approved_by=approved_by, on=form.cleaned_data.get("on") or today, today=today, at=at,
        data=form.cleaned_data, case=case, proceeding=row, name=name,
    )  # fmt: skip
    if form.is_late:
        entry.origin = Event.Origin.LATE
        entry.note(late_reason=form.cleaned_data.get("late_reason"))
    entry.note(**form.recorded_data())
    return entry


__all__ = ["Outcome", "Waiting", "act", "can", "case_act", "may", "open_matter", "perform", "register"]
