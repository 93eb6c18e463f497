"""The record as a page shows it: an event's name, change of state and notes in words. Never a protected value."""

import json
import re
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import Role, User

from . import kinds
from .forms import form_of
from .models import Case, Document, Event, Evidence, Party
from .models.caseacts import PROTECTED
from .models.proceeding import BASE_STATES
from .stepping import steps_of

NAMES = {
    "registered": _("收件登记"), "matter_opened": _("建立事项"), "opened": _("开启程序"),
    "proposed": _("提出拟办意见"), "approval_approve": _("审批同意"),
    "approval_return": _("审批退回"), "approval_refuse": _("审批不同意"), "approval_withdraw": _("撤回拟办意见"),
    "states": _("登记事实"),
}  # fmt: skip
NOTES = {
    "reason": _("原因"), "number": _("编号"), "late_reason": _("补录原因"), "to": _("移交给"), "undone": _("撤回的步骤"),
    "undone_act": _("撤回的事项"), "approved_as": _("批准人身份"),
    "ground": _("事由"), "merged": _("并入本案的案件"), "proposer": _("拟办人"), "role": _("审批角色"), "name": _("事项"),
    "kind": _("程序"), "document": _("文书"), "missing": _("缺少材料的原因"), "dropped": _("未带回的内容"),
    "with_number": _("合并审理的案件"), "turned_down": _("不能合并的案件"),
    "cells": _("栏目"), "receiver": _("报送单位"), "as_of": _("数据截至"),
}  # fmt: skip
COLUMNS = {
    "received_on": _("收到日期"), "accepted_on": _("受理（立案）日期"), "closed_on": _("结案日期"), "outcome": _("结果"),
    "station": _("工作站"), "handler": _("承办人"),
}  # fmt: skip
PARTY = re.compile(r"party:\d{1,18}")
PEOPLE = (
    "to",
    "proposer",
    "user",
    "replaces",
    "replacement",
    "mediator",
    "officer",
)  # notes that hold a user name
FILES = ("file", "scan")  # notes that hold a file's id: shown as a link to whoever may read it
HIDDEN = {
    "planned",
    "scan",
    "forwarding",
    "file",
    "sm3",
    "row",
    "column",
    "proceeding",
    "into",
    "event",
    "acting_for",
    "approved_for",
}
ORIGINS = {
    Event.Origin.LATE: (_("补录"), "warn"), Event.Origin.IMPORTED: (_("导入"), ""), Event.Origin.GENERATED: (_("模拟"), ""),
}  # fmt: skip


def label_of(model: type, name: str) -> Any:
    """What a step or act of a model is called."""
    meta = steps_of(model).get(name) or steps_of(Case).get(name)
    return meta.label if meta else NAMES.get(name, name)


def state_of(kind: str, state: str | None) -> str:
    """What a state of a kind is called."""
    return str(kinds.get(kind).states.get(state) or BASE_STATES.get(state, state)) if state else ""


def shown(
    events: Iterable[Event],
    documents: Iterable[Document],
    today: date,
    files: QuerySet[Evidence] | None = None,
    *,
    closed: bool = True,
) -> list[dict[str, Any]]:
    """Events as parts/record.html takes them, newest first; stated facts ride on their main event and are left out.

    `documents` and `files` hold what whoever looks may read: only that is named and linked. `closed`: may he read the
    closed volume? Else an approval says that it was decided, not in which words.
    """
    listed = list(events)
    struck: dict[int, Any] = {e.corrects_id: _("已更正") for e in listed if e.corrects_id}
    struck |= dict.fromkeys(_taken_back(listed), _("已撤回"))
    papers: dict[int, list[Document]] = {}
    for document in documents:
        papers.setdefault(document.event_id or 0, []).append(document)
    bodies = {e.pk: json.loads(e.body) for e in listed}
    if not closed:
        for event in listed:
            if event.name.startswith("approval"):
                bodies[event.pk].get("notes", {}).pop("reason", None)
    people = _people(bodies.values())
    links = _links(bodies, papers, files)
    return [
        _event(e, bodies[e.pk], links[e.pk], struck.get(e.pk, ""), people, today)
        for e in listed
        if e.name != "states"
    ]


