"""Deadlines as a page shows them: words, article, how the date came about. Counting stands in deadlines.py."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from . import deadlines
from .clock import Clock, due_of
from .deadlines import Calendar
from .errors import DomainError
from .models import Deadline, Proceeding
from .queue import words

KINDS = {
    "stay": gettext_lazy("中止"),
    "announcement": gettext_lazy("公告"),
    "appraisal": gettext_lazy("鉴定、检验"),
    "jurisdiction_objection": gettext_lazy("管辖异议"),
    "jurisdiction_dispute": gettext_lazy("管辖争议"),
    "evidence_extension": gettext_lazy("延长举证"),
    "settlement": gettext_lazy("和解"),
    "mediation": gettext_lazy("调解"),
    "third_party": gettext_lazy("第三人参加"),
    "identification": gettext_lazy("鉴别"),
    "force_majeure": gettext_lazy("不可抗力"),
}


def clocks(row: Proceeding, today: date, calendar: Calendar) -> list[dict[str, Any]]:
    """The deadlines of a proceeding as parts/clock.html takes them: running ones first, then those met."""
    clock = Clock.load(row, calendar)
    running = sorted((d for d in clock.running), key=lambda d: (d.due_on, d.rule))
    met = sorted((d for d in clock.deadlines if d.met_on), key=lambda d: d.met_on or today, reverse=True)
    names = _names(row, clock.deadlines)
    shown = [(d, _running(clock, d, today, calendar)) for d in running] + [
        (d, _met(clock, d)) for d in met[:6]
    ]
    return [{**one, "who": names.get(d.subject, "")} for d, one in shown]


def _names(row: Proceeding, limits: Sequence[Deadline]) -> dict[str, str]:
    """Whose limit it is, where each party has its own."""
    if not any(one.subject.startswith("party:") for one in limits):
        return {}
    return {f"party:{party.pk}": party.name for party in row.case.parties.all()}


def _rule(clock: Clock, deadline: Deadline) -> deadlines.Rule | None:
    try:
        return deadlines.rule_of(deadline.rule, clock._filed(deadline))
    except deadlines.DeadlineError:
        return None


def _base(clock: Clock, deadline: Deadline) -> dict[str, Any]:
    rule = _rule(clock, deadline)
    name = rule.name if rule else deadline.rule
    limit = _("由承办人确定") if deadline.set_due_on else (rule.limit if rule else "")
    if rule is not None and rule.number is None and rule.internal is not None and not deadline.set_due_on:
        limit = _("内部目标 %(limit)s") % {"limit": rule.internal}
    if rule is not None and rule.event == "obligation_due":
        limit = _("由协议约定")
    return {
        "label": f"{name}　{limit}" if limit else name,
        "source": rule.source if rule else "",
        "due": f"{deadline.due_on:%Y-%m-%d}",
        "provisional": deadline.provisional and deadline.met_on is None,
        "share": None,
    }


def _running(clock: Clock, deadline: Deadline, today: date, calendar: Calendar) -> dict[str, Any]:
    shown = _base(clock, deadline)
    stops = clock.excluding(deadline)
    stop = next((i for i in stops if i.to_on is None), None)
    if stop is not None:
        days = max((today - stop.from_on).days, 0)
        shown |= {
            "words": _("已中止 %(n)d 日") % {"n": days}, "level": "paused", "due": "",
            "note": _("%(kind)s，自 %(day)s 起不计") % {"kind": KINDS.get(stop.kind, stop.kind), "day": stop.from_on},
        }  # fmt: skip
    else:
        said, tone = words(deadline.due_on, today)
        rule = _rule(clock, deadline)
        if rule is not None and rule.lapses and deadline.due_on < today:
            said, tone = _("已届满 %(n)d 日") % {"n": (today - deadline.due_on).days}, "warn"
        shown |= {"words": said, "level": tone}
        whole = (deadline.due_on - deadline.starts_on).days
        shown["share"] = (
            min(100, max(0, round(100 * (today - deadline.starts_on).days / whole))) if whole > 0 else 100
        )
    if stops:
        ends = deadline.due_on if stop is None else today
        shown["bands"] = bands(deadline.starts_on, ends, [(i.from_on, i.to_on) for i in stops], today)
        _entitle(shown["bands"], stops)
        gone = max((today - deadline.starts_on).days, 0)
        shown["counted"] = _counted(shown["bands"], gone)
    shown["lines"] = explained(clock, deadline, calendar)
    return shown


WHOLE = 1000  # width of the drawing; no unit


def bands(
    start: date, end: date, stops: Sequence[tuple[date, date | None]], today: date
) -> list[dict[str, Any]]:
    """The way of a limit as stretches: `counted`, `stopped` (does not count), `left`; with `x` and `w` of WHOLE.

    `stops` are (first day that does not count, day the clock runs again or None); they may overlap. `days` of a
    stretch are natural days gone by until today.
    """
    end = max(end, today)
    whole = max((end - start).days, 1)
    cuts: list[tuple[date, date]] = []
    for begins, ends in sorted((max(a, start), min(b or today, today)) for a, b in stops):
        if cuts and begins <= cuts[-1][1]:
            cuts[-1] = (cuts[-1][0], max(ends, cuts[-1][1]))
        elif begins < ends:
            cuts.append((begins, ends))
    found: list[tuple[str, date, date]] = []
    at = start
    for begins, ends in cuts:
        found += [("counted", at, begins), ("stopped", begins, ends)]
        at = ends
    found += [("counted", at, max(min(today, end), at)), ("left", max(today, at), end)]
    return [
        {
            "level": level, "days": (b - a).days if level != "left" else 0,
            "x": WHOLE * (a - start).days // whole, "w": WHOLE * (b - a).days // whole, "from_on": a, "to_on": b,
        }
        for level, a, b in found
        if b > a
    ]  # fmt: skip


def _entitle(drawn: list[dict[str, Any]], stops: Sequence[Any]) -> None:
    """Each stretch of the drawing with its words, for whoever points at it or hears the page."""
    for band in drawn:
        kinds = [
            str(KINDS.get(i.kind, i.kind))
            for i in stops
            if i.from_on < band["to_on"] and (i.to_on is None or i.to_on > band["from_on"])
        ]
        what = {"counted": _("计入"), "left": _("剩余")}.get(band["level"]) or _("不计 %(kinds)s") % {
            "kinds": "、".join(dict.fromkeys(kinds))
        }
        band["title"] = f"{what}：{band['from_on']:%Y-%m-%d} 至 {band['to_on']:%Y-%m-%d}"


def stretches(clock: Clock, deadline: Deadline, calendar: Calendar) -> list[dict[str, Any]]:
    """What moved the end of a limit, overlaps joined: `kinds` in words, `from_on`, `to_on` (counts again), `days`."""
    stops = [i for i in clock.excluding(deadline) if i.to_on is not None]
    found = due_of(deadline, [(i.from_on, i.to_on) for i in stops], clock._filed(deadline), calendar)  # type: ignore[misc]
    return [
        {
            "kinds": "、".join(dict.fromkeys(
                str(KINDS.get(i.kind, i.kind)) for i in stops if i.from_on < again and i.to_on and i.to_on > begin
            )),
            "from_on": begin, "to_on": again, "days": days,
        }
        for begin, again, days in found.stretches
    ]  # fmt: skip


def explained(clock: Clock, deadline: Deadline, calendar: Calendar) -> list[dict[str, str]]:
    """The way to the date, line by line: its beginning, its length, each stretch that does not count, the last day."""
    if deadline.set_due_on is not None:
        return [{"label": _("由承办人确定"), "value": f"{deadline.due_on:%Y-%m-%d}"}]
    stops = clock.excluding(deadline)
    ended = [(i.from_on, i.to_on) for i in stops if i.to_on is not None]
    try:
        found = due_of(deadline, ended, clock._filed(deadline), calendar)
    except DomainError as error:
        return [{"label": str(error.message), "value": ""}]
    unit = _("个工作日") if found.unit == "WD" else _("日")
    lines = []
    for label, value in found.explanation:
        if not isinstance(value, date):  # the sum of the stretches: each of them first
            lines += [
                {
                    "label": _("不计 %(kinds)s") % {"kinds": one["kinds"]},
                    "value": _("%(first)s 至 %(last)s，%(n)s%(unit)s")
                    % {
                        "first": one["from_on"],
                        "last": one["to_on"] - timedelta(1),
                        "n": one["days"],
                        "unit": unit,
                    },
                }
                for one in stretches(clock, deadline, calendar)
            ]
            lines.append({"label": label, "value": f"{value}{unit}"})
        else:
            lines.append({"label": label, "value": f"{value:%Y-%m-%d}"})
    for stop in stops:
        if stop.to_on is None:
            lines.append(
                {
                    "label": _("不计 %(kinds)s") % {"kinds": KINDS.get(stop.kind, stop.kind)},
                    "value": _("%(first)s 起，至今未恢复") % {"first": stop.from_on},
                }
            )
    return lines


def _met(clock: Clock, deadline: Deadline) -> dict[str, Any]:
    met_on: Any = deadline.met_on
    rule = _rule(clock, deadline)
    over = met_on > deadline.due_on
    lapsed = over and rule is not None and rule.lapses  # it was not the house's to keep
    late = over and not lapsed and not (rule is not None and rule.soft)  # nothing follows from missing that
    said = _("逾期 %(n)d 日完成") % {"n": (met_on - deadline.due_on).days} if late else _("已完成")
    note = f"{met_on:%Y-%m-%d} 完成，届满日 {deadline.due_on:%Y-%m-%d}"
    if lapsed:
        said, note = _("期限届满"), _("%(due)s 届满，%(day)s 登记") % {"due": deadline.due_on, "day": met_on}
    shown = _base(clock, deadline) | {
        "words": said,
        "met": True,
        "late": late,
        "level": "hot" if late else "done",
        "note": note,
        "due": "",
    }
    stops = [i for i in clock.excluding(deadline) if i.from_on < met_on]
    if stops:
        drawn = bands(deadline.starts_on, met_on, [(i.from_on, i.to_on) for i in stops], met_on)
        _entitle(drawn, stops)
        shown |= {"bands": drawn, "counted": _counted(drawn, (met_on - deadline.starts_on).days)}
    return shown


def _counted(drawn: list[dict[str, Any]], gone: int) -> str:
    """Of so many natural days gone by, how many count."""
    not_counted = sum(one["days"] for one in drawn if one["level"] == "stopped")
    return _("已计 %(in)d 日，不计 %(out)d 日") % {"in": gone - not_counted, "out": not_counted}
