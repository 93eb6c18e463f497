"""The lawsuit about a ruling (行政诉讼) and the enforcement of one: children of the adjudication."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from adjudication import register
from cases.errors import DomainError
from cases.kinds import kind
from cases.models import Deadline, Party, Proceeding
from cases.models.proceeding import BASE_STATES
from cases.stepping import act, step

from .register import RegisterLine
from .ruling import Ruling

if TYPE_CHECKING:
    from cases.entry import Entry


class Judgment(models.TextChoices):
    """What a court's effective result does to the ruling (行政诉讼法第六十九条至第七十七条)."""

    UPHELD = "upheld", _("判决驳回诉讼请求")
    DISMISSED_SUIT = "dismissed_suit", _("裁定驳回起诉")
    ANNULLED = "annulled", _("判决撤销")
    PARTLY_ANNULLED = "partly_annulled", _("判决部分撤销")
    CHANGED = "changed", _("判决变更")
    UNLAWFUL = "unlawful", _("确认违法")
    VOID = "void", _("确认无效")
    WITHDRAWN = "withdrawn", _("撤诉（含按撤诉处理）")


# a ruling no longer stands as it was published: its change is published again (T-28)
CHANGING = frozenset({Judgment.ANNULLED, Judgment.PARTLY_ANNULLED, Judgment.CHANGED, Judgment.VOID})


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
class Litigation(Proceeding):
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

    @step(source="received", target="answered", label=_("提交答辩状和证据"))
    def answer(self, entry: "Entry") -> None:
        """应诉: answer, evidence and normative basis are with the court (行政诉讼法第六十七条)."""
        entry.finish("T-31")

    @step(source=["received", "answered"], target="judged", label=_("登记一审裁判"))
    def record_judgment(self, entry: "Entry") -> None:
        """First instance; the bureau may appeal, 15 days from a judgment's service, 10 from a ruling's (T-33)."""
        self.first_outcome, self.judged_on = entry.data["outcome"], entry.data["judged_on"]
        entry.finish("T-31")
        entry.start("T-33b" if entry.data["form"] == "ruling" else "T-33a")

    @act(open_in="judged", label=_("登记上诉"))
    def appeal(self, entry: "Entry") -> None:
        """One side has appealed: the first result does not take effect."""
        if self.appealed_on is not None:
            raise DomainError("already_appealed", _("本案已登记上诉。"))
        self.appealed_on, self.appellant = entry.on, entry.data["appellant"]
        entry.finish("T-33a")
        entry.finish("T-33b")

    @step(source="judged", target="judged", label=_("登记二审裁判"))
    def record_second_judgment(self, entry: "Entry") -> None:
        """Second instance: what the ruling's fate is after it (维持原判 repeats the first result)."""
        if self.appealed_on is None:
            raise DomainError("not_appealed", _("本案未登记上诉，请先登记上诉。"))
        self.second_outcome = entry.data["outcome"] or self.first_outcome
        self.second_on = entry.data["judged_on"]

    @step(source="judged", target="concluded", label=_("裁判生效"))
    def conclude(self, entry: "Entry") -> None:
        """The effective result, dated the day it took effect; figures count it on that day."""
        if self.appealed_on is not None and not self.second_outcome:
            raise DomainError("appeal_open", _("本案已上诉，登记二审裁判后再登记生效。"))
        running = Deadline.objects.filter(
            proceeding=self.pk, rule__in=("T-33a", "T-33b"), met_on__isnull=True, cancelled=False
        ).first()
        if running is not None and entry.on <= running.due_on:
            raise DomainError(
                "appeal_period_runs", _("上诉期至 %(day)s 届满，届满后再登记生效。") % {"day": running.due_on}
            )
        self._end(entry, self.second_outcome or self.first_outcome)

    @step(source=["received", "answered", "judged"], target="withdrawn_suit", label=_("撤诉"))
    def withdraw_suit(self, entry: "Entry") -> None:
        """撤诉: the court lets the plaintiff withdraw, or takes him to have withdrawn; in no rate."""
        self._end(entry, Judgment.WITHDRAWN)

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
            entry.open("disclosure", ruling=self.ruling, rule="T-28")

    def _tell_public(self, entry: "Entry") -> None:
        """The public page says where the ruling stands."""
        if self.ruling_id is not None:
            entry.effect("refresh_ruling_status", ruling=self.ruling_id)

    def undone(self, entry: "Entry", name: str) -> None:
        """The register says again what held before the court's change."""
        self._tell_public(entry)
        if name != "conclude" or self.ruling is None:
            return
        for number in self.ruling.numbers():
            lines = list(RegisterLine.objects.filter(number=number).order_by("-seq")[:2])
            if len(lines) == 2 and lines[0].status == "due":
                held = lines[1]
                register.line(entry, number, held.status, entry.on, held.due_on, held.ground, held.digest)
