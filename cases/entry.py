"""What one call says it does. A step or act fills the entry; the door writes it, in the order of the law.

Nothing here touches the database but reads; `cases.steps` alone writes.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.apps import apps
from django.db.models import Exists, Model, OuterRef
from django.utils.translation import gettext_lazy as _

from .errors import DomainError
from .models import Event, Number


@dataclass(frozen=True)
class Fact:
    """A statement figures read: what, of what value, about which row, when in law."""

    name: str | None
    value: str | None
    subject: str | None
    on: date | None
    corrects: Event | None = None


@dataclass(frozen=True)
class ClockWork:
    """One thing to do to the clock: start, finish, finish_all, extend, pause or resume."""

    act: str
    rule: str = ""
    on: date | None = None
    due: date | None = None
    amount: int = 0
    ground: str = ""
    subject: str = ""


@dataclass
class Entry:
    """Given to a step or act by the door."""

    by: Any
    approved_by: Any
    on: date  # the date of the act in law
    today: date  # the date of entry
    at: datetime
    data: Mapping[str, Any]
    case: Any
    proceeding: Any
    name: str
    origin: str = Event.Origin.ENTERED
    audience: str = Event.Audience.PROCEEDING
    facts: list[Fact] = field(default_factory=list)
    clock: list[ClockWork] = field(default_factory=list)
    series: str = ""
    cancel_number: bool = False
    restore_number: bool = False
    papers: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    effects: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    children: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    joins: list[tuple[str, Any, str]] = field(default_factory=list)
    rows: list[Model] = field(default_factory=list)
    notes: dict[str, Any] = field(default_factory=dict)
    recounts: list[tuple[str, date, date]] = field(default_factory=list)
    undone: Event | None = None
    event: Event | None = None  # the main event, once written

    # what figures read -------------------------------------------------------------------------------------

    def fact(
        self, name: str, value: str = "", subject: str = "", on: date | None = None, *, undated: bool = False
    ) -> None:
        """State a fact. The first one stands on the main event, each further one on an event of its own."""
        day = None if undated else (on or self.on)
        self.facts.append(Fact(name, value or None, subject or None, day))

    def live_facts(self, *names: str) -> list[Event]:
        """Facts of this proceeding that no later event corrects."""
        facts = Event.objects.filter(proceeding=self.proceeding, fact__isnull=False)
        if names:
            facts = facts.filter(fact__in=names)
        return list(facts.exclude(Exists(Event.objects.filter(corrects=OuterRef("pk")))).order_by("seq"))

    def correct_fact(self, name: str, column: str, new: Any) -> None:
        """State a fact again with another date or value; the old event stays and is named."""
        for old in self.live_facts(name):
            value = str(new) if column == "outcome" else old.value
            day = old.occurred_on if column == "outcome" else new
            self.facts.append(Fact(old.fact, value, old.subject, day, old))

    def withdraw_facts(self, *names: str) -> None:
        """Take back every fact of this proceeding (or those named): from today on they count nowhere."""
        for old in self.live_facts(*names):
            self.facts.append(Fact(None, None, old.subject, None, old))

    # number, clock, people ---------------------------------------------------------------------------------

    def number(self, series: str) -> None:
        """Give the proceeding the next number of a series; the year is that of the day of entry."""
        self.series = series

    def void_number(self) -> None:
        """The number given stays in the series as 作废."""
        self.cancel_number = True

    def start(self, rule: str, on: date | None = None, *, due: date | None = None, subject: str = "") -> None:
        """Start the clock of a rule; `due` where the law leaves the period to the officer."""
        self.clock.append(ClockWork("start", rule, on or self.on, due=due, subject=subject))

    def finish(self, rule: str, on: date | None = None, *, subject: str = "") -> None:
        """What the rule asked for was done."""
        self.clock.append(ClockWork("finish", rule, on or self.on, subject=subject))

    def finish_all(self) -> None:
        """The proceeding has ended: no clock runs on."""
        self.clock.append(ClockWork("finish_all", on=self.on))

    def extend(self, rule: str, amount: int) -> None:
        """Extend a running deadline by so many units of the rule's extension; refused beyond its cap."""
        self.clock.append(ClockWork("extend", rule, amount=amount))

    def pause(self, kind: str, ground: str = "", on: date | None = None) -> None:
        """From this day on the time does not count."""
        self.clock.append(ClockWork("pause", kind, on or self.on, ground=ground))

    def resume(self, kind: str, on: date | None = None) -> None:
        """From this day on the time counts again."""
        self.clock.append(ClockWork("resume", kind, on or self.on))

    def recount(self, column: str, old: Any, new: Any) -> None:
        """Deadlines that started from a corrected date are counted again from the right one."""
        if isinstance(old, date) and isinstance(new, date):
            self.recounts.append((column, old, new))

    def join(self, user: Any, capacity: str) -> None:
        """Somebody takes part from this day on."""
        self.joins.append(("join", user, capacity))

    def leave(self, user: Any, capacity: str) -> None:
        """Somebody takes part no longer."""
        self.joins.append(("leave", user, capacity))

    # paper, effects, children, rows ------------------------------------------------------------------------

    def paper(self, kind: str, **data: Any) -> None:
        """Issue a document of this kind; what the template asks of the case is filled in by the door."""
        self.papers.append((kind, data))

    def effect(self, name: str, **ids: Any) -> None:
        """Something to happen after the commit, once; ids only."""
        self.effects.append((name, ids))

    def open(self, kind: str, **fields: Any) -> None:
        """Open a child proceeding (`received`, version 0)."""
        self.children.append((kind, fields))

    def save(self, row: Model) -> None:
        """A row of the same case that this call writes."""
        self.rows.append(row)

    def note(self, **words: Any) -> None:
        """Words and ids for the record; never a protected value."""
        self.notes.update({name: value for name, value in words.items() if value not in (None, "")})

    # undoing -----------------------------------------------------------------------------------------------

    def undo(self) -> str:
        """Take back the last step: columns, facts, number; the door takes back clocks, people and papers."""
        row = self.proceeding
        last = Event.objects.filter(proceeding=row, version=row.version).first()
        if last is None:
            raise DomainError("nothing_to_undo", _("本程序尚未办理任何步骤，没有可以撤回的操作。"))
        if last.name == "undo_last":
            raise DomainError("already_undone", _("上一步已经撤回，不能连续撤回；如仍有错误，请办理更正。"))
        self.undone = last
        call = call_of(last)
        for event in call:
            if event.corrects is not None and event.corrects.fact:
                old = event.corrects
                self.facts.append(Fact(old.fact, old.value, old.subject, old.occurred_on, event))
            elif event.fact:
                self.facts.append(Fact(None, None, event.subject, None, event))
        for name, (old, new) in last_changes(last).items():
            model_field = row._meta.get_field(name)
            if not model_field.is_relation:
                old, new = model_field.to_python(old), model_field.to_python(new)
            if getattr(row, model_field.attname) != new:
                continue  # an act has since put another value there: handed over, say
            setattr(row, model_field.attname, old)
            if last.name == "correct_record":
                self.recount(name, new, old)
        self.restore_number = last.name == "void"
        if (
            Number.objects.filter(proceeding=row, void_on__isnull=True)
            .exclude(text=row.number or "")
            .exists()
        ):
            self.cancel_number = True
        self.note(undone=last.name)
        return last.from_state or row.state

    def undo_act(self, event: Event) -> None:
        """Take back an act: columns and facts here; the door takes back clocks, people, papers and children."""
        row = self.proceeding
        self.undone = event
        for one in call_of(event):
            if one.corrects is not None and one.corrects.fact:
                old = one.corrects
                self.facts.append(Fact(old.fact, old.value, old.subject, old.occurred_on, standing_of(one)))
            elif one.fact:
                self.facts.append(Fact(None, None, one.subject, None, standing_of(one)))
        for name, (old, new) in last_changes(event).items():
            model_field = row._meta.get_field(name)
            if not model_field.is_relation:
                old, new = model_field.to_python(old), model_field.to_python(new)
            if getattr(row, model_field.attname) != new:
                raise DomainError(
                    "built_upon",
                    _("该事项登记的“%(name)s”之后已有变动，不能撤回。") % {"name": model_field.verbose_name},
                )
            setattr(row, model_field.attname, old)
        if event.audience == Event.Audience.SEALED:
            self.audience = event.audience
        self.note(undone_act=event.name, event=event.pk)

    @staticmethod
    def rows_of(event: Event) -> list[Model]:
        """The rows a call wrote, as its body names them."""
        found: list[Model] = []
        for said in json.loads(event.body).get("rows", []):
            label, _colon, pk = said.rpartition(":")
            found += apps.get_model(label)._base_manager.filter(pk=pk)
        return found


