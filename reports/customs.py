"""海关进出口侵权数据: what customs seized, by goods, brand, route and country. Sheets line by line, or typed from a paper.

One delivery per period; one that overlaps is refused, or replaces what stood where that is said. A sheet is its own
paper; what is typed counts once a second person has compared it with the scan. It enters no indicator.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
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
from .models import CustomsLine, Delivery
from .periods import Period, PeriodError, parse

COLUMNS = {
    "period": "期间", "way": "进出口", "goods": "货物", "brand": "品牌", "route": "运输方式", "country": "国家", "seizures": "查获批次",
    "items": "件数", "value": "案值",
}  # fmt: skip
NEEDED = ("period", "goods", "seizures")
TYPED = tuple(name for name in COLUMNS if name != "period")
OTHER_WORDS = {
    "品牌（权利）": "brand",
    "权利": "brand",
    "路线": "route",
    "国家（地区）": "country",
    "案值（元）": "value",
}
BY = {"goods": "货物", "brand": "品牌（权利）", "country": "国家（地区）", "route": "运输方式（路线）"}
MOST_SEIZURES, MOST_ITEMS, MOST_VALUE = 10**7, 10**12, Decimal(10**13)


@dataclass
class Report:
    """What became of a sheet, line by line."""

    rows: int = 0
    added: int = 0
    unchanged: int = 0
    failed: list[dict[str, Any]] = field(default_factory=list)


class BadCell(Exception):
    """A cell that cannot be taken: its column, a stable code, what to do."""

    def __init__(self, column: str, code: str, reason: str):
        super().__init__(reason)
        self.column, self.code, self.reason = column, code, reason


def ours(heading: str) -> str:
    """Our name of a heading, else the heading."""
    known = {label: name for name, label in COLUMNS.items()} | OTHER_WORDS
    return known.get(heading, heading)


def take_in(
    sheet: Sheet, paper: StoredFile | None, *, by: Any, today: date, name: str = "", replace: bool = False
) -> Report:
    """Take a sheet in: the lines of one period are one delivery, kept whole or not at all.

    Raises SheetRefused `headings`.
    """
    if not set(NEEDED) <= {ours(heading) for heading in sheet.headings}:
        raise SheetRefused("headings", _("海关数据须有期间、货物、查获批次三栏，请核对表头。"))
    report = Report(rows=len(sheet.lines))
    broken: set[Period | None] = set()
    found: dict[Period, list[tuple[Line, CustomsLine]]] = defaultdict(list)
    for line in sheet.lines:
        cells = {ours(heading): value for heading, value in line.cells.items()}
        period = None
        try:
            period = _period(cells)
            found[period].append((line, read(cells)))
        except BadCell as bad:
            broken.add(period)
            report.failed.append(_problem(line, bad.column, cells.get(bad.column, ""), bad.code, bad.reason))
    with transaction.atomic():
        chain.raise_stamp(STAMP)  # also keeps two imports apart
        for period, taken in found.items():
            if period in broken:
                words = _("同一期间有未通过的行，改正后请整份重新上传。")
                report.failed += [
                    _problem(line, "period", period.text, "others_failed", words) for line, _row in taken
                ]
                continue
            made = _delivery(period, [row for _line, row in taken])
            made.paper, made.paper_name = paper, name
            made.entered_by, made.entered_on, made.confirmed_on = by, today, today
            try:
                new = _keep(made, [row for _line, row in taken], today, replace=replace)
            except DomainError as refusal:
                said = str(refusal.message)
                report.failed += [
                    _problem(line, "period", period.text, refusal.code, said) for line, _row in taken
                ]
                continue
            report.added += len(taken) if new else 0
            report.unchanged += 0 if new else len(taken)
    report.failed.sort(key=lambda one: one["line"])
    return report


def _problem(line: Line, column: str, value: str, code: str, reason: str) -> dict[str, Any]:
    return Problem(line.number, COLUMNS.get(column, column), value, code, reason).as_dict()


def type_in(delivery: Delivery, lines: Sequence[CustomsLine], *, by: Any, today: date, replace: bool) -> bool:
    """Keep lines typed from a paper; they count once a second person has compared them. Raises DomainError `overlaps`."""
    delivery.entered_by, delivery.entered_on = by, today
    with transaction.atomic():
        chain.raise_stamp(STAMP)
        return _keep(delivery, lines, today, replace=replace)


def typed(period: Period, lines: Sequence[CustomsLine], source_ref: str, contact: str) -> Delivery:
    """The delivery of what was typed, without its paper and without who entered it."""
    made = _delivery(period, lines)
    made.source_ref, made.contact = source_ref, contact
    return made


def _delivery(period: Period, lines: Sequence[CustomsLine]) -> Delivery:
    worth = sum((line.value for line in lines if line.value is not None), Decimal(0))
    told = [[str(getattr(line, name) or "") for name in TYPED] for line in lines]
    numbers = {
        "lines": len(lines), "seizures": sum(line.seizures for line in lines), "worth": f"{worth:.2f}",
        "digest": hashlib.sha256(json.dumps(told).encode()).hexdigest(),
    }  # fmt: skip
    return Delivery(
        kind=Delivery.Kind.CUSTOMS,
        start=period.start,
        end=period.end,
        numbers=json.dumps(numbers, sort_keys=True),
    )


def _keep(delivery: Delivery, lines: Sequence[CustomsLine], today: date, *, replace: bool) -> bool:
    new = keep(delivery, today, replace=replace)
    if new:
        for line in lines:
            line.delivery = delivery
        CustomsLine.objects.bulk_create(lines, batch_size=500)
    return new


# cells ---------------------------------------------------------------------------------------------------------


def _period(cells: dict[str, str]) -> Period:
    try:
        return parse(cells.get("period", ""))
    except PeriodError as error:
        raise BadCell("period", "period", str(error)) from None


def read(cells: dict[str, str]) -> CustomsLine:
    """One line of text cells by our names. Raises BadCell."""
    goods = " ".join(cells.get("goods", "").split())
    if not goods:
        raise BadCell("goods", "required", _("请填写货物名称。"))
    words = {name: " ".join(cells.get(name, "").split()) for name in ("brand", "route", "country")}
    for name, text in {"goods": goods, **words}.items():
        if len(text) > 80:
            raise BadCell(name, "too_long", _("请缩短到 80 字以内。"))
    way = {"": "", "出口": "export", "export": "export", "进口": "import", "import": "import"}.get(
        cells.get("way", "")
    )
    if way is None:
        raise BadCell("way", "choice", _("只能填写：出口、进口；不清楚的留空。"))
    seizures = _whole(cells, "seizures", MOST_SEIZURES)
    if seizures is None:
        raise BadCell("seizures", "required", _("请填写查获批次。"))
    items, value = _whole(cells, "items", MOST_ITEMS), _money(cells)
    return CustomsLine(way=way, goods=goods, seizures=seizures, items=items, value=value, **words)


def _whole(cells: dict[str, str], column: str, most: int) -> int | None:
    text = cells.get(column, "").replace(",", "").replace("，", "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:20]) <= most):
        raise BadCell(column, "integer", _("请填写整数；不清楚的留空。"))
    return int(text)


def _money(cells: dict[str, str]) -> Decimal | None:
    text = cells.get("value", "").replace(",", "").replace("，", "").strip()
    if not text:
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal(-1)
    if not (found.is_finite() and 0 <= found <= MOST_VALUE and found == round(found, 2)):
        raise BadCell("value", "decimal", _("请填写以元计的金额，例如 12500.00；不清楚的留空。"))
    return found


# trend ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Trend:
    """One group over the years: year -> seizures, and the value where every line says one."""

    name: str
    seizures: dict[int, int]
    value: Decimal | None

    @property
    def total(self) -> int:
        return sum(self.seizures.values())


def holding(day: date) -> list[CustomsLine]:
    """Every line in force on the day."""
    standing = Delivery.objects.holding(day).filter(kind=Delivery.Kind.CUSTOMS)
    return list(CustomsLine.objects.filter(delivery__in=standing).select_related("delivery"))


def trend(lines: Iterable[CustomsLine], by: str) -> tuple[list[int], list[Trend]]:
    """Years, and each group's seizures by the year in which its period ends, the most frequent first."""
    groups: dict[str, list[CustomsLine]] = defaultdict(list)
    for line in lines:
        groups[getattr(line, by) or _("未注明")].append(line)
    years = sorted({line.delivery.end.year for rows in groups.values() for line in rows})
    found = []
    for name, rows in groups.items():
        counts = dict.fromkeys(years, 0)
        for line in rows:
            counts[line.delivery.end.year] += line.seizures
        known = [line.value for line in rows if line.value is not None]
        found.append(Trend(name, counts, sum(known, Decimal(0)) if len(known) == len(rows) else None))
    return years, sorted(found, key=lambda one: (-one.total, one.name))
