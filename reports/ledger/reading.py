"""Reads the plan's text as it stands: tables whose cells begin with a tab, over page ends, with blank and broken cells.

Pure; no Django. A row that cannot be placed is refused with its line; nothing is guessed. What becomes of the rows:
keeping.py.
"""

import json
import re
from calendar import monthrange
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

STAR = "★"
ALWAYS = "长期坚持"
HEADS = {
    "indicators": ("序号", "指标项", "单位", "预期值"),
    "tasks": ("序号", "任务内容", "责任单位", "负责人", "完成时限"),
    "policies": ("序号", "支持内容", "落实单位", "负责人"),
}
_NUMBER = re.compile(r"\d{1,4}")
_MONTH = re.compile(r"(20\d\d)[.．](\d{1,2})")
_VALUE = re.compile(r"\d{1,9}(?:\.\d{1,2})?")
_NAME = re.compile(r"印发(.{4,100}?)的通知")
_DAY = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")


@dataclass(frozen=True)
class Deadline:
    """完成时限: the text, and the month's last day where the text says one."""

    text: str
    on: date | None = None
    always: bool = False  # 长期坚持
    doubtful: bool = (
        False  # 需核实: `2024.1` may be a 2024.10 that lost its zero; it is asked, never decided here
    )


@dataclass(frozen=True)
class PlanIndicator:
    number: int
    name: str
    unit: str
    target: str


@dataclass(frozen=True)
class PlanTask:
    number: int
    text: str
    special: bool
    units: tuple[str, ...]
    leaders: tuple[str, ...]
    deadline: Deadline


@dataclass(frozen=True)
class PlanPolicy:
    number: int
    text: str
    department: str
    leader: str


@dataclass(frozen=True)
class Refusal:
    """A row or cell that was not placed: where it stands, what it says, what to do. Keys as in the other imports."""

    line: int
    column: str
    value: str
    reason: str
    detail: str


@dataclass
class Plan:
    """What a text says. `name` and `issued_on` are empty where it does not say them."""

    name: str = ""
    issued_on: date | None = None
    indicators: list[PlanIndicator] = field(default_factory=list)
    tasks: list[PlanTask] = field(default_factory=list)
    policies: list[PlanPolicy] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    @property
    def special(self) -> list[int]:
        return [task.number for task in self.tasks if task.special]


@dataclass
class _Cell:
    line: int
    parts: list[str]

    @property
    def text(self) -> str:
        """What a cell says on one line: a line end inside Chinese text is no blank."""
        return "".join(part.strip() for part in self.parts)

    @property
    def lines(self) -> list[str]:
        return [part.strip() for part in self.parts if part.strip()]


@dataclass
class _Row:
    kind: str  # "" = the heading was none of ours
    heads: tuple[str, ...]
    cells: list[_Cell]

    @property
    def line(self) -> int:
        return self.cells[0].line


class _Bad(Exception):
    def __init__(self, column: str, reason: str, detail: str):
        super().__init__(detail)
        self.column, self.reason, self.detail = column, reason, detail


def read(text: str) -> Plan:
    """Everything a plan's text says, and what of it could not be placed."""
    found = Plan(*_title(text))
    rows = list(_rows(text.splitlines()))
    readers: dict[str, Callable[[dict[str, _Cell]], Any]] = {
        "indicators": _indicator, "tasks": _task, "policies": _policy,
    }  # fmt: skip
    for kind, reader in readers.items():
        _read_table(kind, reader, [row for row in rows if row.kind == kind], found)
    for row in rows:
        if not row.kind:
            said = "、".join(row.heads)
            _refuse(found, row, "序号", "unknown_heading", f"看不懂表头“{said[:40]}”，本行未录入。")
    found.tasks = _apart(found.tasks)
    found.policies = _carried(found.policies)
    if not (found.indicators or found.tasks or found.policies or found.refused):
        found.refused.append(Refusal(1, "", "", "no_table", "没有找到方案的表格，请核对是否为方案文本。"))
    found.refused.sort(key=lambda one: one.line)
    return found


