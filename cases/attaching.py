"""Takes a file into a case: inspected and stored before the door opens, then on the record by the act `add_evidence`."""

from collections.abc import Mapping
from datetime import date
from typing import Any, BinaryIO

from . import files, steps
from .errors import DomainError
from .models import Case, Evidence, Proceeding, StoredFile
from .permissions import can


def keep(name: str, content: Any) -> tuple[StoredFile, str]:
    """Inspect and store an upload under its digest; (row, safe name). Raises UploadRefused."""
    opened: BinaryIO = getattr(content, "file", content)
    facts = files.inspect(name, opened)
    opened.seek(0)
    files.put(facts, opened)
    row, _made = StoredFile.objects.get_or_create(
        sm3=facts.sm3, defaults={"sha256": facts.sha256, "size": facts.size, "type": facts.type}
    )
    return row, facts.safe_name


def attach(
    case: Case,
    name: str,
    content: Any,
    *,
    by: Any,
    today: date,
    row: Proceeding | None = None,
    audience: str = "",
    said: Mapping[str, Any] | None = None,
) -> Evidence:
    """Store a file and put it on the record: of the proceeding where the person may, else of the case.

    Raises what the door refuses; then only the stored bytes remain.
    """
    place = _place(case, row, by, today)
    if place is None:
        steps.demand(by, case, "add_evidence", today)
    stored, safe_name = keep(name, content)
    words = {key: value for key, value in (said or {}).items() if value}
    default = Evidence.Audience.CASE if place is None else place.file_audience or Evidence.Audience.PROCEEDING
    kept = place or (row if audience not in ("", Evidence.Audience.CASE) else None)
    evidence = Evidence.objects.create(
        case=case,
        proceeding=kept,
        file=stored,
        name=safe_name,
        title=words.get("title", safe_name),
        audience=audience or default,
        uploaded_by=by,
    )
    data = {**words, "file": evidence.pk}
    try:
        if place is not None:
            steps.act(place.pk, "add_evidence", by=by, data=data, today=today)
        else:
            steps.case_act(case.pk, "add_evidence", by=by, data=data, today=today)
    except DomainError:
        evidence.delete()
        raise
    return evidence


def _place(case: Case, row: Proceeding | None, by: Any, today: date) -> Proceeding | None:
    """The proceeding whose act takes the file: the one named, else the person's own where the case is not his."""
    if row is not None:
        concrete = row.concrete()
        if concrete.archived_on is not None:  # never by way of the case into a file that is closed
            steps.demand(by, concrete, "add_evidence", today)
        return concrete if can(by, concrete, "add_evidence", today) else None
    if can(by, case, "add_evidence", today):
        return None
    rows = Proceeding.objects.visible_to(by, today).filter(case=case).order_by("-is_open", "-pk")
    return next((one for one in rows if can(by, one, "add_evidence", today)), None)
