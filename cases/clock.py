"""Brings the rules to a proceeding: opens, meets, extends, pauses and recounts its deadlines in memory.

How a period is counted stands in deadlines.py; when rows are written, in the door.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext_lazy as _

from . import deadlines
from .deadlines import Calendar
from .entry import ClockWork, Entry, last_changes
from .errors import DomainError
from .models import Deadline, Interval, Proceeding
from .models.proceeding import NEVER


def filed(proceeding: Proceeding, deadline: Deadline) -> date:
    """The day that chooses the version of the rule: filing, else receipt, else the start of the limit."""
    return proceeding.accepted_on or proceeding.received_on or deadline.starts_on


def stopping(deadline: Deadline, filed_on: date, intervals: Iterable[Interval]) -> list[Interval]:
    """Those of these intervals that the deadline's rule leaves out. A day set by hand leaves out none."""
    if deadline.set_due_on is not None:
        return []
    try:
        kinds = deadlines.rule_of(deadline.rule, filed_on).exclusions
    except deadlines.DeadlineError as error:
        raise DomainError(error.code, error.message) from error
    return [i for i in intervals if i.kind in kinds]


@dataclass
class Clock:
    """The deadlines and intervals of one proceeding, as they will be written."""

    proceeding: Proceeding
    calendar: Calendar
    deadlines: list[Deadline] = field(default_factory=list)
    intervals: list[Interval] = field(default_factory=list)
    changed: list[Deadline | Interval] = field(default_factory=list)
    closed: list[Deadline | Interval] = field(default_factory=list)

    @classmethod
    def load(cls, proceeding: Proceeding, calendar: Calendar) -> "Clock":
        if proceeding.pk is None:
            return cls(proceeding, calendar)
        return cls(
            proceeding,
            calendar,
            list(Deadline.objects.filter(proceeding=proceeding.pk, cancelled=False)),
            list(Interval.objects.filter(proceeding=proceeding.pk, cancelled=False)),
        )

    @property
    def running(self) -> list[Deadline]:
        return [d for d in self.deadlines if d.met_on is None and not d.cancelled]

    def apply(self, entry: Entry) -> None:
        """Do what the entry says, then count every open deadline again."""
        if entry.undone is not None:
            self._take_back(entry)
        for work in entry.clock:
            getattr(self, f"_{work.act}")(work)
        for column, old, new in entry.recounts:
            for deadline in self.deadlines:  # met ones too: in time or late is told from the right start
                if not deadline.cancelled and deadline.starts_on == old and _began_with(deadline, column):
                    deadline.starts_on = new
                    self._count(deadline)
                    self._touch(deadline)
        self.recount()

    def recount(self) -> None:
        """Each open deadline again from its start, with today's intervals and calendar."""
        for deadline in self.running:
            before = (deadline.due_on, deadline.provisional)
            self._count(deadline)
            if before != (deadline.due_on, deadline.provisional):
                self._touch(deadline)
        current = [d for d in self.running if not self.paused(d)]
        first = min(current, key=lambda d: (d.due_on, d.rule), default=None)
        self.proceeding.due_on = first.due_on if first else NEVER
        self.proceeding.due_rule = first.rule if first else ""

    def paused(self, deadline: Deadline) -> bool:
        """Does an open interval stop this deadline?"""
        return any(i.to_on is None for i in self.excluding(deadline))

    def excluding(self, deadline: Deadline) -> list[Interval]:
        """The intervals that do not count for this deadline's rule."""
        return stopping(deadline, self._filed(deadline), self.intervals)

    def _filed(self, deadline: Deadline) -> date:
        return filed(self.proceeding, deadline)

    def _count(self, deadline: Deadline) -> None:
        if deadline.set_due_on is not None:
            deadline.due_on = deadline.set_due_on
            return
        met = deadline.met_on  # what did not count after that day does not move a limit already met
        ended = [
            (i.from_on, i.to_on)
            for i in self.excluding(deadline)
            if i.to_on is not None and (met is None or i.from_on <= met)
        ]
        found = due_of(deadline, ended, self._filed(deadline), self.calendar)
        deadline.due_on, deadline.provisional = found.due, found.provisional

    def _touch(self, row: Deadline | Interval) -> None:
        if not any(row is known for known in self.changed):
            self.changed.append(row)

    def _start(self, work: ClockWork) -> None:
        deadline = Deadline(
            proceeding=self.proceeding,
            rule=work.rule,
            subject=work.subject,
            starts_on=work.on,
            set_due_on=work.due,
        )
        if work.due is not None and work.on is not None and work.due < work.on:
            raise DomainError("due_before_start", _("期限届满日不能早于起算日，请重新填写。"))
        self._count(deadline)
        self.deadlines.append(deadline)
        self._touch(deadline)

    def _finish(self, work: ClockWork) -> None:
        for deadline in self.running:
            if deadline.rule == work.rule and (not work.subject or deadline.subject == work.subject):
                deadline.met_on = work.on
                self.closed.append(deadline)
                self._touch(deadline)

    def _finish_all(self, work: ClockWork) -> None:
        for row in [*self.running, *(i for i in self.intervals if i.to_on is None)]:
            if isinstance(row, Deadline):
                row.met_on = work.on
            else:
                row.to_on = max(work.on or row.from_on, row.from_on)
            self.closed.append(row)
            self._touch(row)

    def _extend(self, work: ClockWork) -> None:
        for deadline in self.running:
            if deadline.rule == work.rule:
                deadline.extended = ",".join(filter(None, [deadline.extended, str(work.amount)]))
                self._count(deadline)
                self._touch(deadline)
                return
        raise DomainError("nothing_to_extend", _("没有正在计算的该项期限，无法延长。"))

    def _pause(self, work: ClockWork) -> None:
        if any(i.to_on is None and i.kind == work.rule for i in self.intervals):
            raise DomainError("already_paused", _("该事由的期限已经中止，请先恢复。"))
        interval = Interval(proceeding=self.proceeding, kind=work.rule, ground=work.ground, from_on=work.on)
        self.intervals.append(interval)
        self._touch(interval)

    def _resume(self, work: ClockWork) -> None:
        for interval in self.intervals:
            if interval.to_on is None and interval.kind == work.rule:
                if work.on is not None and work.on < interval.from_on:
                    raise DomainError("date_order", _("恢复日期不能早于中止日期，请重新填写。"))
                interval.to_on = work.on
                self.closed.append(interval)
                self._touch(interval)
                return
        raise DomainError("not_paused", _("没有正在中止的该项期限，无需恢复。"))

    def _take_back(self, entry: Entry) -> None:
        event = entry.undone
        for row in [*self.deadlines, *self.intervals]:
            if row.opened_by_id == event.pk:  # type: ignore[union-attr]
                row.cancelled = True
                self._touch(row)
            elif row.closed_by_id == event.pk:  # type: ignore[union-attr]
                row.closed_by = None
                if isinstance(row, Deadline):
                    row.met_on = None
                else:
                    row.to_on = None
                self._touch(row)
        self.intervals = [i for i in self.intervals if not i.cancelled]


def _began_with(deadline: Deadline, column: str) -> bool:
    """Did the deadline begin with the step that set this column? One of the same day by chance did not."""
    event = deadline.opened_by
    if event is None:
        return False
    return column in last_changes(event) or (column == "received_on" and event.name == "opened")


def due_of(
    deadline: Deadline, excluded: Iterable[tuple[date, date]], filed: date, calendar: Calendar
) -> deadlines.Due:
    """The due date of a deadline with its explanation."""
    extend: Sequence[int] = [int(n) for n in deadline.extended.split(",") if n]
    try:
        return deadlines.due(
            deadline.rule,
            deadline.starts_on,
            filed=filed,
            exclude=list(excluded),
            extend=extend,
            calendar=calendar,
            internal=not deadlines.has_limit(
                deadline.rule, filed
            ),  # the house's own target where the law is silent
        )
    except deadlines.DeadlineError as error:
        raise DomainError(error.code, error.message) from error