def as_text(found: Plan) -> str:
    """The same as JSON, days as text: what the house keeps of an edition."""
    return json.dumps(asdict(found), ensure_ascii=False, default=date.isoformat)


def from_text(text: str) -> Plan:
    """An edition as it was kept."""
    raw = json.loads(text)

    def day(said: str | None) -> date | None:
        return date.fromisoformat(said) if said else None

    tasks = [
        PlanTask(**{
            **one, "units": tuple(one["units"]), "leaders": tuple(one["leaders"]),
            "deadline": Deadline(**{**one["deadline"], "on": day(one["deadline"]["on"])}),
        })
        for one in raw["tasks"]
    ]  # fmt: skip
    return Plan(
        raw["name"], day(raw["issued_on"]), [PlanIndicator(**one) for one in raw["indicators"]], tasks,
        [PlanPolicy(**one) for one in raw["policies"]], [Refusal(**one) for one in raw["refused"]],
    )  # fmt: skip


def deadline(text: str) -> Deadline:
    """完成时限 of a text. Raises ValueError for what names neither a month nor 长期坚持."""
    said = text.strip()
    if said == ALWAYS:
        return Deadline(said, always=True)
    match = _MONTH.fullmatch(said)
    if match is None or not 1 <= int(match[2]) <= 12:
        raise ValueError(said)
    if match[2] == "1":
        return Deadline(said, doubtful=True)
    year, month = int(match[1]), int(match[2])
    return Deadline(said, date(year, month, monthrange(year, month)[1]))


# tables ----------------------------------------------------------------------------------------------------------


def _title(text: str) -> tuple[str, date | None]:
    head = "".join(line.strip() for line in text.splitlines()[:60] if not line.startswith("\t"))
    named, dated = _NAME.search(head), _DAY.search(head)
    try:
        day = date(*map(int, dated.groups())) if dated else None
    except ValueError:
        day = None
    return (named[1] if named else ""), day


def _rows(lines: Iterable[str]) -> Iterator[_Row]:
    """Rows of all tables. A cell begins with a tab and ends at a blank line; a number after a blank line begins a row."""
    heading: list[_Cell] | None = None  # of the table we are in; None = outside of any
    row: list[_Cell] = []
    blank = True
    for number, raw in enumerate(lines, start=1):
        if not raw.strip() and not raw.startswith("\t"):
            blank = True
            continue
        if not raw.startswith("\t"):
            if blank:  # text after the table
                yield from _made(heading, row)
                heading, row = None, []
            elif row:
                row[-1].parts.append(raw)
            elif heading:
                heading[-1].parts.append(raw)
            blank = False
            continue
        said = raw.strip()
        if said == "序号":
            yield from _made(heading, row)
            heading, row = [_Cell(number, [said])], []
        elif heading is not None and blank and _NUMBER.fullmatch(said.strip(STAR).strip()):
            yield from _made(heading, row)
            row = [_Cell(number, [said])]
        elif heading is not None:
            (row or heading).append(_Cell(number, [said]))
        blank = False
    yield from _made(heading, row)


def _made(heading: list[_Cell] | None, row: list[_Cell]) -> Iterator[_Row]:
    if heading is None or not row:
        return
    heads = tuple(cell.text for cell in heading)
    kind = next((kind for kind, ours in HEADS.items() if set(ours) == set(heads)), "")
    yield _Row(kind, heads, row)


