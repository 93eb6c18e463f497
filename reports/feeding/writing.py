"""The rows of the feed as JSON, JSON Lines, CSV and XLSX: one order, one set of columns, the same numbers."""

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import StringIO

from django.utils.translation import gettext as _

from cases import sheets
from reports.periods import Period

from .composing import COLUMNS, Row


@dataclass(frozen=True)
class Format:
    """How an answer is written; `name` is the ending of its address."""

    name: str
    type: str
    write: Callable[[Sequence[Row], Period, str], bytes]


def _json(rows: Sequence[Row], period: Period, as_of: str) -> bytes:
    body = {"period": period.text, "as_of": as_of, "figures": [row.as_dict() for row in rows]}
    return json.dumps(body, ensure_ascii=False).encode()


def _jsonl(rows: Sequence[Row], period: Period, as_of: str) -> bytes:
    return "".join(json.dumps(row.as_dict(), ensure_ascii=False) + "\n" for row in rows).encode()


def _csv(rows: Sequence[Row], period: Period, as_of: str) -> bytes:
    """With codes for machines; the mark in front lets WPS read it as UTF-8."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for row in rows:
        said = row.as_dict() | {"suppressed": "true" if row.suppressed else "false"}
        writer.writerow(["" if value is None else sheets.safe(value) for value in said.values()])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _xlsx(rows: Sequence[Row], period: Period, as_of: str) -> bytes:
    title = _("指标数据 %(period)s，截至 %(as_of)s") % {"period": period.label, "as_of": as_of}
    return sheets.workbook(title, list(COLUMNS.values()), [row.cells() for row in rows])


FORMATS = {
    one.name: one
    for one in (
        Format("json", "application/json", _json), Format("jsonl", "application/x-ndjson", _jsonl),
        Format("csv", "text/csv; charset=utf-8", _csv), Format("xlsx", sheets.TYPE, _xlsx),
    )
}  # fmt: skip
