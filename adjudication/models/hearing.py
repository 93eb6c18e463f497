"""Acts of the panel: who sits, who is challenged, the oral hearing, the deliberation."""

import json
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.calendar import office_calendar
from cases.errors import DomainError
from cases.models import Event, Participation
from cases.readiness import all_of, paused_not, runs
from cases.stepping import act

from .rows import Deliberation, Hearing, Recusal
from .service import EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry

Capacity = Participation.Capacity
PANEL = (Capacity.PANEL_LEADER, Capacity.PANEL_MEMBER)
TEAM = (*PANEL, Capacity.RECORDER)

STAYED = _("本案已中止处理，恢复处理后再办理。")
NOT_STAYED = paused_not("stay", code="stayed", words=STAYED)


def no_hearing(row: Any) -> DomainError | None:
    """What is refused while no hearing is planned."""
    if row.planned_hearing() is not None:
        return None
    return DomainError("no_hearing", _("没有已通知、尚未举行的口头审理，请先安排口头审理。"))


class HearingActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=EXAMINED, label=_("变更合议组"), rare=True)
    def change_panel(self: Any, entry: "Entry") -> None:
        """The panel as it is from this day on; it stays odd and of three or more (办法第二十条)."""
        before = {(part.user, part.capacity) for part in self.team()}
        after = team_of(entry.data)
        if before == after:
            raise DomainError("nothing_changes", _("合议组没有变化，无需变更。"))
        for user, capacity in sorted(before - after, key=lambda one: one[0].pk):
            entry.leave(user, capacity)
        for user, capacity in sorted(after - before, key=lambda one: one[0].pk):
            entry.join(user, capacity)

    @act(open_in=EXAMINED, label=_("收到回避申请"), rare=True, undoable=True)
    def ask_recusal(self: Any, entry: "Entry") -> None:
        """回避: in three working days of knowing, or at the hearing's start, or, learned later, before it ends."""
        data = entry.data
        officer = data["officer"]
        if not any(part.user_id == officer.pk for part in self.participants()):
            raise DomainError(
                "not_taking_part", _("%(name)s 不是本案的办案人员，请核对。") % {"name": officer}
            )
        if self.recusals.filter(officer=officer, decided_on__isnull=True).exists():
            raise DomainError("already_asked", _("对该人员的回避申请尚未决定。"))
        late = self._recusal_late(data["known_on"], data["stage"], entry.on)
        entry.save(Recusal(
            case=self.case, proceeding=self, officer=officer, party=data["party"], ground=data["ground"],
            asked_on=entry.on, late=late,
        ))  # fmt: skip
        entry.note(late=late)
        entry.start("T-12", subject=f"user:{officer.pk}")

    def _recusal_late(self: Any, known_on: date, stage: str, on: date) -> bool:
        held = self.hearings.filter(held_on__isnull=False).order_by("held_on").last()
        match stage:
            case "at_hearing":
                planned = self.planned_hearing()
                return not (planned and planned.day == on) and not (held and held.held_on == on)
            case "later_known":
                return bool(held and held.held_on < on)
            case _ if deadlines.has_limit("T-11", self.filed):
                due = deadlines.due("T-11", known_on, filed=self.filed, calendar=office_calendar()).due
                return on > due
            case _:
                return False

    @act(
        open_in=EXAMINED,
        label=_("决定回避"),
        rare=True,
        ready=runs("T-12", code="no_recusal", words=_("没有尚未决定的回避申请。")),
    )
    def decide_recusal(self: Any, entry: "Entry") -> None:
        """The head decides; who is recused leaves at once, and another takes the seat."""
        row: Recusal = entry.data["recusal"]
        granted, replacement = entry.data["granted"], entry.data.get("replacement")
        if row.decided_on is not None:
            raise DomainError("already_decided", _("该回避申请已经决定。"))
        if granted and row.late:
            raise DomainError(
                "recusal_late",
                _("逾期提出的回避申请不予支持（%(source)s）；确有应当回避的情形的，请依职权变更合议组。")
                % {"source": self.cite("recusal")},
            )
        seats = [part for part in self.participants() if part.user_id == row.officer_id]
        if granted:
            if any(part.capacity in PANEL for part in seats) and replacement is None:
                raise DomainError("replacement_missing", _("合议组须保持三人以上单数，请填写接替人员。"))
            if replacement is not None and any(p.user_id == replacement.pk for p in self.team()):
                raise DomainError("already_sits", _("接替人员已在合议组或者任书记员，请另选人员。"))
            for part in seats:
                entry.leave(row.officer, part.capacity)
                if replacement is not None:
                    entry.join(replacement, part.capacity)
            if self.handler_id == row.officer_id:
                self.handler = replacement
        row.decided_on, row.granted = entry.on, granted
        entry.save(row)
        entry.finish("T-12", subject=f"user:{row.officer_id}")

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

    @act(open_in="deliberating", label=_("登记合议"), ready=NOT_STAYED)
    def record_deliberation(self: Any, entry: "Entry") -> None:
        """合议: every member of the panel votes, the majority decides, dissent stays in the minutes (办法第二十五条)."""
        votes = entry.data["votes"]
        members = {part.user_id for part in self.panel()}
        if {v["member"].pk for v in votes} != members or len(votes) != len(members):
            raise DomainError("not_whole_panel", _("合议由合议组全体成员参加，请逐人登记意见，每人一次。"))
        self.refuse_while_stopped(entry)
        conclusion, most = Counter(v["vote"] for v in votes).most_common(1)[0]
        if most * 2 <= len(members):
            raise DomainError("no_majority", _("没有形成过半数意见，请继续合议。"))
        entry.audience = Event.Audience.SEALED
        entry.save(Deliberation(
            case=self.case, proceeding=self, audience="sealed", on=entry.on, conclusion=conclusion,
            minutes=entry.data["minutes"],
            votes=json.dumps([{"member": v["member"].pk, "vote": v["vote"], "words": v["words"]} for v in votes],
                             ensure_ascii=False),
        ))  # fmt: skip

    # reading ---------------------------------------------------------------------------------------------------

    def participants(self: Any) -> list[Participation]:
        """Everybody who takes part now."""
        return list(self.participations.filter(to_on__isnull=True, cancelled=False).select_related("user"))

    def team(self: Any) -> list[Participation]:
        """The panel and its recorder."""
        return [part for part in self.participants() if part.capacity in TEAM]

    def panel(self: Any) -> list[Participation]:
        """The panel, its leader first."""
        sitting = [part for part in self.participants() if part.capacity in PANEL]
        return sorted(sitting, key=lambda part: (part.capacity != Capacity.PANEL_LEADER, part.pk))

    def panel_names(self: Any) -> list[str]:
        """The panel as a sentence names it, its leader first."""
        return [part.user.display_name for part in self.panel()]

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


def team_of(data: Any) -> set[tuple[Any, str]]:
    """The panel and recorder a form names, as (user, capacity)."""
    members = {(row["user"], Capacity.PANEL_MEMBER.value) for row in data["members"]}
    return members | {
        (data["leader"], Capacity.PANEL_LEADER.value),
        (data["recorder"], Capacity.RECORDER.value),
    }


def panel_lines(team: Any) -> list[dict[str, str]]:
    """The panel as papers print it, the leader first."""
    rows = sorted(
        ((c != Capacity.PANEL_LEADER, u.pk, u, c) for u, c in team if c in PANEL), key=lambda r: r[:2]
    )
    return [{"role": str(Capacity(c).label), "name": u.display_name} for _first, _pk, u, c in rows]
