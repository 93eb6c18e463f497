"""What stops or lengthens the time of an adjudication, on its page: stay, talks, extension; since when, and why."""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.calendar import office_calendar
from cases.clock import Clock
from cases.clock_words import stretches
from cases.panels import Panel, panel

from .models import Adjudication


@panel("adjudication")
def shown(row: Adjudication, user: Any, today: date) -> Panel:
    """Facts for whoever sees the adjudication; grounds are those of the notices sent to both sides."""
    facts: list[dict[str, Any]] = []
    stay = row.open_interval("stay")
    if stay is not None:
        ground = stay.ground.partition(" ")[2]
        facts.append({"label": _("中止处理"), "value": _("%(day)s 起，%(ground)s") % {"day": stay.from_on, "ground": ground},
                      "tone": "warn"})  # fmt: skip
        gone = row.stay_cause_gone()
        if gone is not None:
            words = _("%(day)s 消除，已 %(n)d 日未恢复（%(source)s：及时恢复）") % {
                "day": gone["on"], "n": (today - gone["on"]).days, "source": row.cite("resumption"),
            }  # fmt: skip
            facts.append({"label": _("中止原因"), "value": words, "tone": "hot"})
    talks = row.open_interval("settlement")
    if talks is not None:
        facts.append({"label": _("和解、调解"), "value": f"{talks.from_on:%Y-%m-%d} 起，{talks.ground}"})
    elif row.is_open and row.settled_in_talks():
        facts.append({"label": _("和解、调解"), "value": _("已达成协议，请办理调解结案"), "tone": "brand"})
    closing = row.deadlines.filter(rule="T-18", cancelled=False).last()
    if closing is not None and closing.extended:
        months = [int(n) for n in closing.extended.split(",")]
        facts.append({"label": _("延长办理期限"), "value": "、".join(f"{n} 个月" for n in months)})
    if closing is not None and row.intervals.filter(cancelled=False, to_on__isnull=False).exists():
        clock = Clock.load(row, office_calendar())
        lost = sum(one["days"] for one in stretches(clock, closing, clock.calendar))
        if lost:
            facts.append({"label": _("不计入期限"), "value": _("%(n)d 日") % {"n": lost}})
    return Panel(facts=facts)
