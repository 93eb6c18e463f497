"""Where a ruling stands in law on a day, as the public page says it: served, suable, sued, effective, changed, annulled.

Read from services, suing periods (T-21), lawsuits and later rulings; nothing is typed.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from cases.models import Deadline, Party, Proceeding

from .models.litigation import Judgment, Litigation
from .models.proceeding import Adjudication
from .models.public import LegalStatus
from .models.ruling import Ruling

ENDED = {
    Judgment.ANNULLED: LegalStatus.ANNULLED,
    Judgment.VOID: LegalStatus.ANNULLED,
    Judgment.CHANGED: LegalStatus.CHANGED,
    Judgment.PARTLY_ANNULLED: LegalStatus.CHANGED,
}
BY_RULING = {"annulment": LegalStatus.ANNULLED, "change": LegalStatus.CHANGED}  # kinds of Ruling


@dataclass(frozen=True, slots=True)
class Later:
    """What came after a ruling, without any name. `number`: the case of ours it speaks of."""

    words: str
    on: date | None = None
    number: str = ""


def of(ruling: Ruling, today: date) -> tuple[LegalStatus, list[Later]]:
    """The status, and what came later: lawsuits with their effective results, changes, requests made again.

    Of one plaintiff's lawsuits the last says what holds (再审 after an effective judgment); of several plaintiffs each
    may take something away, and what is gone stays gone. So does what the bureau itself changed (办法第三十三条).
    """
    suits = list(
        Litigation.objects.filter(ruling=ruling).exclude(state__in=["void", "recorded"]).order_by("pk")
    )
    changes = ruling.changed_by.filter(void=False).order_by("made_on", "pk")
    history = [*(_line(suit) for suit in suits), *(_changed(one) for one in changes), *_again(ruling)]
    last = {suit.plaintiff_id: suit for suit in suits}.values()
    ended = {ENDED[Judgment(s.outcome)] for s in last if s.state == "concluded" and s.outcome in ENDED}
    ended |= {BY_RULING[kind] for kind in _later(ruling) if kind in BY_RULING}
    for gone in (LegalStatus.ANNULLED, LegalStatus.CHANGED):
        if gone in ended:
            return gone, history
    if any(suit.is_open for suit in suits):
        return LegalStatus.SUED, history
    ends = _suing_ended(ruling)
    if ends is None:
        return LegalStatus.UNSERVED, history
    return LegalStatus.EFFECTIVE if ends < today else LegalStatus.SUABLE, history


def turns_on(ruling: Ruling, today: date) -> date | None:
    """The day on which the calendar alone will make a ruling effective that can be sued about today."""
    if of(ruling, today)[0] != LegalStatus.SUABLE:
        return None
    ends = _suing_ended(ruling)
    return ends + timedelta(1) if ends else None


def _later(ruling: Ruling) -> list[str]:
    """Kinds of the bureau's own later rulings about this one that no court has taken away."""
    gone = Litigation.objects.filter(
        ruling__changes=ruling, state="concluded", outcome__in=(Judgment.ANNULLED, Judgment.VOID)
    )
    later = ruling.changed_by.filter(void=False).exclude(pk__in=gone.values("ruling"))
    return list(later.values_list("kind", flat=True))


def _changed(later: Ruling) -> Later:
    """The bureau's own change or annulment after invalidation: by which decision."""
    said = _("因无效宣告请求审查决定（%(no)s），本局%(kind)s") % {
        "no": later.data().get("decision_no", ""), "kind": later.get_kind_display()
    }  # fmt: skip
    return Later(said, later.made_on)


def _line(suit: Litigation) -> Later:
    if suit.is_open or suit.closed_on is None:
        return Later(_("行政诉讼：人民法院正在审理"), suit.received_on)
    items = suit.items_said()
    result = f"{suit.outcome_label}（{items}）" if items else suit.outcome_label
    return Later(_("行政诉讼：%(result)s（已生效）") % {"result": result}, suit.closed_on)


def _again(ruling: Ruling) -> list[Later]:
    """Requests made again after the request was dismissed first (先行裁驳、另行请求)."""
    rows = Adjudication.objects.filter(refiled_of__in=ruling.adjudications.all(), number__isnull=False)
    return [
        Later(
            _("请求人另行提出处理请求，已立案：%(number)s") % {"number": row.number},
            row.accepted_on,
            str(row.number),
        )
        for row in rows.exclude(state="void").order_by("accepted_on", "pk")
    ]


def _suing_ended(ruling: Ruling) -> date | None:
    """The last day on which anybody may sue (专利法第六十五条); None while a party has not had the ruling."""
    rows = list(Proceeding.objects.filter(pk__in=ruling.adjudications.values("pk")))
    sides = (Party.Role.APPLICANT, Party.Role.RESPONDENT)
    parties = Party.objects.filter(case__in=[row.case_id for row in rows], role__in=sides)
    wanted = {f"party:{pk}" for pk in parties.values_list("pk", flat=True)}
    periods = Deadline.objects.filter(proceeding__in=rows, rule="T-21", cancelled=False)
    ends = dict(periods.order_by("due_on").values_list("subject", "due_on"))
    return max(ends.values()) if ends and wanted <= ends.keys() else None
