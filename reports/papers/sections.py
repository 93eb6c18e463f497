"""What stands in a paper of figures, section by section. Other modules add theirs: `@section("任务进展", of=(PACK,), order=40)`.

A section answers blocks (cases/documents/blocks.py); one that answers none is left out, and the others are numbered.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from adjudication.models import PublishedBatch
from cases.documents.blocks import Block, Chart, Item, Paragraph, Table
from cases.documents.template import chinese_date, chinese_number
from cases.drafting import named
from cases.models import Activity
from reports import board, periods, status
from reports.indicators import PLAN_EIGHT, REGISTRY, Reading
from reports.models.frozen import Frozen
from reports.periods import Period

BULLETIN, REPORT, PACK = "bulletin", "report", "pack"
EVERY = (BULLETIN, REPORT, PACK)
COLUMNS = ("指标", "目标", "本期", "上年同期", "进度")
WIDTHS = (41, 13, 13, 17, 16)
CHARTED = {"aid_and_mediation": "受理维权援助和调解（件）", "adjudication_accepted": "行政裁决立案（件）"}


@dataclass(frozen=True)
class Scope:
    """What a section may ask of: the paper, its period, and the two rounds of figures."""

    row: Any
    period: Period
    as_of: date
    now: Frozen
    before: Frozen | None
    today: date


Make = Callable[[Scope], Sequence[Block]]
_sections: dict[str, tuple[int, tuple[str, ...], Make]] = {}


def section(title: str, *, of: tuple[str, ...], order: int) -> Callable[[Make], Make]:
    """Register a section of these papers at its place."""

    def mark(make: Make) -> Make:
        _sections[title] = (order, of, make)
        return make

    return mark


def compose(scope: Scope) -> list[Block]:
    """All sections of a paper in their order, each under its heading."""
    found: list[Block] = []
    number = 0
    for title, (_order, of, make) in sorted(_sections.items(), key=lambda one: one[1][0]):
        blocks = list(make(scope)) if scope.row.shape in of else []
        if blocks:
            number += 1
            found += [Paragraph(f"{chinese_number(number)}、{title}", 1), *blocks]
    return found


def on_paper(period: Period) -> str:
    """A period as official papers write it: without blanks."""
    return period.label.replace(" ", "")


def year_before(period: Period) -> Period:
    """The same period a year ago."""
    match period.kind:
        case "year":
            return periods.year(period.start.year - 1)
        case "quarter":
            return periods.quarter(period.start.year - 1, (period.start.month + 2) // 3)
    return periods.month(period.start.year - 1, period.start.month)


# the sections every paper has ------------------------------------------------------------------------------------------


def _line(code: str, scope: Scope) -> tuple[str, ...]:
    figure = scope.now.figure(code)
    past = scope.before.figure(code) if scope.before is not None else None
    sign = "≤" if figure["direction"] == "max" else "≥"
    target = f"{sign}{figure['target']}" if figure["target"] is not None else ""
    label = status.LABELS.get(figure["status"], "") if figure["status"] else ""
    return (
        f"{figure['name']}（{figure['unit']}）",
        target,
        figure["text"],
        past["text"] if past else "",
        str(label),
    )


def _table(codes: Sequence[str], scope: Scope) -> Table:
    return Table(COLUMNS, tuple(_line(code, scope) for code in codes), WIDTHS)


@section("主要指标完成情况", of=EVERY, order=10)
def main_figures(scope: Scope) -> list[Block]:
    """The plan's eight, in its order."""
    words = (
        f"{on_paper(scope.period)}各项指标如下。数据由办案系统按公布的口径计算，截至{chinese_date(scope.as_of)}，"
        f"冻结批次第{scope.now.seq}号；“—”为尚无数据，样本不足五件的以“分子 / 分母”列出。"
    )
    return [Paragraph(words), _table(PLAN_EIGHT, scope)]


@section("其他指标", of=(REPORT, PACK), order=15)
def other_figures(scope: Scope) -> list[Block]:
    return [_table([code for code in scope.now.figures if code not in PLAN_EIGHT], scope)]


@section("办案情况", of=EVERY, order=20)
def months(scope: Scope) -> list[Block]:
    """Month by month beside the year before: the same query as the board's, on the same day."""
    whole = [
        m
        for m in periods.months_of(scope.period.end.year)
        if scope.period.start <= m.start <= scope.period.end
    ]
    past = [periods.month(m.start.year - 1, m.start.month) for m in whole]
    reading = Reading(scope.as_of)
    found: list[Block] = []
    for code, title in CHARTED.items():
        figures = REGISTRY[code].figures([*past, *whole], reading, full=0)
        counts = [str(one.numerator or 0) if one.period.has_begun(scope.as_of) else "" for one in figures]
        last, this = str(scope.period.end.year - 1), str(scope.period.end.year)
        series = ((f"{last}年", *counts[: len(past)]), (f"{this}年", *counts[len(past) :]))
        found.append(Chart(title, "columns", tuple(f"{m.start.month}月" for m in whole), series))
    return found


@section("典型案例", of=(BULLETIN, REPORT), order=30)
def typical_cases(scope: Scope) -> list[Block]:
    """What was published of typical cases in the period, in the published words."""
    batches = PublishedBatch.objects.filter(
        state="live", published_on__gte=scope.period.start, published_on__lte=scope.period.end
    ).order_by("published_on", "pk")
    found: list[Block] = []
    told = [case for batch in batches for case in batch.told()["cases"]]
    for number, case in enumerate(told, 1):
        found.append(Paragraph(f"（{chinese_number(number)}）{case['title']}", 2))
        found += [Paragraph(line) for line in (case["facts"], case["result"], case["significance"]) if line]
    return found


@section("需要关注的事项", of=(BULLETIN, PACK), order=40)
def overdue(scope: Scope) -> list[Block]:
    """Overdue by rule, due soon, silent stations: counts only."""
    lines = board.attention(scope.today)
    return [Item(f"{n}.", f"{one['tag']}：{one['text']}") for n, one in enumerate(lines, 1)]


@section("上次会议议定事项落实情况", of=(PACK,), order=50)
def decisions(scope: Scope) -> list[Block]:
    """As typed when the pack was opened, else what the register of meetings says of the last one before the day."""
    said = scope.row.decisions
    if not said.strip():
        held = Activity.objects.known(scope.as_of).filter(
            kind=Activity.Kind.PUSH_MEETING, begins_on__lte=scope.as_of
        )
        last = held.exclude(decisions="").order_by("-begins_on", "-pk").first()
        said = last.decisions if last is not None else ""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return [Item(f"{n}.", line) for n, line in enumerate(lines, 1)]


@section("主要工作和成效", of=(BULLETIN, REPORT), order=5)
def written(scope: Scope) -> list[Block]:
    """Written by people; the draft cannot be issued while it is open."""
    return [Paragraph(named("主要工作和成效"))]


@section("下一步工作", of=EVERY, order=90)
def outlook(scope: Scope) -> list[Block]:
    return [Paragraph(named("下一步工作"))]
