"""重大案件上报: a dispute reported to the superior, and what it answered (law.md 1.9).

Until the superior takes it over the case goes on here, its time runs on; taken over, it is transferred.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.stepping import act

from .rows_request import MajorReport
from .stages import EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry


def report_unanswered(row: Any) -> DomainError | None:
    """What is refused while a report waits for its answer."""
    if row.majorreports.filter(answer="").exists():
        return DomainError("report_waits", _("本案已经上报，尚未收到答复；收到答复后请先登记。"))
    return None


def no_report_waits(row: Any) -> DomainError | None:
    """What is refused where nothing was reported."""
    return None if report_unanswered(row) else DomainError("no_report", _("本案没有等待答复的上报。"))


class MajorActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(
        open_in=("received", *EXAMINED), label=_("上报重大案件"), rare=True, undoable=True,
        ready=report_unanswered,
    )  # fmt: skip
    def report_major(self: Any, entry: "Entry") -> None:
        """上报：认为属于重大专利侵权纠纷的，报请上级部门；答复前本案继续办理，期限照常计算。"""
        data = entry.data
        entry.save(MajorReport(
            case=self.case, proceeding=self, to=data["to"], letter_no=data["letter_no"], ground=data["ground"],
            reported_on=entry.on,
        ))  # fmt: skip
        entry.paper(
            "major_report", letter_no=data["letter_no"], addressee=data["to"], ground=data["ground"],
            office=data["office"], attachments=[row["text"] for row in data["attachments"]],
        )  # fmt: skip

    @act(
        open_in=("received", *EXAMINED),
        label=_("登记上报答复"),
        rare=True,
        undoable=True,
        ready=no_report_waits,
    )
    def answer_major(self: Any, entry: "Entry") -> None:
        """Taken over, the case is then transferred; returned, it goes on here."""
        row = self.majorreports.filter(answer="").last()
        if entry.on < row.reported_on:
            raise DomainError(
                "date_order", _("答复日期不能早于上报日期 %(day)s。") % {"day": row.reported_on}
            )
        row.answered_on, row.answer, row.answer_no = entry.on, entry.data["answer"], entry.data["answer_no"]
        entry.save(row)

    def taken_over(self: Any) -> MajorReport | None:
        """The report by which the superior took this case over."""
        found: MajorReport | None = self.majorreports.filter(answer=MajorReport.Answer.TAKEN).last()
        return found
