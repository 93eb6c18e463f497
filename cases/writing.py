"""The order of writing of one call, inside the door's transaction. Called by `cases.steps` and `cases.approvals` only.

number, event, row, intervals and deadlines, people, papers, effects, children, stamp.
"""

import json
from collections.abc import Callable
from datetime import date
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import chain, kinds, numbering, outbox
from .calendar import office_calendar
from .clock import Clock
from .documents import making
from .entry import Entry, Fact
from .errors import DomainError
from .models import Event, Number, Outbox, Participation, Proceeding
from .models.proceeding import Participation as Part

NOT_RECORDED = frozenset(
    {"id", "proceeding_ptr", "case", "kind", "version", "state", "due_on", "due_rule", "is_open"}
)
SAID = tuple(  # the columns an event's body repeats
    (f.name, f.attname) for f in Event._meta.concrete_fields if f.name not in ("id", "seq", "body", "prev", "hash")
)  # fmt: skip
FIGURES = "facts"  # the stamp raised when a fact is stated


@cache
def _recorded(model: type[Model]) -> tuple[tuple[str, str], ...]:
    """Name and attribute of each column the record tells of."""
    return tuple((f.name, f.attname) for f in model._meta.concrete_fields if f.name not in NOT_RECORDED)


def snapshot(row: Model) -> dict[str, Any]:
    """The columns of a row as they stand now."""
    return {name: getattr(row, attname) for name, attname in _recorded(type(row))}


def _changed(before: dict[str, Any], row: Model) -> dict[str, list[Any]]:
    after = snapshot(row)
    return {
        name: [before.get(name), after[name]] if not name.endswith(("_sealed", "_index")) else ["*", "*"]
        for name in after
        if before.get(name) != after[name]
    }


def write(
    entry: Entry,
    *,
    kind: str,
    before: dict[str, Any] | None = None,
    from_state: str | None = None,
    extra: dict[str, Any] | None = None,
) -> Event:
    """Write what the entry says and return its main event. `kind` is step or act."""
    row: Proceeding | None = entry.proceeding
    link = chain.locked("case", entry.case.pk) if not entry.series else None
    _number(entry, row)
    if kind == Event.Kind.STEP and row is not None:
        row.version += 1
        row.is_open = row.state not in kinds.get(row.kind).ends
    clock = _clock(entry, row)
    for other in entry.rows:
        other.save()
    body = {**body_of(entry, before), **(extra or {})}
    if link is None:  # the counter is locked before the chain
        link = chain.locked("case", entry.case.pk)
    made = events_of(entry, link, kind, from_state, body)
    for event in made:
        event.save(force_insert=True)
    entry.event = main = made[-1]
    link.save()
    if row is not None:
        row.save()
    _number_row(entry, row)
    _write_clock(clock, main)
    _people(entry, row, main)
    _papers(entry, row, main)
    effects(entry.effects, main, entry.at)
    for slug, fields in entry.children:
        open_proceeding(entry, slug, fields)
    if entry.facts:
        chain.raise_stamp(FIGURES)
    return main


def _number(entry: Entry, row: Proceeding | None) -> None:
    if entry.series and row is not None:
        if row.number:
            raise DomainError("already_numbered", _("本案已有案号，不能再次编号。"))
        taken = numbering.take(entry.series, entry.today.year)
        row.number = taken.text
        entry.notes["number"] = taken.text
        entry._taken = taken  # type: ignore[attr-defined]


def _number_row(entry: Entry, row: Proceeding | None) -> None:
    taken: numbering.Taken | None = getattr(entry, "_taken", None)
    if taken is not None:
        Number.objects.create(
            series=taken.series, year=taken.year, serial=taken.serial, text=taken.text, proceeding=row,
            given_on=entry.today,
        )  # fmt: skip
    if entry.restore_number and row is not None:
        for number in Number.objects.filter(proceeding=row, text=row.number or ""):
            number.void_on = None
            number.save(update_fields=["void_on"])
    if entry.cancel_number:
        for number in Number.objects.filter(proceeding=row, void_on__isnull=True):
            number.void_on = entry.today
            number.save(update_fields=["void_on"])


def _clock(entry: Entry, row: Proceeding | None) -> Clock | None:
    if row is None or not (entry.clock or entry.undone or entry.recounts):
        return None
    clock = Clock.load(row, office_calendar())
    clock.apply(entry)
    return clock


def _write_clock(clock: Clock | None, main: Event) -> None:
    if clock is None:
        return
    for row in clock.changed:
        if row.pk is None:
            row.opened_by = main
        if any(row is done for done in clock.closed):
            row.closed_by = main
        row.save()


def body_of(entry: Entry, before: dict[str, Any] | None) -> dict[str, Any]:
    """What the main event's body says beside its columns: notes, changed columns, papers, children, rows."""
    body: dict[str, Any] = {"notes": entry.notes}
    if entry.proceeding is not None and before is not None:
        body["changed"] = _changed(before, entry.proceeding)
    if entry.papers:
        body["papers"] = [name for name, _data in entry.papers]
    if entry.children:
        body["opens"] = [name for name, _fields in entry.children]
    if entry.rows:
        body["rows"] = [f"{r._meta.label_lower}:{r.pk}" for r in entry.rows]
    return body


