"""What is bound into the volumes of a file and in which order: plain questions, no page is made here.

正卷 holds what parties may read; 副卷 what never leaves: approvals, deliberation, sealed papers, drafts.
"""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

OPEN, CLOSED = "open", "closed"

# The order of a file, as kinds of paper; files handed in follow the application. What is not named stands in between,
# by its day.
FIRST = (
    "assistance_application", "mediation_application", "receipt", "correction_notice", "filing_refusal",
    "assistance_refusal", "filing_notice", "assistance_acceptance", "mediation_acceptance", "rights_notice",
    "consent_form", "address_confirmation", "power_of_attorney", "defence_notice",
)  # fmt: skip
LAST = (
    "oral_agreement", "mediation_agreement", "mediated_in_case", "mediation_termination", "dismissal", "ruling",
    "ruling_correction", "ruling_change", "ruling_annulment", "paper_correction",
    "service_proof", "confirmation_application", "closing_report",
    "assistance_closing_report", "return_visit_sheet", "withdrawal_application", "transfer_letter", "transfer_receipt",
    "mediation_closing_report", "adjudication_closing_report",
)  # fmt: skip
FILES = len(FIRST) + 1
BETWEEN = FILES + 1


@dataclass(frozen=True)
class Planned:
    """One entry of the catalogue: `ref` is `document:7` or `file:9`."""

    ref: str
    title: str
    number: str
    on: date

    def row(self) -> dict[str, Any]:
        """As it stands in `Volume.contents` until its pages are known."""
        return {"ref": self.ref, "title": self.title, "number": self.number, "on": self.on.isoformat()}


def rank(kind: str) -> int:
    """Where a kind of paper stands in the file."""
    if kind in FIRST:
        return FIRST.index(kind)
    if kind in LAST:
        return BETWEEN + 1 + LAST.index(kind)
    return BETWEEN


def is_open(row: Any) -> bool:
    """Is this paper or file one that parties may read?"""
    return getattr(row, "volume", OPEN) == OPEN and row.audience not in ("sealed", "side")


def drafts_brought_back(row: Any) -> set[int]:
    """Files that are a draft as it came back from the word processor."""
    bodies = row.events.filter(name__in=("bring_back", "bring_back_ruling")).values_list("body", flat=True)
    return {json.loads(body)["notes"]["file"] for body in bodies}


def handed_in(row: Any) -> list[Any]:
    """Files handed in, to the case or to this proceeding; neither scans of papers made here nor drafts."""
    files = row.case.files.filter(Q(proceeding__isnull=True) | Q(proceeding=row.pk)).select_related("file")
    scans = set(row.documents.filter(scan__isnull=False).values_list("scan", flat=True))
    left_out = scans | drafts_brought_back(row)
    return [one for one in files.order_by("pk") if one.pk not in left_out]


def planned(row: Any, kind: str) -> list[Planned]:
    """What stands in this volume, in order."""
    wanted = kind == OPEN
    lines: list[tuple[tuple[int, date, int], Planned]] = []
    for document in row.documents.exclude(state__in=("draft", "void")):
        if is_open(document) == wanted:
            said = Planned(_ref(document), document.title, document.number, document.issued_on)
            lines.append(((rank(document.kind), document.issued_on, document.pk), said))
    for one in handed_in(row):
        if is_open(one) == wanted:
            day = timezone.localdate(one.at)
            lines.append(((FILES, day, one.pk), Planned(f"file:{one.pk}", one.title or one.name, "", day)))
    if kind == CLOSED:
        brought = drafts_brought_back(row)
        for one in row.case.files.filter(pk__in=brought).order_by("pk"):
            day = timezone.localdate(one.at)
            lines.append(
                ((BETWEEN, day, one.pk), Planned(f"file:{one.pk}", one.title or str(_("修改稿")), "", day))
            )
    return [said for _key, said in sorted(lines, key=lambda line: line[0])]


def _ref(document: Any) -> str:
    """A scan that replaced the print makes the entry another one: the volume is to be bound again."""
    return f"document:{document.pk}" + (f":{document.scan_id}" if document.scan_id else "")