def standing_of(event: Event) -> Event:
    """The event that states this fact today: itself, or what restored it. Raises `built_upon` if it was corrected."""
    while (later := Event.objects.filter(corrects=event).first()) is not None:
        if later.fact is None or main_of(later).name not in ("undo_last", "undo_act"):
            raise DomainError("built_upon", _("该事项登记的内容之后已经更正，请先撤回或者再次更正。"))
        event = later
    return event


def main_of(event: Event) -> Event:
    """The main event of the call that stated a fact."""
    if event.name != "states":
        return event
    after = Event.objects.filter(case=event.case_id, proceeding=event.proceeding_id, seq__gt=event.seq)
    return after.exclude(name="states").order_by("seq").first() or event


def call_of(main: Event) -> list[Event]:
    """The events of one call: its main event and the facts stated just before it."""
    found = [main]
    before = (
        Event.objects.filter(case=main.case_id, seq__lt=main.seq).select_related("corrects").order_by("-seq")
    )
    for event in before[:50]:
        if event.name != "states" or event.proceeding_id != main.proceeding_id:
            break
        found.append(event)
    return found[::-1]


def last_changes(event: Event) -> dict[str, list[Any]]:
    """The columns a step changed: {column: [old, new]} as its body says."""
    return dict(json.loads(event.body).get("changed", {}))
