"""追加被请求人、第三人: asked before the oral hearing, decided by the panel (办法第二十四条, T-17)."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.documents.template import chinese_number
from cases.errors import DomainError
from cases.identifiers import name_key
from cases.models import Party
from cases.stepping import act

from .rows_evidence import Addition
from .stages import EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry

OLD_SILENT = _("没有追加被请求人、第三人的规定")
DETAILS = ("kind", "legal_representative", "id_number", "phone", "address")


def none_asked(row: Any) -> DomainError | None:
    """What is refused while no addition waits for its decision."""
    if row.additions.filter(decided_on__isnull=True).exists():
        return None
    return DomainError("no_addition", _("没有尚未决定的追加请求，请先登记追加当事人的请求。"))


class AdditionActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=EXAMINED, label=_("收到追加当事人的请求"), rare=True, undoable=True)
    def ask_addition(self: Any, entry: "Entry") -> None:
        """A party, or the one to be added, asks; after the hearing it is too late (T-17)."""
        data = entry.data
        self.demand_new("addition", OLD_SILENT)
        held = self.hearings.filter(held_on__lte=entry.on, dropped=False).first()
        if held is not None:
            raise DomainError(
                "hearing_held",
                _("追加当事人应当在口头审理前提出（%(source)s），本案已于 %(day)s 进行口头审理，不予支持。")
                % {"source": self.cite("addition"), "day": held.held_on},
            )
        key = name_key(data["name"])
        asked = self.additions.filter(decided_on__isnull=True).values_list("name", flat=True)
        if self.case.parties.filter(name_key=key).exists() or key in map(name_key, asked):
            raise DomainError(
                "already_party",
                _("“%(name)s”已经是本案当事人，或者已有尚未决定的追加请求。") % {"name": data["name"]},
            )
        entry.save(
            Addition(
                case=self.case,
                proceeding=self,
                role=data["role"],
                name=data["name"],
                asked_by=data["asked_by"],
                asked_on=entry.on,
                reason=data["reason"],
            )
        )

    @act(open_in=EXAMINED, label=_("决定追加当事人"), rare=True, ready=none_asked)
    def decide_addition(self: Any, entry: "Entry") -> None:
        """Granted, the party joins the case; a respondent is served like the first and has its own days to answer."""
        data = entry.data
        row: Addition = data["addition"]
        if entry.on < row.asked_on:
            raise DomainError("date_order", _("决定日期不能早于提出日期 %(day)s。") % {"day": row.asked_on})
        row.decided_on, row.granted = entry.on, data["granted"]
        told = self.both_sides()
        if row.granted:
            party = Party(case=self.case, role=row.role, name=row.name, position=self.case.parties.count())
            for name in DETAILS:
                setattr(party, name, data[name])
            party.refresh_keys()
            entry.save(party)
            row.party = party
            told.append(party.name)
            if row.role == Party.Role.RESPONDENT:
                entry.start("T-05")
        entry.save(row)
        entry.paper(
            "addition_notice", addressee=told, added=row.name, asked_on=row.asked_on,
            role=str(Party(role=row.role).role_before_judge), asked_by=row.asked_by.name if row.asked_by else row.name,
            reason=data["reason"], granted=row.granted, refused=not row.granted,
            as_respondent=row.granted and row.role == Party.Role.RESPONDENT, basis=self.cite("addition"),
            copies=f"{chinese_number(len(told) + 1)}份",
        )  # fmt: skip
