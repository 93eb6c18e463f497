"""Where a ruling stands in law on a day, as the public page says it: served, suable, sued, effective, changed, annulled.

Read from services, suing periods (T-21), lawsuits and later rulings; nothing is typed.
"""

from datetime import date

from django.utils.translation import gettext as _

from cases.documents.template import chinese_date
from cases.models import Deadline, Party, Proceeding

from .models.litigation import Judgment, Litigation
from .models.public import LegalStatus
from .models.ruling import Ruling

ENDED = {
    Judgment.ANNULLED: LegalStatus.ANNULLED,
    Judgment.VOID: LegalStatus.ANNULLED,
    Judgment.CHANGED: LegalStatus.CHANGED,
    Judgment.PARTLY_ANNULLED: LegalStatus.CHANGED,
}
BY_RULING = {"annulment": LegalStatus.ANNULLED, "change": LegalStatus.CHANGED}  # kinds of Ruling


def of(ruling: Ruling, today: date) -> tuple[LegalStatus, list[str]]:
    """The status, and the lines of later history: lawsuits and their effective results, without any name.

    Of one plaintiff's lawsuits the last says what holds (再审 after an effective judgment); of several plaintiffs each
    may take something away, and what is gone stays gone. So does what the bureau itself changed (办法第三十三条).
    """
    suits = list(
        Litigation.objects.filter(ruling=ruling).exclude(state__in=["void", "recorded"]).order_by("pk")
    )
    changes = ruling.changed_by.filter(void=False).order_by("made_on", "pk")
    history = [*(_line(suit) for suit in suits), *(_changed(one) for one in changes)]
    last = {suit.plaintiff_id: suit for suit in suits}.values()
    ended = {ENDED[Judgment(s.outcome)] for s in last if s.state == "concluded" and s.outcome in ENDED}
    ended |= {BY_RULING[kind] for kind in _later(ruling) if kind in BY_RULING}
    for gone in (LegalStatus.ANNULLED, LegalStatus.CHANGED):
        if gone in ended:
            return gone, history
    if any(suit.is_open for suit in suits):
        return LegalStatus.SUED, history
    return _unsued(ruling, today), history


def _later(ruling: Ruling) -> list[str]:
    """Kinds of the bureau's own later rulings about this one that no court has taken away."""
    gone = Litigation.objects.filter(
        ruling__changes=ruling, state="concluded", outcome__in=(Judgment.ANNULLED, Judgment.VOID)
    )
    later = ruling.changed_by.filter(void=False).exclude(pk__in=gone.values("ruling"))
    return list(later.values_list("kind", flat=True))


def _changed(later: Ruling) -> str:
    """The bureau's own change or annulment after invalidation: by which decision, from which day."""
    return _("因无效宣告请求审查决定（%(no)s），本局%(kind)s（%(day)s 作出）") % {
        "no": later.data().get("decision_no", ""), "kind": later.get_kind_display(), "day": chinese_date(later.made_on)
    }  # fmt: skip


def _line(suit: Litigation) -> str:
    if suit.is_open or suit.closed_on is None:
        return _("行政诉讼：人民法院正在审理")
    return _("行政诉讼：%(result)s（%(day)s 生效）") % {
        "result": suit.outcome_label, "day": chinese_date(suit.closed_on)
    }  # fmt: skip


def _unsued(ruling: Ruling, today: date) -> LegalStatus:
    """Effective once every party has had the ruling and let its suing period pass (专利法第六十五条)."""
    rows = list(Proceeding.objects.filter(pk__in=ruling.adjudications.values("pk")))
    sides = (Party.Role.APPLICANT, Party.Role.RESPONDENT)
    parties = Party.objects.filter(case__in=[row.case_id for row in rows], role__in=sides)
    wanted = {f"party:{pk}" for pk in parties.values_list("pk", flat=True)}
    periods = Deadline.objects.filter(proceeding__in=rows, rule="T-21", cancelled=False)
    ends = dict(periods.order_by("due_on").values_list("subject", "due_on"))
    if not wanted <= ends.keys():
        return LegalStatus.UNSERVED
    return LegalStatus.EFFECTIVE if max(ends.values()) < today else LegalStatus.SUABLE
