"""The public text of a ruling: made from its one marked text, searched byte by byte, kept true to the day."""

from ..check_report import report
from ..protected import patents
from .checking import doubts, findings, findings_in_words
from .effects import LeakError, keep, refresh, refresh_ruling_status, render_ruling, turn
from .making import JSON, PDF, TITLE, Page, draft, pages, readable_lines, suggestions
from .reading import beneath, passages, pdf_bytes, pdf_text, plain_file, readable

__all__ = [
    "JSON",
    "PDF",
    "TITLE",
    "LeakError",
    "Page",
    "beneath",
    "doubts",
    "draft",
    "findings",
    "findings_in_words",
    "keep",
    "pages",
    "passages",
    "patents",
    "pdf_bytes",
    "pdf_text",
    "plain_file",
    "readable",
    "readable_lines",
    "refresh",
    "refresh_ruling_status",
    "render_ruling",
    "report",
    "suggestions",
    "turn",
]
