"""Verified success: a sealed monthly sample of settled mediations, called back by somebody who did not mediate.

The sample is drawn with a seed nobody can steer (mediation/sampling.py) and stays hidden from the mediator.
"""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError, Refused
from cases.kinds import kind
from cases.models import Event, Participation, Proceeding
from cases.models.proceeding import BASE_STATES
from cases.protection import Sealed
from cases.stepping import step
from stations.models import Body

if TYPE_CHECKING:
    from cases.entry import Entry


LIMIT = "CB-01"


class Sample(models.Model):
    """One month's draw: from how many, with what seed, how many. Its digest covers the list that was drawn from."""

    month = models.CharField(_("月份"), max_length=7, unique=True)  # "2026-10": settled in this month
    seed = models.CharField(_("种子"), max_length=64)
    seal = models.ForeignKey(
        "cases.Seal", models.PROTECT, related_name="+"
    )  # the daily seal the seed comes from
    population = models.PositiveIntegerField(_("总数"))
    size = models.PositiveIntegerField(_("样本数"))
    digest = models.CharField(max_length=64)
    drawn_at = models.DateTimeField(_("抽取时间"))

    class Meta:
        ordering = ["-month"]
        verbose_name = verbose_name_plural = _("回访抽样")


@kind(
    "call_back",
    label=_("抽样回访"),
    states={**BASE_STATES, "received": _("待回访"), "answered": _("已回访"), "unreachable": _("无法联系")},
    way=("received", "answered"),
    ends={"answered", "unreachable"},
    confidential=True,
    page="call_back",
    outcomes={
        "confirmed": _("当事人确认达成协议"),
        "denied": _("当事人否认"),
        "unreachable": _("多次联系未果"),
    },
    outcomes_of={"answered": ("confirmed", "denied"), "unreachable": ("unreachable",)},
)
class CallBack(Proceeding):
    """One settled mediation of the sample; parent is the mediation, which never learns of it."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    sample = models.ForeignKey(Sample, models.PROTECT, null=True, related_name="call_backs")
    remark_sealed = models.TextField(blank=True, default="", editable=False)

    remark = Sealed("remark")
    body_kind = Body.Kind.BUREAU

    class Meta:
        verbose_name = verbose_name_plural = _("抽样回访")

    def begin(self, entry: "Entry") -> None:
        entry.fact("sampled", subject=f"proceeding:{self.parent_id}")
        entry.start(LIMIT)

    @step(source="received", target="answered", label=_("登记回访结果"))
    def answer(self, entry: "Entry") -> None:
        """A party was reached and said whether this agreement was made (a fact `verified` names the mediation)."""
        self._end(entry, entry.data["outcome"])

    @step(source="received", target="unreachable", label=_("无法联系"))
    def give_up(self, entry: "Entry") -> None:
        """Nobody answered after several tries: neither confirmed nor denied."""
        self._end(entry, "unreachable")

    def _end(self, entry: "Entry", outcome: str) -> None:
        if self.parent_id is None:
            raise DomainError("no_mediation", _("本回访没有对应的调解。"))
        if worked_on(self.case_id, entry.by):
            raise Refused("took_part", TOOK_PART)
        self.closed_on, self.outcome, self.remark = entry.on, outcome, entry.data["remark"]
        entry.fact("closed", value=outcome)
        entry.fact("verified", value=outcome, subject=f"proceeding:{self.parent_id}")
        entry.finish_all()
        if self.handler_id is None:
            self.handler = entry.by
            entry.join(entry.by, self.handler_capacity)

    def undone(self, entry: "Entry", name: str) -> None:
        """What was said is asked again."""
        self.remark = ""


TOOK_PART = _("您参与过本案的办理，不能回访，请由其他人员办理。")


def worked_on(case_id: int, user: Any) -> bool:
    """Has this person taken part in the case: as handler, in any capacity, or by an entry or approval of any kind?"""
    others = Proceeding.objects.filter(case=case_id).exclude(kind="call_back")
    if others.filter(Q(handler=user) | Q(pk__in=_parts(user))).exists():
        return True
    mine = Event.objects.filter(Q(by=user) | Q(approved_by=user), case=case_id)
    return mine.exclude(proceeding__kind="call_back").exists()


def _parts(user: Any) -> models.QuerySet[Participation]:
    return Participation.objects.filter(user=user).values("proceeding")
