"""Enforcement of a ruling that is neither sued nor obeyed (强制执行): demand, wait, apply to the court."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from adjudication import regime
from cases import deadlines
from cases.documents.template import chinese_date, chinese_number
from cases.errors import DomainError
from cases.kinds import kind
from cases.models import Deadline, Party, Proceeding
from cases.models.proceeding import BASE_STATES
from cases.stepping import step

from .rows import Service
from .ruling import Ruling

if TYPE_CHECKING:
    from cases.entry import Entry


# 行政强制法第五十五条: what goes to the court with the application
ANNEXES = (
    _("行政裁决书及作出裁决的事实、理由和依据"), _("裁决书送达回证"), _("当事人的意见及催告情况"), _("申请强制执行标的情况"),
)  # fmt: skip


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
        limit = deadlines.rule_of("T-24", entry.on)
        entry.paper(
            "enforcement_demand", **self._ruling_words(),
            demand_days=f"{chinese_number(limit.number or 0)}{_('个工作日')}",
        )  # fmt: skip
        for party in self._debtors():
            entry.paper(
                "service_proof", number=self.ruling.number, addressee=party.name,
                agent="，".join(filter(None, [party.agent_name, party.agent_firm])),
                service_address=party.service_address or party.address or "",
                papers=[{"name": str(_("履行行政裁决催告书")), "pages": "", "copies": "1"}],
            )  # fmt: skip

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
        entry.paper(
            "enforcement_application", **self._ruling_words(), addressee=self.court,
            suing_ended_on=self.suing_ended_on, demanded_on=waiting.starts_on, demand_ended_on=waiting.due_on,
            patent_law=regime.patent_law(self._filed()), attachments=[str(one) for one in ANNEXES],
            parties=[
                {"role": str(_("被申请人")), "name": one.name, "address": one.address or "", "agent": "",
                 "legal_representative": one.legal_representative}
                for one in self._debtors()
            ],
        )  # fmt: skip
        for rule in ("T-23a", "T-23b", "T-24"):
            entry.finish(rule)

    def _debtors(self) -> list[Party]:
        return list(self.case.parties.filter(role=Party.Role.RESPONDENT))

    def _filed(self) -> date:
        """The day that chose the measures of the ruling."""
        days = self.ruling.adjudications.filter(accepted_on__isnull=False).values_list(
            "accepted_on", flat=True
        )
        return min(days, default=self.ruling.made_on)

    def _ruling_words(self) -> dict[str, Any]:
        """Which ruling, what it orders, when the debtors had it; its papers bear the ruling's number."""
        served = Service.objects.filter(
            proceeding__in=self.ruling.adjudications.all(), paper=Service.Paper.RULING,
            party__role=Party.Role.RESPONDENT, served_on__isnull=False,
        ).select_related("party")  # fmt: skip
        return {
            "number": self.ruling.number,
            "ruling_on": self.ruling.made_on,
            "orders": self.ruling.data()["orders"],
            "served": "、".join(
                f"{one.party.name}{chinese_date(one.served_on)}" for one in served if one.served_on
            ),
        }

    @step(source=["received", "demanded", "applied"], target="done", label=_("执行结束"))
    def conclude(self, entry: "Entry") -> None:
        """Obeyed, enforced, not admitted, or given up."""
        self.closed_on, self.outcome = entry.on, entry.data["outcome"]
        entry.fact("closed", value=self.outcome)
        entry.finish_all()
