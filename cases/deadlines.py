"""When a time limit of the law ends, and why.

Pure: no Django, no clock, no database. Rules come from cases/rules.toml, holidays from the caller's Calendar
(cases/calendar.py builds the office's). Counting follows 专利法实施细则第五条 and 民法典第二百条至第二百零四条.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from cases.rules import (
    UNITS,
    Amount,
    DeadlineError,
    Extension,
    Rule,
    Unit,
    has_limit,
    load_rules,
    numbered_rule,
    rule_of,
)
from cases.working_days import Calendar

__all__ = [
    "UNITS",
    "Amount",
    "Calendar",
    "DeadlineError",
    "Due",
    "Extension",
    "Reading",
    "Rule",
    "Unit",
    "add_months",
    "due",
    "has_limit",
    "load_rules",
    "rule_of",
]

Interval = tuple[date, date]
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the limit, and the date it gives."""

    name: str
    due: date
    source: str


@dataclass(frozen=True, slots=True)
class Due:
    """The end of a limit. `provisional`: it rests on a year whose holidays are not published yet.

    `readings` is empty where the law leaves one reading; `explanation` is the way to the date, line by line,
    a date or a number of days each.
    """

    rule: str
    start: date
    due: date
    unit: Unit
    number: int
    provisional: bool
    source: str
    readings: tuple[Reading, ...]
    explanation: tuple[tuple[str, date | int], ...]
    stretches: tuple[
        tuple[date, date, int], ...
    ] = ()  # left out: first day, day it counts again, days it moved the end


def due(
    rule_id: str,
    start: date,
    *,
    filed: date | None = None,
    exclude: Sequence[Interval] = (),
    extend: Sequence[int] = (),
    calendar: Calendar,
    internal: bool = False,
) -> Due:
    """When the limit `rule_id` that started with the event of `start` ends.

    `filed` (default `start`) chooses the version. `exclude`: pairs (first day that does not count, day the clock
    runs again), empty or overlapping ones are fine; for working-day limits only their working days count. One that
    begins after the limit has run out changes nothing. `extend`: amounts granted one after another, each in the
    unit of its extension. `internal` takes the house's target where the law has no number (T-20, W-07a).
    Backward rules take the day they are counted from as `start`.

    Raises DeadlineError (see there for its codes).
    """
    filed = filed or start
    if internal and (target := _internal(rule_id, filed)) is not None:
        return _one(target, start, exclude, extend, calendar)
    rule = numbered_rule(rule_id, filed)
    if rule.id == rule_id:
        return _one(rule, start, exclude, extend, calendar)
    group = rule_of(rule_id, filed)
    if extend:
        raise DeadlineError(
            "extend_refused", f"{rule_id} 包含多项期限，延长时请指明其中一项：{'、'.join(group.parts)}。"
        )
    found = replace(_one(rule, start, exclude, (), calendar), rule=rule_id)
    if not group.alternatives:
        return found
    parts = [rule_of(part, filed) for part in group.parts]
    readings = tuple(
        Reading(part.name, _one(part, start, exclude, (), calendar).due, part.source) for part in parts
    )
    return replace(found, readings=readings)


def _internal(rule_id: str, filed: date) -> Rule | None:
    rule = rule_of(rule_id, filed)
    if rule.number is not None or rule.internal is None:
        return None
    return replace(
        rule,
        number=rule.internal.number,
        unit=rule.internal.unit,
        confidence="D",
        source="内部办理目标（法律未规定期限）",
    )


def _one(
    rule: Rule, start: date, exclude: Sequence[Interval], extend: Sequence[int], calendar: Calendar
) -> Due:
    """The end of one version of one limit."""
    try:
        return _computed(rule, start, exclude, extend, calendar)
    except (OverflowError, ValueError) as error:
        raise DeadlineError("out_of_range", "日期超出可以计算的范围，请核对日期。") from error


def _computed(
    rule: Rule, start: date, exclude: Sequence[Interval], extend: Sequence[int], calendar: Calendar
) -> Due:
    assert rule.number is not None and rule.unit is not None, "numbered_rule answers with a number"
    amount = Amount(rule.number, rule.unit)
    lines: list[tuple[str, date | int]] = [(rule.trigger, start)]
    if rule.direction == "backward":
        return _backward(rule, amount, start, exclude, extend, calendar, lines)
    granted = _granted(rule, extend)
    stops = _merged(exclude, start)
    left_out: list[tuple[date, date, int]] = []
    end = _forward(amount, granted, start, stops, calendar, lines, left_out)
    readings: tuple[Reading, ...] = ()
    if rule.other_readings:
        readings = (
            Reading(f"{amount}", end, rule.source),
            *(
                Reading(other.name, _forward(other.amount, (), start, stops, calendar, [], []), other.source)
                for other in rule.other_readings
            ),
        )
    return Due(
        rule=rule.id,
        start=start,
        due=end,
        unit=rule.unit,
        number=rule.number,
        provisional=_provisional(rule.unit, start, end, calendar),
        source=rule.source,
        readings=readings,
        explanation=tuple(lines),
        stretches=tuple(left_out),
    )


