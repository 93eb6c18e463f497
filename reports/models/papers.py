"""Papers of figures (通报、报告、会议材料): figures frozen, the draft written in Word, signed, issued.

The words are the drafter's; the tables and charts are the frozen figures and may not be changed on the way.
"""

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.documents.blocks import Block, Chart, Table, from_json
from cases.documents.template import load
from cases.errors import DomainError
from cases.kinds import kind
from cases.models import Document, Proceeding
from cases.models.matter import PAGE, Matter
from cases.models.papers import OUT
from cases.models.proceeding import BASE_STATES
from cases.stepping import act, step
from reports import periods
from reports.periods import Period
from stations.models import Body

from .frozen import Frozen

if TYPE_CHECKING:
    from cases.entry import Entry


@kind(
    "bulletin",
    label=_("通报与报告"),
    states={**BASE_STATES, "received": _("编制中"), "issued": _("已印发")},
    way=("received", "issued"),
    ends={"issued"},
    body=Body.Kind.BUREAU,
    page=PAGE,
)
class Bulletin(Matter, Proceeding):
    """One paper. `frozen` and `before` are its rounds of figures, `parts` the blocks laid out from them."""

    class Shape(models.TextChoices):
        BULLETIN = "bulletin", _("季度通报")
        REPORT = "report", _("知识产权发展保护报告")
        PACK = "pack", _("推动会材料")

    PAPERS = {Shape.BULLETIN: "bulletin", Shape.REPORT: "annual_report", Shape.PACK: "meeting_pack"}

    title = models.CharField(_("标题"), max_length=120)
    shape = models.CharField(_("类别"), max_length=10, choices=Shape.choices)
    period = models.CharField(_("期间"), max_length=30)
    letter_no = models.CharField(_("发文字号"), max_length=60, blank=True)
    addressee = models.CharField(_("主送"), max_length=200, blank=True)
    copies_to = models.CharField(_("抄送"), max_length=200, blank=True)
    decisions = models.TextField(_("上次会议议定事项"), blank=True)
    as_of = models.DateField(_("数据截至"), null=True, blank=True)
    frozen = models.ForeignKey(Frozen, models.PROTECT, null=True, related_name="+")
    before = models.ForeignKey(Frozen, models.PROTECT, null=True, related_name="+")
    parts = models.TextField(blank=True)

    body_kind = Body.Kind.BUREAU
    listed = {"shape": _("类别"), "period": _("期间"), "as_of": _("数据截至")}
    related = ("frozen",)
    first_acts = ("take_figures", "draft_paper")

    class Meta:
        verbose_name = verbose_name_plural = _("通报与报告")

    @property
    def of_period(self) -> Period:
        return periods.parse(self.period)

    @property
    def template(self) -> str:
        """The paper that is drafted from it."""
        return self.PAPERS[self.Shape(self.shape)]

    def blocks(self) -> list[Block]:
        """The sections as laid out when the figures were frozen."""
        return from_json(self.parts) if self.parts else []

    def papers_out(self) -> "models.QuerySet[Document]":
        return self.documents.filter(kind=self.template, state__in=OUT)

    def unsigned(self) -> DomainError | None:
        """Nothing is issued before its paper is signed."""
        if self.papers_out().exists():
            return None
        return DomainError("not_signed", _("文稿尚未签发，请先“签发文书”。"))

    def signed(self) -> DomainError | None:
        """A signed paper keeps its figures."""
        if self.papers_out().exists():
            return DomainError("signed", _("文稿已经签发，数据不再更换。"))
        return None

    def paper_data(self, kind: str) -> dict[str, Any]:
        """What its paper takes from it. Refused for another paper, and before figures are frozen."""
        if kind != self.template:
            raise DomainError(
                "other_paper", _("本事项拟制的文书是“%(title)s”。") % {"title": load(self.template).title}
            )
        if not self.parts:
            raise DomainError("no_figures", _("请先“冻结数据”；数据正在冻结的，请稍后刷新。"))
        is_report = self.shape == self.Shape.REPORT
        return {
            "paper_title": self.title.replace("（", "\n（", 1) if is_report else self.title,
            "letter_no": self.letter_no, "addressee": self.addressee, "copies_to": self.copies_to,
            "parts": json.loads(self.parts),
        }  # fmt: skip

    def issued(self, entry: "Entry", document: Document) -> None:
        """The tables and charts of a signed paper are the frozen figures, whatever the word processor did."""
        if document.state != Document.State.ISSUED or document.kind != self.template:
            return
        kept = {_numbers(block) for block in from_json(document.blocks) if isinstance(block, Table | Chart)}
        lost = [
            block
            for block in self.blocks()
            if isinstance(block, Table | Chart) and _numbers(block) not in kept
        ]
        if lost:
            names = "、".join(one.title if isinstance(one, Chart) else one.rows[0][0] for one in lost)
            raise DomainError(
                "figures_changed",
                _("文稿中的数据与冻结数据不一致，请恢复下列表格后重新收回：%(names)s（所在的表）。")
                % {"names": names},
            )

    # acts --------------------------------------------------------------------------------------------------

    @act(open_in="received", label=_("冻结数据"), ready=lambda row: row.signed())
    def take_figures(self, entry: "Entry") -> None:
        """冻结数据：按截至日期固定本期和上年同期的全部指标；重新冻结的，原批次仍然保留。"""
        self.as_of, self.frozen, self.before, self.parts = entry.data["as_of"], None, None, ""
        entry.note(as_of=self.as_of)
        entry.effect("freeze_bulletin", proceeding=self.pk, by=entry.by.pk)

    @step(source="received", target="issued", label=_("印发"), ready=lambda row: row.unsigned())
    def issue(self, entry: "Entry") -> None:
        """印发：登记印发日期和主送、抄送范围。"""
        entry.fact("bulletin_issued", value=self.shape)
        entry.note(frozen=self.frozen_id, digest=self.frozen.hash if self.frozen else "")


def _numbers(block: Table | Chart) -> tuple[Any, ...]:
    """What a table or chart says, whatever it looks like."""
    said = block.series if isinstance(block, Chart) else block.rows
    heads = block.labels if isinstance(block, Chart) else block.columns
    return tuple(tuple(_plain(cell) for cell in row) for row in (heads, *said))


def _plain(text: str) -> str:
    return "".join(text.split())
