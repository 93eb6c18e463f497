"""Who sits: the panel and its changes, who is challenged and what was decided (办法第五条、第二十条)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.calendar import office_calendar
from cases.errors import DomainError
from cases.models import Participation
from cases.readiness import runs
from cases.stepping import act

from .rows import Recusal
from .stages import EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry


Capacity = Participation.Capacity
PANEL = (Capacity.PANEL_LEADER, Capacity.PANEL_MEMBER)
TEAM = (*PANEL, Capacity.RECORDER)


class PanelActs:
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
