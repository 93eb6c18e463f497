"""The lawsuit about a ruling, a refusal or a dismissal (行政诉讼): answered, judged in every instance, in effect.

A child of the adjudication. Its days in court stand in in_court.py, what it answers in ../answering_suit.py.
"""

import re
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from adjudication import answering_suit, register
from cases.errors import DomainError
from cases.kinds import kind
from cases.models import Deadline, Document, Party, Proceeding
from cases.models.proceeding import BASE_STATES
from cases.stepping import act, step

from .in_court import InCourt
from .register import RegisterLine
from .rows_court import CHANGING, Judgment, JudgmentItem
from .ruling import Ruling

if TYPE_CHECKING:
    from cases.entry import Entry


NUMBERS = r"[\d一二三四五六七八九十]+"
NAMELESS = re.compile(rf"(?:权利要求|(?:裁决|主文)?第){NUMBERS}(?:[、，和至-]{NUMBERS})*项?")
AFFIRMED = ("", "appeal_withdrawn")  # what leaves the first result as it is


def not_appealed_yet(row: Any) -> DomainError | None:
    """One appeal in one instance."""
    return None if row.appealed_on is None else DomainError("already_appealed", _("本案已登记上诉。"))


def appealed(row: Any) -> DomainError | None:
    """The second instance judges what was appealed, once."""
    if row.appealed_on is None:
        return DomainError("not_appealed", _("本案未登记上诉，请先登记上诉。"))
    if row.second_outcome:
        return DomainError("second_judged", _("二审裁判已经登记；登记有误的，请先撤回。"))
    return None


def can_be_remanded(row: Any) -> DomainError | None:
    """发回重审 once only (行政诉讼法第八十九条第二款)."""
    if row.remanded:
        return DomainError(
            "remanded_before", _("本案曾发回重审，二审法院不得再次发回重审（行政诉讼法第八十九条第二款）。")
        )
    return appealed(row)


def second_judged(row: Any) -> DomainError | None:
    """Nothing takes effect while an appeal is open."""
    if row.appealed_on is not None and not row.second_outcome:
        return DomainError("appeal_open", _("本案已上诉，登记二审裁判后再登记生效。"))
    return None


