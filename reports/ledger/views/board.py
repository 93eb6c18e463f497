"""任务台账: every task by unit, person in charge, project and standing; the special ones apart; on a line of time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cases import matters
from cases.views.pages import query, sheet, wants_sheet
from reports.ledger import keeping, standing
from reports.ledger.models import LedgerTask, Plan, PlanReading
from reports.ledger.showing import words_of
from stations.models import UnitContact

COLUMNS = ["序号", "特色重点", "任务内容", "责任单位（方案）", "现责任单位", "负责人（方案）", "完成时限（方案）", "现状", "完成日期",
           "最近佐证", "无佐证天数", "重点工程", "标志性成果"]  # fmt: skip
FILTERS = ("unit", "leader", "project", "standing", "special", "silent")


@require_safe
def ledger(request: HttpRequest) -> HttpResponse:
    """The board; what is filtered here is what the sheet has."""
    today = timezone.localdate()
    everything = standing.tasks(today)
    chosen = {name: request.GET.get(name, "").strip()[:60] for name in FILTERS}
    lines = [one for one in everything if _fits(one, chosen)]
    if wants_sheet(request):
        return sheet(request, _("任务台账"), COLUMNS, [_cells(one) for one in lines])
    timeline = request.GET.get("view") == "timeline"
    context = {
        "lines": [(one, words_of(one)) for one in lines], "chosen": chosen, "today": today,
        "tiles": _tiles(request, everything), "special": _special(everything), "filtered": any(chosen.values()),
        "units": sorted({unit.name for one in everything for unit in one.units}),
        "leaders": sorted({name for one in everything for name in one.task.leaders_text.split("、") if name}),
        "projects": LedgerTask.Project.choices, "standings": standing.WORDS.items(),
        "charge": _in_charge(today, lines), "plans": Plan.objects.in_force(today),
        "download": query(request, download="xlsx"), "may_open": matters.may_open("ledger_task", request.user, today),
        "timeline": Timeline.of(lines, today) if timeline and lines else None,
        "as_list": query(request, view=""), "as_timeline": query(request, view="timeline"),
    }  # fmt: skip
    return render(request, "ledger/board.html", context)


def _fits(line: standing.Line, chosen: dict[str, str]) -> bool:
    task = line.task
    return (
        (not chosen["unit"] or any(unit.name == chosen["unit"] for unit in line.units))
        and (not chosen["leader"] or chosen["leader"] in task.leaders_text.split("、"))
        and (not chosen["project"] or task.project == chosen["project"])
        and (not chosen["standing"] or line.standing.code == chosen["standing"])
        and (not chosen["special"] or task.special)
        and (not chosen["silent"] or line.standing.silent)
    )


def _tiles(request: HttpRequest, lines: Sequence[standing.Line]) -> list[dict[str, Any]]:
    """How many stand where; what is done comes first, what is late is one number among them."""
    found = Counter(one.standing.code for one in lines)
    tiles = [
        {"label": words, "number": found[code], "url": query(request, standing=code, silent="")}
        for code, words in standing.WORDS.items()
    ]
    silent = sum(one.standing.silent for one in lines)
    tiles.append({
        "label": _("%s 日没有佐证") % standing.SILENT_DAYS, "number": silent,
        "url": query(request, silent="1", standing=""),
    })  # fmt: skip
    return tiles


def _special(lines: Sequence[standing.Line]) -> dict[str, int]:
    rows = [one for one in lines if one.task.special]
    return {"all": len(rows), "done": sum(one.standing.code == standing.DONE for one in rows)}


def _in_charge(today: date, lines: Sequence[standing.Line]) -> dict[str, str]:
    """Unit -> who is responsible there today, as entered."""
    wanted = {unit.pk for one in lines for unit in one.units}
    rows = UnitContact.objects.in_force(today).filter(unit__in=wanted, duty=UnitContact.Duty.LEADER)
    return {row.unit.name: row.name for row in rows.select_related("unit").order_by("valid_from")}


def _cells(line: standing.Line) -> list[Any]:
    task = line.task
    return [
        task.item, "★" if task.special else "", task.text, task.units_text, line.unit_words, task.leaders_text,
        task.deadline_text, words_of(line), task.closed_on, line.proved, line.standing.silent_days,
        str(task.get_project_display()), task.showcase,
    ]  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """A task on the line of time, in hundredths of its width."""

    line: standing.Line
    words: str
    x: int
    width: int
    end: int | None  # where it was told as done


@dataclass(frozen=True)
class Timeline:
    """From the plan's issue to today or its last time limit."""

    bars: list[Bar]
    years: list[tuple[int, int]]  # year, where it begins
    now: int

    @classmethod
    def of(cls, lines: Sequence[standing.Line], today: date) -> "Timeline":
        start = min(one.task.plan_issued for one in _dated(lines))
        end = max([today, *(one.task.deadline_on for one in lines if one.task.deadline_on)])
        days = max((end - start).days, 1)

        def at(day: date) -> int:
            return max(0, min(100, (day - start).days * 100 // days))

        bars = []
        for one in lines:
            until = one.task.deadline_on or end
            done = one.task.closed_on
            bars.append(Bar(one, words_of(one), 0, max(at(until), 1), at(done) if done else None))
        years = [(year, at(date(year, 1, 1))) for year in range(start.year + 1, end.year + 1)]
        return cls(bars, years, at(today))


def _dated(lines: Sequence[standing.Line]) -> Sequence[standing.Line]:
    issued = {plan.pk: plan.issued_on for plan in Plan.objects.all()}
    for one in lines:
        one.task.plan_issued = issued[one.task.plan_id] or one.task.case.received_on  # type: ignore[attr-defined]
    return lines


@require_safe
def editions(request: HttpRequest) -> HttpResponse:
    """Each edition of the plan's text that was read, and where the ledger stands otherwise today."""
    rows = list(PlanReading.objects.select_related("plan", "by")[:20])
    told = [(row, row.told()) for row in rows]
    context = {
        "readings": [
            {"row": row, "said": said, "differences": keeping.differing(row.plan, said)} for row, said in told
        ]
    }
    return render(request, "ledger/editions.html", context)
