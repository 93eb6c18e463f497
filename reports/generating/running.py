"""How many of what in which year, told in order of receipt and written in portions."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from adjudication import publication, searching
from adjudication.models import Disclosure, PublishedRuling, RegisterLine
from cases.backfill import Backfill, CaseHistory
from cases.models import Case, Number
from reports.house import House

from .adjudication import adjudicate
from .assistance import assist
from .draws import Batch, Draw, Settled, new_batch, new_case
from .mediation import mediate

PORTION = 1_000  # cases written in one transaction
A_YEAR = 600  # disputes a year in a district like this; adjudications and batches follow from it
PAGES = 60  # newest rulings that get a public page: a page takes a second to print


@dataclass
class Plan:
    """One year's work."""

    year: int
    cases: int
    adjudications: int
    sued: int


def plan(draw: Draw, count: int, years: range) -> list[Plan]:
    """Spread the cases over the years by their worked days; 10 to 14 adjudications for each 600, 2 to 4 of them sued."""
    days = {year: len(draw.worked_days(year)) for year in years}
    total, left, made = sum(days.values()), count, []
    for year in years:
        cases = left if year == years[-1] else round(count * days[year] / total) if total else 0
        left -= cases
        scale = cases / A_YEAR
        filed = min(cases, round(draw.chance.randint(10, 14) * scale) or int(cases >= 50))
        made.append(Plan(year, cases, filed, min(filed, round(draw.chance.randint(2, 4) * scale))))
    return made


def generate(
    count: int, years: range, seed: int, house: House, today: date, *, pages: int = PAGES,
    progress: Callable[[int], None] = lambda done: None,
) -> list[CaseHistory]:  # fmt: skip
    """Write so many simulated disputes and answer the histories of the last portion."""
    draw = Draw(seed, house, today, years[0])
    draw.serial = Case.objects.filter(simulated=True).count() * 2
    lines: list[RegisterLine] = []
    done, last = 0, []
    for year in plan(draw, count, years):
        waiting = list(_year(draw, year))
        for start in range(0, len(waiting), PORTION):
            with without_collecting(), Backfill(in_order=[RegisterLine], late=lines) as backfill:
                for on, tell in waiting[start : start + PORTION]:
                    tell(backfill, on)
            done += len(waiting[start : start + PORTION])
            last = backfill.cases
            progress(done)
    _publish(draw, lines, pages)
    return last


@contextmanager
def without_collecting() -> Iterator[None]:
    """A portion is all alive until it is written: looking for garbage meanwhile only takes time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


Told = tuple[date, Callable[[Backfill, date], None]]


def _year(draw: Draw, year: Plan) -> list[Told]:
    """What is received in a year, in order; a batch comes on one day."""
    told: list[Told] = []
    endings = draw.chance.choices(["ruled", "mediated", "dismissed"], [88, 6, 6], k=year.adjudications)
    sued = {n for n, ending in enumerate(endings) if ending == "ruled"}
    sued = set(draw.chance.sample(sorted(sued), min(year.sued, len(sued))))
    adjudications = [(ending, n in sued) for n, ending in enumerate(endings)]
    refused = round(year.adjudications * 0.2)
    adjudications += [("refused", False)] * min(refused, max(year.cases - len(adjudications), 0))
    for on, (ending, suit) in zip(
        draw.receipt_days(year.year, len(adjudications)), adjudications, strict=False
    ):
        told.append((on, _adjudication(draw, ending, suit)))
    left, number = year.cases - len(told), 0
    while left > 40 and number < max(1, round(year.cases * 0.08 / 20)):
        number += 1
        size = min(left, draw.chance.randint(10, 30))
        days = draw.receipt_days(year.year, 1)
        if not days:
            break
        batch = new_batch(draw, days[0])
        told += [(days[0], _of_batch(draw, batch)) for _n in range(size)]
        left -= size
    told += [(on, _ordinary(draw)) for on in draw.receipt_days(year.year, left)]
    return sorted(told, key=lambda one: one[0])


def _adjudication(draw: Draw, ending: str, sued: bool) -> Callable[[Backfill, date], None]:
    def tell(backfill: Backfill, on: date) -> None:
        right = draw.one([("design", 5), ("utility_model", 4), ("invention", 3)])
        case = new_case(draw, backfill, on, right=right, source="application", addresses=True)
        adjudicate(draw, case, on, case.entered_on, ending=ending, sued=sued)

    return tell


def _of_batch(draw: Draw, batch: Batch) -> Callable[[Backfill, date], None]:
    def tell(backfill: Backfill, on: date) -> None:
        case = new_case(draw, backfill, on, batch=batch, source="application")
        if batch.way == "assistance":
            assist(draw, case, on, case.entered_on)
        else:
            mediate(draw, case, on, case.entered_on, batch.way)

    return tell


def _ordinary(draw: Draw) -> Callable[[Backfill, date], None]:
    def tell(backfill: Backfill, on: date) -> None:
        way = draw.one([("assistance", 60), ("people", 34), ("administrative", 6)])
        if way == "assistance":
            case = new_case(draw, backfill, on)
            assist(draw, case, on, case.entered_on)
            return
        right = draw.one([("trademark", 5), ("copyright", 2)]) if way == "administrative" else ""
        source = (
            draw.one([("", 70), ("court_assigned", 22), ("court_entrusted", 8)]) if way == "people" else ""
        )
        back = _come_back(draw, on) if way == "people" else None
        case = new_case(draw, backfill, on, right=right, source=source, identified=draw.odds(0.85), back=back)
        serial = (back.serial if back else draw.serial) if way == "people" else 0
        mediate(draw, case, on, case.entered_on, way, serial=serial, back=back)

    return tell


def _come_back(draw: Draw, on: date) -> Settled | None:
    """Now and then a dispute settled within the last months comes back."""
    lately = [one for one in draw.settled[-200:] if timedelta(20) <= on - one.on <= timedelta(300)]
    if not lately or not draw.odds(0.03):
        return None
    back = draw.chance.choice(lately)
    draw.settled.remove(back)
    return back


def _publish(draw: Draw, lines: list[RegisterLine], pages: int) -> None:
    """Public pages of the newest rulings, then the register's lines in the order of their days."""
    newest = {}
    for (
        ruling,
        child,
        line,
    ) in draw.published:  # a later disclosure of the same ruling takes the place of the first
        newest[ruling] = (child, line)
    chosen = sorted(newest.values(), key=lambda one: one[1].on)[-pages:] if pages else []
    for child, line in chosen:
        _page(draw, child, line)
    with transaction.atomic(durable=True):
        for line in sorted(lines, key=lambda one: (one.on, Number.objects.get(text=_number(one)).serial)):
            line.save()


def _number(line: RegisterLine) -> str:
    return line.number or line.number_of.number


def _page(draw: Draw, disclosure: int, line: RegisterLine) -> None:
    """The public text of a generated disclosure, made and tested as the worker makes it."""
    child = Disclosure.objects.select_related("ruling").get(pk=disclosure)
    text = publication.draft(child, draw.today)
    made = publication.pages(text, draw.today)
    found = publication.findings(text, made, child.marks)
    if found:
        raise ValueError(f"a generated ruling does not pass the check: {found}")
    text.passed, text.state = True, PublishedRuling.State.LIVE
    text.valid_from = text.published_on = line.on
    line.digest = text.digest
    with transaction.atomic():
        publication.keep(text, made)
        searching.keep([text], of=[text])


def default_years(today: date) -> range:
    """The last three years, this one included."""
    return range(today.year - 2, today.year + 1)