def _read_table(kind: str, reader: Callable[[dict[str, _Cell]], Any], rows: list[_Row], found: Plan) -> None:
    placed = getattr(found, kind)
    seen: set[int] = set()
    last = 0
    for row in rows:
        number = int(row.cells[0].text.replace(STAR, ""))
        if number in seen:
            _refuse(found, row, "序号", "repeated_number", f"序号 {number} 重复，请核对。")
            continue
        if number != last + 1:
            words = f"序号不连续：{last + 1} 之后应当依次编号，此处为 {number}，请核对是否有缺行。"
            _refuse(found, row, "序号", "number_out_of_order", words)
            if number <= last:
                continue
        last = number
        seen.add(number)
        if len(row.cells) != len(row.heads):
            words = f"本行有 {len(row.cells)} 栏，表头有 {len(row.heads)} 栏，请补齐或者删去多余的栏目。"
            _refuse(found, row, "序号", "wrong_cells", words)
            continue
        try:
            placed.append(reader(dict(zip(row.heads, row.cells, strict=True))))
        except _Bad as bad:
            cell = row.cells[row.heads.index(bad.column)]
            found.refused.append(Refusal(cell.line, bad.column, cell.text[:80], bad.reason, bad.detail))


def _refuse(found: Plan, row: _Row, column: str, reason: str, detail: str) -> None:
    found.refused.append(Refusal(row.line, column, row.cells[0].text[:80], reason, detail))


# rows ------------------------------------------------------------------------------------------------------------


def _said(cells: dict[str, _Cell], column: str) -> str:
    text = cells[column].text.replace(STAR, "").strip()
    if not text:
        raise _Bad(column, "missing", f"缺少{column}，请补充。")
    return text


def _number_of(cells: dict[str, _Cell]) -> int:
    return int(_said(cells, "序号"))


def _indicator(cells: dict[str, _Cell]) -> PlanIndicator:
    target = _said(cells, "预期值")
    if not _VALUE.fullmatch(target):
        raise _Bad("预期值", "not_a_number", "预期值应为数字，请核对。")
    return PlanIndicator(_number_of(cells), _said(cells, "指标项"), _said(cells, "单位"), target)


def _task(cells: dict[str, _Cell]) -> PlanTask:
    said = _said(cells, "完成时限")
    try:
        until = deadline(said)
    except ValueError:
        raise _Bad(
            "完成时限", "bad_deadline", "完成时限应为“2024.5”这样的年月或者“长期坚持”，请核对。"
        ) from None
    units = tuple(dict.fromkeys(one.strip() for one in _said(cells, "责任单位").split("、") if one.strip()))
    _said(cells, "负责人")
    leaders = [name.strip() for line in cells["负责人"].lines for name in re.split(r"[、\s]+", line)]
    special = any(STAR in cells[column].text for column in ("序号", "任务内容"))
    return PlanTask(
        _number_of(cells), _said(cells, "任务内容"), special, units, tuple(filter(None, leaders)), until
    )


def _policy(cells: dict[str, _Cell]) -> PlanPolicy:
    return PlanPolicy(
        _number_of(cells), _said(cells, "支持内容"), cells["落实单位"].text, cells["负责人"].text
    )


def _apart(tasks: list[PlanTask]) -> list[PlanTask]:
    """Names that ran together are taken apart where each stands alone elsewhere in the plan."""
    alone = {name for task in tasks for name in task.leaders if len(name) <= 4}

    def split(name: str) -> list[str]:
        for size in (2, 3, 4):
            if name[:size] in alone and name[size:]:
                rest = [name[size:]] if name[size:] in alone else split(name[size:])
                if all(one in alone for one in rest):
                    return [name[:size], *rest]
        return [name]

    return [
        PlanTask(
            one.number, one.text, one.special, one.units,
            tuple(n for name in one.leaders for n in ([name] if name in alone else split(name))), one.deadline,
        )
        for one in tasks
    ]  # fmt: skip


def _carried(policies: list[PlanPolicy]) -> list[PlanPolicy]:
    """A blank 落实单位 is that of the row above: the printed cell spans them."""
    found: list[PlanPolicy] = []
    department = leader = ""
    for one in policies:
        if one.department:
            department, leader = one.department, one.leader
        found.append(PlanPolicy(one.number, one.text, department, leader))
    return found
