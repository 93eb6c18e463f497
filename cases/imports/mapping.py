"""Another keeper's sheet in our words: which heading is ours, which value is ours, what the sheet lacks.

TOML: `"their heading" = "our heading"`; `[values."our heading"]` for values ("" = skip the row; several values
separated by 、); `[defaults]` for headings the sheet does not have. A blank cell stays blank.
"""

import tomllib
from collections.abc import Mapping as Words
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from . import headings
from .problems import SheetRefused
from .sheet import Line, Sheet


@dataclass(frozen=True)
class Mapping:
    """A mapping as read from its file; an empty one takes the sheet's headings as they are."""

    columns: dict[str, str] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)
    defaults: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Mapped:
    """One line in our words: our headings with their values, and the columns that are not ours."""

    number: int
    cells: dict[str, str]
    others: dict[str, str]
    surplus: int = 0


def parse(text: str) -> Mapping:
    """Read a mapping. Raises SheetRefused `mapping` with the place that is wrong."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _wrong(f"{error}") from error
    values, defaults = raw.pop("values", {}), raw.pop("defaults", {})
    if not isinstance(values, Words) or not isinstance(defaults, Words):
        raise _wrong("values / defaults")
    columns = {}
    for theirs, heading in raw.items():
        columns[theirs.strip()] = _our(heading)
    twice = sorted({h for h in columns.values() if list(columns.values()).count(h) > 1})
    if twice:
        raise _wrong(_("多个栏目对应到“%(name)s”") % {"name": "、".join(twice)})
    tables: dict[str, dict[str, str]] = {}
    for heading, table in values.items():
        if not isinstance(table, Words):
            raise _wrong(f'[values."{heading}"]')
        tables[_our(heading)] = {_word(k): _word(v) for k, v in table.items()}
        if "" in table:
            raise _wrong(_('[values."%(name)s"] 不能为空白指定值：空白即不详') % {"name": heading})
    return Mapping(columns, tables, {_our(h): _word(v) for h, v in defaults.items()})


def _our(heading: object) -> str:
    found = headings.ours(heading) if isinstance(heading, str) else None
    if found is None:
        raise _wrong(_("没有“%(name)s”这个栏目") % {"name": heading})
    return found


def _word(value: object) -> str:
    if isinstance(value, float):
        raise _wrong(_("值 %(value)s 请加引号") % {"value": value})
    return ("是" if value else "否") if isinstance(value, bool) else str(value).strip()


def _wrong(why: object) -> SheetRefused:
    return SheetRefused("mapping", _("对应关系文件有误：%(why)s。请更正后再导入。") % {"why": why})


@dataclass(frozen=True)
class Plan:
    """How one sheet is read with one mapping."""

    of: dict[str, str]  # heading of the sheet -> our heading
    unknown: tuple[str, ...]  # headings kept with the case as they are
    mapping: Mapping

    def line(self, line: Line) -> Mapped | None:
        """One line in our words; None where the mapping says to skip it."""
        cells = {self.of[h]: v for h, v in line.cells.items() if h in self.of}
        for heading, word in self.mapping.defaults.items():
            if heading not in self.of.values():
                cells[heading] = word
        for heading, table in self.mapping.values.items():
            value = cells.get(heading, "")
            new = table[value] if value in table else _by_part(heading, value, table)
            if value and new == "":
                return None
            if value:
                cells[heading] = new
        others = {h: v for h, v in line.cells.items() if h in self.unknown and v}
        return Mapped(line.number, {h: cells.get(h, "") for h in headings.HEADINGS}, others, line.surplus)


def _by_part(heading: str, value: str, table: Words[str, str]) -> str:
    if heading not in headings.SEVERAL:
        return value
    return "、".join(new for part in split(value) if (new := table.get(part, part)))


def split(value: str) -> list[str]:
    """Several values in one cell, separated by 、 or |."""
    return [part for raw in value.replace("|", "、").split("、") if (part := raw.strip())]


def plan(sheet: Sheet, mapping: Mapping) -> Plan:
    """Match a sheet's headings. Raises SheetRefused: `heading_twice`, `heading_missing`."""
    missing = sorted(set(mapping.columns) - set(sheet.headings))
    if missing:
        raise SheetRefused(
            "heading_missing",
            _("表格中没有对应关系文件所列的栏目：%(names)s。") % {"names": "、".join(missing)},
        )
    found: dict[str, str] = {}
    unknown = []
    for heading in sheet.headings:
        own = mapping.columns.get(heading) or (
            headings.ours(heading) if not heading_taken(heading, mapping) else None
        )
        if own is None:
            if heading:
                unknown.append(heading)
            continue
        if own in found.values():
            raise SheetRefused("heading_twice", _("有两列都是“%(name)s”，请只保留一列。") % {"name": own})
        found[heading] = own
    lacking = [h for h in headings.REQUIRED if h not in found.values() and h not in mapping.defaults]
    if lacking:
        raise SheetRefused(
            "heading_missing",
            _("表格缺少栏目：%(names)s。请补充该列或使用对应关系文件。") % {"names": "、".join(lacking)},
        )
    return Plan(found, tuple(unknown), mapping)


def heading_taken(heading: str, mapping: Mapping) -> bool:
    """Does the mapping give another column of the sheet this heading's place?"""
    return headings.ours(heading) in mapping.columns.values()
