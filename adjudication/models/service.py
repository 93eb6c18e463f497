"""Service: papers to parties, by which way, and what their arrival starts and ends (办法第十条)."""

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import regime
from cases import deadlines
from cases.calendar import office_calendar
from cases.errors import DomainError
from cases.models import Deadline, Party
from cases.readiness import paused
from cases.stepping import act

from .papers import ServicePapers, served
from .rows import AddressConfirmation, Service
from .stages import SERVED

if TYPE_CHECKING:
    from cases.entry import Entry

ELECTRONIC_WAYS = {
    "sms": _("手机短信"), "email": _("电子邮箱"), "fax": _("传真"), "message": _("即时通讯"),
    "platform": _("在线平台"),
}  # fmt: skip


class ServiceActs(ServicePapers):
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=SERVED, label=_("登记送达地址确认"), undoable=True)
    def confirm_address(self: Any, entry: "Entry") -> None:
        """送达地址确认书 signed by a party: where it wants its papers, and whether by electronic means; the last one holds."""
        data = entry.data
        row = AddressConfirmation(
            case=self.case, proceeding=self, party=data["party"], confirmed_on=entry.on, receiver=data["receiver"],
            electronic=data["electronic"], electronic_kind=data["electronic_kind"], proof=data["proof"],
        )  # fmt: skip
        row.address, row.electronic_to = data["address"], data["electronic_to"]
        entry.save(row)

    @act(open_in=SERVED, label=_("登记送达"), undoable=True)
    def serve(self: Any, entry: "Entry") -> None:
        """送达: one paper to one party. A public notice only begins here: its days must run out first."""
        self._serve(entry, entry.data["party"])

    @act(open_in=SERVED, label=_("向多方登记送达"), undoable=True)
    def serve_all(self: Any, entry: "Entry") -> None:
        """The same paper to several parties, in the same way, on the same day."""
        for party in entry.data["parties"]:
            self._serve(entry, party)

    @act(
        open_in=SERVED,
        label=_("公告期满"),
        rare=True,
        ready=paused(
            "announcement", code="no_announcement", words=_("没有正在进行的公告，无需登记公告期满。")
        ),
    )
    def complete_announcement(self: Any, entry: "Entry") -> None:
        """公告期满: the paper counts as served, the time counts again."""
        row: Service = entry.data["service"]
        ends = row.sent_on + timedelta(regime.announced_days(row.sent_on))
        if entry.on < ends:
            raise DomainError(
                "announcement_runs", _("公告期至 %(day)s 届满，届满后再登记。") % {"day": ends}, ends=ends
            )
        row.served_on = entry.on
        entry.save(row)
        waiting = self.services.filter(method=Service.Method.PUBLIC_NOTICE, served_on__isnull=True)
        if not waiting.exclude(pk=row.pk).exists():
            entry.resume("announcement")
        self._served(entry, row, no_domicile=bool(entry.data.get("no_domicile")))

    def _serve(self: Any, entry: "Entry", party: Party) -> None:
        data = entry.data
        self.refuse_second_service(party, data["paper"])
        row = self.made_out(party, data["paper"])
        if row is None:
            row = Service(case=self.case, proceeding=self, party=party, paper=data["paper"])
            row.method = data["method"]
            self.print_service(entry, row)
        row.method = data["method"]
        row.sent_on = data.get("sent_on") or row.sent_on or entry.on
        row.consented = bool(data.get("consented")) or (
            row.method == Service.Method.ELECTRONIC and self.agreed_to_electronic(party, entry.on)
        )
        row.proof = data.get("proof")
        for name in ("substitute", "relation", "witness"):
            setattr(row, name, data.get(name) or "")
        entry.save(row)
        if row.method == Service.Method.PUBLIC_NOTICE:
            row.sent_on = entry.on
            running = self.services.filter(method=row.method, served_on__isnull=True).exists()
            if not running and all(work.act != "pause" for work in entry.clock):
                entry.pause("announcement", ground=str(row.get_paper_display()))
            return
        row.served_on = entry.on
        self._served(entry, row, no_domicile=bool(data.get("no_domicile")))

    def _served(self: Any, entry: "Entry", row: Service, *, no_domicile: bool) -> None:
        """What a paper's arrival starts and ends."""
        beside = _beside(entry, row)
        for document in self.arrived(row, beside):
            if document not in entry.rows:
                entry.save(served(document))
        subject = f"party:{row.party_id}"
        if row.paper == Service.Paper.HEARING_NOTICE and self.planned_hearing() is not None:
            entry.start("T-15a", subject=subject)  # the slip comes back
        match row.paper:
            case "request" if row.party.role == Party.Role.RESPONDENT:
                if no_domicile and not deadlines.has_limit("T-07", self.filed):
                    self.demand_new("defence", _("没有另行规定境外被请求人的答辩期限"))
                entry.start("T-07" if no_domicile else "T-06", subject=subject)
                if self._all_served(row, beside, Party.Role.RESPONDENT):
                    entry.finish("T-05")
            case "evidence_notice":
                self._own_evidence_period(entry, subject)
            case "hearing_notice" if self._all_served(row, beside):
                entry.finish("T-14")
            case "ruling":
                entry.start("T-21", subject=subject)
                for ruling in self.rulings.filter(void=False):
                    entry.effect(
                        "refresh_ruling_status", ruling=ruling.pk
                    )  # the public page says where it stands
                if self._all_served(row, beside):
                    entry.finish("T-20")

    def _own_evidence_period(self: Any, entry: "Entry", subject: str) -> None:
        """Nobody has less than fifteen days from its own receipt: who got the notice late has a later day (第五十四条)."""
        told = self.deadlines.filter(rule="T-13", subject="", met_on__isnull=True, cancelled=False).first()
        if told is None:
            return
        least = deadlines.rule_of("T-13", self.filed).number or 0
        if entry.on + timedelta(least) > told.due_on:
            own = deadlines.due("T-13", entry.on, filed=self.filed, calendar=office_calendar())
            entry.start("T-13", due=own.due, subject=subject)

    def _all_served(self: Any, row: Service, beside: list[Service], *roles: str) -> bool:
        """Has every such party (default: both sides) this paper, counting the rows just written?"""
        wanted = roles or (Party.Role.APPLICANT, Party.Role.RESPONDENT)
        parties = set(self.case.parties.filter(role__in=wanted).values_list("pk", flat=True))
        done = self.services.filter(paper=row.paper, served_on__isnull=False)
        hearing = self.planned_hearing()
        if row.paper == Service.Paper.HEARING_NOTICE and hearing is not None:
            done = done.filter(served_on__gte=hearing.planned_on)
        just = {row.party_id, *(one.party_id for one in beside)}
        return parties <= {*done.values_list("party", flat=True), *just}

    # what others ask -------------------------------------------------------------------------------------------

    def confirmation_of(self: Any, party: Party, on: date) -> AddressConfirmation | None:
        """The 送达地址确认书 of a party that holds on this day."""
        held = self.addressconfirmations.filter(party=party, confirmed_on__lte=on)
        found: AddressConfirmation | None = held.order_by("confirmed_on", "id").last()
        return found

    def agreed_to_electronic(self: Any, party: Party, on: date) -> bool:
        """Has the party agreed to electronic service in its confirmation?"""
        held = self.confirmation_of(party, on)
        return held is not None and held.electronic

    def open_deadline(self: Any, *rules: str, subject: str = "") -> Deadline | None:
        """The running deadline of these rules, if there is one."""
        found = self.deadlines.filter(rule__in=rules, met_on__isnull=True, cancelled=False)
        found_one: Deadline | None = (found.filter(subject=subject) if subject else found).first()
        return found_one


def _beside(entry: "Entry", row: Service) -> list[Service]:
    """The services of the same paper that this call has written before."""
    return [
        one
        for one in entry.rows
        if isinstance(one, Service) and one is not row and one.paper == row.paper and one.served_on
    ]
