"""Keeping what the rules find: one notice per rule and subject, answered by a person, ended by itself with its cause.

Evaluating is safe to run twice and by two at once: the second waits for the first and finds nothing new.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from cases import outbox
from cases.errors import Conflict, NotFound, Refused
from cases.models import Outbox, Stamp
from cases.permissions import role_names
from reports.models import Notice, NoticeEntry
from stations import policy

from .rules import Finding, Rule, findings, rules

LOCK = "watch"  # the row two evaluations meet at; its value never moves, so no figure is asked anew
What = NoticeEntry.What


@dataclass
class Told:
    """What an evaluation changed."""

    opened: int = 0
    again: int = 0
    ended: int = 0


def evaluate(today: date) -> Told:
    """Ask every rule and bring the notices up to it."""
    told = Told()
    with transaction.atomic():
        Stamp.objects.get_or_create(source=LOCK)
        Stamp.objects.select_for_update().get(source=LOCK)
        standing = {(one.rule, one.subject): one for one in Notice.objects.standing()}
        for rule in rules().values():
            for found in findings(rule, today):
                _bring_up(standing.pop((rule.code, found.subject), None), rule, found, today, told)
        for notice in standing.values():  # the cause is gone, or the rule
            notice.status, notice.ended_on = Notice.Status.ENDED, today
            notice.save(update_fields=["status", "ended_on"])
            _note(notice, What.ENDED)
            told.ended += 1
    return told


def _bring_up(notice: Notice | None, rule: Rule, found: Finding, today: date, told: Told) -> None:
    if notice is None:
        told.opened += 1
        _open(rule, found, today)
        return
    fresh = {"text": found.text[:200], "number": found.number, "roles": _roles(rule)}
    if notice.status == Notice.Status.ANSWERED and _lasts_too_long(notice, rule, today):
        fresh |= {"status": Notice.Status.OPEN, "answered_on": None}
        _note(notice, What.AGAIN, text=found.text)
        told.again += 1
    if changed := {name: value for name, value in fresh.items() if getattr(notice, name) != value}:
        Notice.objects.filter(pk=notice.pk).update(**changed)


def _open(rule: Rule, found: Finding, today: date) -> None:
    notice = Notice.objects.create(
        rule=rule.code, subject=found.subject, text=found.text[:200], number=found.number, station_id=found.station,
        body_id=found.body, roles=_roles(rule), opened_on=today,
    )  # fmt: skip
    _note(notice, What.OPENED, text=found.text)
    if settings.WATCH_MAIL:
        Outbox.objects.create(
            name="mail_notice", payload=json.dumps({"notice": notice.pk}), key=f"notice:{notice.pk}",
            not_before=timezone.now(),
        )  # fmt: skip
        transaction.on_commit(outbox.ring)


def _lasts_too_long(notice: Notice, rule: Rule, today: date) -> bool:
    answered = notice.answered_on
    return answered is not None and today >= answered + timedelta(days=rule.again_after_days)


def _roles(rule: Rule) -> str:
    return f" {' '.join(rule.roles)} "


def _note(notice: Notice, what: str, *, by: Any = None, text: str = "") -> None:
    NoticeEntry.objects.create(notice=notice, what=what, by=by, at=timezone.now(), text=text[:500])


# people --------------------------------------------------------------------------------------------------------


def seen(notice: Notice, *, by: Any) -> None:
    """Somebody who answers for it has looked; kept once per person."""
    if not notice.entries.filter(what=What.SEEN, by=by).exists():
        _note(notice, What.SEEN, by=by)


def answer(pk: int, *, by: Any, text: str, today: date) -> Notice:
    """Say what was done. Raises NotFound, Refused `not_yours`, Conflict `ended`, `answered_already`."""
    held = policy.standing(by, today)
    with transaction.atomic():
        notice = Notice.objects.select_for_update().filter(pk=pk).first()
        if notice is None:
            raise NotFound("not_found", _("没有找到该提示。"))
        if not Notice.objects.answered_by(held).filter(pk=pk).exists():
            raise Refused("not_yours", _("该提示由%(who)s答复。") % {"who": answerers(notice)})
        if notice.status == Notice.Status.ENDED:
            raise Conflict("ended", _("该提示的原因已消除，无需答复。"))
        if notice.status == Notice.Status.ANSWERED:
            raise Conflict("answered_already", _("该提示已由他人答复，请刷新查看。"))
        notice.status, notice.answered_on = Notice.Status.ANSWERED, today
        notice.save(update_fields=["status", "answered_on"])
        _note(notice, What.ANSWERED, by=by, text=text)
        return notice


def answerers(notice: Notice) -> str:
    """Who answers, in words: 泰达街道工作站 工作站负责人."""
    who = role_names(notice.roles.split())
    return f"{notice.place} {who}" if notice.place else who
