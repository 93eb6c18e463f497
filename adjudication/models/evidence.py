"""Evidence handed in by list, and what the other side says of it (办法第五十四条, law.md 6.2)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.models import Party
from cases.stepping import act

from .rows_evidence import CrossExamination, EvidenceItem
from .stages import EXAMINED

if TYPE_CHECKING:
    from cases.entry import Entry


def no_evidence(row: Any) -> DomainError | None:
    """What is refused while no evidence has been listed."""
    if row.evidenceitems.exists():
        return None
    return DomainError("no_evidence", _("本案尚未登记证据，请先登记证据材料清单。"))


class EvidenceActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=EXAMINED, label=_("登记证据材料清单"), undoable=True)
    def list_evidence(self: Any, entry: "Entry") -> None:
        """证据材料清单 of one party, numbered on from what it handed in before; late evidence is taken and marked."""
        party, lines = entry.data["party"], entry.data["items"]
        last = self.evidenceitems.filter(party=party).order_by("number").last()
        late = self.evidence_late(party, entry.on)
        rows = [
            EvidenceItem(
                case=self.case, proceeding=self, party=party, number=number, submitted_on=entry.on, late=late,
                title=line["title"], proves=line["proves"], pages=line["pages"], original=bool(line["original"]),
                file=line["file"], note=line["note"],
            )
            for number, line in enumerate(lines, start=last.number + 1 if last is not None else 1)
        ]  # fmt: skip
        for row in rows:
            entry.save(row)
        entry.note(count=len(rows), late=late or None)
        entry.paper(
            "evidence_list", party=party.name, received_on=entry.on, late=late,
            evidence=[
                {
                    "number": str(row.number), "name": row.title, "proves": row.proves, "pages": str(row.pages or ""),
                    "note": "；".join(
                        filter(None, [str(_("原件") if row.original else _("复印件")), row.note])
                    ),
                }
                for row in rows
            ],
        )  # fmt: skip

    @act(open_in=EXAMINED, label=_("登记质证意见"), undoable=True, ready=no_evidence)
    def cross_examine(self: Any, entry: "Entry") -> None:
        """质证: one side on the evidence of others, item by item: genuine, lawful, relevant. What is said later holds."""
        party = entry.data["party"]
        for line in entry.data["items"]:
            item = line["item"]
            if item.party_id == party.pk:
                raise DomainError(
                    "own_evidence",
                    _("“%(item)s”是该当事人自己提交的证据，由其他当事人质证，请重新选择。") % {"item": item},
                )
            entry.save(
                CrossExamination(
                    case=self.case,
                    proceeding=self,
                    party=party,
                    item=item,
                    on=entry.on,
                    authenticity=line["authenticity"],
                    legality=line["legality"],
                    relevance=line["relevance"],
                    words=line["words"],
                )
            )

    # what others ask -------------------------------------------------------------------------------------------

    def evidence_late(self: Any, party: Party, on: date) -> bool:
        """Has this party's period for evidence run out? Where none was set, nothing is late (T-13)."""
        limits = self.deadlines.filter(rule="T-13", cancelled=False).order_by("due_on")
        held = [one for one in limits if one.subject in ("", f"party:{party.pk}")]
        return bool(held) and on > held[-1].due_on
