"""行政裁决书稿: sections saved one revision after another, as blocks or from Word; of the closed volume (law.md 6.2).

The sections are the truth; the draft that is printed and edited in Word is made from them, and read back into them.
"""

import json
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from adjudication import catalogue, regime, ruling_text
from cases import drafting
from cases.documents import making
from cases.documents.template import chinese_date, compose
from cases.errors import Conflict, DomainError, VersionMissing
from cases.models import Document, Event
from cases.stepping import act

from .rows_decision import RulingDraft
from .ruling import Ruling

if TYPE_CHECKING:
    from cases.entry import Entry


def no_ruling_draft(row: Any) -> DomainError | None:
    """Why nothing comes back from Word before there is a draft."""
    if row.ruling_paper() is not None:
        return None
    return DomainError("no_ruling_draft", _("还没有行政裁决书稿，请先“拟写裁决书稿”。"))


class RulingDraftActs:
    """Mixin of `Adjudication`; `self` is the locked row."""

    @act(open_in="deliberating", label=_("拟写裁决书稿"))
    def draft_ruling(self: Any, entry: "Entry") -> None:
        """拟写裁决书稿：分部分保存，可以不完整；合议组成员都可以修改，签发时从最后一稿开始。"""
        last: RulingDraft | None = self.rulingdrafts.last()
        seen = entry.data["revision"]
        if last is not None and seen is None:
            raise VersionMissing("revision_missing", _("请求缺少稿次（revision），请先读取最新的裁决书稿。"))
        if last is not None and seen != last.revision:
            raise Conflict(
                "stale_revision",
                _("裁决书稿刚刚被其他成员修改为第%(n)s稿，请刷新后再修改；您填写的内容没有丢失。")
                % {"n": last.revision},
                revision=last.revision,
            )
        self._keep_draft(entry, ruling_text.plain(entry.data))

    @act(open_in="deliberating", label=_("收回裁决书修改稿"), ready=no_ruling_draft)
    def bring_back_ruling(self: Any, entry: "Entry") -> None:
        """收回裁决书修改稿：用 WPS 或者 Word 修改的裁决书稿按部分收回，缺少的内容逐一列明。"""
        evidence = entry.data["file"]
        evidence.title = str(_("行政裁决书修改稿（第%(n)s稿）") % {"n": entry.data["draft"].revision + 1})
        evidence.audience, evidence.proceeding = "sealed", self
        entry.save(evidence)
        sections = ruling_text.sections_of(
            entry.data["blocks"], self.draft_sections() or {}, self.ruling_case()
        )
        self._keep_draft(entry, sections, file=evidence)
        entry.note(file=evidence.pk, dropped=entry.data["dropped"])

    def _keep_draft(self: Any, entry: "Entry", sections: dict[str, Any], file: Any = None) -> None:
        """The next revision, and the paper that is printed from it."""
        entry.audience = Event.Audience.SEALED
        last, paper = self.rulingdrafts.last(), self.ruling_paper()
        draft = RulingDraft(
            case=self.case, proceeding=self, audience="sealed", revision=(last.revision if last else 0) + 1,
            sections=json.dumps(sections, ensure_ascii=False, sort_keys=True), by=entry.by, on=entry.on, file=file,
        )  # fmt: skip
        entry.save(draft)
        entry.note(revision=draft.revision)
        said = {**sections, "findings": sections.get("findings") or self._deliberated()}
        data = {**ruling_text.paper_of(said, self.ruling_case()), **self._signed_by()}
        if paper is None:
            entry.paper(Ruling.PAPER, how=drafting.NewDraft(sealed=True), **data)
        else:  # what it still lacks is named in its place
            filled = {**making.context(self.case, self, entry, self.body), **data}
            blocks = compose(Ruling.PAPER, filled, gap=drafting.named)
            entry.paper(Ruling.PAPER, how=drafting.Revised(paper, tuple(blocks)))

    def _lay_drafts_aside(self: Any, entry: "Entry") -> None:
        """The case has ended: what was drafted stays in the closed volume and is no longer open."""
        document = self.ruling_paper()
        if document is not None:
            document.state = Document.State.VOID
            entry.save(document)

    def _take_drafts_up(self: Any, entry: "Entry") -> None:
        """The end is undone: its draft is one again."""
        for document in entry.rows_of(entry.undone) if entry.undone is not None else ():
            if isinstance(document, Document) and document.kind == Ruling.PAPER and document.revision:
                document.state = Document.State.DRAFT
                entry.save(document)

    # reading ---------------------------------------------------------------------------------------------------

    def ruling_paper(self: Any) -> Document | None:
        """The draft as a paper, while there is one."""
        found: Document | None = self.documents.filter(kind=Ruling.PAPER, state=Document.State.DRAFT).first()
        return found

    def draft_sections(self: Any) -> dict[str, Any] | None:
        """What the last draft says."""
        last = self.rulingdrafts.last()
        return dict(json.loads(last.sections)) if last is not None else None

    def first_sections(self: Any) -> dict[str, Any]:
        """What a draft begins with before anybody wrote one: what the case and the deliberation already say."""
        found: dict[str, Any] = {"procedure": self._told(), "basis": self._basis()}
        last = self.deliberations.last()
        if last is None:
            return found
        rows = self._deliberated()
        found |= {"outcome": last.conclusion, "orders": catalogue.orders_for(rows)}
        if any(row["outcome"] != "not_established" and not row["acts"] for row in rows):
            return found  # the whole was voted on, not each claim: the form need not ask again
        return {**found, "findings": rows}

    def _deliberated(self: Any) -> list[dict[str, Any]]:
        """The findings of the last deliberation as the form has them."""
        last = self.deliberations.last()
        return [
            {"respondent": one.respondent_id, "claim": one.claim, "outcome": one.outcome,
             "acts": [code for code in one.acts.split(",") if code]}
            for one in (last.findings.all() if last is not None else ())
        ]  # fmt: skip

    def _told(self: Any) -> str:
        """案件来源和办理经过, as far as the record tells it."""
        case = self.ruling_case()
        told = [
            f"请求人{case.requester}就与被请求人{'、'.join(case.respondents.values())}专利侵权纠纷，"
            f"于{chinese_date(self.received_on)}向本局提出处理请求。"
        ]
        if self.accepted_on:
            told.append(f"本局于{chinese_date(self.accepted_on)}立案，依法组成合议组")
            held = self.hearings.filter(held_on__isnull=False, dropped=False).order_by("held_on")
            told += [
                f"，于{chinese_date(one.held_on)}{'公开' if one.is_public else '不公开'}进行口头审理"
                for one in held
            ]
            told.append("。")
        return "".join([*told, "本案现已审理终结。"])

    def _basis(self: Any) -> str:
        return f"{regime.patent_law(self.filed)}、{self.cite('measures')}"
