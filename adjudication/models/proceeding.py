"""The adjudication: from request to its closing form (办法第三十条). Its acts stand in the modules beside this one."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from adjudication import regime, register
from cases.entry import last_changes
from cases.errors import DomainError
from cases.kinds import kind
from cases.models import Document, Event, Proceeding
from cases.models.proceeding import BASE_STATES
from stations.models import Body

from . import taking_back
from .additions import AdditionActs
from .after_ruling import AfterRulingActs
from .assisting import AssistingActs
from .changing import ChangingActs
from .checking import CheckingActs
from .deciding import DecidingActs
from .ending import DISMISSALS, OUTCOMES, EndingActs
from .evidence import EvidenceActs
from .examining import ExaminingActs
from .exchange import ExchangeActs
from .filing import FilingActs
from .hearing import HearingActs
from .inspecting import InspectingActs
from .joinder import JoinderActs
from .major import MajorActs
from .mandates import MandateActs
from .panel import PanelActs, panel_lines
from .papers import DEFENCE_NOTICE, served
from .rows import Service
from .ruling import Outcome, Ruling
from .ruling_drafts import RulingDraftActs
from .service import ServiceActs
from .timing import TimingActs

if TYPE_CHECKING:
    from cases.entry import Entry


@kind(
    "adjudication",
    label=_("行政裁决"),
    states={
        **BASE_STATES,
        "received": _("立案审查"),
        "filed": _("审理中"),
        "deliberating": _("合议待裁决"),
        "ruled": _("已裁决"),
        "settled": _("调解结案"),
        "dismissed": _("已撤销案件"),
        "refused": _("不予立案"),
        "withdrawn_before": _("立案前撤回"),
        "transferred": _("已移送"),
    },
    way=("received", "filed", "deliberating", "ruled"),
    ends={"ruled", "settled", "dismissed", "refused", "withdrawn_before", "transferred"},
    accepting="file",
    judging=True,
    opens_from_case=True,
    outcomes=OUTCOMES,
    outcomes_of={
        "ruled": ("ruled_established", "ruled_partly", "ruled_not_established"),
        "settled": ("mediated",),
        "dismissed": ("dismissed",),
        "refused": ("refused",),
        "withdrawn_before": ("withdrawn",),
        "transferred": ("transferred",),
    },
    history={
        "裁决侵权成立": ("ruled", "ruled_established"),
        "裁决部分成立": ("ruled", "ruled_partly"),
        "裁决侵权不成立": ("ruled", "ruled_not_established"),
        "调解结案": ("settled", "mediated"),
        "撤销案件": ("dismissed", "dismissed"),
        "不予立案": ("refused", "refused"),
        "撤回": ("withdrawn_before", "withdrawn"),
        "移送": ("transferred", "transferred"),
    },
    body=Body.Kind.BUREAU,
)
class Adjudication(  # type: ignore[misc]
    AfterRulingActs,
    ChangingActs,
    CheckingActs,
    EndingActs,
    DecidingActs,
    RulingDraftActs,
    TimingActs,
    AssistingActs,
    HearingActs,
    JoinderActs,
    PanelActs,
    AdditionActs,
    InspectingActs,
    EvidenceActs,
    ExchangeActs,
    ServiceActs,
    MandateActs,
    MajorActs,
    ExaminingActs,
    FilingActs,
    Proceeding,
):
    """A request that the bureau decide whether a patent is infringed (专利法第六十五条)."""

    claim_count = models.PositiveSmallIntegerField(_("权利要求项数"), null=True, blank=True)
    claims_relied = models.CharField(_("作为依据的权利要求"), max_length=200, blank=True)
    refiled_of = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="refiled",
        verbose_name=_("另行请求的原案"),
    )
    repeats = models.ForeignKey(
        Ruling,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="repeated",
        verbose_name=_("重复侵权的原裁决"),
    )  # 办法第三十四条

    body_kind = Body.Kind.BUREAU
    handler_capacity = "case_officer"
    first_acts = (
        "draft_ruling", "bring_back_ruling", "record_deliberation", "record_hearing", "plan_hearing",
        "record_suit", "correct_ruling",
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = _("行政裁决")

    def begin(self, entry: "Entry") -> None:
        entry.fact("applied", value="adjudication")
        entry.start("T-02")

    # what the door asks ----------------------------------------------------------------------------------------

    def undone(self, entry: "Entry", name: str) -> None:
        """Undoing filing voids the number in the register; undoing an end makes it pending again.

        Undoing 作废 makes its rulings and the register's last word before it hold again.
        """
        undone = last_changes(entry.undone) if name == "file" and entry.undone else {}
        number = undone["number"][1] if undone else self.number
        if name == "file":
            register.line(entry, number, "void", entry.on)
            self.tell_original(entry, undone.get("refiled_of", [None])[-1])
        elif name == "sign_ruling" or (name in ("close_mediated", "dismiss", "transfer") and number):
            register.line(entry, number, "pending", entry.on)
        if name in ("file", "refuse"):
            self.take_back_examination(entry)
        if name == "sign_ruling":
            self._refuse_if_relied_on()
            self._void_rulings(entry)
        if name in ("sign_ruling", "close_mediated", "dismiss", "transfer"):
            self._take_drafts_up(entry)
        if name == "void" and entry.undone is not None:
            for ruling in entry.rows_of(entry.undone):
                if isinstance(ruling, Ruling):
                    ruling.void = False
                    entry.save(ruling)
            held = register.line_before(self.number, "void") if self.number else None
            if held is not None:
                register.line(
                    entry, self.number, held.status, entry.on, held.due_on, held.ground, held.digest
                )

    def act_undone(self, entry: "Entry", event: Event) -> None:
        """Marks the rows of an undone act; those an earlier act made stand again as that one left them."""
        for row in entry.rows_of(event):
            taking_back.take_back(self, row, event)
            entry.save(row)
            if isinstance(row, Service) and row.paper == Service.Paper.RULING:
                for ruling in self.rulings.filter(void=False):
                    entry.effect("refresh_ruling_status", ruling=ruling.pk)

    def voided(self, entry: "Entry") -> None:
        self._void_rulings(entry)
        self.tell_original(entry, self.refiled_of_id)
        if self.number:
            register.line(entry, self.number, "void", entry.on)

    def corrected(self, entry: "Entry", column: str) -> None:
        """Day and result of a signed ruling are what its paper says."""
        if column in ("closed_on", "outcome") and self.rulings.filter(void=False).exists():
            raise DomainError(
                "ruling_signed", _("裁决日期和结果以签发的裁决书为准；确有错误的，请撤回签发后重新办理。")
            )

    def _refuse_if_relied_on(self) -> None:
        if self.rulings.filter(void=False, changes__isnull=False).exists():
            raise DomainError("built_upon", _("本案裁决已经变更或者撤销，不能再撤回签发。"))
        under_way = Q(served_on__isnull=False) | Q(method=Service.Method.PUBLIC_NOTICE)
        if self.services.filter(under_way, paper=Service.Paper.RULING).exists():
            raise DomainError(
                "built_upon", _("裁决书已经登记送达，不能撤回签发；登记有误的，请先撤回送达，再撤回签发。")
            )

    def _void_rulings(self, entry: "Entry") -> None:
        for ruling in self.rulings.filter(void=False):
            ruling.void = True
            entry.save(ruling)

    def issued(self, entry: "Entry", document: Document) -> None:
        """The ruling keeps hold of its signed paper."""
        if entry.name == "sign_ruling" and document.kind == Ruling.PAPER:
            ruling = self.current_ruling()
            ruling.document = document
            ruling.save(update_fields=["document"])
        elif entry.name == "change_ruling" and document.kind in Ruling.LATER_PAPERS.values():
            change = self.rulings.filter(void=False, changes__isnull=False).first()
            change.document = document
            change.save(update_fields=["document"])
        elif entry.name in ("serve", "serve_all") and document.kind == DEFENCE_NOTICE:
            self._arrived_with_its_service(entry, document)

    def _arrived_with_its_service(self, entry: "Entry", document: Document) -> None:
        """A notice that its own service brought along is served with it; made out before, `arrived` sees to it."""
        brought = [row for row in entry.rows if isinstance(row, Service) and row.served_on]
        if any(document in self.arrived(row) for row in brought):
            served(document).save(update_fields=["state"])

    # reading ---------------------------------------------------------------------------------------------------

    @property
    def filed(self) -> date:
        """The day that chooses the measures: of filing, before it of the request."""
        day = self.accepted_on or self.received_on
        if day is None:
            raise DomainError("no_date", _("本案没有收到日期，无法计算期限，请先更正。"))
        return day

    def cite(self, subject: str) -> str:
        """The measures that govern this case, with the article on a subject."""
        return regime.cite(subject, self.filed)

    def demand_new(self, subject: str, words: Any) -> None:
        """Refuse what only the measures of 2025 know, with the article."""
        if not regime.is_new(self.filed):
            raise DomainError(
                "other_regime",
                _("本案适用%(old)s：%(words)s；该规定见%(new)s，适用于 2025 年 2 月 1 日以后立案的案件。")
                % {"old": regime.OLD, "words": words, "new": regime.cite(subject, regime.CHANGED_ON)},
            )

    def current_ruling(self) -> Ruling:
        """The ruling as signed, whatever changed it later. Raises `no_ruling` for history that was brought in without one."""
        found: Ruling | None = self.rulings.filter(void=False, changes__isnull=True).first()
        if found is None:
            raise DomainError("no_ruling", _("本案没有在本系统签发的裁决书。"))
        return found

    def _panel_lines(self) -> list[dict[str, str]]:
        return panel_lines([(part.user, part.capacity) for part in self.team()])


__all__ = ["DISMISSALS", "OUTCOMES", "Adjudication", "Outcome"]
