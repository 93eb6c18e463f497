"""What was said in a mediation, read by those who take part: minutes, private notes, remarks (特邀调解规定第二条第五项).

The reading is logged before anything is shown; everybody else gets the answer of a mediation that does not exist.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases import access, permissions
from cases.errors import NotFound
from cases.models import Party
from stations import policy

from .models import Agreement, Mediation, Session


@dataclass(frozen=True)
class Note:
    """One passage: when and what it is, the text, and for a sitting who came."""

    on: date | None
    title: str
    text: str
    attendance: tuple[dict[str, Any], ...] = ()
    session: int | None = None  # whose minutes can be printed
    link: str = ""  # into the video room of a sitting to come


def may_read(row: Mediation, user: Any, today: date) -> bool:
    """Is this person the handler or taking part now, or standing in for one who does? Never one who judges here."""
    held = policy.standing(user, today)
    if permissions.shut_out(held, row):
        return False
    users = held.users
    if row.handler_id in users:
        return True
    return row.participations.filter(user__in=users, cancelled=False, to_on__isnull=True).exists()


def read_notes(row: Mediation, *, by: Any, today: date, reason: str, address: str = "") -> list[Note]:
    """Everything kept sealed, oldest first. Raises NotFound for whoever does not take part."""
    if not may_read(row, by, today):
        raise NotFound("not_found", _("没有这次调解的密存记录，或您无权查看。"))
    access.log_read(by, f"mediation/{row.pk}", reason=reason, address=address)
    notes = [_sitting(s) for s in row.sessions.filter(cancelled=False)]
    notes += [
        Note(n.on, f"{_('单方沟通')}（{Party.Role(n.side).label}）", n.text)
        for n in row.notes.filter(cancelled=False)
    ]
    notes += [
        Note(c.on, f"{_('联系')}{c.party.name}：{c.get_result_display()}", c.remark)
        for c in row.contacts.filter(cancelled=False).select_related("party")
        if c.remark
    ]
    notes += [
        Note(c.on, f"{c.party.name}：{c.get_answer_display()}", c.remark)
        for c in row.consents.filter(cancelled=False).select_related("party")
        if c.remark
    ]
    settled = row.agreements.filter(form=Agreement.Form.SETTLEMENT, cancelled=False).first()
    if settled is not None:
        notes.append(Note(settled.signed_on, str(_("自行和解的内容")), settled.performance))
    if row.ending:
        notes.append(Note(row.closed_on, str(_("结束的原因")), row.ending))
    return sorted(notes, key=lambda note: note.on or date.max)


def _sitting(session: Session) -> Note:
    title = str(_("调解会议（%(mode)s）") % {"mode": session.get_mode_display()})
    if session.status != Session.Status.HELD:
        return Note(session.on, f"{title}：{session.get_status_display()}", "", link=session.link)
    rows = tuple(json.loads(session.attendance or "[]"))
    return Note(session.on, title, session.minutes, rows, session.pk if session.minutes_sealed else None)


def may_weigh(row: Mediation, user: Any, today: date) -> bool:
    """May this person read why a recusal was asked for: who decides it, or who mediates here?"""
    return may_read(row, user, today) or bool(permissions.may(user, row, "decide_recusal", today))
