"""Joining and splitting (办法第二十一条): cases heard together, each with its own number and its own ruling.

A case that joins names the one that leads. Only the locked case is written: the other learns through the outbox and
enters by its own door; so does every case that a hearing of the lead is shared with.
"""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.calendar import office_calendar
from cases.errors import DomainError
from cases.models import Right
from cases.stepping import act

from .rows import Hearing
from .rows_evidence import JoinedCase
from .stages import EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry


def heard_with_lead(row: Any) -> DomainError | None:
    """What is refused in a case that is heard with another: its hearing is planned there."""
    joined = row.joined_to()
    if joined is None:
        return None
    return DomainError(
        "heard_with_lead",
        _("本案与 %(number)s 案合并审理，口头审理在该案安排；需要单独安排的，请先办理“分案审理”。")
        % {"number": joined.other.number},
    )


def cannot_join(row: Any) -> DomainError | None:
    """What is refused in a case that is joined already, whether it leads or follows."""
    found = row.joinedcases.filter(to_on__isnull=True).select_related("other").first()
    if found is None:
        return None
    if found.leads:
        return DomainError("leads_already", _("本案是合并审理的主案，请在其他案件中办理“合并审理”。"))
    return DomainError(
        "joined_already", _("本案已与 %(number)s 案合并审理。") % {"number": found.other.number}
    )


def not_joined(row: Any) -> DomainError | None:
    """What is refused in a case that follows no other."""
    if row.joined_to() is not None:
        return None
    if row.members():
        return DomainError("leads_already", _("本案是主案，请在被合并的案件中办理“分案审理”。"))
    return DomainError("not_joined", _("本案没有与其他案件合并审理。"))


class JoinderActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=EXAMINED, label=_("合并审理"), rare=True, ready=cannot_join)
    def join(self: Any, entry: "Entry") -> None:
        """This case is heard with another of the same patent or between the same parties; that one leads."""
        lead = entry.data["lead"]
        why_not = self.cannot_lead(lead)
        if why_not is not None:
            raise why_not
        entry.save(JoinedCase(
            case=self.case, proceeding=self, other=lead, leads=False, from_on=entry.on, ground=entry.data["ground"],
        ))  # fmt: skip
        entry.note(with_number=lead.number)
        self._tell_joined(entry, "joinder_notice", [lead.number])
        entry.effect("case_joined", lead=lead.pk, member=self.pk, by=entry.by.pk)

    @act(label=_("并入合并审理的案件"), daily=False)
    def joined(self: Any, entry: "Entry") -> None:
        """Another case is heard with this one from now on. Nobody's: that case says so, through the outbox.

        Where this one meanwhile joined a third, neither can lead: the other is told that it stands alone again.
        """
        member = entry.data["member"]
        if self.joined_to() is not None or self.state not in EXAMINED:
            entry.note(turned_down=member.number)
            entry.effect("join_turned_down", lead=self.pk, member=member.pk, by=entry.by.pk)
            return
        entry.save(JoinedCase(
            case=self.case, proceeding=self, other=member, leads=True, from_on=entry.on, ground=entry.data["ground"],
        ))  # fmt: skip
        entry.note(with_number=member.number)
        numbers = [*(one.other.number for one in self.members()), member.number]
        self._tell_joined(entry, "joinder_notice", numbers)

    @act(open_in=EXAMINED, label=_("分案审理"), rare=True, ready=not_joined)
    def split(self: Any, entry: "Entry") -> None:
        """This case is heard on its own again; a hearing planned together is the other's alone, this one plans its own."""
        row, planned = self.joined_to(), self.planned_hearing()
        row.to_on = entry.on
        entry.save(row)
        entry.note(with_number=row.other.number)
        dropped = planned if planned is not None and planned.shared_with else None
        if dropped is not None:
            self.drop_hearing(entry)
        self._tell_joined(entry, "split_notice", [row.other.number], dropped)
        entry.effect("case_split", lead=row.other_id, member=self.pk, by=entry.by.pk)

    @act(label=_("分出合并审理的案件"), daily=False)
    def split_off(self: Any, entry: "Entry") -> None:
        """A case heard with this one is heard on its own, or could not be led here after all. Nobody's."""
        other = entry.data["other"]
        for row in self.joinedcases.filter(other=other, to_on__isnull=True):
            row.to_on = entry.on
            entry.save(row)
            self._without(entry, row)
            self._tell_joined(entry, "split_notice", [other.number])
        entry.note(with_number=other.number)

    @act(label=_("随主案安排口头审理"), daily=False)
    def share_hearing(self: Any, entry: "Entry") -> None:
        """The hearing of the case that leads is this one's, too; its own sides get a notice of their own. Nobody's."""
        hearing = entry.data["hearing"]
        joined = self.joined_to()
        if joined is None or joined.other_id != hearing.proceeding_id:
            raise DomainError("not_joined", _("本案没有与该案合并审理。"))
        notice = deadlines.due("T-14", hearing.day, filed=self.filed, calendar=office_calendar())
        entry.note(notice_by=notice.due)
        lead = joined.other
        numbers = [lead.number, *(one.other.number for one in lead.members() if one.other_id != self.pk)]
        self.put_hearing(entry, {name: getattr(hearing, name) for name in OF_HEARING}, numbers)

    def _without(self: Any, entry: "Entry", row: JoinedCase) -> None:
        """The hearing planned together goes on without the case that left; one that was to be led here drops its own."""
        planned = self.planned_hearing()
        if planned is None or row.other.number not in planned.shared_with.split("、"):
            return
        left = [number for number in planned.shared_with.split("、") if number != row.other.number]
        if not row.leads:
            self.drop_hearing(entry)
            return
        planned.shared_with = "、".join(left)
        entry.save(planned)

    def _tell_joined(
        self: Any, entry: "Entry", kind: str, numbers: list[str], dropped: Hearing | None = None
    ) -> None:
        """合并审理通知书 or 分案审理通知书 to both sides of this case, with the hearing that is not held."""
        basis = self.cite("joinder")
        if kind == "joinder_notice":
            entry.paper("joinder_notice", addressee=self.both_sides(), numbers=numbers, basis=basis)
        else:
            entry.paper(
                "split_notice", addressee=self.both_sides(), numbers=numbers, basis=basis,
                dropped=dropped.begins if dropped is not None else None,
            )  # fmt: skip

    # reading ---------------------------------------------------------------------------------------------------

    def joined_to(self: Any) -> JoinedCase | None:
        """The case that leads this one now."""
        rows = self.joinedcases.filter(leads=False, to_on__isnull=True).select_related("other")
        found: JoinedCase | None = rows.last()
        return found

    def members(self: Any) -> list[JoinedCase]:
        """The cases heard with this one now."""
        return list(self.joinedcases.filter(leads=True, to_on__isnull=True).select_related("other"))

    def cannot_lead(self: Any, lead: Any) -> DomainError | None:
        """Why this other adjudication cannot lead this one; None if it can."""
        if lead.pk == self.pk:
            return DomainError("itself", _("不能与本案自身合并，请核对案号。"))
        if lead.state not in EXAMINED:
            return DomainError(
                "not_examined", _("%(number)s 案不在审理中，不能合并审理。") % {"number": lead.number}
            )
        joined = lead.joined_to()
        if joined is not None:
            return DomainError(
                "leads_not",
                _("%(number)s 案已并入 %(lead)s 案合并审理，请填写主案的案号。")
                % {"number": lead.number, "lead": joined.other.number},
            )
        if lead.cite("joinder") != self.cite("joinder"):
            return DomainError("other_regime", _("两案立案时适用的办法不同，不能合并审理。"))
        if not (_patents(self) & _patents(lead)) and _sides(self) != _sides(lead):
            return DomainError(
                "nothing_shared",
                _("两案既不涉及同一专利，当事人也不相同，不能合并审理（%(source)s）。")
                % {"source": self.cite("joinder")},
            )
        return None


OF_HEARING = ("day", "time", "place", "mode", "is_public", "closed_ground")


def _patents(row: Any) -> set[str]:
    rights = row.case.rights.filter(kind__in=Right.PATENTS).exclude(number_key="")
    return set(rights.values_list("number_key", flat=True))


def _sides(row: Any) -> set[tuple[str, str]]:
    return {(party.role, party.name_key) for party in row.case.parties.all()}
