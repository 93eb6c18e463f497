"""What is examined of a request before it is filed (办法第六条、第十二条至第十九条): grounds as data, attachments, the report.

The steps that file or refuse stand in filing.py.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.deadlines import add_months
from cases.errors import DomainError
from cases.models import Right
from cases.stepping import act

from .rows_request import EvaluationReport
from .stages import EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry

LIMITATION_MONTHS = 36  # 办法第十九条
REPORT = "ER-01"
REPORTED_ON = (Right.Kind.UTILITY_MODEL, Right.Kind.DESIGN)

# What belongs to a request (办法第十四条): what it is called, how a correction notice asks for it
ATTACHMENTS: Mapping[str, tuple[Any, Any]] = {
    "identity": (
        _("请求人身份证明（身份证件、营业执照复印件和法定代表人证明）"),
        _("未提交请求人的身份证明（身份证件、营业执照复印件和法定代表人证明）；"),
    ),
    "interest": (_("利害关系证明（许可合同、继承证明等）"), _("未提交请求人是利害关系人的证明；")),
    "register": (_("专利登记簿副本"), _("未提交证明专利权有效的专利登记簿副本；")),
    "copies": (_("请求书及证据副本（按被请求人数）"), _("未按照被请求人的数量提交请求书及证据副本；")),
}
# Why a request is not filed: words, and the subject under which regime.py keeps the article
GROUNDS: Mapping[str, tuple[Any, str]] = {
    "standing": (_("请求人不是涉案专利的专利权人或者利害关系人"), "conditions"),
    "respondent": (_("没有明确的被请求人"), "conditions"),
    "claims": (_("没有明确的请求事项和具体的事实、理由"), "conditions"),
    "competence": (_("不属于本局受案和管辖范围"), "conditions"),
    "sued": (_("当事人已就该专利侵权纠纷向人民法院起诉"), "conditions"),
    "agreed_otherwise": (_("当事人约定了其他纠纷解决方式"), "conditions"),
    "not_corrected": (_("逾期未补正，或者补正后仍不符合规定"), "correction"),
    "no_report": (_("无正当理由未提交专利权评价报告"), "evaluation"),
}


def limitation_passed(knew_on: date, received_on: date) -> bool:
    """Three years since the right holder knew of act and infringer, on the day the request came in."""
    return received_on > add_months(knew_on, LIMITATION_MONTHS)


def without_report(row: Any) -> DomainError | None:
    """What is refused of an invention: its grant was examined, no report is asked for."""
    if row.case.rights.filter(kind__in=REPORTED_ON).exists():
        return None
    return DomainError("no_report_of_invention", _("专利权评价报告只针对实用新型和外观设计专利。"))


class ExaminingActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(
        open_in=("received", *EXAMINED), label=_("通知提交评价报告"), rare=True, undoable=True,
        ready=without_report,
    )  # fmt: skip
    def ask_evaluation_report(self: Any, entry: "Entry") -> None:
        """专利权评价报告: may be asked of a utility model or design; the officer sets the days (办法第十四条)."""
        if self.evaluationreports.filter(result="").exists():
            raise DomainError("already_asked", _("已经通知提交专利权评价报告，请等待提交或者登记未提交。"))
        days, applied_on = entry.data["days"], entry.data["applied_on"]
        due = entry.on + timedelta(days)
        entry.save(EvaluationReport(case=self.case, proceeding=self, asked_on=entry.on, due_on=due))
        entry.start(REPORT, due=due)
        entry.paper(
            "evaluation_report_notice", applied_on=applied_on, days=days, due_on=due, basis=self.cite("evaluation"),
            before_filing=self.state == "received",
        )  # fmt: skip

    @act(
        open_in=("received", *EXAMINED),
        label=_("登记评价报告"),
        rare=True,
        undoable=True,
        ready=without_report,
    )
    def receive_evaluation_report(self: Any, entry: "Entry") -> None:
        """What the report found, asked for or handed in unasked; or that it was not given, with good reason or without."""
        result = entry.data["result"]
        row = self.evaluationreports.filter(result="").first()
        given = result in (EvaluationReport.Result.CLEAR, EvaluationReport.Result.DEFECTS)
        if not given and row is None:
            raise DomainError("not_asked", _("没有通知过提交专利权评价报告，不能登记为未提交。"))
        if not given and entry.on <= row.due_on:
            raise DomainError(
                "not_yet_due", _("提交期限 %(day)s 尚未届满，期满后再登记。") % {"day": row.due_on}
            )
        if row is None:  # unasked: as if asked and given on one day
            row = EvaluationReport(case=self.case, proceeding=self, asked_on=entry.on, due_on=entry.on)
        row.result, row.received_on = result, entry.on if given else None
        entry.save(row)
        entry.finish(REPORT)

    def evaluation_result(self: Any) -> str:
        """What the last report found (`EvaluationReport.Result`), empty if there is none."""
        row = self.evaluationreports.exclude(result="").last()
        return row.result if row is not None else ""

    def grounds_in_words(self: Any, codes: list[str]) -> list[str]:
        """Coded grounds of refusal as the notice prints them, each with its article."""
        return [f"{GROUNDS[code][0]}（{self.cite(GROUNDS[code][1])}）；" for code in codes]
