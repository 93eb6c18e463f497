"""A confirmed return as a file: the receiver's sheet (xlsx, A4 lying) and the paper that is signed."""

from collections.abc import Iterable
from datetime import date
from io import BytesIO
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from cases.documents.template import chinese_date
from stations.sheets import safe

from . import filling
from .definitions import Definition
from .filling import Cell, Line, Sheet

ITEM, SERIAL = "项目", "序号"
_LINE = Border(*(Side(style="thin") for _ in range(4)))
_WRAP = Alignment(vertical="center", wrap_text=True)
_MIDDLE = Alignment(horizontal="center", vertical="center", wrap_text=True)


def template_of(definition: Definition) -> str:
    """The paper of a return: standing for numbers, lying for lists."""
    return "return_list" if definition.lines else "return_sheet"


def headings(sheet: Sheet) -> list[str]:
    """The columns as printed: the serial number, the label of a line of numbers, then the receiver's columns."""
    return [SERIAL, *([ITEM] if _labelled(sheet) else []), *(one.label for one in sheet.columns)]


def _labelled(sheet: Sheet) -> bool:
    """Numbers have a label before each line; a list has none, and neither has an empty one."""
    return bool(sheet.lines and sheet.lines[0].label)


def _row(place: int, line: Line, said: Any) -> list[Any]:
    return [place, *([line.label] if line.label else []), *(said(cell) for cell in line.cells)]


def paper_data(row: Any, sheet: Sheet, on: date) -> dict[str, Any]:
    """What the paper's template asks for."""
    widths = [1, *([4] if _labelled(sheet) else []), *(one.width * 2 for one in sheet.columns)]
    rows = [[str(cell) for cell in _row(n, line, filling.for_paper)] for n, line in enumerate(sheet.lines, 1)]
    table = {"type": "table", "columns": headings(sheet), "rows": rows, "widths": widths}
    labels = {one.name: one.label for one in sheet.columns}
    return {
        "issuer": row.unit_name, "return_title": row.definition.title, "period": row.of_period.label.replace(" ", ""),
        "correction": f"第{row.correction}次更正" if row.correction else "", "receiver": row.definition.receiver,
        "as_of": on, "filler": str(row.submitted_by or ""), "checker": str(row.confirmed_by or ""), "filled_on": on,
        "table": [table], "remarks": filling.remarks(sheet, labels),
    }  # fmt: skip


def workbook(row: Any, sheet: Sheet, *, on: date, draft: bool = False) -> bytes:
    """The sheet with title, unit, who filled and checked it, and the day; exactly the receiver's columns."""
    book = Workbook()
    page = book.active
    page.title = "报表"
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", 9
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.oddFooter.center.text = "第 &P 页，共 &N 页"
    columns = headings(sheet)
    title = (
        f"{row.definition.title}{'（更正）' if row.correction else ''}{'（草稿，未经确认）' if draft else ''}"
    )
    _across(page, 1, title, len(columns), Font(bold=True, size=16), _MIDDLE)
    _across(page, 2, _head(row), len(columns), Font(size=11), _WRAP)
    for place, name in enumerate(columns, 1):
        _put(page, 3, place, name, Font(bold=True), _MIDDLE)
    for n, line in enumerate(sheet.lines, 1):
        for place, value in enumerate(_row(n, line, _value), 1):
            _put(page, n + 3, place, value, Font(), _WRAP)
    last = len(sheet.lines) + 4
    _across(page, last, _foot(row, on, draft), len(columns), Font(size=11), _WRAP)
    page.print_title_rows = "1:3"
    page.freeze_panes = "A4"
    for place, wide in enumerate(_widths(sheet), 1):
        page.column_dimensions[get_column_letter(place)].width = wide
    book.properties.creator = ""
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def _value(cell: Cell) -> Any:
    return "" if cell.value is None else cell.value


def _widths(sheet: Sheet) -> Iterable[int]:
    return [6, *([36] if _labelled(sheet) else []), *(12 * one.width + 4 for one in sheet.columns)]


def _head(row: Any) -> str:
    return f"填报单位：{row.unit_name}　　报送单位：{row.definition.receiver}　　期间：{row.of_period.label}"


def _foot(row: Any, on: date, draft: bool) -> str:
    filler, checker = str(row.submitted_by or ""), "" if draft else str(row.confirmed_by or "")
    return f"填报人：{filler}　　审核人：{checker}　　日期：{chinese_date(on)}"


def _put(page: Any, row: int, column: int, value: Any, font: Font, align: Alignment) -> None:
    cell = page.cell(row, column)
    cell.value = safe(value)
    if isinstance(value, str):
        cell.data_type = "s"
    cell.font, cell.alignment, cell.border = font, align, _LINE


def _across(page: Any, row: int, text: str, columns: int, font: Font, align: Alignment) -> None:
    page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=columns)
    cell = page.cell(row, 1)
    cell.value, cell.font, cell.alignment = safe(text), font, align
    cell.data_type = "s"


__all__ = ["headings", "paper_data", "template_of", "workbook"]
