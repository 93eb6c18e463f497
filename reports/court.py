"""Sheets of a court: its cases row by row, or its stamped totals. Read, checked line by line, kept with their source.

The same sheet again adds nothing. What is computed from them: reports/indicators/delivered.py.
"""

import json
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cases import chain
from cases.errors import DomainError
from cases.imports.problems import Problem, SheetRefused
from cases.imports.sheet import Line, Sheet
from cases.models import StoredFile

from .delivering import STAMP, keep
from .models import CourtCase, Delivery
from .periods import PeriodError, parse

CASE_COLUMNS = {
    "case_no": "案号", "filed": "立案日期", "closed": "结案日期", "instance": "审级", "kind": "类别",
    "excluded_days": "扣除天数", "appealed": "是否上诉", "result": "结案方式",
}  # fmt: skip
TOTAL_COLUMNS = {
    "period": "期间", "scope": "范围", "closed": "结案数", "mean_days": "平均审限", "excluded_rule": "扣除规则",
    "first_instance_civil_closed": "一审民事结案数", "appealed": "上诉数", "source_ref": "文号", "contact": "联系人",
}  # fmt: skip
YES, NO = {"是", "yes", "1", "true", "y"}, {"否", "no", "0", "false", "n"}
_INTERVAL = re.compile(r"(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})")


@dataclass
class Report:
    """What became of a sheet; `failed` as interfaces.md prints it."""

    rows: int = 0
    added: int = 0
    unchanged: int = 0
    failed: list[dict[str, Any]] = field(default_factory=list)


class _Bad(Exception):
    """A cell that cannot be taken: its column, a stable code, what to do."""

    def __init__(self, column: str, code: str, reason: str):
        super().__init__(reason)
        self.column, self.code, self.reason = column, code, reason


def is_totals(sheet: Sheet) -> bool:
    """Does the sheet hold totals rather than cases? Raises SheetRefused if it is neither."""
    names = {_ours(h) for h in sheet.headings}
    if {"case_no", "filed", "closed"} <= names:
        return False
    if {"period", "closed", "mean_days"} <= names:
        return True
    words = _(
        "法院案件清单须有案号（case_no）、立案日期（filed）、结案日期（closed）三栏；汇总数据须有期间、结案数、平均审限。"
    )
    raise SheetRefused("headings", words)


def _ours(heading: str) -> str:
    known = {label: name for name, label in (*CASE_COLUMNS.items(), *TOTAL_COLUMNS.items())}
    return known.get(heading, heading)


def take_in(
    sheet: Sheet, paper: StoredFile | None, *, by: Any, today: date, name: str = "", replace: bool = False
) -> Report:
    """Take a sheet in; each line stands alone. `paper`: the sheet itself, or the stamped scan of totals.

    Raises SheetRefused: `headings`, `scan_required`.
    """
    totals = is_totals(sheet)
    if totals and paper is None:
        raise SheetRefused("scan_required", _("汇总数据须同时提供加盖法院印章的扫描件。"))
    report = Report(rows=len(sheet.lines))
    with transaction.atomic():
        chain.raise_stamp(STAMP)  # also keeps two imports apart
        if totals:
            for line in sheet.lines:
                _try(
                    line,
                    report,
                    lambda cells: _total(cells, paper, by=by, today=today, name=name, replace=replace),
                )
        else:
            _cases(sheet, paper, report, by=by, today=today, name=name)
    return report


def _try(line: Line, report: Report, take: Any) -> None:
    cells = {_ours(heading): value for heading, value in line.cells.items()}
    try:
        if take(cells):
            report.added += 1
        else:
            report.unchanged += 1
    except _Bad as bad:
        value = cells.get(bad.column, "")
        report.failed.append(Problem(line.number, bad.column, value, bad.code, bad.reason).as_dict())


# cases ---------------------------------------------------------------------------------------------------------


def _cases(
    sheet: Sheet, paper: StoredFile | None, report: Report, *, by: Any, today: date, name: str
) -> None:
    known = {row.case_no: row for row in CourtCase.objects.select_related("delivery")}
    made: list[CourtCase] = []

    def take(cells: dict[str, str]) -> bool:
        row = _case(cells)
        before = known.get(row.case_no)
        if before is None:
            known[row.case_no] = row
            made.append(row)
            return True
        if differing := [c for c in CASE_COLUMNS if getattr(before, c) != getattr(row, c)]:
            labels = "、".join(CASE_COLUMNS[c] for c in differing)
            raise _Bad(
                differing[0],
                "already_different",
                _("该案号已有不同的内容（%(what)s），请与法院核对。") % {"what": labels},
            )
        return False

    for line in sheet.lines:
        _try(line, report, take)
    if made:
        delivery = Delivery.objects.create(
            kind=Delivery.Kind.COURT_ROWS, start=min(r.closed for r in made), end=max(r.closed for r in made),
            numbers=json.dumps({"cases": len(made)}), paper=paper, paper_name=name, entered_by=by, entered_on=today,
            confirmed_on=today,
        )  # fmt: skip
        for row in made:
            row.delivery = delivery
        CourtCase.objects.bulk_create(made, batch_size=500)


