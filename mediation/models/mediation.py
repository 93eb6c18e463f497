"""Mediation: people's, administrative, commercial; from application to an agreement in effect or another end.

What was said stands sealed in rows.py, never in an event. Performance of the agreement does not belong here.
"""

import json
from datetime import date
from typing import TYPE_CHECKING
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.errors import DomainError
from cases.kinds import kind
from cases.models import Case, Party, Proceeding
from cases.models.assistance import require_complete
from cases.models.proceeding import BASE_STATES
from cases.protection import Sealed
from cases.stepping import act, step
from stations.models import Body

from .confirmation import LIMIT as CONFIRMATION_LIMIT
from .rows import Agreement, Consent, Session, Term
from .willingness import Willingness

if TYPE_CHECKING:
    from cases.entry import Entry

SERIES = {
    "people": "people_mediation", "administrative": "administrative_mediation", "commercial": "commercial_mediation",
}  # fmt: skip
BODY = {
    "people": Body.Kind.COMMITTEE, "administrative": Body.Kind.BUREAU, "commercial": Body.Kind.COMMERCIAL,
}  # fmt: skip
LIMITS = ("M-20", "C-06", "C-07a", "C-07b")  # the periods of mediation itself; extended only by both parties
FROM_COURT = (Case.Source.COURT_ASSIGNED, Case.Source.COURT_ENTRUSTED)
OUTCOMES = {
    "written_agreement": _("达成书面协议"), "oral_agreement": _("达成口头协议"), "failed": _("调解不成"),
    "terminated": _("终止调解"), "withdrawn": _("撤回"), "withdrawn_settled": _("自行和解后撤回"),
    "deemed_withdrawn": _("按撤回处理"), "no_consent": _("一方不同意调解"), "no_answer": _("对方逾期未答复"),
    "unreachable": _("无法联系"), "refused": _("不予受理"), "transferred": _("移送"),
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
class Mediation(Willingness, Proceeding):
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

    class Meta:
        verbose_name = verbose_name_plural = _("调解")

    # receipt -----------------------------------------------------------------------------------------------

    def handling_body(self, today: date) -> Body | None:
        """The committee, the bureau or an admitted commercial organisation, by flavour."""
        return Body.objects.in_force(today).filter(kind=BODY[self.flavour]).first()

    def begin(self, entry: "Entry") -> None:
        entry.fact("applied", value=self.flavour)
        if self.measure_sets("AM-02", entry.on):
            entry.start("AM-02")

    @act(open_in=("received", "in_mediation", "agreed"), label=_("指定调解员"))
    def assign_mediator(self, entry: "Entry") -> None:
        """Chosen by the parties or appointed (人民调解法第十九条); who judges in this dispute is refused by the door."""
        user, replaced = entry.data["user"], entry.data["replaces"]
        entry.join(user, self.handler_capacity)
        if replaced is not None:
            entry.leave(replaced, self.handler_capacity)
        if self.handler is None or self.handler == replaced:
            self.handler = user

    # acceptance --------------------------------------------------------------------------------------------

    @step(source="received", target="in_mediation", label=_("受理"))
    def accept(self, entry: "Entry") -> None:
        """受理: both sides have agreed in writing; number and register form (人民调解法第十七条、第二十七条)."""
        require_complete(self)
        if self.body is None:
            raise DomainError(
                "no_body",
                _("没有在册的%(kind)s机构，请先在机构中登记。") % {"kind": self.get_flavour_display()},
            )
        self.require_consent(entry.on)
        self.accepted_on = entry.on
        if self.handler is None:
            self.handler = entry.data["mediator"] or entry.by
            entry.join(self.handler, self.handler_capacity)
        entry.number(SERIES[self.flavour])
        entry.fact("accepted", value=self.flavour)
        for rule in ("AM-02", "AM-03", "AM-04", "AM-05"):
            entry.finish(rule)
        self._start_limit(entry)
        if self.flavour == self.Flavour.PEOPLE:
            entry.paper(
                "mediation_acceptance", requests=entry.data["requests"], mediators=self._mediators(),
                summary=self.case.summary or self.case.cause,
            )  # fmt: skip

    def _start_limit(self, entry: "Entry") -> None:
        """The court's period where a court sent the dispute (特邀调解规定第二十七条), else the month of people's mediation."""
        rule, start = ("M-20" if self.flavour == self.Flavour.PEOPLE else ""), entry.on
        if self.case.source in FROM_COURT:
            self.procedure, self.materials_on = entry.data["procedure"], entry.data["materials_on"]
            rule, start = "C-06", self.materials_on or entry.on
            if self.case.source == Case.Source.COURT_ENTRUSTED:
                rule = "C-07b" if self.procedure == self.Procedure.SIMPLE else "C-07a"
        if rule and deadlines.has_limit(rule, entry.on):
            entry.start(rule, on=start)

    @step(source="received", target="not_accepted", label=_("不予受理"), grave=True)
    def decline(self, entry: "Entry") -> None:
        """No mediation: the other side does not agree, does not answer, cannot be reached, or the matter is not ours."""
        outcome = entry.data["outcome"]
        if outcome == "no_consent" and not self.consents.filter(answer=Consent.Answer.REFUSE).exists():
            raise DomainError("no_refusal_recorded", _("请先在“登记调解意愿”中登记当事人不同意调解的答复。"))
        if outcome in ("no_answer", "unreachable") and not self.contacts.exists():
            raise DomainError("no_contact_recorded", _("请先在“联系当事人”中登记联系的日期、方式和结果。"))
        self._end(entry, outcome, entry.data["reason"])

    # mediation ---------------------------------------------------------------------------------------------

    @act(open_in="in_mediation", label=_("调解会议"))
    def session(self, entry: "Entry") -> None:
        """A sitting with its minutes, sealed (人民调解法第二十七条): the record says that it took place, no more."""
        data = entry.data
        row = Session(
            mediation=self, on=entry.on, starts=data["starts"], ends=data["ends"], mode=data["mode"],
            place=data["place"], result=data["result"], by=entry.by,
        )  # fmt: skip
        row.minutes = data["minutes"]
        row.attendance = json.dumps(data["attendance"], ensure_ascii=False) if data["attendance"] else ""
        entry.save(row)

    @act(open_in=("in_mediation", "agreed"), label=_("延长调解期限"))
    def extend(self, entry: "Entry") -> None:
        """Longer only if both parties have signed for it (特邀调解规定第二十七条; M-20 likewise), before the time is up."""
        running = self.deadlines.filter(rule__in=LIMITS, met_on__isnull=True, cancelled=False).first()
        if running is None:
            raise DomainError("nothing_to_extend", _("本案没有正在计算的调解期限，无需延长。"))
        signed = max(entry.data["applicant_signed_on"], entry.data["respondent_signed_on"])
        if signed > running.due_on:
            raise DomainError(
                "signed_too_late",
                _("调解期限已于 %(day)s 届满，双方的延长同意应在届满前签署；请终止调解或核对日期。")
                % {"day": running.due_on},
            )
        entry.extend(running.rule, entry.data["days"])
        entry.note(rule=running.rule)

    @step(source="in_mediation", target="agreed", label=_("签署调解协议"))
    def sign_agreement(self, entry: "Entry") -> None:
        """Parties and mediator have signed; it takes effect only with the seal (人民调解法第二十九条)."""
        agreement = self._agreement(entry, Agreement.Form.WRITTEN)
        agreement.signed_on = entry.data["parties_signed_on"]
        agreement.mediator_signed_on = entry.data["mediator_signed_on"]
        terms = self._terms(entry, agreement)
        if self.flavour == self.Flavour.PEOPLE:
            entry.paper(
                "mediation_agreement", facts=agreement.facts, performance=agreement.performance,
                terms=[term.sentence() for term in terms], mediators=self._mediators(),
                copies=entry.data["copies"],
            )  # fmt: skip

    @step(source="agreed", target="settled", label=_("协议用印生效"))
    def seal_agreement(self, entry: "Entry") -> None:
        """The body's seal completes it: in effect from this day, thirty days for judicial confirmation (第二十九条、第三十三条)."""
        agreement = self.agreement
        if agreement is None:
            raise DomainError("no_agreement", _("没有已签署的协议，请先签署调解协议。"))
        if entry.on < max(agreement.signed_on, agreement.mediator_signed_on):
            raise DomainError("date_order", _("用印日期不能早于当事人、调解员签名的日期，请核对。"))
        agreement.sealed_on = agreement.effective_on = entry.on
        entry.save(agreement)
        self._settle(entry, "written_agreement")

    @step(source="in_mediation", target="settled", label=_("登记口头协议"))
    def record_oral(self, entry: "Entry") -> None:
        """An oral agreement, recorded by the mediator, in effect the day it was reached (人民调解法第二十八条、第三十条)."""
        if self.flavour != self.Flavour.PEOPLE:
            raise DomainError("written_only", _("口头协议仅适用于人民调解，请签署书面协议。"))
        agreement = self._agreement(entry, Agreement.Form.ORAL)
        agreement.effective_on = entry.on
        terms = self._terms(entry, agreement)
        self._settle(entry, "oral_agreement")
        entry.paper(
            "oral_agreement", facts=agreement.facts, performance=agreement.performance, reached_on=entry.on,
            terms=[term.sentence() for term in terms], mediators=self._mediators(),
        )  # fmt: skip

    @property
    def agreement(self) -> Agreement | None:
        """The agreement that holds, or None."""
        return self.agreements.filter(cancelled=False).first()

    def _agreement(self, entry: "Entry", form: str) -> Agreement:
        agreement = Agreement(mediation=self, form=form)
        agreement.facts, agreement.performance = entry.data["facts"], entry.data["performance"]
        entry.save(agreement)
        return agreement

    def _terms(self, entry: "Entry", agreement: Agreement) -> list[Term]:
        made = []
        for position, row in enumerate(entry.data["terms"], start=1):
            term = Term(
                agreement=agreement, position=position, kind=row["kind"], who=row["who"], due_on=row["due_on"],
                amount=row["amount"],
            )  # fmt: skip
            term.what = row["what"]
            entry.save(term)
            made.append(term)
        return made

    def _mediators(self) -> list[str]:
        parts = self.participations.filter(
            capacity=self.handler_capacity, to_on__isnull=True, cancelled=False
        )
        names = [part.user.display_name for part in parts.select_related("user")]
        return names or ([self.handler.display_name] if self.handler else [])

    def _settle(self, entry: "Entry", outcome: str) -> None:
        self.closed_on, self.outcome = entry.on, outcome
        entry.fact("closed", value=outcome)
        entry.fact("effective", value=outcome)
        entry.finish_all()
        entry.start(CONFIRMATION_LIMIT)

    @act(open_in="settled", label=_("开启司法确认"))
    def open_confirmation(self, entry: "Entry") -> None:
        """The parties want the court's confirmation: a proceeding of its own, which takes the thirty days over."""
        agreement = self.agreement
        if agreement is None or agreement.effective_on is None:
            raise DomainError("no_agreement", _("本案没有在本系统登记的生效协议，不能开启司法确认。"))
        if self.children.filter(kind="judicial_confirmation", state="confirmed").exists():
            raise DomainError("already_confirmed", _("本案协议已经司法确认。"))
        if self.children.filter(kind="judicial_confirmation", is_open=True).exists():
            raise DomainError("already_open", _("本案已有正在办理的司法确认。"))
        entry.finish(CONFIRMATION_LIMIT)
        entry.open("judicial_confirmation", effective_on=agreement.effective_on, handler=self.handler)

    # other ends --------------------------------------------------------------------------------------------

    @step(source=["received", "in_mediation"], target="withdrawn", label=_("撤回"), grave=True)
    def withdraw(self, entry: "Entry") -> None:
        """The applicant withdraws. It counts as success only with the text of a settlement on file."""
        outcome = entry.data["outcome"]
        if outcome == "withdrawn_settled":
            settlement = Agreement(mediation=self, form=Agreement.Form.SETTLEMENT, signed_on=entry.on)
            settlement.performance = entry.data["settlement"]
            entry.save(settlement)
        self._end(entry, outcome, entry.data["reason"])

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

    def _end(self, entry: "Entry", outcome: str, reason: str) -> None:
        self.closed_on, self.outcome, self.ending = entry.on, outcome, reason
        entry.fact("closed", value=outcome)
        entry.finish_all()

    # repairs and history -----------------------------------------------------------------------------------

    def undone(self, entry: "Entry", name: str) -> None:
        """The rows of the undone step no longer hold; nothing is deleted."""
        if name in ("decline", "withdraw", "fail", "terminate", "transfer"):
            self.ending = ""
        agreement = self.agreements.order_by("-pk").first()
        if agreement is not None and name in ("seal_agreement", "record_oral"):
            if self.children.filter(kind="judicial_confirmation").exclude(state="void").exists():
                raise DomainError("child_moved_on", _("本案已开启司法确认，请先作废该程序，再撤回协议生效。"))
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
        """A corrected day of closing is the day of effect too."""
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
