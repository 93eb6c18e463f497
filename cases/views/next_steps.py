"""What a person may do next with a proceeding, what is closed to him and why, and what waits for approval."""

from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cases import record_words
from cases.models import Approval, Case, Proceeding
from cases.permissions import approvers_of, can, role_names
from cases.stepping import Meta, steps_of

NEVER_SHOWN = {"record_history", "merge", "unmerge", "answer_invitation", "open_call_back"}


def actions(
    user: Any, case: Case | None, row: Any, today: date, asked: Any, shown_apart: frozenset[str] = frozenset()
) -> dict[str, list[dict[str, Any]]]:
    """Steps and acts: open to me, closed with the reason, and repairs; those of the case too, where one is given."""
    found: dict[str, list[dict[str, Any]]] = {
        "due": [],
        "steps": [],
        "acts": [],
        "grave": [],
        "rare": [],
        "closed": [],
        "repairs": [],
    }
    if row is not None:
        for name, meta in steps_of(type(row)).items():
            if name not in NEVER_SHOWN | shown_apart:
                route = "step" if meta.kind == "step" else "act"
                _sort(found, user, row, name, meta, reverse(route, args=[row.pk, name]), today)
        if asked is not None:  # one question at a time
            every = found["steps"] + found["acts"] + found["rare"]
            waiting = [one for one in every if one["kind"] == "step" or one["approval"]]
            found["closed"] += [
                one | {"reason": _("有事项正在审批，审批结束后才能办理。")} for one in waiting
            ]
            found["steps"] = []
            for name in ("acts", "rare"):
                found[name] = [one for one in found[name] if not one["approval"]]
        due = row.due_now(today)
        every = found["steps"] + found["acts"] + found["rare"]
        found["due"] = [one for name in due for one in every if one["name"] == name]
        for name in ("steps", "acts", "rare"):
            found[name] = [one for one in found[name] if one["name"] not in due]
        found["grave"] = [one for one in found["steps"] if one["grave"]]
        found["steps"] = sorted(
            (one for one in found["steps"] if not one["grave"]),
            key=lambda one: (not one["main"], one["back"]),
        )
        first = {name: place for place, name in enumerate(row.first_acts)}
        found["acts"].sort(key=lambda one: first.get(one["name"], len(first)))
    for name, meta in steps_of(Case).items() if case is not None else ():
        if name not in NEVER_SHOWN | shown_apart and meta.revises in ("", "case"):
            _sort(found, user, case, name, meta, reverse("case_act", args=[case.pk, name]), today)
    return found


def _sort(
    found: dict[str, list[dict[str, Any]]], user: Any, row: Any, name: str, meta: Meta, url: str, today: date
) -> None:
    answer = can(user, row, name, today)
    one = {"name": name, "label": meta.label, "url": url, "grave": meta.grave, "reason": answer.reason, "approval": "", "kind": meta.kind,
           "back": meta.target is not None and meta.target == getattr(row, "state", None),
           "main": isinstance(row, Proceeding) and _leads_on(row, meta.target)}  # fmt: skip
    if answer and isinstance(row, Proceeding) and (needed := approvers_of(row, name)):
        one["approval"] = role_names(needed)
    if not meta.daily:
        if answer:
            found["repairs"].append(one)
    elif answer:
        found["steps" if meta.kind == "step" else "rare" if meta.rare else "acts"].append(one)
    elif answer.code not in ("wrong_state", "not_in_policy", "not_configured", "archived", "later", "role"):
        open_here = not isinstance(row, Proceeding) or meta.open_in(row.state)
        if open_here:
            found["closed"].append(one)


def _leads_on(row: Proceeding, target: Any) -> bool:
    """Is this state the next on the way of the kind, or one more turn in the present one? What ends beside it is not."""
    way = row.facts.way
    return target in way and row.state in way and way.index(target) - way.index(row.state) in (0, 1)


def open_approval(row: Any, user: Any) -> dict[str, Any] | None:
    if row is None:
        return None
    open_one = (
        Approval.objects.filter(proceeding=row.pk, state=Approval.State.OPEN)
        .select_related("proposer")
        .first()
    )
    if open_one is None:
        return None
    return {
        "row": open_one,
        "label": record_words.label_of(type(row), open_one.name),
        "waiting": role_names([open_one.waiting_role]),
        "mine": open_one.proposer_id == user.pk,
    }
