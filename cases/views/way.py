"""The way of a proceeding: the states it passes, where it stands, the day each was reached."""

from datetime import date
from typing import Any

from cases.models import Event
from cases.stepping import steps_of


def way_of(row: Any) -> list[dict[str, Any]]:
    """The way of the kind with where it stands; a state beside the way ends it there."""
    known = row.facts
    passed = reached(row)
    way = list(known.way)
    here = (
        way.index(row.state)
        if row.state in way
        else max((n for n, s in enumerate(way) if s in passed), default=0)
    )
    steps = []
    for n, state in enumerate(way):
        ended = row.state == state and state in known.ends
        status = (
            "done"
            if n < here or ended or (n == here and row.state != state)
            else "now"
            if n == here
            else "todo"
        )
        day = passed.get(state) if status != "todo" else None
        steps.append(
            {"label": known.states.get(state, state), "status": status, "date": f"{day:%m-%d}" if day else ""}
        )
    if row.state not in way:
        day = passed.get(row.state)
        tone = "stop" if row.state in known.ends else "now"
        steps = (
            [s for s in steps if s["status"] == "done"]
            + [{"label": row.state_label, "status": tone, "date": f"{day:%m-%d}" if day else ""}]
            + ([] if tone == "stop" else [s for s in steps if s["status"] != "done"])
        )
    return steps


def reached(row: Any) -> dict[str, date | None]:
    """The day each state was reached: as the columns say where they say it, which a correction has put right."""
    reached: dict[str, date | None] = {}
    before: list[dict[str, date | None]] = []
    steps = Event.objects.filter(proceeding=row.pk, to_state__isnull=False).order_by("seq")
    for name, state, day in steps.values_list("name", "to_state", "occurred_on"):
        if name == "undo_last":
            reached = before.pop() if before else {}
        before.append(dict(reached))
        if name not in ("undo_last", "correct_record"):
            reached[state] = day
    reached["received"] = row.received_on
    accepting = steps_of(type(row)).get(row.facts.accepting)
    if accepting is not None and accepting.target and row.accepted_on:
        reached[accepting.target] = row.accepted_on
    if row.closed_on and row.state in row.facts.ends - {"void"}:
        reached[row.state] = row.closed_on
    return reached
