"""Enforcement of a ruling that is neither sued nor obeyed (强制执行): demand served, wait, apply, the court's answer."""

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
from cases.stepping import act, step

from .rows import Service
from .rows_court import Demand
from .ruling import Ruling

if TYPE_CHECKING:
    from cases.entry import Entry
    from cases.models import Event


# 行政强制法第五十五条: what goes to the court with the application
ANNEXES = (
    _("行政裁决书及作出裁决的事实、理由和依据"), _("裁决书送达回证"), _("当事人的意见及催告情况"), _("申请强制执行标的情况"),
)  # fmt: skip


class End(models.TextChoices):
    """How an enforcement ended."""

    PERFORMED = "performed", _("已自行履行")
    ENFORCED = "enforced", _("法院已执行")
    NOT_ADMITTED = "not_admitted", _("法院不予受理或者裁定不予执行")
    GIVEN_UP = "given_up", _("不再申请")


WINDOWS = ("T-23a", "T-23b")
REVIEWS = {"plain": "T-26a", "doubtful": "T-26b"}


def demand_unserved(row: Any) -> DomainError | None:
    """What is refused before the demand has reached anybody."""
    if row.demands.exists():
        return None
    return DomainError("demand_not_served", _("催告书尚未送达，请先登记催告书的送达。"))


