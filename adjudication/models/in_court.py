"""A lawsuit's days in court: who acts for the bureau, when the court sits, whether the head appears.

行政诉讼法第三条第三款、第三十一条: the head appears, or says in writing why not and sends staff of the bureau (T-32).
"""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.stepping import act

from .rows_court import CourtHearing

if TYPE_CHECKING:
    from cases.entry import Entry
    from cases.models import Event

PENDING = ("received", "answered", "judged")
HEAD_APPEARS = _("《中华人民共和国行政诉讼法》第三条第三款")


def none_planned(row: Any) -> DomainError | None:
    """What is refused where the court has not said when it sits."""
    if row.planned_hearing() is not None:
        return None
    return DomainError("no_court_hearing", _("没有登记开庭时间，请先办理“登记开庭通知”。"))


class InCourt:
    """Mixin of `Litigation`; `self` is the locked row."""

    @act(open_in=PENDING, label=_("确定出庭人员"))
    def name_agents(self: Any, entry: "Entry") -> None:
        """One or two agents; for the sitting to come also the head who appears, or why he cannot and who goes instead.

        Named again, it is named anew.
        """
        data = entry.data
        self.judge = data["judge"] or self.judge
        self.agents = "、".join(f"{one['name']}（{one['post']}）" for one in data["agents"]) or self.agents
        if not (data["head"] or data["reason"]):
            return
        hearing = self.planned_hearing()
        if hearing is None:
            raise DomainError(
                "no_court_hearing", _("没有登记开庭时间，请先办理“登记开庭通知”，再填写负责人是否出庭。")
            )
        self._appears(entry, hearing)
        entry.save(hearing)

    @act(open_in=PENDING, label=_("登记开庭通知"), undoable=True)
    def plan_court_hearing(self: Any, entry: "Entry") -> None:
        """The court's notice: day, hour, place. Another one for the same sitting moves it."""
        moved = self.planned_hearing()
        if moved is not None:
            moved.dropped = True
            entry.save(moved)
            entry.finish("T-32")
        data = entry.data
        entry.save(
            CourtHearing(
                case=self.case, litigation=self, day=data["day"], time=data["time"], place=data["place"]
            )
        )
        entry.start("T-32", due=data["day"])

    @act(open_in=PENDING, label=_("登记开庭情况"), ready=none_planned, undoable=True)
    def record_court_hearing(self: Any, entry: "Entry") -> None:
        """开庭: the head appeared, or staff did for the written reason (行政诉讼法第三条第三款)."""
        hearing = self.planned_hearing()
        if entry.on < hearing.day:
            raise DomainError(
                "court_hearing_to_come", _("开庭日期为 %(day)s，开庭后再登记。") % {"day": hearing.day}
            )
        self._appears(entry, hearing)
        hearing.held = True
        entry.save(hearing)
        entry.finish("T-32", on=hearing.day)

    def planned_hearing(self: Any) -> CourtHearing | None:
        """The sitting to come, or the one of which nobody has yet said how it went."""
        found: CourtHearing | None = self.hearings.filter(held=False, dropped=False).last()
        return found

    def _appears(self: Any, entry: "Entry", hearing: CourtHearing) -> None:
        """Who appears; 情况说明 once for the same reason."""
        data = entry.data
        said_before = bool(hearing.reason) and hearing.reason == data["reason"]
        hearing.head, hearing.reason, hearing.staff = data["head"], data["reason"], data["staff"]
        if data["head"] or said_before:
            return
        entry.paper(
            "head_absence_statement", addressee=self.court, court_case_no=self.court_case_no,
            plaintiff=self.plaintiff.name, staff=data["staff"], reason=data["reason"],
            hearing_at=datetime.combine(hearing.day, hearing.time), basis=str(HEAD_APPEARS),
        )  # fmt: skip

    def act_undone(self: Any, entry: "Entry", event: "Event") -> None:
        """A sitting moved by mistake stands again; one recorded as held waits again."""
        for row in entry.rows_of(event):
            if event.name == "record_court_hearing":
                row.held = False  # type: ignore[attr-defined]
            elif row.dropped:  # type: ignore[attr-defined]
                row.dropped = False  # type: ignore[attr-defined]
            else:
                row.cancelled = True  # type: ignore[attr-defined]
            entry.save(row)
