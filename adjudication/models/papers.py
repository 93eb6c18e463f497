"""What the papers of an adjudication state that follows from its measures, and the papers that go with a service.

The wording stands in the templates; here is who is told, under which article, and what has arrived.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from adjudication import regime
from cases import deadlines
from cases.documents.blocks import Addressee, from_json
from cases.documents.template import chinese_number
from cases.errors import DomainError
from cases.models import Document, Party
from cases.stepping import act

from .rows import Service
from .stages import EXAMINED, SERVED

if TYPE_CHECKING:
    from cases.entry import Entry

DEFENCE_NOTICE = "defence_notice"
ONCE = ("request", "ruling", "filing_refusal", "dismissal")  # a second service would start a period again
WAITING = (Document.State.ISSUED, Document.State.SEALED)


def served(document: Document) -> Document:
    """The paper has arrived; it never goes back but by taking back the act that said so."""
    document.state = Document.State.SERVED
    return document


def nothing_to_prove(row: Any) -> DomainError | None:
    """What is refused while every paper that arrived has its slip, or none has arrived."""
    if row.services.filter(served_on__isnull=False, proof__isnull=True).exists():
        return None
    return DomainError("nothing_to_prove", _("没有已登记送达、尚未收回送达回证的文书。"))


class ServicePapers:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in=SERVED, label=_("制作送达文书"))
    def make_out_service(self: Any, entry: "Entry") -> None:
        """送达回证 and, with the request, 答辩通知书, before anybody sets out; `serve` then says when it arrived."""
        data = entry.data
        self.refuse_second_service(data["party"], data["paper"])
        if self.made_out(data["party"], data["paper"]) is not None:
            raise DomainError(
                "already_made_out", _("该文书的送达回证已经制作，尚未登记送达；送达后请办理登记送达。")
            )
        row = Service(
            case=self.case, proceeding=self, party=data["party"], paper=data["paper"], method=data["method"],
            sent_on=entry.on,
        )  # fmt: skip
        entry.save(row)
        self.print_service(entry, row)

    @act(open_in=SERVED, label=_("收到送达回证"), ready=nothing_to_prove)
    def return_proof(self: Any, entry: "Entry") -> None:
        """送达回证 signed and back: its scan is kept with the service it proves."""
        row: Service = entry.data["service"]
        row.proof = entry.data["proof"]
        entry.save(row)

    # what is printed -------------------------------------------------------------------------------------------

    def print_service(self: Any, entry: "Entry", row: Service) -> None:
        """The notice that goes with a request, and the slip that comes back signed (law.md 6.2)."""
        if (
            row.paper == Service.Paper.REQUEST
            and row.party.role == Party.Role.RESPONDENT
            and self.state in EXAMINED
        ):
            self._print_defence_notice(entry, row.party)
        if row.method == Service.Method.PUBLIC_NOTICE:
            return  # nobody signs for a public notice
        data, party = entry.data, row.party
        entry.paper(
            "service_proof", addressee=party.name, way=str(row.get_method_display()),
            agent=self.agents_of(party, entry.on), service_address=self.where_served(party, row.method, entry.on),
            substitute=data.get("substitute") or "", relation=data.get("relation") or "",
            witness=data.get("witness") or "",
            papers=[{"name": name, "pages": "", "copies": "1"} for name in self._enclosed(entry, row)],
        )  # fmt: skip

    def where_served(self: Any, party: Party, method: str, on: date) -> str:
        """Where the paper goes: as the party confirmed it, before that as it is registered."""
        held = self.confirmation_of(party, on)
        if held is None:
            return party.service_address or party.address or ""
        if method == Service.Method.ELECTRONIC and held.electronic:
            return str(held.electronic_to)
        return "，".join(filter(None, [held.address, held.receiver]))

    def _enclosed(self: Any, entry: "Entry", row: Service) -> list[str]:
        if row.paper == Service.Paper.REQUEST:
            notice = [str(_("答辩通知书"))] if row.party.role == Party.Role.RESPONDENT else []
            return [*notice, str(_("请求书及其附件副本"))]
        return [entry.data.get("paper_name") or str(row.get_paper_display())]

    def _print_defence_notice(self: Any, entry: "Entry", party: Party) -> None:
        no_domicile = bool(entry.data.get("no_domicile"))
        if no_domicile and not deadlines.has_limit("T-07", self.filed):
            self.demand_new("defence", _("没有另行规定境外被请求人的答辩期限"))
        limit = deadlines.rule_of("T-07" if no_domicile else "T-06", self.filed)
        entry.paper(
            DEFENCE_NOTICE, respondent=party.name, defence_days=f"{chinese_number(limit.number or 0)}日",
            basis=self.cite("defence"), recent=regime.is_new(self.filed), panel=self.panel_names(),
            attachments=[str(_("请求书副本")), str(_("证据材料副本")), str(_("送达地址确认书"))],
        )  # fmt: skip

    def correction_words(self: Any) -> dict[str, Any]:
        """What a 补正通知书 cites; only the measures of 2025 say what follows if nothing is put right."""
        words = {"basis": self.cite("correction")}
        if not regime.is_new(self.filed):
            words["consequence"] = str(_("逾期未补正的，将依法作出是否立案的决定"))
        return words

    # what has arrived ------------------------------------------------------------------------------------------

    def refuse_second_service(self: Any, party: Party, paper: str) -> None:
        """A paper that starts a period is served on a party once."""
        under_way = Q(served_on__isnull=False) | Q(method=Service.Method.PUBLIC_NOTICE)
        if paper in ONCE and self.services.filter(under_way, party=party, paper=paper).exists():
            raise DomainError("already_served", _("该文书已登记向该当事人送达，不能重复登记。"))

    def made_out(self: Any, party: Party, paper: str) -> Service | None:
        """The service whose slip is made out and which has not arrived yet."""
        rows = self.services.filter(party=party, paper=paper, served_on__isnull=True)
        found: Service | None = rows.exclude(method=Service.Method.PUBLIC_NOTICE).last()
        return found

    def arrived(self: Any, row: Service, beside: Sequence[Service] = ()) -> list[Document]:
        """Papers of this kind that everyone they are addressed to has now; locked, since the worker writes them too.

        `beside`: services of the same paper written by the same call.
        """
        kind = DEFENCE_NOTICE if row.paper == Service.Paper.REQUEST else row.paper
        waiting = self.documents.select_for_update().filter(kind=kind, state__in=WAITING)
        return [document for document in waiting if self._everyone_has(document, [row, *beside])]

    def _everyone_has(self: Any, document: Document, just: list[Service]) -> bool:
        done = self.services.filter(paper=just[0].paper, served_on__gte=document.issued_on)
        has = set(done.values_list("party", flat=True))
        has |= {one.party_id for one in just if one.served_on and one.served_on >= document.issued_on}
        return {party.pk for party in self._addressees(document)} <= has

    def _addressees(self: Any, document: Document) -> list[Party]:
        """Whom the paper names under its title; a decision names nobody there and goes to every party."""
        named = {
            name
            for block in from_json(document.blocks)
            if isinstance(block, Addressee)
            for name in block.text.split("、")
        }
        parties = list(self.case.parties.all())
        return [party for party in parties if party.name in named] or parties