def _links(
    bodies: dict[int, dict[str, Any]], papers: dict[int, list[Document]], files: QuerySet[Evidence] | None
) -> dict[int, list[dict[str, str]]]:
    """Papers made and files handed in by each event, by title."""
    named = {pk: [body.get("notes", {}).get(key) for key in FILES] for pk, body in bodies.items()}
    wanted = {one for ids in named.values() for one in ids if isinstance(one, int)}
    known = {one.pk: one for one in files.filter(pk__in=wanted)} if files is not None and wanted else {}
    return {
        pk: [{"url": reverse("document", args=[d.pk, "pdf"]), "label": d.title} for d in papers.get(pk, [])]
        + [
            {"url": reverse("file", args=[one]), "label": known[one].title or known[one].name}
            for one in ids
            if one in known
        ]
        for pk, ids in named.items()
    }


def _taken_back(listed: list[Event]) -> set[int]:
    """Acts among these that a later act, perhaps on a newer page, took back."""
    rows = {e.proceeding_id for e in listed if e.proceeding_id}
    undoing = Event.objects.filter(name="undo_act", proceeding__in=rows) if rows else Event.objects.none()
    return {json.loads(body)["notes"]["event"] for body in undoing.values_list("body", flat=True)}


def _people(bodies: Iterable[dict[str, Any]]) -> dict[str, str]:
    """User names, rows of parties (`party:7`) and papers (`document:7`) as the notes name them -> how they are called."""
    said = [body.get("notes", {}) for body in bodies]
    keys = (*PEOPLE, "acting_for", "approved_for")
    names = {str(notes[k]) for notes in said for k in keys if notes.get(k)}
    rows = {
        v.removeprefix("party:")
        for notes in said
        for value in notes.values()
        for v in (value if isinstance(value, list) else [value])
        if isinstance(v, str) and PARTY.fullmatch(v)
    }
    found = {u.username: str(u) for u in User.objects.filter(username__in=names)} if names else {}
    papers = {notes["document"] for notes in said if isinstance(notes.get("document"), int)}
    titles = Document.objects.filter(pk__in=papers).values_list("pk", "title") if papers else ()
    found |= {f"document:{pk}": title for pk, title in titles}
    return found | ({f"party:{p.pk}": p.name for p in Party.objects.filter(pk__in=rows)} if rows else {})


def _event(
    event: Event,
    body: dict[str, Any],
    links: list[dict[str, str]],
    struck: Any,
    people: dict[str, str],
    today: date,
) -> dict[str, Any]:
    model = kinds.get(event.proceeding.kind).model if event.proceeding else Case
    when = timezone.localtime(event.at)
    tags = [
        {"label": label, "tone": tone} for origin, (label, tone) in ORIGINS.items() if event.origin == origin
    ]
    if struck:
        tags.append({"label": struck, "tone": ""})
    notes = body.get("notes", {})
    who = _named(event.by, notes.get("acting_for"), people) if event.by else ""
    if event.approved_by:
        who += f"（{_named(event.approved_by, notes.get('approved_for'), people)} 批准）"
    return {
        "when": _when(when, today),
        "who": who,
        "title": label_of(model, event.name),
        "kind": event.kind,
        "meta": _meta(event, when),
        "turn": event.to_state is not None and event.to_state != event.from_state,
        "text": "；".join(_notes(model, event, body, people)),
        "tags": tags,
        "tone": "quiet" if event.name in NAMES and event.name != "registered" else "",
        "struck": bool(struck),
        "links": links,
    }


def _named(user: Any, stands_for: str | None, people: dict[str, str]) -> str:
    """A person, with whom he stood in for."""
    return f"{user}（代 {people.get(stands_for, stands_for)}）" if stands_for else str(user)


