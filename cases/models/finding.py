"""网格巡查发现: what a patrol has seen, checked as a lead, then handed on as a tip, a transfer or an assistance case."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import codes
from cases.kinds import kind
from cases.stepping import step
from stations.models import Body, GridCell

from .case import Case
from .matter import PAGE, Matter
from .papers import later
from .proceeding import BASE_STATES, Proceeding
from .tip import Tip

if TYPE_CHECKING:
    from cases.entry import Entry
    from cases.errors import DomainError

CHECK = "GF-01"


def handed_open(row: Any) -> "DomainError | None":
    """Why it is not closed: what came of it still runs."""
    waiting = row.children.filter(is_open=True).exists()
    return later(_("移交的事项尚未办结，办结后登记结果。")) if waiting else None


@kind(
    "finding",
    label=_("网格巡查"),
    states={
        **BASE_STATES, "received": _("待核查"), "lead": _("线索属实"), "handed": _("已移交"), "closed": _("已办结"),
        "dismissed": _("未发现问题"),
    },
    way=("received", "lead", "handed", "closed"),
    ends={"closed", "dismissed"},
    outcomes={
        "handled": _("已处理"), "corrected": _("当场改正"), "no_breach": _("不构成违法"), "dismissed": _("未发现问题"),
    },
    outcomes_of={"closed": ("handled", "corrected", "no_breach"), "dismissed": ("dismissed",)},
    body=Body.Kind.BUREAU,
    page=PAGE,
)  # fmt: skip
class Finding(Matter, Proceeding):
    """One finding of a patrol, with its place and photographs."""

    class What(models.TextChoices):
        PATENT = "counterfeit_patent", _("假冒专利标识")
        TRADEMARK = "trademark", _("涉嫌商标侵权")
        MARK_USE = "mark_use", _("商标使用不规范")
        GEOGRAPHICAL = "geographical", _("地理标志使用")
        OTHER = "other", _("其他")

    class Way(models.TextChoices):
        TIP = "tip", _("转举报投诉")
        TRANSFER = "transfer", _("移送执法")
        CASE = "case", _("转维权援助")

    title = models.CharField(_("名称"), max_length=120)
    cell = models.ForeignKey(GridCell, models.PROTECT, null=True, blank=True, verbose_name=_("网格"))
    what = models.CharField(_("问题类型"), max_length=20, choices=What.choices)
    place = models.CharField(_("地点"), max_length=120)
    story = models.TextField(_("情况说明"), blank=True)
    way = models.CharField(_("去向"), max_length=10, choices=Way.choices, blank=True)
    of_case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("维权援助案件")
    )

    listed = {"cell": _("网格"), "what": _("问题类型"), "way": _("去向"), "outcome": _("结果")}
    related = ("cell",)
    body_kind = Body.Kind.BUREAU

    class Meta:
        verbose_name = verbose_name_plural = _("网格巡查发现")

    def cells(self) -> dict[str, Any]:
        return {**super().cells(), "outcome": str(self.outcome_label)}

    def begin(self, entry: "Entry") -> None:
        """A finding is looked at within the house's own time."""
        entry.start(CHECK)
        entry.fact("finding_received", value=self.what)

    def due_now(self, today: date) -> tuple[str, ...]:
        if self.state == "handed":
            return ("close",) if handed_open(self) is None else ()
        return {"received": ("confirm",), "lead": ("hand_to_tip",)}.get(self.state, ())

    @step(source="received", target="lead", label=_("核实为线索"))
    def confirm(self, entry: "Entry") -> None:
        """核实：巡查发现的问题属实，作为线索处理。"""
        self.handler = entry.by
        entry.join(entry.by, self.handler_capacity)
        entry.finish(CHECK)
        entry.fact("finding_lead", value=self.what)

    @step(source="received", target="dismissed", label=_("未发现问题"), grave=True)
    def dismiss(self, entry: "Entry") -> None:
        """未发现问题：核查后不构成线索，写明情况。"""
        self._end(entry, "dismissed")

    @step(source="lead", target="handed", label=_("转举报投诉"))
    def hand_to_tip(self, entry: "Entry") -> None:
        """转举报：由知识产权局按举报程序核查；被巡查对象和情况密存。"""
        self.way = self.Way.TIP
        violation = self.what if self.what in Tip.Violation.values else Tip.Violation.OTHER
        entry.open(
            "tip", title=str(_("网格巡查线索：%(what)s") % {"what": self.get_what_display()}),
            channel=Tip.Channel.PATROL, violation=violation, area=self.cell.area if self.cell else None,
            station=None, code=codes.new_code(), accused=entry.data["accused"],
            story=entry.data["story"], known_before=True,
        )  # fmt: skip

    @step(source="lead", target="handed", label=_("移送执法"))
    def hand_to_transfer(self, entry: "Entry") -> None:
        """移送：拟制移送函，经签发后发出，回执和结果登记在移送事项中。"""
        self.way, data = self.Way.TRANSFER, entry.data
        entry.open(
            "transfer", title=str(_("移送%(to)s：网格巡查线索") % {"to": data["recipient"]}), target=data["target"],
            recipient=data["recipient"], content=data["content"], enclosures=data["enclosures"],
        )  # fmt: skip

    @step(source="lead", target="handed", label=_("转维权援助"))
    def hand_to_case(self, entry: "Entry") -> None:
        """转维权援助：收件登记后填写登记号，案件与巡查发现互相对应。"""
        self.way, self.of_case = self.Way.CASE, entry.data["registration_no"]

    @step(source="handed", target="closed", label=_("登记结果"), ready=handed_open)
    def close(self, entry: "Entry") -> None:
        """结果：移交后的处理结果。"""
        self._end(entry, entry.data["outcome"])

    def _end(self, entry: "Entry", outcome: str) -> None:
        self.outcome, self.closed_on = outcome, entry.on
        entry.fact("closed", value=outcome)
        entry.finish_all()
