"""Mediation: people's, administrative, commercial; from application to an agreement in effect or another end.

Each subject is a mixin of its own module; here stand receipt, acceptance and the ends without an agreement.
What was said stands sealed in rows, never in an event.
"""

from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.errors import DomainError
from cases.kinds import kind
from cases.models import Event, Party, Proceeding
from cases.models.assistance import require_complete
from cases.models.proceeding import BASE_STATES
from cases.models.visiting import Visited
from cases.protection import Sealed
from cases.stepping import step
from mediation import returned
from stations.models import Body

from .agreement import Agreeing, Agreement
from .appointing import Appointing, no_open_recusal
from .inviting import Inviting
from .patent_matter import ABSENT, SPLIT, PatentMatters
from .performance import Performing
from .referral import Referred
from .sittings import Sittings
from .subsidy import Subsidised
from .timing import COURT_LIMITS, Timing
from .willingness import Consent, Willingness

if TYPE_CHECKING:
    from cases.entry import Entry

SERIES = {
    "people": "people_mediation", "administrative": "administrative_mediation", "commercial": "commercial_mediation",
}  # fmt: skip
BODY = {
    "people": Body.Kind.COMMITTEE, "administrative": Body.Kind.BUREAU, "commercial": Body.Kind.COMMERCIAL,
}  # fmt: skip
COMMERCIAL_FROM = date(2026, 5, 1)  # 《商事调解条例》 in force
BASIS = {
    "administrative": _("《专利纠纷行政裁决和调解办法》第六十六条"), "commercial": _("《商事调解条例》"),
}  # fmt: skip
FEE = {
    "administrative": _("行政调解不收取费用。"), "commercial": _("商事调解按照本组织公示的标准收费，收费前另行告知。"),
}  # fmt: skip
OUTCOMES = {
    "written_agreement": _("达成书面协议"), "oral_agreement": _("达成口头协议"), "failed": _("调解不成"),
    "terminated": _("终止调解"), "withdrawn": _("撤回"), "withdrawn_settled": _("自行和解后撤回"),
    "deemed_withdrawn": _("按撤回处理"), "no_consent": _("一方不同意调解"), "no_answer": _("对方逾期未答复"),
    "unreachable": _("无法联系"), "refused": _("不予受理"), "transferred": _("移送"),
}  # fmt: skip
AGREEMENT_OF = {  # outcome -> the text it stands on
    "written_agreement": Agreement.Form.WRITTEN, "oral_agreement": Agreement.Form.ORAL,
    "withdrawn_settled": Agreement.Form.SETTLEMENT,
}  # fmt: skip


