"""Service: one paper to one party, by which way, and what its arrival starts and ends (办法第十条)."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import regime
from cases import deadlines
from cases.errors import DomainError
from cases.models import Deadline, Party
from cases.readiness import paused
from cases.stepping import act

from .papers import ServicePapers, served
from .rows import Service
from .stages import SERVED

if TYPE_CHECKING:
    from cases.entry import Entry


class ServiceActs(ServicePapers):
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=SERVED, label=_("登记送达"), undoable=True)
    def serve(self: Any, entry: "Entry") -> None:
        """送达: one paper to one party. A public notice only begins here: its days must run out first."""
        data = entry.data
        self.refuse_second_service(data["party"], data["paper"])
        row = self.made_out(data["party"], data["paper"])
        if row is None:
            row = Service(case=self.case, proceeding=self, party=data["party"], paper=data["paper"])
            row.method = data["method"]
            self.print_service(entry, row)
        row.method = data["method"]
        row.sent_on = data.get("sent_on") or row.sent_on or entry.on
        row.consented, row.proof = bool(data.get("consented")), data.get("proof")
        entry.save(row)
        if row.method == Service.Method.PUBLIC_NOTICE:
            row.sent_on = entry.on
            if not self.services.filter(method=row.method, served_on__isnull=True).exists():
                entry.pause("announcement", ground=str(row.get_paper_display()))
            return
        row.served_on = entry.on
        self._served(entry, row, no_domicile=bool(data.get("no_domicile")))

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

    def _served(self: Any, entry: "Entry", row: Service, *, no_domicile: bool) -> None:
        """What a paper's arrival starts and ends."""
        for document in self.arrived(row):
            entry.save(served(document))
        subject = f"party:{row.party_id}"
        match row.paper:
            case "request" if row.party.role == Party.Role.RESPONDENT:
                if no_domicile and not deadlines.has_limit("T-07", self.filed):
                    self.demand_new("defence", _("没有另行规定境外被请求人的答辩期限"))
                entry.start("T-07" if no_domicile else "T-06", subject=subject)
                if self._all_served(row, Party.Role.RESPONDENT):
                    entry.finish("T-05")
            case "hearing_notice" if self._all_served(row):
                entry.finish("T-14")
            case "ruling":
                entry.start("T-21", subject=subject)
                for ruling in self.rulings.filter(void=False):
                    entry.effect(
                        "refresh_ruling_status", ruling=ruling.pk
                    )  # the public page says where it stands
                if self._all_served(row):
                    entry.finish("T-20")

    def _all_served(self: Any, row: Service, *roles: str) -> bool:
        """Has every such party (default: both sides) this paper, counting the row just written?"""
        wanted = roles or (Party.Role.APPLICANT, Party.Role.RESPONDENT)
        parties = set(self.case.parties.filter(role__in=wanted).values_list("pk", flat=True))
        done = self.services.filter(paper=row.paper, served_on__isnull=False)
        hearing = self.planned_hearing()
        if row.paper == Service.Paper.HEARING_NOTICE and hearing is not None:
            done = done.filter(served_on__gte=hearing.planned_on)
        return parties <= {*done.values_list("party", flat=True), row.party_id}

    def open_deadline(self: Any, *rules: str, subject: str = "") -> Deadline | None:
        """The running deadline of these rules, if there is one."""
        found = self.deadlines.filter(rule__in=rules, met_on__isnull=True, cancelled=False)
        found_one: Deadline | None = (found.filter(subject=subject) if subject else found).first()
        return found_one
