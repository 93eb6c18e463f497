"""调查取证: inquiries, inspections, samples, evidence registered and preserved (办法第四章、第四十九条)."""

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.errors import DomainError
from cases.readiness import runs
from cases.stepping import act

from .rows_evidence import Inspection
from .stages import EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry

PAPERS = {
    Inspection.Kind.INQUIRY: "inquiry_record",
    Inspection.Kind.ON_SITE: "site_inspection",
    Inspection.Kind.SAMPLING: "sampling_list",
    Inspection.Kind.PRESERVATION: "preservation_list",
}
DECIDE, COLLECT = "T-16a", "T-16b"
PRESERVED = runs(
    DECIDE, code="nothing_preserved", words=_("没有尚未处理的登记保存，请先登记调查取证（证据登记保存）。")
)
RELEASED = runs(COLLECT, code="nothing_released", words=_("没有等待领回的登记保存物品。"))


class InspectingActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=EXAMINED, label=_("登记调查取证"), undoable=True)
    def record_inspection(self: Any, entry: "Entry") -> None:
        """What two officers or more did and found; evidence preserved waits for its decision within seven days (T-16)."""
        data = entry.data
        row = Inspection(
            case=self.case, proceeding=self, kind=data["kind"], on=entry.on, starts=data["starts"], ends=data["ends"],
            place=data["place"], officers=json.dumps([line["user"].pk for line in data["officers"]]),
            party=data["party"], present=data["present"], findings=data["findings"],
            items=json.dumps(data["items"], ensure_ascii=False) if data["items"] else "",
        )  # fmt: skip
        preserves = row.kind == Inspection.Kind.PRESERVATION
        if preserves and not deadlines.has_limit(DECIDE, self.filed):
            self.demand_new("preservation", _("本系统没有收录登记保存的期限"))
        entry.save(row)
        if preserves:
            before = Inspection._base_manager.filter(proceeding=self.pk, kind=row.kind).count()
            entry.start(DECIDE, subject=f"preservation:{before + 1}")
        entry.paper(
            PAPERS[row.kind], place=row.place, present=row.present, findings=row.findings, held_on=row.on,
            hours=f"{_clock(row.starts)}至{_clock(row.ends)}", party=row.party.name if row.party else "",
            officers=[line["user"].display_name for line in data["officers"]], items=data["items"],
            recorder=entry.by.display_name, basis=self.cite("preservation" if preserves else "inspection"),
        )  # fmt: skip

    @act(open_in=EXAMINED, label=_("处理登记保存的证据"), undoable=True, ready=PRESERVED)
    def decide_preservation(self: Any, entry: "Entry") -> None:
        """Kept as evidence, handed over or released: what is released is to be collected within three months (T-16b)."""
        row: Inspection = entry.data["inspection"]
        row.decision, row.decided_on = entry.data["decision"], entry.on
        if entry.on < row.on:
            raise DomainError("date_order", _("处理日期不能早于登记保存日期 %(day)s。") % {"day": row.on})
        entry.save(row)
        subject = self.preservation_of(row)
        entry.finish(DECIDE, subject=subject)
        released = row.decision == Inspection.Decision.RELEASED
        if released:
            entry.start(COLLECT, subject=subject)
        entry.paper(
            "preservation_decision", addressee=row.party.name if row.party else row.present, preserved_on=row.on,
            place=row.place, items=json.loads(row.items or "[]"), decision=str(row.get_decision_display()),
            released=released, reason=entry.data["reason"], basis=self.cite("preservation"),
        )  # fmt: skip

    @act(open_in=EXAMINED, label=_("登记领回物品"), rare=True, undoable=True, ready=RELEASED)
    def collect_released(self: Any, entry: "Entry") -> None:
        """What was released has been collected."""
        entry.finish(COLLECT, subject=self.preservation_of(entry.data["inspection"]))

    # what others ask -------------------------------------------------------------------------------------------

    def preservation_of(self: Any, row: Inspection) -> str:
        """What the clock of a preservation is about: its place among all that were ever recorded here."""
        all_of_it = Inspection._base_manager.filter(proceeding=self.pk, kind=Inspection.Kind.PRESERVATION)
        return f"preservation:{all_of_it.filter(pk__lte=row.pk).count()}"

    def preservations(self: Any, rule: str) -> Any:
        """Those of which this limit runs."""
        running = self.deadlines.filter(rule=rule, met_on__isnull=True, cancelled=False)
        waiting = set(running.values_list("subject", flat=True))
        rows = self.inspections.filter(kind=Inspection.Kind.PRESERVATION)
        return rows.filter(pk__in=[one.pk for one in rows if self.preservation_of(one) in waiting])


def _clock(time: Any) -> str:
    return f"{time.hour}时{time.minute:02d}分"
