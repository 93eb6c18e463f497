"""Putting mistakes right: the steps and acts that every kind of proceeding has.

更正, 撤回误操作 (of a step, of an act), 作废/并案, 补登历史, 移交. What a kind adds of its own stands in its own room.
"""

import json
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.stepping import ANY, act, step, steps_of

if TYPE_CHECKING:
    from cases.entry import Entry

    from .proceeding import Proceeding
    from .record import Event

CORRECTABLE = ("received_on", "accepted_on", "closed_on", "outcome")


def undone_acts(row: "Proceeding") -> set[int]:
    """Ids of the acts (their main events) of this proceeding that were taken back."""
    bodies = row.events.filter(name="undo_act").values_list("body", flat=True)
    return {json.loads(body)["notes"]["event"] for body in bodies}


def standing_steps(row: "Proceeding") -> list["Event"]:
    """The steps of this proceeding that were not taken back, in order."""
    standing: list[Event] = []
    for event in row.events.filter(kind="step").order_by("seq"):
        if event.name == "undo_last":
            standing.pop()
        else:
            standing.append(event)
    return standing


def first_done(row: "Proceeding") -> tuple[date, str] | None:
    """The earliest day on which something was done in this proceeding that still stands, and its name."""
    acts = row.events.filter(kind="act", name__in=list(steps_of(type(row)))).exclude(pk__in=undone_acts(row))
    done = [*(event for event in standing_steps(row) if event.name != "correct_record"), *acts]
    return min(((event.occurred_on, event.name) for event in done if event.occurred_on), default=None)


def no_act_to_undo(row: "Proceeding") -> DomainError | None:
    """What is refused where no act can be taken back."""
    names = [name for name, meta in steps_of(type(row)).items() if meta.undoable]
    if names and row.events.filter(kind="act", name__in=names).exclude(pk__in=undone_acts(row)).exists():
        return None
    return DomainError("nothing_to_undo", _("本程序没有可以撤回的登记事项。"))


def no_step_to_undo(row: "Proceeding") -> DomainError | None:
    """What is refused before the first step."""
    if row.version:
        return None
    return DomainError("nothing_to_undo", _("本程序尚未办理任何步骤，没有可以撤回的操作。"))


class Repairs:
    """Mixin of `Proceeding`; `self` is the locked concrete row."""

    @step(source="received", target=ANY, label=_("登录历史案件"), daily=False)
    def record_history(self: Any, entry: "Entry") -> str:
        """登录历史: one step from receipt to the end a sheet states, or to `recorded` when it states none.

        A blank stays NULL; each dated fact gets its event; no number is taken, nothing is sent, no clock starts.
        """
        data = entry.data
        self.received_on, self.accepted_on = data.get("received_on"), data.get("accepted_on")
        self.closed_on, self.outcome = data.get("closed_on"), data.get("outcome") or None
        detail = data.get("detail", "")
        state = str(data.get("state") or "recorded")
        if state != "recorded" and self.outcome and self.closed_on:
            entry.fact("closed", value=self.outcome, on=self.closed_on)
        elif state != "recorded" and self.outcome:
            entry.fact("closed", value=self.outcome, undated=True)
        if self.accepted_on:
            entry.fact("accepted", value=detail, on=self.accepted_on)
        if self.received_on:
            entry.fact("applied", value=detail, on=self.received_on)
        self.record_history_facts(entry)
        entry.on = self.closed_on or self.accepted_on or self.received_on or entry.on
        return state

    def record_history_facts(self, entry: "Entry") -> None:
        """A kind adds the facts only it knows (an agreement's effect, a ruling)."""

    @step(source=ANY, target=None, label=_("更正"), daily=False)
    def correct_record(self: Any, entry: "Entry") -> None:
        """更正: a wrong date or outcome on the record; old and new stay, the fact is stated again."""
        name, reason = entry.data["column"], entry.data["reason"]
        if name not in CORRECTABLE:
            raise DomainError("not_correctable", _("该栏目不能更正，请选择列表中的栏目。"))
        old, new = getattr(self, name), entry.data["value"]
        if old == new:
            raise DomainError("nothing_changes", _("更正后的内容与原记录相同，无需更正。"))
        if old is None:
            raise DomainError("nothing_to_correct", _("该栏目尚未登记，请通过办理步骤登记。"))
        setattr(self, name, new)
        entry.correct_fact(
            {"received_on": "applied", "accepted_on": "accepted"}.get(name, "closed"), name, new
        )
        entry.recount(name, old, new)
        self.corrected(entry, name)
        entry.note(column=name, reason=reason)

    @step(source=ANY, target=ANY, label=_("撤回误操作"), daily=False, grave=True, ready=no_step_to_undo)
    def undo_last(self: Any, entry: "Entry") -> str:
        """撤回误操作: takes back the last step. A number it gave stays as 作废; its facts are withdrawn."""
        entry.note(reason=entry.data["reason"])
        state = entry.undo()
        notes = json.loads(entry.undone.body)["notes"] if entry.undone is not None else {}
        if entry.undone is not None and entry.undone.name == "void" and notes.get("into"):
            entry.note(into=notes["into"])
            entry.effect(
                "merge_undone", into=notes["into"], merged=self.case_id, proceeding=self.pk, by=entry.by.pk,
                void=entry.undone.pk,
            )  # fmt: skip
        return state

    @act(label=_("撤回误操作（登记事项）"), daily=False, grave=True, ready=no_act_to_undo)
    def undo_act(self: Any, entry: "Entry") -> None:
        """撤回误操作: takes back an act recorded by mistake: its facts, clock, people, papers and rows count no longer."""
        entry.note(reason=entry.data["reason"])
        entry.undo_act(entry.data["act"])

    @step(source=ANY, target="void", label=_("作废 / 并案"), daily=False, grave=True)
    def void(self: Any, entry: "Entry") -> None:
        """作废 or 并案: the proceeding ends without a result; what it stated no longer counts."""
        ground, into = entry.data["ground"], entry.data.get("into")
        if self.state == "void":
            raise DomainError("already_void", _("本程序已经作废，无需再次办理。"))
        if ground == "merged" and into is None:
            raise DomainError("merge_needs_target", _("并案请填写并入案件的登记号。"))
        if into is not None and into.pk == self.case_id:
            raise DomainError("merge_into_itself", _("不能并入本案，请核对登记号。"))
        entry.note(ground=ground, reason=entry.data["reason"], into=into.pk if into else None)
        self.voided(entry)
        entry.withdraw_facts()
        entry.void_number()
        entry.finish_all()
        if into is not None:
            entry.effect("case_merged", into=into.pk, merged=self.case_id, proceeding=self.pk, by=entry.by.pk)

    @act(label=_("移交"), daily=False)
    def hand_over(self: "Proceeding", entry: "Entry") -> None:  # type: ignore[misc]
        """移交: another person handles the proceeding from now on."""
        user = entry.data["user"]
        if self.handler_id == user.pk:
            raise DomainError("already_handler", _("该人员已是承办人。"))
        capacity = self.handler_capacity
        if self.handler_id:
            entry.leave(self.handler, capacity)
        entry.join(user, capacity)
        entry.note(reason=entry.data["reason"], to=user.username)
        self.handler = user

    handler_capacity = "handler"
