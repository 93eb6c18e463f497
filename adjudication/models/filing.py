"""Acts and steps up to filing: correction once, the five conditions, refusal, withdrawal, hand-over (办法第十二条至第二十条)."""

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import regime, register
from cases.errors import DomainError
from cases.models import Party, Right
from cases.readiness import begun_not, runs
from cases.stepping import act, step

from .examining import ATTACHMENTS
from .panel import panel_lines, team_of
from .rows_request import Examination
from .ruling import Ruling
from .stages import NOTHING_TO_EXTEND

if TYPE_CHECKING:
    from cases.entry import Entry

EXAMINED_FIELDS = (
    "standing", "licence_ground", "competence", "knew_on", "continuing", "earlier_body", "earlier_on", "copies",
)  # fmt: skip


def no_patent_number(row: Any) -> DomainError | None:
    """What is refused while there is no patent to compare."""
    if row.case.rights.filter(kind__in=Right.PATENTS).exclude(number_key="").exists():
        return None
    return DomainError("no_patent", _("本案没有登记专利号，请先补充。"))


class FilingActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(
        open_in="received",
        label=_("通知补正"),
        ready=begun_not(
            "T-01", code="corrected_once", words=_("补正应当一次性告知全部内容，本案已发出补正通知书。")
        ),
    )
    def ask_correction(self: Any, entry: "Entry") -> None:
        """补正: told once, in writing and in full; the officer sets the period (办法第十六条)."""
        if self.deadlines.filter(rule="T-01", cancelled=False).exists():
            raise DomainError("corrected_once", _("补正应当一次性告知全部内容，本案已发出补正通知书。"))
        entry.start("T-01", due=entry.data["due_on"])
        entry.paper("correction_notice", matter=str(_("专利侵权纠纷处理请求")), due_on=entry.data["due_on"],
                    defects=[row["text"] for row in entry.data["defects"]], **self.correction_words())  # fmt: skip

    @act(
        open_in="received",
        label=_("收到补正材料"),
        ready=runs("T-01", code="nothing_to_correct", words=_("本案没有发出补正通知，无需登记补正。")),
    )
    def receive_correction(self: Any, entry: "Entry") -> None:
        """The complete set is in: the five working days for filing run from this day (T-02)."""
        if not self.open_deadline("T-01"):
            raise DomainError("nothing_to_correct", _("本案没有发出补正通知，无需登记补正。"))
        entry.finish("T-01")
        entry.finish("T-02")
        entry.start("T-02")

    @act(
        open_in="received",
        label=_("延长立案审查期限"),
        ready=runs("T-02", code="nothing_to_extend", words=NOTHING_TO_EXTEND),
    )
    def extend_filing(self: Any, entry: "Entry") -> None:
        """Up to five working days more, for a very complex or special case (办法第二十条); not before 2025."""
        self.demand_new("filing", _("立案审查期限不能延长"))
        entry.extend("T-02", entry.data["amount"])

    @step(source="received", target="filed", label=_("立案"))
    def file(self: Any, entry: "Entry") -> None:
        """立案: the five conditions hold, the panel is named at the same time, the requester is told (办法第二十条)."""
        data = entry.data
        self.accepted_on = entry.on
        patent = self._require_filable(data)
        self.claim_count, self.claims_relied = data["claim_count"], data["claims_relied"]
        self.refiled_of = data["refiled_of"]
        self.tell_original(entry, self.refiled_of_id)
        entry.save(self._examined(entry))
        self.handler = data.get("handler") or entry.by
        team = team_of(data)
        entry.join(self.handler, self.handler_capacity)
        for user, capacity in sorted(team, key=lambda one: one[0].pk):
            entry.join(user, capacity)
        entry.number("adjudication")
        entry.fact("accepted", value=patent.kind)
        entry.finish("T-01")
        entry.finish("T-02")
        entry.start("T-05")
        entry.start("T-18")
        entry.paper(
            "filing_notice", panel=panel_lines(team), handler=self.handler.display_name,
            conditions=self.cite("conditions"), basis=self.cite("filing"), patent_law=regime.patent_law(self.filed),
            recent=regime.is_new(self.filed),
        )  # fmt: skip
        answering = self.case.parties.exclude(role=Party.Role.APPLICANT)
        self.tell_panel(entry, team, [party.name for party in answering])
        register.line(entry, None, "pending", entry.on)

    def _examined(self: Any, entry: "Entry") -> Examination:
        """What was found on the request, as it stands on this day (办法第十二条至第十九条)."""
        data = entry.data
        belongs = set(ATTACHMENTS)
        if data["standing"] in ("", Examination.Standing.PATENTEE):
            belongs.discard("interest")
        return Examination(
            case=self.case, proceeding=self, on=entry.on, attachments=json.dumps(sorted(belongs - {*data["lacking"]})),
            **{name: data[name] for name in EXAMINED_FIELDS},
        )  # fmt: skip

    def take_back_examination(self: Any, entry: "Entry") -> None:
        """The step that examined the request is undone: what it found no longer stands."""
        for row in entry.rows_of(entry.undone) if entry.undone is not None else ():
            if isinstance(row, Examination):
                row.cancelled = True
                entry.save(row)

    def tell_original(self: Any, entry: "Entry", original: int | None) -> None:
        """The ruling of the case whose request is made again says so on its public page (先行裁驳、另行请求)."""
        for ruling in Ruling.objects.filter(adjudications=original, void=False):
            entry.effect("refresh_ruling_status", ruling=ruling.pk)

    def _require_filable(self: Any, data: Any) -> Right:
        """What filing demands of the case itself; the conditions are the form's."""
        parties = list(self.case.parties.all())
        requester = next((p for p in parties if p.role == Party.Role.APPLICANT), None)
        patent: Right | None = self.case.rights.filter(kind__in=Right.PATENTS).first()
        missing = []
        if (
            requester is None
            or not requester.id_number
            or not (requester.address or requester.service_address)
        ):
            missing.append(_("请求人及其证件号、地址"))
        if not any(p.role == Party.Role.RESPONDENT for p in parties):
            missing.append(_("被请求人"))
        if patent is None or not patent.number:
            missing.append(_("专利号"))
        if missing or patent is None:
            names = "、".join(str(m) for m in missing)
            raise DomainError(
                "incomplete", _("立案前请补充：%(names)s（在案件信息中更正）。") % {"names": names}
            )
        if regime.is_new(self.filed) and patent.kind != Right.Kind.DESIGN and not data["claim_count"]:
            raise DomainError(
                "claim_count_missing",
                _("请填写专利的权利要求项数；有两项以上的，须写明作为依据的权利要求（%(source)s）。")
                % {"source": self.cite("claims")},
            )
        return patent

    @step(source="received", target="refused", label=_("不予立案"), grave=True)
    def refuse(self: Any, entry: "Entry") -> None:
        """不予立案, with every reason; no number is taken."""
        coded = self.grounds_in_words(entry.data["grounds"])
        entry.fact("refused", value="refused")
        entry.save(self._examined(entry))
        self._end(entry, "refused")
        entry.paper(
            "filing_refusal", reasons=[*coded, *(row["text"] for row in entry.data["reasons"])],
            measures=regime.measures(self.filed), basis=self.cite("refusal"),
        )  # fmt: skip

    @step(source="received", target="withdrawn_before", label=_("立案前撤回"), grave=True)
    def withdraw_before(self: Any, entry: "Entry") -> None:
        """The requester takes the request back before filing; its agent only with the power to (办法第十七条)."""
        self.require_power(entry.data["by_agent"], "withdraw", entry.on)
        self._end(entry, "withdrawn")

    @step(source=["received", "filed", "deliberating"], target="transferred", label=_("移送管辖"), grave=True)
    def transfer(self: Any, entry: "Entry") -> None:
        """移送: another department is competent; the files go there with a letter."""
        data = entry.data
        self._end(entry, "transferred")
        entry.paper(
            "transfer_letter", letter_no=data["letter_no"], addressee=data["to"], ground=data["reason"],
            office=data["office"], attachments=[row["text"] for row in data["attachments"]],
        )  # fmt: skip

    @act(open_in="filed", label=_("认定重复侵权"), rare=True, undoable=True, ready=no_patent_number)
    def find_repeat(self: Any, entry: "Entry") -> None:
        """重复侵权：对同一被请求人、同一专利已有认定侵权成立的生效裁决，可以直接责令停止（办法第三十四条）。"""
        self.demand_new("repeat", _("没有对重复侵权直接责令停止的规定"))
        self.repeats = entry.data["ruling"]