@kind(
    "litigation",
    label=_("行政诉讼"),
    states={
        **BASE_STATES,
        "received": _("应诉"),
        "answered": _("已答辩"),
        "judged": _("已裁判"),
        "concluded": _("裁判生效"),
        "withdrawn_suit": _("已撤诉"),
    },
    way=("received", "answered", "judged", "concluded"),
    ends={"concluded", "withdrawn_suit"},
    outcomes=dict(Judgment.choices),
    outcomes_of={
        "concluded": tuple(code for code in Judgment.values if code != Judgment.WITHDRAWN),
        "withdrawn_suit": (Judgment.WITHDRAWN.value,),
    },
)
class Litigation(InCourt, Proceeding):
    """A lawsuit against the bureau about a ruling, a refusal or a dismissal."""

    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, blank=True, related_name="lawsuits")
    court = models.CharField(_("受诉法院"), max_length=80)
    court_case_no = models.CharField(_("法院案号"), max_length=60, blank=True)
    plaintiff = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+", verbose_name=_("原告"))
    first_outcome = models.CharField(_("一审结果"), max_length=20, choices=Judgment.choices, blank=True)
    judged_on = models.DateField(_("一审裁判日期"), null=True, blank=True)
    appealed_on = models.DateField(_("上诉日期"), null=True, blank=True)
    appellant = models.CharField(_("上诉人"), max_length=10, blank=True)
    second_outcome = models.CharField(_("二审结果"), max_length=20, choices=Judgment.choices, blank=True)
    second_on = models.DateField(_("二审裁判日期"), null=True, blank=True)
    judge = models.CharField(_("承办法官"), max_length=40, blank=True)
    agents = models.CharField(_("出庭代理人"), max_length=200, blank=True)
    remanded = models.BooleanField(_("发回重审"), default=False)

    class Meta:
        verbose_name = verbose_name_plural = _("行政诉讼")

    def begin(self, entry: "Entry") -> None:
        entry.start("T-31")
        self._tell_public(entry)

    def due_now(self, today: date) -> tuple[str, ...]:
        """The answer waits for its papers: written, then issued."""
        if self.state != "received" or not (lacking := answering_suit.lacking(self)):
            return ()
        drafted = self.documents.filter(kind__in=lacking, state=Document.State.DRAFT).values_list(
            "kind", flat=True
        )
        return ("draft_paper",) if set(lacking) - set(drafted) else ("issue_paper",)

    # to the judgment in effect ---------------------------------------------------------------------------------

    @step(source="received", target="answered", label=_("提交答辩状和证据"))
    def answer(self, entry: "Entry") -> None:
        """应诉: answer, evidence and normative basis are with the court (行政诉讼法第六十七条)."""
        entry.finish("T-31")

    @step(source=["received", "answered"], target="judged", label=_("登记一审裁判"))
    def record_judgment(self, entry: "Entry") -> None:
        """First instance; the bureau may appeal, 15 days from a judgment's service, 10 from a ruling's (T-33)."""
        self.first_outcome, self.judged_on = entry.data["outcome"], entry.data["judged_on"]
        self._held(entry, 1)
        entry.finish("T-31")
        entry.start("T-33b" if entry.data["form"] == "ruling" else "T-33a")

    @act(open_in="judged", label=_("登记上诉"), undoable=True, ready=not_appealed_yet)
    def appeal(self, entry: "Entry") -> None:
        """One side has appealed: the first result does not take effect. The bureau must be in time (T-33)."""
        if entry.data["appellant"] == "bureau":
            last = self._appeal_period()
            if last is not None and entry.on > last.due_on:
                raise DomainError(
                    "appeal_late",
                    _("上诉期已于 %(day)s 届满，本局不能再上诉（行政诉讼法第八十五条）。")
                    % {"day": last.due_on},
                )
        self.appealed_on, self.appellant = entry.on, entry.data["appellant"]
        entry.finish("T-33a")
        entry.finish("T-33b")

    @step(source="judged", target="judged", label=_("登记二审裁判"), ready=appealed)
    def record_second_judgment(self, entry: "Entry") -> None:
        """Second instance: what the ruling's fate is after it; affirmed, or the appeal withdrawn, the first result stands."""
        said = entry.data["outcome"]
        self.second_outcome = self.first_outcome if said in AFFIRMED else said
        self.second_on = entry.data["judged_on"]
        self._held(entry, 2)

    @step(source="judged", target="answered", label=_("二审发回重审"), ready=can_be_remanded)
    def remand(self, entry: "Entry") -> None:
        """发回重审: the judgment is set aside and the first instance judges again; the answer is with it already."""
        for item in self.items.all():
            item.cancelled = True
            entry.save(item)
        self.remanded, self.court_case_no = True, entry.data["court_case_no"] or self.court_case_no
        self.first_outcome = self.second_outcome = self.appellant = ""
        self.judged_on = self.appealed_on = self.second_on = None

    @step(source="judged", target="concluded", label=_("裁判生效"), ready=second_judged)
    def conclude(self, entry: "Entry") -> None:
        """The effective result, dated the day it took effect; figures count it on that day."""
        running = self._appeal_period()
        if running is not None and entry.on <= running.due_on:
            raise DomainError(
                "appeal_period_runs", _("上诉期至 %(day)s 届满，届满后再登记生效。") % {"day": running.due_on}
            )
        self._end(entry, self.second_outcome or self.first_outcome)

    @step(source=["received", "answered", "judged"], target="withdrawn_suit", label=_("撤诉"))
    def withdraw_suit(self, entry: "Entry") -> None:
        """撤诉: the court lets the plaintiff withdraw, or takes him to have withdrawn; in no rate."""
        self._end(entry, Judgment.WITHDRAWN)

    def _held(self, entry: "Entry", instance: int) -> None:
        """What was held of each claim and order, in this instance."""
        for one in entry.data["items"]:
            entry.save(JudgmentItem(case=self.case, litigation=self, instance=instance, **one))

    def _appeal_period(self) -> Deadline | None:
        """The bureau's own time to appeal while it runs, or has run out and nothing followed."""
        found = Deadline.objects.filter(
            proceeding=self.pk, rule__in=("T-33a", "T-33b"), met_on__isnull=True, cancelled=False
        )
        return found.first()

    def effective_items(self) -> list[JudgmentItem]:
        """What was held item by item: of the second instance if it judged anew, else of the first."""
        items = list(self.items.select_related("respondent"))
        return [one for one in items if one.instance == 2] or items

    def items_said(self) -> str:
        """Which claims or orders had which end, where they differ, as the public reads it.

        It names nobody: of whom is left out, and so is what was written freely.
        """
        held: dict[str, list[str]] = {}
        for one in self.effective_items():
            what = one.claim if NAMELESS.fullmatch(one.claim) else str(_("其他事项"))
            said = held.setdefault(str(one.get_outcome_display()), [])
            if what not in said:
                said.append(what)
        lines = [f"{'、'.join(what)}{outcome}" for outcome, what in held.items()]
        return "；".join(lines) if len(lines) > 1 else ""

    def _end(self, entry: "Entry", outcome: str) -> None:
        self.closed_on, self.outcome = entry.on, str(outcome)
        if self.ruling is not None:
            entry.fact("judgment", value=self.outcome, subject=self.ruling.subject)
        entry.fact("closed", value=self.outcome)
        entry.finish_all()
        self._tell_public(entry)
        if self.ruling is not None and self.outcome in CHANGING:
            due = register.publish_by(entry.on, "T-28")
            for number in self.ruling.numbers():
                register.line(entry, number, "due", entry.on, due_on=due, ground=str(self.outcome_label))
            entry.open("disclosure", ruling=self.public_ruling, rule="T-28")

    @property
    def public_ruling(self) -> Ruling | None:
        """The ruling whose public page tells of this lawsuit: that which a sued change or annulment is about."""
        return (self.ruling.changes or self.ruling) if self.ruling is not None else None

    def _tell_public(self, entry: "Entry") -> None:
        """The public page says where the ruling stands."""
        if self.public_ruling is not None:
            entry.effect("refresh_ruling_status", ruling=self.public_ruling.pk)

    def voided(self, entry: "Entry") -> None:
        """As if nobody had sued: the public page says so. A result in effect is taken back first, with what it opened."""
        if self.state == "concluded":
            raise DomainError(
                "built_upon", _("本案裁判已登记生效，不能直接作废；登记有误的，请先撤回“裁判生效”。")
            )
        self._tell_public(entry)

    def undone(self, entry: "Entry", name: str) -> None:
        """The register says again what held before the court's change; items stand as they did before the step."""
        self._tell_public(entry)
        for row in entry.rows_of(entry.undone) if entry.undone is not None else ():
            if isinstance(row, JudgmentItem):
                row.cancelled = name != "remand"
                entry.save(row)
        if name != "conclude" or self.ruling is None:
            return
        for number in self.ruling.numbers():
            lines = list(RegisterLine.objects.filter(number=number).order_by("-seq")[:2])
            if len(lines) == 2 and lines[0].status == "due":
                held = lines[1]
                register.line(entry, number, held.status, entry.on, held.due_on, held.ground, held.digest)

    def paper_data(self, kind: str) -> dict[str, Any]:
        """What the answer and the list of evidence say beside the context of every document."""
        return {**super().paper_data(kind), **answering_suit.paper_data(self, kind)}


__all__ = ["CHANGING", "Judgment", "Litigation"]