def events_of(
    entry: Entry, link: chain.Chain, kind: str, from_state: str | None, body: dict[str, Any],
    build: Callable[..., Event] = Event,
) -> list[Event]:  # fmt: skip
    """The events of one call in order, the main one last; linked to the chain, not yet saved.

    `build` makes an event from its columns.
    """
    facts = entry.facts or [Fact(None, None, None, entry.on)]
    made = [
        event_of(entry, link, kind=Event.Kind.ACT, name="states", fact=f, body={}, build=build)
        for f in facts[1:]
    ]
    row = entry.proceeding
    version = row.version if kind == Event.Kind.STEP and row is not None else None
    main = event_of(
        entry, link, kind=kind, name=entry.name, fact=facts[0], body=body,
        version=version, from_state=from_state if version else None, to_state=row.state if version else None,
        build=build,
    )  # fmt: skip
    return [*made, main]


def event_of(
    entry: Entry,
    link: chain.Chain,
    *,
    kind: str,
    name: str,
    fact: Fact,
    body: dict[str, Any],
    version: int | None = None,
    from_state: str | None = None,
    to_state: str | None = None,
    build: Callable[..., Event] = Event,
) -> Event:
    """One event, linked to the case's chain, not yet saved; the columns repeat the body."""
    known = entry.today
    if entry.origin == Event.Origin.IMPORTED and fact.name and fact.on:
        known = fact.on
    event = build(
        case=entry.case, proceeding=entry.proceeding, kind=kind, name=name, version=version, from_state=from_state,
        to_state=to_state, fact=fact.name, value=fact.value, subject=fact.subject, occurred_on=fact.on,
        known_on=known, corrects=fact.corrects, by=entry.by, approved_by=entry.approved_by, at=entry.at,
        origin=entry.origin, audience=entry.audience,
    )  # fmt: skip
    columns = {name: getattr(event, attname) for name, attname in SAID}
    columns["at"] = entry.at.astimezone(timezone.get_default_timezone())
    event.body = chain.canonical({**columns, **body})
    event.seq, event.prev, event.hash = chain.grow(link, event.body, entry.today)
    return event


def _people(entry: Entry, row: Proceeding | None, main: Event) -> None:
    if entry.undone is not None:
        for part in Part.objects.filter(opened_by=entry.undone):
            part.cancelled = True
            part.save(update_fields=["cancelled"])
        for part in Part.objects.filter(closed_by=entry.undone):
            part.to_on, part.closed_by = None, None
            part.save(update_fields=["to_on", "closed_by"])
    for what, user, capacity in entry.joins:
        open_parts = Part.objects.filter(
            proceeding=row, capacity=capacity, to_on__isnull=True, cancelled=False
        )
        if what == "leave":
            for part in open_parts.filter(user=user):
                part.to_on, part.closed_by = entry.on, main
                part.save(update_fields=["to_on", "closed_by"])
            continue
        refuse_double_part(row, user, capacity)
        if not open_parts.filter(user=user).exists():
            Part.objects.create(
                proceeding=row, user=user, capacity=capacity, from_on=entry.on, opened_by=main
            )


def refuse_double_part(row: Any, user: Any, capacity: str) -> None:
    """A mediator of the dispute never judges it, and the other way round (特邀调解规定第十六条)."""
    elsewhere = Participation.objects.filter(proceeding__case=row.case_id, user=user, cancelled=False)
    if capacity in Part.JUDGING and elsewhere.filter(capacity=Part.Capacity.MEDIATOR).exists():
        raise DomainError(
            "mediated_before", _("%(name)s 曾调解本纠纷，不能参加裁决，请更换人员。") % {"name": user}
        )
    if capacity == Part.Capacity.MEDIATOR and elsewhere.filter(capacity__in=Part.JUDGING).exists():
        raise DomainError(
            "judges_here", _("%(name)s 承担本纠纷的裁决工作，不能担任调解员。") % {"name": user}
        )


def _papers(entry: Entry, row: Proceeding | None, main: Event) -> None:
    if entry.undone is not None:
        for document in entry.undone.documents.exclude(state="void"):
            document.state = "void"
            document.save(update_fields=["state"])
    for kind, data in entry.papers:
        document = making.issue(kind, data, entry=entry, row=row, event=main)
        if row is not None:
            row.issued(entry, document)
        effects([("render_document", {"document": document.pk})], main, entry.at)


def effects(wanted: list[tuple[str, dict[str, Any]]], main: Event, at: Any) -> None:
    """Outbox rows of this call; the key makes each one happen once."""
    if wanted:
        transaction.on_commit(outbox.ring, robust=True)
    taken = Outbox.objects.filter(key__startswith=f"{main.pk}:").count() if wanted else 0
    for position, (name, ids) in enumerate(wanted, start=taken):
        Outbox.objects.create(
            name=name,
            payload=json.dumps(ids, sort_keys=True),
            key=f"{main.pk}:{position}:{name}",
            not_before=at,
        )


def open_proceeding(parent: Entry, slug: str, fields: dict[str, Any]) -> Proceeding:
    """Insert a proceeding (`received`, version 0) and record that it was opened."""
    known = kinds.get(slug)
    received: date = fields.pop("received_on", None) or parent.on
    fields.setdefault("station", getattr(parent.proceeding, "station", None) or parent.case.station)
    row = known.model(
        case=parent.case,
        kind=slug,
        parent=fields.pop("parent", parent.proceeding),
        received_on=received,
        **fields,
    )
    if row.body is None:
        row.body = row.handling_body(parent.today)
    row.save()
    entry = Entry(
        by=parent.by, approved_by=None, on=received, today=parent.today, at=parent.at, data={}, case=parent.case,
        proceeding=row, name="opened", origin=parent.origin,
    )  # fmt: skip
    entry.note(kind=slug, opened_by=parent.event.pk if parent.event else None)
    row.begin(entry)
    write(entry, kind=Event.Kind.ACT, before=snapshot(row))
    return row
