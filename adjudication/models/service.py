"""Acts before and around the exchange of papers: correction, service, defence, periods for evidence."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import regime
from cases import deadlines
from cases.errors import DomainError
from cases.models import Deadline, Party
from cases.readiness import begun_not, paused, runs, runs_not
from cases.stepping import act

from .papers import ServicePapers, served
from .rows import Service

if TYPE_CHECKING:
    from cases.entry import Entry

EXAMINED = ("filed", "deliberating")
SERVED = (*EXAMINED, "received", "ruled", "settled", "dismissed", "refused", "transferred")
DEFENCE = ("T-06", "T-07")
NOTHING_TO_EXTEND = _("没有正在计算的该项期限，无法延长。")
EVIDENCE_RUNS = _("举证期限正在计算，需要调整请办理延长举证期限。")
DEFENCE_RUNS = runs(*DEFENCE, code="no_defence_period", words=_("没有正在计算的答辩期限。"))


class ServiceActs(ServicePapers):
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(
        open_in="received",
        label=_("通知补正"),
        ready=begun_not(
            "T-01", code="corrected_once", words=_("补正应当一次性告知全部内容，本案已发出补正通知书。")
        ),
    )
    def ask_correction(self: Any, entry: "Entry") -> None:
        """补正: told once, in writing and in full; the officer sets the period (办法第十六条)."""
        if self.deadlines.filter(rule="T-01", cancelled=False).exists():
            raise DomainError("corrected_once", _("补正应当一次性告知全部内容，本案已发出补正通知书。"))
        entry.start("T-01", due=entry.data["due_on"])
        entry.paper("correction_notice", matter=str(_("专利侵权纠纷处理请求")), due_on=entry.data["due_on"],
                    defects=[row["text"] for row in entry.data["defects"]], **self.correction_words())  # fmt: skip

    @act(
        open_in="received",
        label=_("收到补正材料"),
        ready=runs("T-01", code="nothing_to_correct", words=_("本案没有发出补正通知，无需登记补正。")),
    )
    def receive_correction(self: Any, entry: "Entry") -> None:
        """The complete set is in: the five working days for filing run from this day (T-02)."""
        if not self.open_deadline("T-01"):
            raise DomainError("nothing_to_correct", _("本案没有发出补正通知，无需登记补正。"))
        entry.finish("T-01")
        entry.finish("T-02")
        entry.start("T-02")

    @act(
        open_in="received",
        label=_("延长立案审查期限"),
        ready=runs("T-02", code="nothing_to_extend", words=NOTHING_TO_EXTEND),
    )
    def extend_filing(self: Any, entry: "Entry") -> None:
        """Up to five working days more, for a very complex or special case (办法第二十条); not before 2025."""
        self.demand_new("filing", _("立案审查期限不能延长"))
        entry.extend("T-02", entry.data["amount"])

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

    @act(open_in=EXAMINED, label=_("收到答辩书"), undoable=True)
    def receive_defence(self: Any, entry: "Entry") -> None:
        """答辩: in time or late, it is taken; its copy goes to the requester within five working days."""
        subject = f"party:{entry.data['party'].pk}"
        for rule in DEFENCE:
            entry.finish(rule, subject=subject)
        entry.start("T-08", subject=subject)

    @act(open_in=EXAMINED, label=_("延长答辩期限"), rare=True, ready=DEFENCE_RUNS)
    def extend_defence(self: Any, entry: "Entry") -> None:
        """Asked by the respondent, decided by the panel (办法第二十二条); no maximum."""
        found = self.open_deadline(*DEFENCE, subject=f"party:{entry.data['party'].pk}")
        if found is None:
            raise DomainError("nothing_to_extend", _("该当事人没有正在计算的答辩期限。"))
        self.demand_new("defence", _("答辩期限不能延长"))
        due = entry.data["due_on"]
        if due <= found.due_on:
            raise DomainError("not_later", _("延长后的日期应当晚于 %(day)s。") % {"day": found.due_on})
        entry.finish(found.rule, subject=found.subject)
        entry.start(found.rule, found.starts_on, due=due, subject=found.subject)

    @act(open_in=EXAMINED, label=_("登记逾期未答辩"), undoable=True, ready=DEFENCE_RUNS)
    def record_no_defence(self: Any, entry: "Entry") -> None:
        """The period has run out: no defence does not stop the case (办法第二十二条)."""
        found = self.open_deadline(*DEFENCE, subject=f"party:{entry.data['party'].pk}")
        if found is None:
            raise DomainError("no_defence_period", _("该当事人没有正在计算的答辩期限。"))
        if entry.on <= found.due_on:
            raise DomainError("defence_period_runs", _("答辩期至 %(day)s 届满。") % {"day": found.due_on})
        entry.finish(found.rule, subject=found.subject)

    @act(
        open_in=EXAMINED,
        label=_("送达答辩书副本"),
        undoable=True,
        ready=runs("T-08", code="no_defence", words=_("尚未收到被请求人的答辩书，或其副本已经送达。")),
    )
    def serve_defence_copy(self: Any, entry: "Entry") -> None:
        """The requester has the copy of the defence (T-08)."""
        found = self.open_deadline("T-08", subject=f"party:{entry.data['party'].pk}")
        if found is None:
            raise DomainError("no_defence", _("尚未收到该被请求人的答辩书，或其副本已经送达。"))
        entry.finish("T-08", subject=found.subject)

    @act(
        open_in=EXAMINED,
        label=_("指定举证期限"),
        undoable=True,
        ready=runs_not("T-13", code="evidence_period_runs", words=EVIDENCE_RUNS),
    )
    def set_evidence_period(self: Any, entry: "Entry") -> None:
        """举证期限: not under fifteen days from receipt of the notice (办法第五十四条)."""
        self.demand_new("evidence", _("没有举证期限的规定"))
        if self.open_deadline("T-13"):
            raise DomainError("evidence_period_runs", EVIDENCE_RUNS)
        rule = deadlines.rule_of("T-13", self.filed)
        least = entry.on + timedelta(days=rule.number or 0)
        if entry.data["due_on"] < least:
            raise DomainError(
                "evidence_period_short",
                _("举证期限不得少于%(limit)s（%(source)s），最早为 %(day)s。")
                % {"limit": rule.limit, "source": rule.source, "day": least},
            )
        entry.start("T-13", due=entry.data["due_on"])
        entry.paper(
            "evidence_notice", addressee=self.both_sides(), due_on=entry.data["due_on"],
            basis=self.cite("evidence"), agreed=bool(entry.data["agreed"]),
        )  # fmt: skip

    @act(
        open_in=EXAMINED,
        label=_("延长举证期限"),
        rare=True,
        undoable=True,
        ready=runs("T-13", code="nothing_to_extend", words=_("没有正在计算的举证期限。")),
    )
    def extend_evidence(self: Any, entry: "Entry") -> None:
        """Longer for evidence; days a party asked for do not count for closing (办法第三十七条)."""
        found = self.open_deadline("T-13")
        if found is None:
            raise DomainError("nothing_to_extend", _("没有正在计算的举证期限。"))
        due = entry.data["due_on"]
        if due <= found.due_on:
            raise DomainError("not_later", _("延长后的日期应当晚于 %(day)s。") % {"day": found.due_on})
        entry.finish("T-13")
        entry.start("T-13", due=due)
        if entry.data["asked_by"] == "party":
            entry.pause("evidence_extension", on=found.due_on + timedelta(1))
            entry.resume("evidence_extension", on=due + timedelta(1))

    def open_deadline(self: Any, *rules: str, subject: str = "") -> Deadline | None:
        """The running deadline of these rules, if there is one."""
        found = self.deadlines.filter(rule__in=rules, met_on__isnull=True, cancelled=False)
        found_one: Deadline | None = (found.filter(subject=subject) if subject else found).first()
        return found_one
