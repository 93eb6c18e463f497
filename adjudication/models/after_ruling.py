"""What follows an adjudication's end: a suit or none, the way to enforcement."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.readiness import all_of, begun, runs, runs_not
from cases.stepping import act

from .rows_court import Judgment

if TYPE_CHECKING:
    from cases.entry import Entry

GONE = (Judgment.ANNULLED, Judgment.VOID)  # nothing of the ruling is left


def nothing_to_enforce(row: Any) -> DomainError | None:
    """What is refused where no ruling orders a stop."""
    ruling = row.rulings.filter(void=False).first()
    if ruling is not None and ruling.lawsuits.filter(state="concluded", outcome__in=GONE).exists():
        return DomainError("ruling_annulled", _("本裁决已被人民法院撤销或者确认无效，不能申请执行。"))
    if ruling is not None and ruling.data().get("stop_ordered"):
        return None
    return DomainError("nothing_to_enforce", _("本裁决没有责令停止侵权行为，没有可以申请执行的内容。"))


class AfterRulingActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    def due_after_ruling(self: Any, today: date) -> tuple[str, ...]:
        """Suing periods that ran out are entered as unused; then, where a stop was ordered, enforcement is open once."""
        if self.state != "ruled":
            return ()
        periods = self.deadlines.filter(rule="T-21", cancelled=False)
        if periods.filter(met_on__isnull=True).exists():
            return (
                ("record_no_suit",) if periods.filter(met_on__isnull=True, due_on__lt=today).exists() else ()
            )
        followed = self.children.filter(kind__in=("litigation", "enforcement")).exclude(state="void")
        return () if not periods.exists() or followed.exists() else ("open_enforcement",)

    @act(open_in=("ruled", "dismissed", "refused"), label=_("登记应诉"))
    def record_suit(self: Any, entry: "Entry") -> None:
        """A party has sued: the answer is due fifteen days from the complaint's arrival (T-31)."""
        data = entry.data
        entry.finish("T-21", subject=f"party:{data['party'].pk}")
        entry.open(
            "litigation", court=data["court"], court_case_no=data["court_case_no"], plaintiff=data["party"],
            ruling=self.rulings.filter(void=False).first(), received_on=entry.on, handler=self.handler,
        )  # fmt: skip

    @act(
        open_in="ruled",
        label=_("登记期满未起诉"),
        undoable=True,
        ready=runs("T-21", code="no_suing_period", words=_("没有正在计算的起诉期限。")),
    )
    def record_no_suit(self: Any, entry: "Entry") -> None:
        """The suing periods of these parties have run out unused (专利法第六十五条)."""
        for party in entry.data["parties"]:
            found = self.open_deadline("T-21", subject=f"party:{party.pk}")
            if found is None:
                raise DomainError(
                    "no_suing_period", _("%(name)s没有正在计算的起诉期限。") % {"name": party.name}
                )
            if entry.on <= found.due_on:
                raise DomainError(
                    "suing_period_runs",
                    _("%(name)s的起诉期限至 %(day)s 届满。") % {"name": party.name, "day": found.due_on},
                )
            entry.finish("T-21", subject=found.subject)

    @act(
        open_in="ruled",
        label=_("启动强制执行"),
        ready=all_of(
            nothing_to_enforce,
            begun("T-21", code="not_served", words=_("裁决书尚未送达，请先登记裁决书的送达。")),
            runs_not("T-21", code="suing_period_runs", words=_("起诉期限尚未登记届满，请先登记期满未起诉。")),
        ),
    )
    def open_enforcement(self: Any, entry: "Entry") -> None:
        """Neither sued nor obeyed (专利法第六十五条): the way to the court begins with a written demand."""
        ruling = self.rulings.filter(void=False).first()  # as the bureau itself last changed it
        if self.children.filter(kind__in=("litigation", "enforcement"), is_open=True).exists():
            raise DomainError("still_open", _("本裁决的诉讼或者强制执行正在办理，不能再启动强制执行。"))
        entry.open(
            "enforcement", ruling=ruling, handler=self.handler, suing_ended_on=entry.data["suing_ended_on"],
            performance_ended_on=entry.data["performance_ended_on"],
        )  # fmt: skip
