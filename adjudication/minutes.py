"""What is kept sealed of an adjudication: minutes of a hearing, printed each time anew; opinions told to the panel.

Every reading is logged before anything is shown; whoever may not read gets the answer of what does not exist.
"""

import json
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import access
from cases.documents import docx, pdf
from cases.documents.making import DOCX_TYPE, PDF_TYPE, context
from cases.documents.template import compose, load
from cases.errors import NotFound
from stations import policy

from .forms.hearing import ATTENDED
from .models import Adjudication, HearingRecord, TechnicalOpinion
from .models.hearing import openness
from .models.panel import PANEL, TEAM, Capacity, panel_lines

KIND = "hearing_minutes"
PRINTERS = {"pdf": (pdf.render, PDF_TYPE), "docx": (docx.render, DOCX_TYPE)}


def minutes_of(record_id: int, *, by: Any, today: date) -> HearingRecord:
    """The typed minutes for whoever sees the adjudication. Raises NotFound for everybody else, and for a scan alone."""
    seen = HearingRecord.objects.visible_to(by, today).exclude(text_sealed="")
    found = (
        seen.filter(pk=record_id).select_related("hearing", "proceeding__case", "proceeding__body").first()
    )
    if found is None:
        raise NotFound("not_found", _("没有这份口头审理笔录，或您无权查看。"))
    return found


def print_minutes(
    record_id: int, ending: str, *, by: Any, today: date, address: str = ""
) -> tuple[bytes, str, str]:
    """(content, name, type) of the minutes with their places for signature; the reading is logged first."""
    record = minutes_of(record_id, by=by, today=today)
    if ending not in PRINTERS:
        raise NotFound("not_found", _("没有这种格式的文书。"))
    access.log_read(by, f"hearing_record/{record.pk}", reason=str(_("打印口头审理笔录")), address=address)
    printer, type_ = PRINTERS[ending]
    content = printer(compose(KIND, content_of(record, by=by)), load(KIND).layout)
    return content, f"{_('口头审理笔录')}-{record.on:%Y%m%d}.{ending}", type_


class _Asking:
    """What a template's context asks of whoever prints, outside the door."""

    def __init__(self, by: Any, on: date) -> None:
        self.by, self.on = by, on


def content_of(record: HearingRecord, *, by: Any) -> dict[str, Any]:
    """What the form asks of a hearing: who sat and helped that day, who came, what was said."""
    hearing, row = record.hearing, record.proceeding
    then = Q(to_on__isnull=True) | Q(to_on__gte=record.on)
    parts = row.participations.filter(then, cancelled=False, from_on__lte=record.on, capacity__in=TEAM)
    team = [(part.user, part.capacity) for part in parts.select_related("user")]
    parties = {party.pk: f"{party.role_before_judge} {party.name}" for party in row.case.parties.all()}
    words, lines = dict(ATTENDED), json.loads(hearing.attendance or "[]")
    here = [line for line in lines if line["attended"] != "absent"]
    return {
        **context(row.case, row, _Asking(by, record.on), row.body),
        "held_on": record.on, "hours": f"{hearing.time.hour}时{hearing.time.minute:02d}分", "place": hearing.place,
        "mode": hearing.get_mode_display(), "openness": openness(hearing), "shared_with": hearing.shared_with,
        "panel": panel_lines(team), "recorder": [u.display_name for u, c in team if c == Capacity.RECORDER],
        "assistants": [str(one) for one in row.assistants.filter(then, from_on__lte=record.on)],
        "attendance": [
            {"party": parties[line["party"]], "attended": str(words[line["attended"]]), "people": line.get("people", "")}
            for line in lines
        ],
        "signers": [{"who": f"{parties[line['party']]}及其参加人员"} for line in here] or [{"who": str(_("当事人"))}],
        "minutes": record.text,
    }  # fmt: skip


def read_minutes(record_id: int, *, by: Any, today: date, address: str = "") -> HearingRecord:
    """The minutes to be shown; the reading is logged first."""
    record = minutes_of(record_id, by=by, today=today)
    access.log_read(by, f"hearing_record/{record.pk}", reason=str(_("查阅口头审理笔录")), address=address)
    return record


def may_read_opinions(row: Adjudication, user: Any, today: date) -> bool:
    """Does this person sit on the panel now, or stand in for one who does? Nobody else reads what it is told."""
    users = policy.standing(user, today).users
    return any(part.user_id in users and part.capacity in PANEL for part in row.participants())


def read_opinions(
    row: Adjudication, *, by: Any, today: date, reason: str, address: str = ""
) -> list[TechnicalOpinion]:
    """What investigators and experts told the panel, oldest first. Raises NotFound for whoever is not of it."""
    if not may_read_opinions(row, by, today):
        raise NotFound("not_found", _("没有技术调查意见，或您无权查看。"))
    access.log_read(by, f"technical_opinions/{row.pk}", reason=reason, address=address)
    return list(row.technicalopinions.select_related("assistant").order_by("on", "pk"))
