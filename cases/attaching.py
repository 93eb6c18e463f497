"""Takes a file into a case: inspected and stored before the door opens, then on the record by the act `add_evidence`."""

from datetime import date
from typing import Any, BinaryIO

from django.db import transaction

from . import files, steps
from .models import Case, Evidence, Proceeding, StoredFile


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
    proceeding: Proceeding | None = None,
    audience: str = Evidence.Audience.CASE,
    title: str = "",
) -> Evidence:
    """Store a file and put it on the case's record. Raises what the door refuses; then only the bytes remain."""
    steps.demand(by, case, "add_evidence", today)
    stored, safe_name = keep(name, content)
    with transaction.atomic():
        evidence = Evidence.objects.create(
            case=case, proceeding=proceeding, file=stored, name=safe_name, title=title or safe_name,
            audience=audience, uploaded_by=by,
        )  # fmt: skip
    steps.case_act(case.pk, "add_evidence", by=by, data={"file": evidence.pk, "title": title}, today=today)
    return evidence
