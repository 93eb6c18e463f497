"""The rows that did not go in, as a sheet to be put right and imported again: their columns, and the reason."""

import io
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from .sheet import Sheet

REASON, LINE = "原因", "原行号"


def as_xlsx(sheet: Sheet, failed: list[dict[str, Any]]) -> bytes:
    """An XLSX of the failed lines: the sheet's own columns, then 原行号 and 原因. Nothing in it is a formula."""
    reasons = {row["line"]: _sentence(row) for row in failed}
    book = Workbook(write_only=True)
    page = book.create_sheet("未导入的行")
    own = [h for h in sheet.headings if h not in (REASON, LINE)]
    for number in range(1, len(own) + 1):
        page.column_dimensions[get_column_letter(number)].width = 18
    page.column_dimensions[get_column_letter(len(own) + 2)].width = 60
    page.freeze_panes = "A2"
    page.append([_cell(page, heading, bold=True) for heading in [*own, LINE, REASON]])
    for line in sheet.lines:
        if line.number in reasons:
            values = [line.cells.get(heading, "") for heading in own]
            page.append([_cell(page, v) for v in [*values, str(line.number), reasons[line.number]]])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _sentence(row: dict[str, Any]) -> str:
    problems = [row, *row.get("more", [])]
    return "；".join(f"{p['column']}：{p['detail']}" if p["column"] else str(p["detail"]) for p in problems)


def _cell(page: Any, value: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(page, ILLEGAL_CHARACTERS_RE.sub("", value))
    cell.data_type = "s"  # text, whatever it begins with
    if bold:
        cell.font = Font(bold=True)
    return cell