def _forward(
    amount: Amount,
    granted: Sequence[Amount],
    start: date,
    stops: Sequence[Interval],
    calendar: Calendar,
    lines: list[tuple[str, date | int]],
    left_out: list[tuple[date, date, int]],
) -> date:
    """The last day of the limit; appends how it came about to `lines`, what moved it to `left_out`."""
    if amount.unit == "WD":
        end = calendar.add_working_days(start, amount.number)
    else:
        end = _add([amount], start)
    lines.append((f"{amount}届满（当日不计）", end))
    if granted:
        if amount.unit == "WD":
            end = calendar.add_working_days(start, amount.number + sum(one.number for one in granted))
        else:
            end = _add([amount, *granted], start)
        lines.append((f"延长{'、'.join(map(str, granted))}后", end))
    lost = 0
    for begin, again in stops:
        if amount.unit == "WD":
            if begin > end:
                break
            days = calendar.working_days_between(begin - DAY, again - DAY)
            end = calendar.add_working_days(end, days)
        else:
            if begin > calendar.roll(end):
                break
            days = (again - begin).days
            end += timedelta(days=days)
        lost += days
        left_out.append((begin, again, days))
    if lost:
        lines.append(("扣除的工作日" if amount.unit == "WD" else "扣除的日数", lost))
        lines.append(("扣除后届满", end))
    if amount.unit != "WD" and (rolled := calendar.roll(end)) != end:
        end = rolled
        lines.append(("届满日为休息日，顺延至", end))
    return end


def _backward(
    rule: Rule,
    amount: Amount,
    start: date,
    exclude: Sequence[Interval],
    extend: Sequence[int],
    calendar: Calendar,
    lines: list[tuple[str, date | int]],
) -> Due:
    """A limit that ends before its event. Strict: that many whole days lie between; lenient: counted back."""
    if exclude:
        raise DeadlineError("exclude_refused", f"{rule.id}（{rule.name}）倒推计算，没有可以扣除的期间。")
    _granted(rule, extend)

    def back(number: int) -> date:
        if amount.unit == "WD":
            return calendar.add_working_days(start, -number)
        return calendar.roll_back(start - timedelta(days=number))

    strict, lenient = back(amount.number + 1), back(amount.number)
    lines.append((f"之前留足{amount}（从严）", strict))
    lines.append((f"之前第{amount.number}{'个工作日' if amount.unit == 'WD' else '日'}（从宽）", lenient))
    return Due(
        rule=rule.id,
        start=start,
        due=strict,
        unit=amount.unit,
        number=amount.number,
        provisional=_provisional("WD", strict, start, calendar),
        source=rule.source,
        readings=(
            Reading("从严：其间须有完整的天数", strict, rule.source),
            Reading("从宽：倒数计算", lenient, rule.source),
        ),
        explanation=tuple(lines),
    )


def _granted(rule: Rule, extend: Sequence[int]) -> tuple[Amount, ...]:
    """The amounts that extend the rule, each checked against its step; raises `extend_refused`."""
    granted: list[Amount] = []
    for place, number in enumerate(extend):
        if number < 1:
            raise DeadlineError("extend_refused", "延长的期限至少为 1，请核对。")
        if not rule.extensions:
            raise DeadlineError("extend_refused", f"“{rule.name}”没有可以延长的依据（{rule.source}）。")
        last = rule.extensions[-1]
        if place < len(rule.extensions):
            step = rule.extensions[place]
        elif last.cap is None:
            step = last
        else:
            raise DeadlineError(
                "extend_refused",
                f"“{rule.name}”最多可以延长 {len(rule.extensions)} 次（{rule.source}）。",
            )
        if step.cap is not None and number > step.cap:
            most = Amount(step.cap, step.unit)
            raise DeadlineError(
                "extend_refused",
                f"“{rule.name}”第 {place + 1} 次延长不得超过{most}（{rule.source}），请改短。",
            )
        granted.append(Amount(number, step.unit))
    return tuple(granted)


def _merged(exclude: Sequence[Interval], start: date) -> list[Interval]:
    """Intervals in order, overlaps joined, cut to the days after `start`: earlier ones never counted anyway."""
    merged: list[Interval] = []
    for begin, again in sorted(exclude):
        if again < begin:
            raise DeadlineError("exclude_refused", f"扣除期间 {begin} 至 {again} 前后颠倒，请核对。")
        begin = max(begin, start + DAY)
        if begin >= again:
            continue
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(again, merged[-1][1]))
        else:
            merged.append((begin, again))
    return merged


def _add(amounts: Sequence[Amount], start: date) -> date:
    """`start` plus months and years together (corresponding day, else the last of the month), then days."""
    months = sum(one.number * (12 if one.unit == "Y" else 1) for one in amounts if one.unit in ("M", "Y"))
    days = sum(one.number for one in amounts if one.unit == "D")
    return add_months(start, months) + timedelta(days=days)


def add_months(start: date, months: int) -> date:
    """The corresponding day `months` later, or the last day of that month (民法典第二百零二条)."""
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    following = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=start.day - 1), following - DAY)


def _provisional(unit: Unit, start: date, end: date, calendar: Calendar) -> bool:
    """Did the date rest on a year without a table? Natural periods ask the calendar about their end only."""
    years = range(start.year, end.year + 1) if unit == "WD" else (end.year,)
    return not all(calendar.has_data(year) for year in years)
