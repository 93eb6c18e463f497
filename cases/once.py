"""One call of the door: one durable transaction, once per key; its answer, and that answer again for a twin."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations import policy

from . import access
from .errors import Conflict, KeyReused, Refused
from .models import Approval, Event, Idempotency
from .protection import keyed_digest


@dataclass(frozen=True)
class Outcome:
    """What a call left behind; rebuilt from its event for a twin under the same key."""

    case: int
    event: int
    proceeding: int | None = None
    state: str = ""
    version: int = 0
    number: str | None = None


@dataclass(frozen=True)
class Waiting:
    """Nothing happened yet: an approval was asked for."""

    approval: Approval


Answer = Outcome | Waiting


def once(
    call: Callable[[datetime], tuple[Answer, Event | None]],
    *,
    by: Any,
    key: str | None,
    route: str,
    said: list[Any],
) -> Answer:
    """One durable transaction around a call, once per key; a refusal is logged after the rollback."""
    at = timezone.now()
    try:
        with policy.remembering(by), transaction.atomic(durable=True):
            if key is None:
                return call(at)[0]
            # keyed: what was said may hold what is sealed, and a plain digest of a short text can be guessed
            digest = keyed_digest(json.dumps(said, sort_keys=True, default=str))
            known, made = Idempotency.objects.select_for_update().get_or_create(
                user=by, key=key, defaults={"route": route, "digest": digest}
            )
            if not made:
                if (known.route, known.digest) != (route, digest):
                    raise KeyReused("key_reused", _("同一个幂等键已用于另一项请求，请更换后重试。"))
                return rebuilt(known)
            answer, event = call(at)
            known.event = event
            known.approval = answer.approval if isinstance(answer, Waiting) else None
            known.save(update_fields=["event", "approval"])
            return answer
    except Refused as refusal:
        access.log_refusal(by, route, refusal.code, at)
        raise


def rebuilt(known: Idempotency) -> Answer:
    """The same answer for a twin, from the event of the first call."""
    if known.approval is not None:
        return Waiting(known.approval)
    event = known.event
    if event is None:
        raise Conflict("twin_running", _("相同的请求正在处理，请稍后再试。"))
    if known.route.startswith("case/"):
        return Outcome(event.case_id, event.pk)
    row = event.proceeding
    if row is None:  # registered: the first proceeding was opened right after
        opened = (
            Event.objects.filter(case=event.case_id, seq__gt=event.seq, name="opened").order_by("seq").first()
        )
        row = opened.proceeding if opened else None
    taken = Event.objects.filter(proceeding=row, kind=Event.Kind.STEP, seq__lte=event.seq).order_by("seq")
    state, version, number = "received", 0, None
    for one in taken:
        state, version = one.to_state or state, one.version or version
        number = json.loads(one.body).get("changed", {}).get("number", [None, number])[1]
    return Outcome(event.case_id, event.pk, row.pk if row else None, state, version, number)
