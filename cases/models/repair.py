"""Putting mistakes right: the steps and acts that every kind of proceeding has.

更正, 撤回误操作, 作废/并案, 补登历史, 移交. What a kind adds of its own stands in its own room.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.stepping import ANY, act, step

if TYPE_CHECKING:
    from cases.entry import Entry

    from .proceeding import Proceeding

CORRECTABLE = ("received_on", "accepted_on", "closed_on", "outcome")


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

    @step(source=ANY, target=ANY, label=_("撤回误操作"), daily=False, grave=True)
    def undo_last(self: Any, entry: "Entry") -> str:
        """撤回误操作: takes back the last step. A number it gave stays as 作废; its facts are withdrawn."""
        entry.note(reason=entry.data["reason"])
        return entry.undo()

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