@kind(
    "mediation",
    label=_("调解"),
    states={
        **BASE_STATES,
        "received": _("待受理"),
        "in_mediation": _("调解中"),
        "agreed": _("协议待签章"),
        "settled": _("达成协议"),
        "failed": _("调解不成"),
        "terminated": _("已终止"),
        "withdrawn": _("已撤回"),
        "not_accepted": _("未受理"),
        "transferred": _("已移送"),
    },
    way=("received", "in_mediation", "agreed", "settled"),
    ends={"settled", "failed", "terminated", "withdrawn", "not_accepted", "transferred"},
    accepting="accept",
    confidential=True,
    opens_from_case=True,
    outcomes=OUTCOMES,
    outcomes_of={
        "settled": ("written_agreement", "oral_agreement"),
        "failed": ("failed",),
        "terminated": ("terminated",),
        "withdrawn": ("withdrawn", "withdrawn_settled", "deemed_withdrawn"),
        "not_accepted": ("no_consent", "no_answer", "unreachable", "refused"),
        "transferred": ("transferred",),
    },
    history={
        "达成协议": ("settled", "written_agreement"),
        "口头协议": ("settled", "oral_agreement"),
        "调解不成": ("failed", "failed"),
        "撤回": ("withdrawn", "withdrawn"),
        "按撤回处理": ("withdrawn", "deemed_withdrawn"),
        "终止": ("terminated", "terminated"),
        "不予受理": ("not_accepted", "refused"),
        "移送": ("transferred", "transferred"),
    },
)
class Mediation(
    Inviting,
    Willingness,
    Referred,
    Appointing,
    Sittings,
    Timing,
    Agreeing,
    Performing,
    Visited,
    Subsidised,
    PatentMatters,
    Proceeding,
):
    """Voluntary from beginning to end: nothing starts without both sides, nothing is extended without both."""

    class Flavour(models.TextChoices):
        PEOPLE = "people", _("人民调解")
        ADMINISTRATIVE = "administrative", _("行政调解")
        COMMERCIAL = "commercial", _("商事调解")

    class Procedure(models.TextChoices):
        ORDINARY = "ordinary", _("普通程序")
        SIMPLE = "simple", _("简易程序")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    flavour = models.CharField(_("调解种类"), max_length=15, choices=Flavour.choices, default=Flavour.PEOPLE)
    procedure = models.CharField(_("法院程序"), max_length=10, choices=Procedure.choices, blank=True)
    materials_on = models.DateField(_("签收法院材料日期"), null=True, blank=True)
    judicially_confirmed = models.BooleanField(_("司法确认（导入）"), null=True, blank=True)
    ending_sealed = models.TextField(blank=True, default="", editable=False)

    ending = Sealed("ending")  # why it ended, in words: may repeat what was said
    handler_capacity = "mediator"
    first_acts = (
        "plan_session", "session", "check_agreement", "record_performance", "return_visit", "remind",
        "open_confirmation", "hand_back", "record_referral", "confirm_platform", "contact", "assign_mediator", "invite",
        "record_consent",
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = _("调解")

    # receipt -----------------------------------------------------------------------------------------------

    def handling_body(self, today: date) -> Body | None:
        """The committee, the bureau or an admitted commercial organisation, by flavour."""
        return Body.objects.in_force(today).filter(kind=BODY[self.flavour]).first()

    def begin(self, entry: "Entry") -> None:
        if (
            self.flavour == self.Flavour.COMMERCIAL
            and entry.origin == Event.Origin.ENTERED
            and entry.on < COMMERCIAL_FROM
        ):
            raise DomainError(
                "not_in_force",
                _("《商事调解条例》自2026年5月1日起施行，此前收到的申请请选择人民调解或者行政调解。"),
            )
        entry.fact("applied", value=self.flavour)
        if self.measure_sets("AM-02", entry.on):
            entry.start("AM-02")

    # acceptance --------------------------------------------------------------------------------------------

    @step(source="received", target="in_mediation", label=_("受理"), ready=no_open_recusal)
    def accept(self, entry: "Entry") -> None:
        """受理: both sides have agreed in writing; number and register form (人民调解法第十七条、第二十七条)."""
        require_complete(self)
        if self.body is None:
            raise DomainError(
                "no_body",
                _("没有在册的%(kind)s机构，请先在机构中登记。") % {"kind": self.get_flavour_display()},
            )
        self.require_consent(entry.on)
        self.take_patent_matter(entry)
        self.accepted_on = entry.on
        if self.handler is None:
            self.handler = entry.data["mediator"] or entry.by
            entry.join(self.handler, self.handler_capacity)
        entry.number(SERIES[self.flavour])
        entry.fact("accepted", value=self.flavour)
        before = returned.earlier(self, entry.on).first()
        if before is not None:
            entry.fact("came_back", subject=f"proceeding:{before.pk}")
        for rule in ("AM-02", "AM-03", "AM-04", "AM-05"):
            entry.finish(rule)
        self._start_limit(entry)
        if self.flavour == self.Flavour.PEOPLE:
            entry.paper(
                "mediation_acceptance", requests=entry.data["requests"], mediators=self._mediators(),
                summary=self.case.summary or self.case.cause,
            )  # fmt: skip
        else:
            entry.paper(
                "mediation_notice", requests=entry.data["requests"], mediators=self._mediators(),
                basis=str(BASIS[self.flavour]), fee=str(FEE[self.flavour]),
            )  # fmt: skip

    def _start_limit(self, entry: "Entry") -> None:
        """The court's period where a court sent the dispute (特邀调解规定第二十七条), else the month of people's mediation."""
        if self.case.from_court:
            if self.deadlines.filter(rule__in=COURT_LIMITS, cancelled=False).exists():
                return  # it runs since the court's papers came
            self.procedure = entry.data["procedure"] or self.procedure
            entry.finish("C-09a")
            self._begin_court_period(entry, entry.data["materials_on"])
        elif self.flavour == self.Flavour.PEOPLE and deadlines.has_limit("M-20", entry.on):
            entry.start("M-20")

    @step(source="received", target="not_accepted", label=_("不予受理"), grave=True)
    def decline(self, entry: "Entry") -> None:
        """No mediation: the other side does not agree, does not answer, cannot be reached, or the matter is not ours."""
        outcome = entry.data["outcome"]
        if not self._on_file(outcome):
            raise (
                DomainError("no_refusal_recorded", _("请先在“登记调解意愿”中登记当事人不同意调解的答复。"))
                if outcome == "no_consent"
                else DomainError("no_contact_recorded", _("请先在“联系当事人”中登记联系的日期、方式和结果。"))
            )
        self._end(entry, outcome, entry.data["reason"])
        self.tell_not_filed(entry, str(OUTCOMES[outcome]))

    def _on_file(self, outcome: str) -> bool:
        """Whether what an outcome stands on is recorded: the agreement, the refusal, the search for the other side."""
        if form := AGREEMENT_OF.get(outcome):
            return bool(self.agreements.filter(form=form, cancelled=False).exists())
        if outcome == "no_consent":
            return bool(self.consents.filter(answer=Consent.Answer.REFUSE, cancelled=False).exists())
        if outcome in ("no_answer", "unreachable"):
            return bool(self.contacts.filter(cancelled=False).exists())
        return True

    # other ends --------------------------------------------------------------------------------------------

    @step(source=["received", "in_mediation"], target="withdrawn", label=_("撤回"), grave=True)
    def withdraw(self, entry: "Entry") -> None:
        """The applicant withdraws. It counts as success only with the text of a settlement on file."""
        outcome = entry.data["outcome"]
        if outcome == "withdrawn_settled":
            settlement = Agreement(mediation=self, form=Agreement.Form.SETTLEMENT, signed_on=entry.on)
            settlement.performance = entry.data["settlement"]
            entry.save(settlement)
        accepted = self.state != "received"
        self._end(entry, outcome, entry.data["reason"])
        if accepted:
            article = ABSENT if outcome == "deemed_withdrawn" else SPLIT
            self.tell_revoked(entry, str(OUTCOMES[outcome]), article)

    @step(source=["in_mediation", "agreed"], target="failed", label=_("调解不成"), grave=True)
    def fail(self, entry: "Entry") -> None:
        """No agreement: mediation must end and the parties are told the other ways (人民调解法第二十六条)."""
        self._stop(entry, "failed")

    @step(source=["in_mediation", "agreed"], target="terminated", label=_("终止调解"), grave=True)
    def terminate(self, entry: "Entry") -> None:
        """Ended on a ground: a party's wish (第二十三条), suspected sham (特邀调解规定第十八条), and the like."""
        self._stop(entry, "terminated")

    @step(source=["received", "in_mediation"], target="transferred", label=_("移送其他机关"), grave=True)
    def transfer(self, entry: "Entry") -> None:
        """Handed to the authority that is competent; out of every rate."""
        self._end(entry, "transferred", entry.data["reason"])

    def _stop(self, entry: "Entry", outcome: str) -> None:
        if (agreement := self.agreement) is not None:
            agreement.cancelled = True  # signed, never sealed: it takes no effect
            entry.save(agreement)
        self._end(entry, outcome, entry.data["reason"])
        if self.flavour == self.Flavour.PEOPLE:
            sides = self.case.parties.exclude(role=Party.Role.THIRD)
            entry.paper(
                "mediation_termination", ground=entry.data["ground_label"], addressee=[p.name for p in sides],
            )  # fmt: skip
        article = ABSENT if entry.data["ground"] == "absent" else SPLIT
        self.tell_revoked(entry, entry.data["ground_label"], article)

    def _end(self, entry: "Entry", outcome: str, reason: str) -> None:
        self.closed_on, self.outcome, self.ending = entry.on, outcome, reason
        entry.fact("closed", value=outcome)
        entry.finish_all()
        self.start_archiving(entry)

    # repairs and history -----------------------------------------------------------------------------------

    def undone(self, entry: "Entry", name: str) -> None:
        """The rows of the undone step no longer hold; nothing is deleted."""
        if name in ("decline", "withdraw", "fail", "terminate", "transfer"):
            self.ending = ""
        agreement = self.agreements.order_by("-pk").first()
        if agreement is not None and name in ("seal_agreement", "record_oral"):
            if self.children.filter(kind="judicial_confirmation").exclude(state="void").exists():
                raise DomainError("child_moved_on", _("本案已开启司法确认，请先作废该程序，再撤回协议生效。"))
            self.refuse_if_performed()
        if agreement is not None and name == "seal_agreement":
            agreement.sealed_on = agreement.effective_on = None
            entry.save(agreement)
        settled_away = (
            name == "withdraw" and agreement is not None and agreement.form == Agreement.Form.SETTLEMENT
        )
        if agreement is not None and (name in ("sign_agreement", "record_oral") or settled_away):
            agreement.cancelled = True
            entry.save(agreement)
        if agreement is not None and name in ("fail", "terminate") and self.state == "agreed":
            agreement.cancelled = False
            entry.save(agreement)

    def corrected(self, entry: "Entry", name: str) -> None:
        """A corrected day of closing is the day of effect too; a corrected outcome stands on what is on file."""
        if name == "outcome" and not self._on_file(str(self.outcome)):
            raise DomainError(
                "not_on_file",
                _(
                    "本案没有登记“%(outcome)s”所依据的协议、答复或者联系，不能更正为该结果；"
                    "结果确有错误的，请先办理“撤回误操作”，再按实际情况重新办理。"
                )
                % {"outcome": OUTCOMES[str(self.outcome)]},
            )
        agreement = self.agreement
        if name == "closed_on" and agreement is not None and agreement.effective_on is not None:
            entry.correct_fact("effective", "closed_on", self.closed_on)
            agreement.effective_on = self.closed_on
            if agreement.sealed_on is not None:
                agreement.sealed_on = self.closed_on
            entry.save(agreement)

    def record_history_facts(self, entry: "Entry") -> None:
        """What a sheet says of a past mediation: its kind, and whether a court confirmed (a blank stays unknown)."""
        self.judicially_confirmed = entry.data.get("judicial_confirmation")
        if entry.data.get("detail") in self.Flavour.values:
            self.flavour = entry.data["detail"]
            self.body = self.handling_body(entry.today)