def _case(cells: dict[str, str]) -> CourtCase:
    number = " ".join(cells.get("case_no", "").split())
    if not number or len(number) > 80:
        raise _Bad("case_no", "required", _("请填写案号（80 字以内）。"))
    filed, closed = _day(cells, "filed"), _day(cells, "closed")
    if closed < filed:
        raise _Bad("closed", "date_order", _("结案日期早于立案日期，请核对。"))
    return CourtCase(
        case_no=number, filed=filed, closed=closed, excluded_days=_excluded(cells.get("excluded_days", ""), filed, closed),
        instance=_choice(cells, "instance", CourtCase.Instance), kind=_choice(cells, "kind", CourtCase.Kind),
        result=_choice(cells, "result", CourtCase.Result), appealed=_truth(cells, "appealed"),
    )  # fmt: skip


def _day(cells: dict[str, str], column: str) -> date:
    text = cells.get(column, "")
    try:
        return date.fromisoformat(text.replace("/", "-").replace(".", "-")[:10])
    except ValueError:
        raise _Bad(column, "date", _("请按 2026-01-31 的格式填写日期。")) from None


def _excluded(text: str, filed: date, closed: date) -> int:
    """A number of days, or intervals `A..B`, merged; A is the first day that does not count, B the day it runs again."""
    if not text:
        return 0
    if text.isdigit():
        days = int(text)
    else:
        parts = [part for part in re.split(r"[、|;；,，]", text) if part.strip()]
        found = [_INTERVAL.fullmatch(part.strip()) for part in parts]
        if not all(found):
            raise _Bad(
                "excluded_days", "integer", _("请填写天数，或者 2026-01-01..2026-01-31，多段用“、”分隔。")
            )
        try:
            spans = sorted((date.fromisoformat(m[1]), date.fromisoformat(m[2])) for m in found if m)
        except ValueError:
            raise _Bad("excluded_days", "date", _("扣除期间的日期不存在，请核对。")) from None
        days, reach = 0, filed
        for begin, end in spans:
            begin, end = max(begin, reach), min(end, closed)
            days += max((end - begin).days, 0)
            reach = max(reach, end)
    if days > (closed - filed).days:
        raise _Bad("excluded_days", "too_many", _("扣除天数超过立案至结案的天数，请核对。"))
    return days


def _choice(cells: dict[str, str], column: str, choices: Any) -> str:
    text = cells.get(column, "")
    known = {**{v: v for v in choices.values}, **{str(label): value for value, label in choices.choices}}
    if text and text not in known:
        names = "、".join(str(label) for _value, label in choices.choices)
        raise _Bad(column, "choice", _("只能填写：%(names)s。") % {"names": names})
    return known.get(text, "")


def _truth(cells: dict[str, str], column: str) -> bool | None:
    text = cells.get(column, "").lower()
    if not text:
        return None
    if text not in YES | NO:
        raise _Bad(column, "choice", _("请填写“是”或者“否”；不清楚的留空。"))
    return text in YES


# totals --------------------------------------------------------------------------------------------------------


def _total(
    cells: dict[str, str], paper: StoredFile | None, *, by: Any, today: date, name: str, replace: bool
) -> bool:
    from_to = _period(cells.get("period", ""))
    numbers = {
        "closed": _count(cells, "closed"), "mean_days": _decimal(cells, "mean_days"),
        "excluded_rule": cells.get("excluded_rule", ""),
        "first_instance_civil_closed": _count(cells, "first_instance_civil_closed", needed=False),
        "appealed": _count(cells, "appealed", needed=False),
    }  # fmt: skip
    if (numbers["appealed"] or 0) > (numbers["first_instance_civil_closed"] or 0):
        raise _Bad("appealed", "too_many", _("上诉数不能超过一审民事结案数，请核对。"))
    if not cells.get("source_ref"):
        raise _Bad("source_ref", "required", _("请填写盖章文件的文号或者名称。"))
    delivery = Delivery(
        kind=Delivery.Kind.COURT_TOTALS, scope=cells.get("scope", "")[:80], start=from_to[0], end=from_to[1],
        numbers=json.dumps(numbers, ensure_ascii=False, sort_keys=True), source_ref=cells["source_ref"][:120],
        contact=cells.get("contact", "")[:80], paper=paper, paper_name=name, entered_by=by, entered_on=today,
        confirmed_on=today,
    )  # fmt: skip
    try:
        return keep(delivery, today, replace=replace)
    except DomainError as refusal:
        raise _Bad("period", refusal.code, str(refusal.message)) from refusal


def _period(text: str) -> tuple[date, date]:
    try:
        found = parse(text.strip())
    except PeriodError as error:
        raise _Bad("period", "period", str(error)) from None
    return found.start, found.end


def _count(cells: dict[str, str], column: str, *, needed: bool = True) -> int | None:
    text = cells.get(column, "")
    if not text and not needed:
        return None
    if not (text.isdigit() and len(text) < 10):
        raise _Bad(column, "integer", _("请填写整数。"))
    return int(text)


def _decimal(cells: dict[str, str], column: str) -> str:
    try:
        found = Decimal(cells.get(column, ""))
    except InvalidOperation:
        found = Decimal(-1)
    if not (found.is_finite() and 0 <= found < 100000):
        raise _Bad(column, "decimal", _("请填写数字，例如 63.5。"))
    return str(found)
