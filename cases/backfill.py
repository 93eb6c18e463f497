"""Histories in bulk, for `generate` alone: events first, then parent rows, then child rows; no guard is ever lifted.

Events are built by the door's own functions; what each call states comes from the caller, and a test replays a sample
through the door and compares. Refused in production.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from operator import attrgetter
from typing import Any, ClassVar

from django.conf import settings
from django.db import connection, models, transaction
from django.db.models.base import ModelState
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import chain, kinds, numbering, writing
from .calendar import office_calendar
from .clock import Clock
from .entry import Entry, Fact
from .errors import DomainError
from .models import Case, Chain, Deadline, Event, Number, Participation, Party, Proceeding, Right
from .stepping import ANY, steps_of

ID_BLOCK = 500  # ids taken at once where the database has sequences


class Backfill:
    """Collects cases in memory and writes them in one transaction: `with Backfill() as backfill: ...`."""

    def __init__(self, in_order: Iterable[type[models.Model]] = (), late: list[Any] | None = None) -> None:
        """`in_order`: models whose rows take a place in a chain of their own; they are left in `late`, unsaved."""
        if settings.PRODUCTION:
            raise DomainError("production", _("正式环境不能生成模拟数据。"))
        self.rows: dict[type[models.Model], list[models.Model]] = defaultdict(list)
        self.known: set[int] = set()
        self.in_order, self.late = frozenset(in_order), late if late is not None else []
        self.cases: list[CaseHistory] = []
        self.free: dict[type[models.Model], Iterator[int]] = {}
        self.numbered: dict[tuple[str, int], list[int]] = {}  # series, year -> first number taken, how many
        self.calendar = office_calendar()

    def __enter__(self) -> "Backfill":
        self.transaction = transaction.atomic(durable=True)
        self.transaction.__enter__()
        return self

    def __exit__(self, *error: Any) -> None:
        try:
            if error[0] is None:
                self._write()
        except BaseException as failure:
            self.transaction.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self.transaction.__exit__(*error)

    def case(
        self, case: Case, parties: Sequence[Party], rights: Sequence[Right], *, by: Any, on: date, today: date
    ) -> "CaseHistory":
        """A case as `register` makes it: number of the year of entry, parties, rights, the act `registered`."""
        case.id = self.next_id(Case)
        case.registration_no = self.number("registration", today.year).text
        for rows in (parties, rights):
            for position, row in enumerate(rows):
                row.case, row.position = case, position  # type: ignore[attr-defined]
                row.refresh_keys()  # type: ignore[attr-defined]
                self.add(row)
        self.add(case)
        link = Chain(kind=Chain.Kind.CASE, key=str(case.id))
        self.add(link)
        history = CaseHistory(self, case, link, parties, rights, today)
        entry = history.entry("registered", None, by=by, on=on, today=today)
        entry.audience = Event.Audience.CASE
        if on < today:
            entry.note(late_reason=str(_("模拟补录")))
        entry.note(number=case.registration_no)
        entry.facts.append(Fact("registered", None, None, on))
        history.registered = history.write(entry, Event.Kind.ACT)
        self.cases.append(history)
        return history

    def add(self, row: models.Model) -> models.Model:
        """A row to be written, once; it gets its id here."""
        if id(row) not in self.known:
            self.known.add(id(row))
            if row.pk is None:
                row.pk = self.next_id(type(row))
            self.rows[type(row)].append(row)
        return row

    def next_id(self, model: type[models.Model]) -> int:
        """An id reserved for this model; nobody else gets it."""
        if model not in self.free:
            self.free[model] = reserved_ids(model)
        return next(self.free[model])

    def number(self, series: str, year: int) -> numbering.Taken:
        """The next number of a series. The first one locks its counter, which is set once at the end."""
        if (series, year) not in self.numbered:
            self.numbered[(series, year)] = [numbering.advance(series, year, 1), 0]
        first, more = self.numbered[(series, year)]
        self.numbered[(series, year)][1] += 1
        return numbering.read(series, year, first + more)

    def _write(self) -> None:
        for (series, year), (_first, taken) in self.numbered.items():
            if taken > 1:
                numbering.advance(series, year, taken - 1)
        for case in self.cases:
            for history in case.histories:
                self.add(history.row)
        first: list[type[models.Model]] = [Event, Chain, Case, Party, Right]
        insert(Event, self.rows.pop(Event, []))
        for model in [*first[1:], *(m for m in self.rows if m not in first)]:
            insert(model, self.rows.get(model, []))
        chain.raise_stamp(writing.FIGURES)


@dataclass
class CaseHistory:
    """One case being written, with its chain and the histories of its proceedings."""

    backfill: Backfill
    case: Case
    link: Chain
    parties: Sequence[Party]
    rights: Sequence[Right]
    entered_on: date
    histories: list["History"] = field(default_factory=list)
    told: list[tuple["History", "Call"]] = field(default_factory=list)
    registered: Event | None = None
    events: list[Event] = field(default_factory=list)
    calls: int = 0

    def entry(self, name: str, row: Any, *, by: Any, on: date, today: date, approved_by: Any = None) -> Entry:
        """An entry as the door makes it, written on the simulated day."""
        self.calls += 1
        at = datetime.combine(today, time(9), timezone.get_default_timezone()) + timedelta(
            minutes=7 * self.calls % 480
        )
        return Entry(
            by=by, approved_by=approved_by, on=on, today=today, at=at, data={}, case=self.case, proceeding=row,
            name=name, origin=Event.Origin.GENERATED,
        )  # fmt: skip

    def write(self, entry: Entry, kind: str, before: Any = None, from_state: str | None = None) -> Event:
        """The events of one call, with their ids, in the case's chain."""
        made = writing.events_of(
            entry, self.link, kind, from_state, writing.body_of(entry, before), build=event_of
        )
        for event in made:
            self.backfill.add(event)
        self.events += made
        entry.event = made[-1]
        return made[-1]

    def open(
        self, slug: str, *, by: Any, on: date, today: date | None = None, opened_by: Event | None = None,
        parent: "History | None" = None, **columns: Any,
    ) -> "History":  # fmt: skip
        """A proceeding in `received`, as `open_proceeding` makes it."""
        model: Any = kinds.get(slug).model
        pk = self.backfill.next_id(Proceeding)
        row = model(
            id=pk, proceeding_ptr_id=pk, case=self.case, kind=slug, parent=parent.row if parent else None,
            received_on=on, station=self.case.station, **columns,
        )  # fmt: skip
        if row.body is None:
            row.body = row.handling_body(on)
        history = History(self, row)
        entry = self.entry("opened", row, by=by, on=on, today=today or on)
        entry.note(kind=slug, opened_by=(opened_by or self.registered).pk)  # type: ignore[union-attr]
        row.begin(entry)
        history.write(entry, Event.Kind.ACT, writing.snapshot(row))
        self.histories.append(history)
        return history