def everybody_served(row: Any) -> DomainError | None:
    """What is refused once the demand has reached every debtor."""
    if row.unserved():
        return None
    return DomainError("already_served", _("催告书已登记向全部被请求人送达，不能重复登记。"))


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
        """催告: the written demand is made out; its service on each debtor starts the wait (行政强制法第五十四条)."""
        limit = deadlines.rule_of("T-24", entry.on)
        entry.paper(
            "enforcement_demand", **self._ruling_words(),
            demand_days=f"{chinese_number(limit.number or 0)}{_('个工作日')}",
        )  # fmt: skip
        for party in self._debtors():
            entry.paper(
                "service_proof", number=self.ruling.number, addressee=party.name,
                agent=self.agents_of(party, entry.on),
                service_address=self.parent.concrete().where_served(party, Service.Method.DIRECT, entry.on),
                papers=[{"name": str(_("履行行政裁决催告书")), "pages": "", "copies": "1"}],
            )  # fmt: skip

    @act(open_in="demanded", label=_("登记催告书送达"), ready=everybody_served, undoable=True)
    def demand_served(self, entry: "Entry") -> None:
        """催告书送达: from here ten working days must pass for this debtor (行政强制法第五十四条、第六十九条)."""
        data = entry.data
        if self.demands.filter(party=data["party"]).exists():
            raise DomainError("already_served", _("催告书已登记向该当事人送达，不能重复登记。"))
        row = Demand(case=self.case, enforcement=self, party=data["party"], served_on=entry.on)
        row.method, row.proof = data["method"], data["proof"]
        entry.save(row)
        entry.start("T-24", subject=f"party:{row.party_id}")

    @act(open_in=("demanded", "applied"), label=_("登记当事人意见"), ready=demand_unserved, undoable=True)
    def record_objection(self, entry: "Entry") -> None:
        """当事人意见: what the debtor states against the demand is heard, kept, and heeded if it holds (行政强制法第三十六条)."""
        row: Demand = entry.data["demand"]
        if row.objected_on is not None:
            raise DomainError("already_objected", _("该当事人的意见已经登记；登记有误的，请先撤回。"))
        row.objected_on, row.objection, row.heeded = entry.on, entry.data["objection"], entry.data["heeded"]
        entry.save(row)

    @step(source="demanded", target="applied", label=_("申请强制执行"), ready=demand_unserved)
    def apply(self, entry: "Entry") -> None:
        """Not obeyed after the demand: the court is asked, within three months (T-23), or with a good reason later."""
        demands = self._run_out(entry)
        if entry.on > self.window_ends() and not entry.data["late_ground"]:
            raise DomainError(
                "window_passed",
                _(
                    "申请强制执行的期限至 %(day)s 届满；逾期申请的，请写明正当理由（行诉法解释第一百五十六条）。"
                )
                % {"day": self.window_ends()},
            )
        self.court = entry.data["court"]
        waits = Deadline.objects.filter(proceeding=self.pk, rule="T-24", cancelled=False)
        entry.paper(
            "enforcement_application", **self._ruling_words(), addressee=self.court,
            suing_ended_on=self.suing_ended_on, demanded_on=min(one.served_on for one in demands),
            demand_ended_on=max(one.due_on for one in waits),
            patent_law=regime.patent_law(self._filed()), attachments=[str(one) for one in ANNEXES],
            objections=[f"{one.party.name}：{one.objection}" for one in demands if one.objected_on],
            parties=[
                {"role": str(_("被申请人")), "name": one.name, "address": one.address or "",
                 "agent": self.agents_of(one, entry.on), "legal_representative": one.legal_representative}
                for one in (demand.party for demand in demands)
            ],
        )  # fmt: skip
        for rule in (*WINDOWS, "T-24"):
            entry.finish(rule)

    @act(open_in="applied", label=_("登记法院受理"), undoable=True)
    def record_admission(self, entry: "Entry") -> None:
        """法院受理: it reviews in writing within seven days, within thirty where the ruling seems unlawful (T-26)."""
        for rule in REVIEWS.values():
            entry.finish(rule)
        entry.start(REVIEWS[entry.data["review"]])

    def due_now(self, today: date) -> tuple[str, ...]:
        """After the demand its service on every debtor, after the application what the court says of it."""
        if (
            self.state == "applied"
            and not self.deadlines.filter(rule__in=REVIEWS.values(), cancelled=False).exists()
        ):
            return ("record_admission",)
        return ("demand_served",) if self.state == "demanded" and self.unserved() else ()

    def unserved(self) -> list[Party]:
        """The debtors whom the demand has not reached yet."""
        reached = set(self.demands.values_list("party", flat=True))
        return [party for party in self._debtors() if party.pk not in reached]

    def window_ends(self) -> date:
        """The last day to apply, by the reading that leaves more time (T-23)."""
        days = Deadline.objects.filter(proceeding=self.pk, rule__in=WINDOWS, cancelled=False)
        return max(days.values_list("due_on", flat=True), default=date.max)

    def _run_out(self, entry: "Entry") -> list[Demand]:
        """The demands, each served and its ten working days over. Raises what stands in the way."""
        demands = list(self.demands.select_related("party").filter(party__in=entry.data["debtors"]))
        if len(demands) < len(entry.data["debtors"]):
            raise DomainError(
                "demand_not_served", _("催告书尚未送达全部被申请人，请先登记送达，或者只对已送达的申请。")
            )
        names = {f"party:{one.party_id}" for one in demands}
        waiting = Deadline.objects.filter(
            proceeding=self.pk, rule="T-24", subject__in=names, met_on__isnull=True, cancelled=False
        )
        last = max((one.due_on for one in waiting), default=date.min)
        if entry.on <= last:
            raise DomainError(
                "demand_runs",
                _("催告期至 %(day)s 届满，届满仍未履行的方可申请（行政强制法第五十四条）。") % {"day": last},
            )
        heeded = [one.party.name for one in demands if one.heeded]
        if heeded:
            raise DomainError(
                "objection_heeded",
                _("%(names)s的意见已认定成立，不能对其申请强制执行。") % {"names": "、".join(heeded)},
            )
        return demands

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
        """Obeyed, enforced, not admitted, or given up with the reason: then the right holder may apply himself (T-25)."""
        outcome = entry.data["outcome"]
        if outcome in (End.ENFORCED, End.NOT_ADMITTED) and self.state != "applied":
            raise DomainError("not_applied", _("尚未申请强制执行，请先办理“申请强制执行”。"))
        self.closed_on, self.outcome = entry.on, outcome
        entry.fact("closed", value=self.outcome)
        entry.finish_all()

    def act_undone(self, entry: "Entry", event: "Event") -> None:
        """An opinion taken back leaves the service as it was; a service with an opinion on it stays."""
        for row in entry.rows_of(event):
            assert isinstance(row, Demand)
            if event.name == "record_objection":
                row.objected_on, row.objection, row.heeded = None, "", None
            elif row.objected_on is not None:
                raise DomainError("built_upon", _("该当事人的意见已经登记，请先撤回意见。"))
            else:
                row.cancelled = True
            entry.save(row)
