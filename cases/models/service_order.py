"""订单+专家: an enterprise states what it needs, a team of experts is named, delivers, and the client reviews.

订单式检察服务 is an order of that kind, whose team a procuratorate leads.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.kinds import kind
from cases.stepping import step
from stations.models import Body, Enterprise, Person

from .matter import PAGE, Matter
from .proceeding import BASE_STATES, Proceeding

if TYPE_CHECKING:
    from cases.entry import Entry

TEAM, AGREED = "SO-01", "SO-02"


@kind(
    "service_order",
    label=_("服务订单"),
    states={
        **BASE_STATES, "received": _("已下单"), "working": _("专家服务中"), "delivered": _("已交付"), "closed": _("已验收"),
        "declined": _("未承接"),
    },
    way=("received", "working", "delivered", "closed"),
    ends={"closed", "declined"},
    outcomes={"satisfied": _("满意"), "fair": _("基本满意"), "unsatisfied": _("不满意"), "declined": _("未承接")},
    outcomes_of={"closed": ("satisfied", "fair", "unsatisfied"), "declined": ("declined",)},
    body=Body.Kind.CENTRE,
    page=PAGE,
)  # fmt: skip
class ServiceOrder(Matter, Proceeding):
    """One order: need, team, deliverable, review."""

    class What(models.TextChoices):
        EXPERT = "expert", _("专家服务")
        PROSECUTION = "prosecution", _("检察服务")
        TRAINING = "training", _("培训辅导")
        OVERSEAS = "overseas", _("海外维权")

    title = models.CharField(_("需求"), max_length=120)
    what = models.CharField(_("订单类型"), max_length=12, choices=What.choices)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="orders", verbose_name=_("企业")
    )
    client = models.CharField(_("下单单位"), max_length=120)
    need = models.TextField(_("需求说明"))
    agreed_on = models.DateField(_("约定交付日期"))
    deliverable = models.TextField(_("交付成果"), blank=True)
    review = models.TextField(_("验收意见"), blank=True)

    listed = {
        "what": _("订单类型"),
        "client": _("下单单位"),
        "agreed_on": _("约定交付"),
        "outcome": _("验收"),
    }
    body_kind = Body.Kind.CENTRE

    class Meta:
        verbose_name = verbose_name_plural = _("服务订单")

    def cells(self) -> dict[str, Any]:
        return {**super().cells(), "outcome": str(self.outcome_label)}

    def begin(self, entry: "Entry") -> None:
        """A team is named within the house's own time; delivery is due on the day agreed."""
        entry.start(TEAM)
        entry.start(AGREED, due=max(self.agreed_on, entry.on))
        entry.fact("order_placed", value=self.what)

    def due_now(self, today: date) -> tuple[str, ...]:
        return {"received": ("name_team",), "working": ("deliver",), "delivered": ("accept_work",)}.get(
            self.state, ()
        )

    @step(source="received", target="working", label=_("组建专家团队"))
    def name_team(self, entry: "Entry") -> None:
        """组队：从在聘人员中选定专家，确定牵头人。"""
        self.handler = entry.by
        entry.join(entry.by, self.handler_capacity)
        for person in entry.data["experts"]:
            entry.save(
                TeamMember(order=self, person=person, leads=person == entry.data["lead"], from_on=entry.on)
            )
        entry.finish(TEAM)

    @step(source="received", target="declined", label=_("不承接"), grave=True)
    def decline(self, entry: "Entry") -> None:
        """不承接：超出服务范围的，说明理由并指引其他途径。"""
        self._end(entry, "declined")

    @step(source="working", target="delivered", label=_("交付成果"))
    def deliver(self, entry: "Entry") -> None:
        """交付：专家团队向下单单位交付成果。"""
        self.deliverable = entry.data["deliverable"]
        entry.finish(AGREED)
        entry.fact("order_delivered", value=self.what)

    @step(source="delivered", target="working", label=_("退回补充"))
    def rework(self, entry: "Entry") -> None:
        """退回补充：下单单位要求补充，约定新的交付日期。"""
        self.agreed_on = entry.data["agreed_on"]
        entry.start(AGREED, due=self.agreed_on)

    @step(source="delivered", target="closed", label=_("验收评价"))
    def accept_work(self, entry: "Entry") -> None:
        """验收：登记下单单位的评价和意见。"""
        self.review = entry.data["words"]
        self._end(entry, entry.data["outcome"])

    def _end(self, entry: "Entry", outcome: str) -> None:
        self.outcome, self.closed_on = outcome, entry.on
        entry.fact("closed", value=outcome)
        entry.finish_all()

    def undone(self, entry: "Entry", name: str) -> None:
        """A team named by mistake is none."""
        if name == "name_team":
            for member in self.team.filter(cancelled=False):
                member.cancelled = True
                entry.save(member)


class TeamMember(models.Model):
    """One expert of an order."""

    order = models.ForeignKey(ServiceOrder, models.PROTECT, related_name="team")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("专家"))
    leads = models.BooleanField(_("牵头"), default=False)
    from_on = models.DateField(_("起"))
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["-leads", "id"]
        verbose_name = verbose_name_plural = _("专家团队")
