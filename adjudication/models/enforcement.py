"""Enforcement of a ruling that is neither sued nor obeyed (强制执行): demand, wait, apply to the court."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.kinds import kind
from cases.models import Deadline, Proceeding
from cases.models.proceeding import BASE_STATES
from cases.stepping import step

from .ruling import Ruling

if TYPE_CHECKING:
    from cases.entry import Entry


class End(models.TextChoices):
    """How an enforcement ended."""

    PERFORMED = "performed", _("已自行履行")
    ENFORCED = "enforced", _("法院已执行")
    NOT_ADMITTED = "not_admitted", _("法院裁定不予执行")
    GIVEN_UP = "given_up", _("不再申请")


@kind(
    "enforcement",
    label=_("强制执行"),
    states={
        **BASE_STATES,
        "received": _("待催告"),
        "demanded": _("已催告"),
        "applied": _("已申请强制执行"),
        "done": _("已结束"),
    },
    way=("received", "demanded", "applied", "done"),
    ends={"done"},
    outcomes=dict(End.choices),
    outcomes_of={"done": tuple(End.values)},
)
class Enforcement(Proceeding):
    """Child of an adjudication whose ruling orders a stop; both starts of the three months are kept (T-23)."""

    ruling = models.ForeignKey(Ruling, models.PROTECT, related_name="enforcements")
    performance_ended_on = models.DateField(_("履行期限届满日"), null=True, blank=True)
    suing_ended_on = models.DateField(_("起诉期限届满日"))
    court = models.CharField(_("申请法院"), max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("强制执行")

    def begin(self, entry: "Entry") -> None:
        """Three months to apply, by either reading; the earlier one is the nearest deadline."""
        entry.start("T-23b", on=self.suing_ended_on)
        if self.performance_ended_on:
            entry.start("T-23a", on=self.performance_ended_on)

    @step(source="received", target="demanded", label=_("催告"))
    def demand(self, entry: "Entry") -> None:
        """催告: the written demand is served; ten working days must pass (行政强制法第五十四条、第六十九条)."""
        entry.start("T-24")

    @step(source="demanded", target="applied", label=_("申请强制执行"))
    def apply(self, entry: "Entry") -> None:
        """Not obeyed after the demand: the court is asked."""
        waiting = Deadline.objects.get(proceeding=self.pk, rule="T-24", met_on__isnull=True, cancelled=False)
        if entry.on <= waiting.due_on:
            raise DomainError(
                "demand_runs",
                _("催告期至 %(day)s 届满，届满仍未履行的方可申请（行政强制法第五十四条）。")
                % {"day": waiting.due_on},
            )
        self.court = entry.data["court"]
        for rule in ("T-23a", "T-23b", "T-24"):
            entry.finish(rule)

    @step(source=["received", "demanded", "applied"], target="done", label=_("执行结束"))
    def conclude(self, entry: "Entry") -> None:
        """Obeyed, enforced, not admitted, or given up."""
        self.closed_on, self.outcome = entry.on, entry.data["outcome"]
        entry.fact("closed", value=self.outcome)
        entry.finish_all()
