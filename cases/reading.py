"""Opens what a person may read: a document's PDF or docx, a file of a case. Each opening is logged first."""

from dataclasses import dataclass
from typing import Any

from . import access, files
from .errors import NotFound
from .models import Document, Evidence, StoredFile


@dataclass(frozen=True)
class Content:
    """An open file with the name and type it is given out under."""

    file: Any
    name: str
    type: str


def open_document(document: Document, ending: str, *, by: Any) -> Content | None:
    """The rendered document; None while it is still being made. Raises NotFound for another ending."""
    stored: dict[str, StoredFile | None] = {"pdf": document.pdf, "docx": document.docx}
    if ending not in stored:
        raise NotFound("not_found", "没有这种格式的文书。")
    file = stored[ending]
    if file is None:
        return None
    access.log_read(by, f"document/{document.pk}", reason=ending)
    number = document.number or f"{document.pk}"
    return Content(files.open(file.sm3), f"{document.title}-{number}.{ending}", file.type)


def open_evidence(evidence: Evidence, *, by: Any) -> Content:
    """A file handed in, as it was handed in."""
    access.log_read(by, f"file/{evidence.pk}", reason="download")
    return Content(files.open(evidence.file.sm3), evidence.name, evidence.file.type)