@dataclass(frozen=True)
class Call:
    """What was called with what: enough to make the same call at the door."""

    name: str
    kind: str
    by: Any
    approved_by: Any
    on: date
    today: date
    data: Mapping[str, Any]


class History:
    """One proceeding being written. `row` is always its present form; a state is moved only with its event.

    `tell` is given the entry and says what the step says: facts, clock, people, rows.
    """

    def __init__(self, case: CaseHistory, row: Any):
        self.case, self.row = case, row
        self.clock = BulkClock(row, case.backfill.calendar)
        self.parts: list[Participation] = []

    def live(self, *names: str) -> list[Event]:
        """Facts of this proceeding that no later event corrects, as the door's `Entry.live_facts`."""
        corrected = {id(event.corrects) for event in self.case.events if event.corrects_id}
        return [
            event
            for event in self.case.events
            if event.fact in names and event.proceeding_id == self.row.pk and id(event) not in corrected
        ]

    def step(
        self, name: str, to: str, *, by: Any, on: date, today: date | None = None, approved_by: Any = None,
        series: str = "", columns: Mapping[str, Any] | None = None, tell: Callable[[Entry], object] | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> Event:  # fmt: skip
        """A step of this kind from the row's state to `to`. Raises ValueError where the kind has no such way."""
        meta = steps_of(self.row.facts.model)[name]
        if not meta.open_in(self.row.state) or meta.target not in (to, ANY, None):
            raise ValueError(f"{self.row.kind}.{name} does not go from {self.row.state} to {to}")
        entry = self.case.entry(name, None, by=by, on=on, today=today or on, approved_by=approved_by)
        self.case.told.append((self, Call(name, meta.kind, by, approved_by, on, entry.today, data or {})))
        changed = dict(columns or {})
        if series:
            taken = self.case.backfill.number(series, entry.today.year)
            changed["number"] = taken.text
            entry.note(number=taken.text)
            self.case.backfill.add(number_row(taken, self.row.pk, entry.today))
        before, from_state = writing.snapshot(self.row), self.row.state
        ended = to in kinds.get(self.row.kind).ends
        self.row = moved(self.row, state=to, version=self.row.version + 1, is_open=not ended, **changed)
        entry.proceeding = self.row
        if tell is not None:
            tell(entry)
        return self.write(entry, Event.Kind.STEP, before, from_state)

    def act(
        self, name: str, *, by: Any, on: date, today: date | None = None, columns: Mapping[str, Any] | None = None,
        tell: Callable[[Entry], object] | None = None, data: Mapping[str, Any] | None = None, approved_by: Any = None,
    ) -> Event:  # fmt: skip
        """An act: no state, no version."""
        meta = steps_of(self.row.facts.model)[name]
        if not meta.open_in(self.row.state):
            raise ValueError(f"{self.row.kind}.{name} is not open in {self.row.state}")
        before = writing.snapshot(self.row)
        if columns:
            self.row = moved(self.row, **columns)
        entry = self.case.entry(name, self.row, by=by, on=on, today=today or on, approved_by=approved_by)
        self.case.told.append((self, Call(name, meta.kind, by, approved_by, on, entry.today, data or {})))
        if tell is not None:
            tell(entry)
        return self.write(entry, Event.Kind.ACT, before)

    def write(self, entry: Entry, kind: str, before: Any, from_state: str | None = None) -> Event:
        """Rows, clock, events, people, as the door orders them."""
        store = self.case.backfill
        if entry.on < entry.today:
            entry.note(late_reason=str(_("模拟补录")))
        for row in list(entry.rows):
            if type(row) in store.in_order:
                entry.rows.remove(row)
                store.late.append(row)
            else:
                store.add(row)
        self.clock.proceeding = self.row
        self.clock.changed.clear()
        self.clock.closed.clear()
        if entry.clock:
            self.clock.apply(entry)
        main = self.case.write(entry, kind, before, from_state)
        for timed in self.clock.changed:
            if timed.pk is None:
                store.add(timed)
                timed.opened_by = main
            if any(timed is done for done in self.clock.closed):
                timed.closed_by = main
        for what, user, capacity in entry.joins:
            held = [
                p for p in self.parts if p.user_id == user.pk and p.capacity == capacity and p.to_on is None
            ]
            if what == "leave":
                for part in held:
                    part.to_on, part.closed_by = entry.on, main
            elif not held:
                part = Participation(
                    proceeding_id=self.row.pk, user=user, capacity=capacity, from_on=entry.on, opened_by=main
                )
                self.parts.append(part)
                store.add(part)
        return main


class BulkClock(Clock):
    """The clock of one generated proceeding; equal limits are counted once."""

    counted: ClassVar[dict[Any, tuple[date, bool]]] = {}

    def _count(self, deadline: Deadline) -> None:
        if deadline.set_due_on is not None or deadline.extended or self.intervals:
            super()._count(deadline)
            return
        key = (deadline.rule, deadline.starts_on, self._filed(deadline), id(self.calendar))
        if key not in self.counted:
            super()._count(deadline)
            self.counted[key] = deadline.due_on, deadline.provisional
        deadline.due_on, deadline.provisional = self.counted[key]


def number_row(taken: numbering.Taken, proceeding: int, day: date) -> Number:
    return Number(
        series=taken.series, year=taken.year, serial=taken.serial, text=taken.text, proceeding_id=proceeding,
        given_on=day,
    )  # fmt: skip


EVENT = {f.attname: f.get_default() for f in Event._meta.concrete_fields}
OF_EVENT = {f.name: (f.attname, f.is_relation) for f in Event._meta.concrete_fields}


def event_of(**columns: Any) -> Event:
    """An event with these columns, without what Django does for each of thousands."""
    event = Event.__new__(Event)
    event._state = ModelState()
    event.__dict__.update(EVENT)
    for name, value in columns.items():
        attname, is_relation = OF_EVENT[name]
        if is_relation:
            event._state.fields_cache[name] = value
            value = value.pk if value is not None else None
        event.__dict__[attname] = value
    return event


def moved(row: Any, **columns: Any) -> Any:
    """The same proceeding with other columns, as if read anew: a new object, since a state is never assigned."""
    model: Any = type(row)
    new = model.__new__(model)
    new.__dict__.update(row.__dict__)
    new._state = ModelState()
    new._state.fields_cache = dict(row._state.fields_cache)
    attnames = {f.name: f.attname for f in row._meta.concrete_fields}
    for name, value in columns.items():
        if name not in attnames:
            setattr(new, name, value)  # a protected value, kept by its descriptor
        elif attnames[name] != name:
            setattr(new, name, value)  # a relation
        else:
            new.__dict__[name] = value
    return new


def reserved_ids(model: type[models.Model]) -> Iterator[int]:
    """Ids nobody else will get: of the sequence, or, under SQLite's one writer, behind the last."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            number = row[0] if row else 0
        else:
            number = None
    while number is not None:
        number += 1
        yield number
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
                [table, ID_BLOCK],
            )
            block = [row[0] for row in cursor.fetchall()]
        yield from block


PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)


def insert(model: type[models.Model], rows: Sequence[models.Model]) -> None:
    """Insert rows with the ids they have: the parent's table first, then the child's."""
    for level in (*reversed(model._meta.get_parent_list()), model):
        fields = [f for f in level._meta.local_concrete_fields if not f.generated]
        quote = connection.ops.quote_name
        names, marks = ", ".join(quote(str(f.column)) for f in fields), ", ".join(["%s"] * len(fields))
        readers = [_reader(f) for f in fields]
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {quote(level._meta.db_table)} ({names}) VALUES ({marks})",  # noqa: S608  own names
                [[read(row) for read in readers] for row in rows],
            )


def _reader(field: Any) -> Callable[[Any], Any]:
    """How a column's value is read from a row for the database."""
    if getattr(field, "auto_now_add", False) or getattr(field, "auto_now", False):
        return lambda row: field.get_db_prep_save(field.pre_save(row, True), connection)
    if isinstance(field, PLAIN) and not isinstance(field, models.GenericIPAddressField):
        return attrgetter(field.attname)
    return lambda row: field.get_db_prep_save(getattr(row, field.attname), connection)


__all__ = ["Backfill", "BulkClock", "Call", "CaseHistory", "History"]
