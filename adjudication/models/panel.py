"""Who sits: the panel and its changes, who is challenged and what was decided (办法第五条、第二十条).

Who helps the panel stands in assisting.py.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import regime
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


# 办法第五条; the last one from what is forbidden to whoever handles a case
RECUSAL_GROUNDS = [
    ("relative", _("是当事人，或者当事人、代理人的近亲属")), ("interest", _("与专利申请或者专利权有利害关系")),
    ("agent_or_examiner", _("曾任该专利的代理师或者审查员")), ("other", _("有其他可能影响公正的关系")),
    ("improper", _("接受礼物、宴请或者违规会见")),
]  # fmt: skip


class PanelActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=EXAMINED, label=_("变更合议组"), rare=True)
    def change_panel(self: Any, entry: "Entry") -> None:
        """The panel as it is from this day on; it stays odd and of three or more (办法第二十条). Both sides are told."""
        before = {(part.user, part.capacity) for part in self.team()}
        after = team_of(entry.data)
        if before == after:
            raise DomainError("nothing_changes", _("合议组没有变化，无需变更。"))
        for user, capacity in sorted(before - after, key=lambda one: one[0].pk):
            entry.leave(user, capacity)
        for user, capacity in sorted(after - before, key=lambda one: one[0].pk):
            entry.join(user, capacity)
        self.tell_panel(entry, after, self.both_sides(), changed=True)

    @act(open_in=EXAMINED, label=_("收到回避申请"), rare=True, undoable=True)
    def ask_recusal(self: Any, entry: "Entry") -> None:
        """回避: in three working days of knowing, or at the hearing's start, or, learned later, before it ends.

        Of the panel, the recorder, and whoever helps them; or he asks himself, which is never too late (办法第五条).
        """
        data = entry.data
        officer, assistant, party = data["officer"], data["assistant"], data["party"]
        if officer is not None and not any(part.user_id == officer.pk for part in self.participants()):
            raise DomainError(
                "not_taking_part", _("%(name)s 不是本案的办案人员，请核对。") % {"name": officer}
            )
        if party is None and officer is not None and entry.by != officer:
            raise DomainError("whose_wish", _("请选择提出回避的当事人；办案人员自行回避的，由本人办理。"))
        if self.recusals.filter(officer=officer, assistant=assistant, decided_on__isnull=True).exists():
            raise DomainError("already_asked", _("对该人员的回避申请尚未决定。"))
        late = party is not None and self._recusal_late(data["known_on"], data["stage"], entry.on)
        row = Recusal(
            case=self.case, proceeding=self, officer=officer, assistant=assistant, party=party, ground=data["ground"],
            asked_on=entry.on, late=late,
        )  # fmt: skip
        entry.save(row)
        entry.note(late=late)
        entry.start("T-12", subject=_subject(row))

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
        """The head decides, never who is concerned; who is recused leaves at once, and another takes the seat."""
        row: Recusal = entry.data["recusal"]
        granted, replacement = entry.data["granted"], entry.data.get("replacement")
        if row.decided_on is not None:
            raise DomainError("already_decided", _("该回避申请已经决定。"))
        if row.officer_id in {one.pk for one in (entry.by, entry.approved_by) if one is not None}:
            raise DomainError("own_cause", _("不能办理、决定对自己的回避申请，请由其他有权人员办理。"))
        if entry.on < row.asked_on:
            raise DomainError(
                "date_order", _("决定日期不能早于提出回避的日期 %(day)s。") % {"day": row.asked_on}
            )
        if granted and row.late:
            raise DomainError(
                "recusal_late",
                _("逾期提出的回避申请不予支持（%(source)s）；确有应当回避的情形的，请依职权变更合议组。")
                % {"source": self.cite("recusal")},
            )
        if granted and row.assistant is not None:
            self.let_go(entry, row.assistant)
        elif granted:
            self._replace(entry, row.officer, replacement)
        row.decided_on, row.granted = entry.on, granted
        entry.save(row)
        entry.finish("T-12", subject=_subject(row))
        entry.paper(
            "panel_recusal", addressee=self.both_sides(), challenged=_name(row), post=self._post(row),
            asked_by=row.party.name if row.party else str(_("本人")), asked_on=row.asked_on,
            ground=str(dict(RECUSAL_GROUNDS)[row.ground]), granted=granted, rejected=not granted,
            reason=entry.data["reason"], basis=self.cite("recusal"),
            replacement=replacement.display_name if replacement else None,
        )  # fmt: skip

    def _replace(self: Any, entry: "Entry", officer: Any, replacement: Any) -> None:
        """Who is recused leaves every seat; another takes it, and the case where he handled it."""
        seats = [part for part in self.participants() if part.user_id == officer.pk]
        if any(part.capacity in PANEL for part in seats) and replacement is None:
            raise DomainError("replacement_missing", _("合议组须保持三人以上单数，请填写接替人员。"))
        if replacement is not None and any(p.user_id == replacement.pk for p in self.team()):
            raise DomainError("already_sits", _("接替人员已在合议组或者任书记员，请另选人员。"))
        for part in seats:
            entry.leave(officer, part.capacity)
            if replacement is not None:
                entry.join(replacement, part.capacity)
        if self.handler_id == officer.pk:
            self.handler = replacement
        if replacement is not None and any(part.capacity in TEAM for part in seats):
            team = {(p.user, p.capacity) for p in self.team() if p.user_id != officer.pk}
            seated = {(replacement, part.capacity) for part in seats if part.capacity in TEAM}
            self.tell_panel(entry, team | seated, self.both_sides(), changed=True)

    def tell_panel(
        self: Any, entry: "Entry", team: Any, addressee: list[str], *, changed: bool = False
    ) -> None:
        """合议组组成人员告知书: who sits and records, and until when recusal may be asked (T-11)."""
        entry.paper(
            "panel_notice", addressee=addressee, panel=panel_lines(team), changed=changed, basis=self.cite("recusal"),
            recorder=[user.display_name for user, capacity in team if capacity == Capacity.RECORDER],
            assistants=[str(one) for one in self.assisting()], recent=regime.is_new(self.filed),
        )  # fmt: skip

    def _post(self: Any, row: Recusal) -> str:
        """As what the challenged person takes part."""
        if row.assistant is not None:
            return str(row.assistant.get_capacity_display())
        held = [part for part in self.participants() if part.user_id == row.officer_id]
        sitting = [part for part in held if part.capacity in TEAM]
        return "、".join(str(part.get_capacity_display()) for part in sitting or held)

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


def _subject(row: Recusal) -> str:
    """What the clock of a recusal is about."""
    return f"assistant:{row.assistant.pk}" if row.assistant is not None else f"user:{row.officer_id}"


def _name(row: Recusal) -> str:
    return row.assistant.name if row.assistant is not None else row.officer.display_name


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