def _when(at: datetime, today: date) -> str:
    return f"{at:%m-%d %H:%M}" if at.year == today.year else f"{at:%Y-%m-%d %H:%M}"


def _meta(event: Event, when: datetime) -> str:
    parts = []
    if event.proceeding and event.to_state and event.from_state != event.to_state:
        kind = event.proceeding.kind
        parts.append(f"{state_of(kind, event.from_state)} → {state_of(kind, event.to_state)}")
    if event.occurred_on and event.occurred_on != when.date():
        parts.append(f"实际日期 {event.occurred_on:%Y-%m-%d}")
    return "　".join(parts)


def _notes(model: type, event: Event, body: dict[str, Any], people: dict[str, str]) -> list[str]:
    fields = _fields(model, event.name)
    said = []
    place = {name: n for n, name in enumerate(fields)}
    notes = body.get("notes", {})
    for key in sorted(notes, key=lambda name: (name == "late_reason", place.get(name, len(place)))):
        value = notes[key]
        if key in HIDDEN or value in (None, "", []) or (value is False and _is_tick(fields.get(key))):
            continue
        if key == "corrected" and isinstance(value, dict):
            said += [_corrected(fields, name, old_new) for name, old_new in value.items()]
            continue
        field = fields.get(key)
        if (field is None and key not in NOTES) or (key == "role" and not event.name.startswith("approval")):
            continue
        label = field.label if field is not None else NOTES[key]
        if key in ("role", "approved_as"):
            value = dict(Role.choices).get(value, value)
        elif key in ("undone", "undone_act") or (
            key == "name" and event.name.startswith(("proposed", "approval"))
        ):
            value = label_of(model, str(value))
        elif key == "kind" and event.name == "opened":
            value = kinds.get(str(value)).label
        elif key == "document":
            field, value = None, people.get(f"document:{value}", value)
        elif key in PEOPLE or (isinstance(value, str) and PARTY.fullmatch(value)):
            value = people.get(str(value), value)
        elif isinstance(value, list):
            value = [people.get(one, one) if isinstance(one, str) else one for one in value]
        said.append(f"{label}：{words(field, value)}")
    if event.name == "correct_record":
        said += _changed(event, body)
    return said


def _is_tick(field: Any) -> bool:
    """A box left empty says nothing; a choice of no does."""
    return isinstance(field, forms.BooleanField) and not isinstance(field, forms.NullBooleanField)


def _fields(model: type, name: str) -> dict[str, Any]:
    for owner in (model, Case):
        try:
            return form_of(owner, name).base_fields  # type: ignore[return-value]
        except (KeyError, AttributeError):
            continue
    return {}


def _corrected(fields: dict[str, Any], name: str, old_new: Any) -> str:
    field = fields.get(name)
    label = field.label if field is not None else name
    if name in PROTECTED or not isinstance(old_new, list):
        return f"{label}已更正"
    old, new = (words(field, v) if v not in (None, "") else "（空）" for v in old_new)
    return f"{label}：{old} → {new}"


def _changed(event: Event, body: dict[str, Any]) -> list[str]:
    outcomes = kinds.get(event.proceeding.kind).outcomes if event.proceeding else {}

    def said(value: Any) -> str:
        return str(outcomes.get(value, value)) if value else "（空）"

    return [
        f"{COLUMNS[name]}：{said(old)} → {said(new)}"
        for name, (old, new) in body.get("changed", {}).items()
        if name in COLUMNS
    ]


def words(field: Any, value: Any) -> str:
    """A value of a form field as people read it: choices by their label, yes and no, rows joined."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(field, forms.TimeField):
        return str(value)[:5]
    if isinstance(value, list):
        return "、".join(words(field, one) for one in value)
    if isinstance(value, dict):
        return " ".join(str(one) for one in value.values() if one not in (None, ""))
    choices = getattr(field, "choices", None)
    if choices is not None and not hasattr(field, "queryset"):
        flat = {str(key): str(label) for key, label in choices if not isinstance(label, (list, tuple))}
        return flat.get(str(value), str(value))
    return str(value)
