"""The oral hearing: told in time, held, who came (办法第二十六条、第二十七条)."""

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.calendar import office_calendar
from cases.errors import DomainError
from cases.readiness import all_of
from cases.stepping import act

from .rows import Hearing
from .stages import EXAMINED, NOT_STAYED, STAYED

if TYPE_CHECKING:
    from cases.entry import Entry


def no_hearing(row: Any) -> DomainError | None:
    """What is refused while no hearing is planned."""
    if row.planned_hearing() is not None:
        return None
    return DomainError("no_hearing", _("没有已通知、尚未举行的口头审理，请先安排口头审理。"))


class HearingActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=EXAMINED, label=_("安排口头审理"), undoable=True)
    def plan_hearing(self: Any, entry: "Entry") -> None:
        """口头审理: both sides are told at least three working days before; the stricter reading is enforced."""
        data = entry.data
        notice = deadlines.due("T-14", data["day"], filed=self.filed, calendar=office_calendar())
        if entry.on > notice.due:
            strict, lenient = notice.readings
            raise DomainError(
                "notice_too_late",
                _("至少应在口头审理三个工作日前通知（%(source)s）：从严计算最迟 %(strict)s，从宽计算 %(lenient)s。请改期。")
                % {"source": notice.source, "strict": strict.due, "lenient": lenient.due},
                strict=strict.due, lenient=lenient.due,
            )  # fmt: skip
        earlier = self.planned_hearing()
        if earlier is not None:
            earlier.dropped = True
            entry.save(earlier)
            entry.finish("T-14")
        row = Hearing(case=self.case, proceeding=self, planned_on=entry.on, mode=data["mode"], place=data["place"],
                      day=data["day"], time=data["time"], is_public=data["is_public"])  # fmt: skip
        entry.save(row)
        entry.start("T-14", on=data["day"])
        entry.note(notice_by=notice.due, lenient=notice.readings[1].due)
        entry.paper(
            "hearing_notice", addressee=self.both_sides(), basis=self.cite("hearing"), place=data["place"], hearing_at=row.begins,
            openness=str(_("公开进行") if row.is_public else _("不公开进行")),
        )  # fmt: skip

    @act(open_in=EXAMINED, label=_("登记口头审理"), ready=all_of(no_hearing, NOT_STAYED))
    def record_hearing(self: Any, entry: "Entry") -> None:
        """Who came. An absent requester is taken to have withdrawn; an absent respondent stops nothing."""
        row: Hearing = self.planned_hearing()  # there is one: `no_hearing`
        if entry.on < row.day:
            raise DomainError("hearing_to_come", _("口头审理定于 %(day)s，届时再登记。") % {"day": row.day})
        self.refuse_while_stopped(entry)
        row.held_on = entry.on
        row.attendance = json.dumps(
            [{"party": line["party"].pk, "attended": line["attended"], "people": line["people"]}
             for line in entry.data["attendance"]], ensure_ascii=False,
        )  # fmt: skip
        entry.save(row)
        entry.finish("T-14")
        absent = {line["party"].role for line in entry.data["attendance"] if line["attended"] != "attended"}
        if "applicant" in absent:
            entry.note(hint=str(_("请求人无正当理由不参加或者中途退出的，按撤回请求处理，可以撤销案件。")))
        elif "respondent" in absent:
            entry.note(hint=str(_("被请求人无正当理由不参加或者中途退出的，缺席审理。")))

    # reading ---------------------------------------------------------------------------------------------------

    def planned_hearing(self: Any) -> Hearing | None:
        """The hearing told and not yet held."""
        found: Hearing | None = self.hearings.filter(held_on__isnull=True, dropped=False).last()
        return found

    def refuse_while_stopped(self: Any, entry: "Entry") -> None:
        """Neither hearing nor decision while the case is stayed or a member is challenged."""
        if self.open_interval("stay"):
            raise DomainError("stayed", STAYED)
        if self.recusals.filter(decided_on__isnull=True).exists():
            raise DomainError("recusal_open", _("回避申请尚未决定，决定后再办理。"))
