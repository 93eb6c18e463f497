"""The public text of a ruling: made from its one marked text, searched byte by byte, kept true to the day."""

from .checking import FORMS, beneath, findings, findings_in_words, pdf_bytes, pdf_text, readable
from .effects import LeakError, refresh, refresh_ruling_status, render_ruling
from .making import PDF, TITLE, Page, draft, pages, patents, readable_lines, suggestions

__all__ = [
    "FORMS",
    "PDF",
    "TITLE",
    "LeakError",
    "Page",
    "beneath",
    "draft",
    "findings",
    "findings_in_words",
    "pages",
    "patents",
    "pdf_bytes",
    "pdf_text",
    "readable",
    "readable_lines",
    "refresh",
    "refresh_ruling_status",
    "render_ruling",
    "suggestions",
]
