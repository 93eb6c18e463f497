"""Judicial confirmation (司法确认) of an agreement in effect: both parties apply, the court decides.

The papers are made here; the whole packet as one file: mediation/packet.py.
"""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.calendar import office_calendar
from cases.errors import DomainError
from cases.kinds import kind
from cases.models import Evidence, Party, Proceeding
from cases.models.proceeding import BASE_STATES
from cases.stepping import act, step

if TYPE_CHECKING:
    from cases.entry import Entry

LIMIT = "J-01"  # also 人民调解法第三十三条 (M-15): one period of thirty days, counted once


@kind(
    "judicial_confirmation",
    label=_("司法确认"),
    states={
        **BASE_STATES,
        "received": _("待申请"),
        "applied": _("已申请，待法院受理"),
        "in_review": _("法院审查"),
        "confirmed": _("已确认"),
        "refused": _("不予受理或者驳回"),
        "withdrawn": _("已撤回"),
    },
    way=("received", "applied", "in_review", "confirmed"),
    ends={"confirmed", "refused", "withdrawn"},
    confidential=True,
    outcomes={
        "confirmed": _("裁定确认有效"),
        "not_accepted": _("法院不予受理"),
        "refused": _("裁定驳回申请"),
        "withdrawn": _("撤回申请"),
    },
    outcomes_of={
        "confirmed": ("confirmed",),
        "refused": ("not_accepted", "refused"),
        "withdrawn": ("withdrawn",),
    },
)
class JudicialConfirmation(Proceeding):
    """Follows a settled mediation. The court gives the number; ours stays that of the mediation."""

    effective_on = models.DateField(_("协议生效日期"))
    court = models.CharField(_("法院"), max_length=80, blank=True)
    court_case_no = models.CharField(_("法院案号"), max_length=60, blank=True)
    applied_on = models.DateField(_("申请日期"), null=True, blank=True)
    admitted_on = models.DateField(_("法院受理日期"), null=True, blank=True)

    handler_capacity = "mediator"

    class Meta:
        verbose_name = verbose_name_plural = _("司法确认")

    def begin(self, entry: "Entry") -> None:
        """The thirty days run from the day the agreement took effect (民事诉讼法第二百零五条)."""
        if self.handler is not None:
            entry.join(self.handler, self.handler_capacity)
        entry.start(LIMIT, on=self.effective_on)

    @act(open_in="received", label=_("制作申请材料"), undoable=True)
    def prepare_application(self, entry: "Entry") -> None:
        """制作申请材料：按本案记录生成司法确认申请书和调解情况证明，由双方当事人核对后共同签名。"""
        mediation = self.parent.concrete()  # type: ignore[union-attr]
        if mediation.agreement is None:
            raise DomainError("no_agreement", _("本案没有生效的协议，不能制作申请材料。"))
        sides = [_side(party) for party in self.case.parties.exclude(role=Party.Role.THIRD)]
        shared = {
            "court": entry.data["court"], "agreement_no": mediation.number, "effective_on": self.effective_on,
            "mediators": mediation._mediators(), "accepted_on": mediation.accepted_on,
        }  # fmt: skip
        last = deadlines.due(LIMIT, self.effective_on, calendar=office_calendar()).due
        entry.paper("confirmation_application", sides=sides, last_day=last, **shared)
        entry.paper("mediation_proof", ways=str(mediation.get_flavour_display()), **shared)

    @step(source="received", target="applied", label=_("共同申请"))
    def apply(self, entry: "Entry") -> None:
        """申请: both parties together, within thirty days (人民调解法第三十三条, J-01). The court answers in three (J-03)."""
        if entry.on < self.effective_on:
            raise DomainError("date_order", _("申请日期不能早于协议生效日期，请核对。"))
        last = deadlines.due(LIMIT, self.effective_on, calendar=office_calendar()).due
        if entry.on > last:
            raise DomainError(
                "too_late",
                _("司法确认应当自协议生效之日起三十日内（%(day)s 前）共同申请，现已逾期；可以撤回本程序。")
                % {"day": last},
            )
        self.court, self.applied_on = entry.data["court"], entry.on
        entry.fact("confirmation_applied")
        entry.finish(LIMIT)
        entry.start("J-03")

    @step(source="applied", target="in_review", label=_("法院受理"))
    def admit(self, entry: "Entry") -> None:
        """The court took the application on; it decides within thirty days (民事诉讼法第一百八十七条, J-04b)."""
        self.court_case_no, self.admitted_on = entry.data["court_case_no"], entry.on
        entry.finish("J-03")
        entry.start("J-04b")

    @step(source="in_review", target="confirmed", label=_("裁定确认"))
    def confirm(self, entry: "Entry") -> None:
        """The court's ruling makes the agreement enforceable (民事诉讼法第二百零六条)."""
        self.court_case_no = entry.data["court_case_no"] or self.court_case_no
        note_file(entry, entry.data["paper"])
        self._end(entry, "confirmed")

    @step(source=["applied", "in_review"], target="refused", label=_("不予受理 / 裁定驳回"), grave=True)
    def refuse(self, entry: "Entry") -> None:
        """Not taken on (民诉法解释第三百五十五条) or dismissed (第三百五十八条); the parties may mediate again or sue."""
        note_file(entry, entry.data["paper"])
        self._end(entry, "refused" if self.admitted_on else "not_accepted")

    @step(source=["received", "applied", "in_review"], target="withdrawn", label=_("撤回申请"), grave=True)
    def withdraw(self, entry: "Entry") -> None:
        """The parties do not apply, or take the application back; the agreement stays binding."""
        self._end(entry, "withdrawn")

    def _end(self, entry: "Entry", outcome: str) -> None:
        started = self.admitted_on or self.applied_on or self.received_on
        if started is not None and entry.on < started:
            raise DomainError("date_order", _("办理日期不能早于申请、受理日期，请核对。"))
        self.closed_on, self.outcome = entry.on, outcome
        entry.fact("closed", value=outcome)
        entry.finish_all()


def note_file(entry: "Entry", evidence: Evidence | None) -> None:
    """Which file proves it, with its digest."""
    if evidence is not None:
        entry.note(file=evidence.pk, sm3=evidence.file.sm3)


def _side(party: Party) -> dict[str, str]:
    """An applicant as the application states it (司法确认规定第三条)."""
    agent = "，".join(filter(None, [party.agent_name, party.agent_firm]))
    return {
        "name": party.name, "id_number": party.id_number or "", "address": party.service_address or party.address or "",
        "phone": party.phone or "", "legal_representative": party.legal_representative, "agent": agent,
    }  # fmt: skip
