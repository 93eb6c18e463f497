"""Minutes on paper: printed for signature from the sealed sitting, each time anew. The print is nowhere kept in clear."""

import json
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import access
from cases.documents import docx, pdf
from cases.documents.making import DOCX_TYPE, PDF_TYPE
from cases.documents.template import compose, load
from cases.errors import NotFound

from .models import Mediation, Session

KIND = "mediation_minutes"
PRINTERS = {"pdf": (pdf.render, PDF_TYPE), "docx": (docx.render, DOCX_TYPE)}


def print_minutes(
    session_id: int, ending: str, *, by: Any, today: date, reason: str, address: str = ""
) -> tuple[bytes, str, str]:
    """(content, name, type) of the minutes for those who take part; the reading is logged first.

    Raises NotFound for everybody else, for another ending, and for a sitting without typed minutes.
    """
    readable = Session.objects.filter(pk=session_id).readable_by(by, today)
    session = readable.select_related("mediation__case", "mediation__body", "by").first()
    if session is None or ending not in PRINTERS or not session.minutes_sealed:
        raise NotFound("not_found", _("没有这次调解会议的记录，或您无权查看。"))
    access.log_read(by, f"session/{session.pk}", reason=reason, address=address)
    printer, type_ = PRINTERS[ending]
    content = printer(compose(KIND, content_of(session)), load(KIND).layout)
    return content, f"{form_name(session)}-{session.on:%Y%m%d}.{ending}", type_


def form_name(session: Session) -> str:
    """What the form is called in this kind of mediation (司发通〔2010〕239号)."""
    people = session.mediation.flavour == Mediation.Flavour.PEOPLE
    return str(_("人民调解记录")) if people else str(_("调解笔录"))


def content_of(session: Session) -> dict[str, Any]:
    """What the form asks of a sitting."""
    row = session.mediation
    then = row.participations.filter(
        Q(to_on__isnull=True) | Q(to_on__gte=session.on),
        capacity=Mediation.handler_capacity, cancelled=False, from_on__lte=session.on,
    )  # fmt: skip
    mediators = [part.user.display_name for part in then.select_related("user").order_by("pk")]
    return {
        "issuer": row.body.name if row.body else "", "number": row.number, "form_name": form_name(session),
        "held_on": session.on, "mode": session.get_mode_display(), "place": session.place,
        "hours": "至".join(f"{at.hour}时{at.minute:02d}分" for at in (session.starts, session.ends) if at),
        "mediators": mediators or [session.by.display_name], "recorder": session.by.display_name,
        "cause": row.case.cause or row.case.summary[:60], "attendance": json.loads(session.attendance or "[]"),
        "minutes": session.minutes, "result": session.get_result_display(),
    }  # fmt: skip
