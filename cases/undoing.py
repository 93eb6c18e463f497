"""撤回误操作 of acts: which acts can be taken back, and what stands in the way when something builds on one.

What is taken back is said by `Entry.undo_act`, written by the door; a kind's own rows by its `act_undone`.
"""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from .errors import DomainError
from .models import Deadline, Document, Event, Interval, Participation
from .models.repair import standing_steps, undone_acts
from .stepping import steps_of

RECENT = 50
STAYS = ("correct_record", "hand_over")  # later calls that build on nothing
GONE_OUT = (Document.State.SEALED, Document.State.SERVED, Document.State.ARCHIVED)


def recent_acts(row: Any, by: Any, today: date) -> QuerySet[Event]:
    """The latest acts of this proceeding that may be taken back, newest first, as far as this person sees them."""
    names = [name for name, meta in steps_of(type(row)).items() if meta.undoable]
    if not names:
        return Event.objects.none()
    acts = Event.objects.visible_to(by, today, row.case_id).filter(
        proceeding=row.pk, kind=Event.Kind.ACT, name__in=names
    )
    latest = list(
        acts.exclude(pk__in=undone_acts(row)).order_by("-seq").values_list("pk", flat=True)[:RECENT]
    )
    return Event.objects.filter(pk__in=latest).order_by("-seq")


def refuse_built_upon(row: Any, act: Event) -> None:
    """Raise if a later call builds on this act: a step, an answer to its deadline, a paper that has gone out."""
    mine = {"proceeding": row.pk, "cancelled": False}
    clock = [*Deadline.objects.filter(**mine), *Interval.objects.filter(**mine)]
    people = list(Participation.objects.filter(**mine))
    opened = [one for one in (*clock, *people) if one.opened_by_id == act.pk]
    closed = [one for one in (*clock, *people) if one.closed_by_id == act.pk]
    for one in opened:
        if one.closed_by_id not in (None, act.pk):
            _refuse(row, one.closed_by)
        if isinstance(one, Deadline) and one.extended:
            raise DomainError("built_upon", _("该事项开始计算的期限之后已经延长，不能撤回。"))
    for one in closed:
        again = next((new for new in clock if _replaces(new, one, act)), None)
        if again is not None:
            _refuse(row, again.opened_by)
    if opened or closed:
        step = _later_step(row, act)
        if step is not None:
            _refuse(row, step)
    for document in act.documents.filter(state__in=GONE_OUT):
        if document.state != Document.State.SERVED or _named_since(document, act):
            raise DomainError("built_upon", _("该事项制发的文书已经用印或者送达，不能撤回。"))


def _replaces(new: Any, old: Any, act: Event) -> bool:
    """Was the same limit or pause begun again after the act had ended it?"""
    if type(new) is not type(old) or new.opened_by_id in (None, act.pk) or new.opened_by.seq < act.seq:
        return False
    if isinstance(new, Deadline):
        return bool((new.rule, new.subject) == (old.rule, old.subject))
    return isinstance(new, Interval) and bool(new.kind == old.kind)


def _named_since(document: Document, act: Event) -> bool:
    """Did a later call write this document? One may also be served by the very act that issued it."""
    since = Event.objects.filter(case=act.case_id, seq__gt=act.seq)
    return since.filter(body__contains=f'"cases.document:{document.pk}"').exists()


def _later_step(row: Any, act: Event) -> Event | None:
    """The first step since that still stands."""
    later = (step for step in standing_steps(row) if step.seq > act.seq and step.name not in STAYS)
    return next(later, None)


def _refuse(row: Any, later: Event) -> None:
    meta = steps_of(type(row)).get(later.name)
    label = str(meta.label) if meta else later.name
    raise DomainError(
        "built_upon", _("之后办理的“%(label)s”以该事项为基础，请先撤回后者。") % {"label": label}
    )
