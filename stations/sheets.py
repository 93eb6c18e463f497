"""Lists as xlsx. Every value is text, number or date, never a formula. Who may have it is decided before."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

from django.utils import timezone
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter

TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MOST_ROWS = 20_000
WIDEST = 48
_LINE = Border(*(Side(style="thin", color="FFBBC3CD") for _ in range(4)))


def safe(value: Any) -> Any:
    """A value no spreadsheet takes for a formula; text without control characters, at most 32,767 characters."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return timezone.make_naive(value) if timezone.is_aware(value) else value
    if isinstance(value, (int, Decimal, date)):
        return value
    text = "".join(c for c in str(value) if c in "\t\n\r" or ord(c) >= 32)[:32_000]
    return "'" + text if text.startswith(FORMULA_SIGNS) else text


def workbook(title: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """A sheet with a title line, a header repeated on each page, A4 landscape, one page wide."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(
        safe(title)[:30].translate(str.maketrans("[]:*?/\\", "       ")).strip() or "列表"
    )
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.print_title_rows = "2:2"
    sheet.freeze_panes = "A3"
    sheet.oddFooter.center.text = "第 &P 页，共 &N 页"
    kept = [[safe(value) for value in row] for row in rows]
    for n, name in enumerate(columns, start=1):
        longest = max([_width(name), *(_width(row[n - 1]) for row in kept[:500])])
        sheet.column_dimensions[get_column_letter(n)].width = min(max(longest + 2, 8), WIDEST)
    sheet.append([_cell(sheet, title, font=Font(bold=True, size=14))])
    fill = PatternFill("solid", fgColor="FFE9EFF6")
    sheet.append([_cell(sheet, name, font=Font(bold=True), fill=fill, border=_LINE) for name in columns])
    for row in kept:
        sheet.append([_cell(sheet, value, border=_LINE) for value in row])
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _width(value: Any) -> int:
    """Columns a value takes; a Chinese character takes two."""
    text = value.strftime("%Y-%m-%d") if isinstance(value, date) else str(value)
    return max((sum(2 if ord(c) > 255 else 1 for c in line) for line in text.splitlines()), default=0)


def _cell(sheet: Any, value: Any, **style: Any) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=safe(value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.value, cell.data_type = (value, "s")
    elif isinstance(value, datetime):
        cell.number_format = "yyyy-mm-dd hh:mm"
    elif isinstance(value, date):
        cell.number_format = "yyyy-mm-dd"
    elif isinstance(value, Decimal):
        cell.number_format = "#,##0.00"
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    for name, what in style.items():
        setattr(cell, name, what)
    return cell
