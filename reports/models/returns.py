"""Returns (报表): filled from the record, submitted, confirmed by a second person, sent, and corrected by another one.

What each asks stands in reports/returns. A return of numbers and one with a line per case are two kinds: who sees the
numbers of a station does not see the names of a mediation.
"""

import json
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.errors import Conflict, DomainError, Refused, VersionMissing
from cases.kinds import kind
from cases.models import Proceeding, StoredFile
from cases.models.matter import PAGE, Matter
from cases.models.proceeding import BASE_STATES
from cases.protection import Sealed, sm3
from cases.stepping import act, step
from reports import periods
from reports.periods import Period
from reports.returns import definitions, filling, printing
from reports.returns.definitions import Definition
from reports.returns.filling import Difference, Sheet
from stations.models import Body

if TYPE_CHECKING:
    from cases.entry import Entry

STATES = {
    **BASE_STATES, "received": _("填报中"), "submitted": _("待确认"), "confirmed": _("待报送"), "sent": _("已报送"),
}  # fmt: skip
CORRECTION = _("（第%(n)d次更正）")


class Reported(Matter, models.Model):
    """What both kinds of return have and do; the table of each kind is its own.

    `typed` is JSON: key of a cell -> {value, reason, by}. `content` is the sheet as confirmed (filling.Sheet.as_json);
    `digest` covers it, `sheet` is the file made from it, as it was sent.
    """

    class Way(models.TextChoices):
        SYSTEM = "system", _("对方业务系统")
        MAIL = "mail", _("电子邮件")
        PAPER = "paper", _("纸质盖章件")
        EXCHANGE = "exchange", _("政务交换平台")

    uid = models.UUIDField(default=uuid4, editable=False)
    title = models.CharField(_("名称"), max_length=160)
    code = models.CharField(_("报表"), max_length=40)
    period = models.CharField(_("期间"), max_length=30)
    unit = models.CharField(_("填报单位代码"), max_length=60)
    correction = models.PositiveSmallIntegerField(_("第几次更正"), default=0)
    stands = models.BooleanField(
        null=True, default=True, editable=False
    )  # NULL once void: another may be opened
    scheduled = models.BooleanField(_("按期自动建立"), default=False)
    typed_sealed = models.TextField(blank=True, default="", editable=False)
    content_sealed = models.TextField(blank=True, default="", editable=False)
    digest = models.CharField(max_length=64, blank=True)
    as_of = models.DateField(_("数据截至"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("填报人")
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("审核人")
    )
    sheet = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    receiver = models.CharField(_("报送单位"), max_length=120, blank=True)
    way = models.CharField(_("报送方式"), max_length=10, choices=Way.choices, blank=True)
    sent_on = models.DateField(_("报送日期"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0)

    typed = Sealed("typed")
    content = Sealed("content")

    listed = {"period": _("期间"), "sent_on": _("报送日期")}

    class Meta:
        abstract = True

    # what it is --------------------------------------------------------------------------------------------

    @property
    def definition(self) -> Definition:
        return definitions.get(self.code)

    @property
    def of_period(self) -> Period:
        return periods.parse(self.period)

    @property
    def unit_name(self: Any) -> str:
        return str(self.station or self.body or "")

    def typed_cells(self) -> dict[str, dict[str, str]]:
        """Key of a cell -> what was typed, why, by whom."""
        return dict(json.loads(self.typed or "{}"))

    def filled(self: Any, today: date) -> Sheet:
        """As the record has it today, with what was typed; once confirmed, as confirmed."""
        return filling.from_json(self.content) if self.content_sealed else self.fresh(today)

    def fresh(self: Any, today: date) -> Sheet:
        return filling.fill(self.definition, self.of_period, self.station, self.typed_cells(), today)

    def differences(self: Any, today: date) -> list[Difference]:
        """What the record says otherwise than when it was confirmed."""
        if not self.content_sealed:
            return []
        return filling.differences(filling.from_json(self.content), self.fresh(today))

    def unprinted(self) -> DomainError | None:
        """Nothing is sent before its file is made: the worker makes it right after the confirmation."""
        if self.sheet_id:
            return None
        return DomainError("not_printed", _("报表文件正在生成，请稍后刷新再报送。"))

    def corrected_already(self: Any) -> DomainError | None:
        """One correction at a time."""
        later = self._later().first()
        if later is None:
            return None
        return DomainError("corrected_already", _("已经建立更正报表：%(title)s。") % {"title": later.title})

    def _later(self: Any) -> "models.QuerySet[Any]":
        return type(self)._default_manager.filter(
            code=self.code, period=self.period, unit=self.unit, correction__gt=self.correction, stands=True
        )

    def begin(self: Any, entry: "Entry") -> None:
        """By when: counted from the last day of the period; a correction has no time of its own."""
        if not self.correction:
            entry.start(self.definition.rule, on=self.of_period.end)

    def voided(self, entry: "Entry") -> None:
        self.stands = None

    # filling -----------------------------------------------------------------------------------------------

    @act(open_in="received", label=_("填写差异"))
    def type_cells(self: Any, entry: "Entry") -> None:
        """填写差异：只填写系统没有的、与系统记录不一致的内容，并写明原因；留空则恢复系统记录。"""
        if entry.data["revision"] is None:
            raise VersionMissing("revision_missing", _("请求缺少修订号（revision），请先读取最新内容。"))
        if entry.data["revision"] != self.revision:
            raise Conflict(
                "stale_revision", _("该报表刚刚被其他人填写，请刷新后再办理；您填写的内容没有丢失。"),
                revision=self.revision,
            )  # fmt: skip
        typed = self.typed_cells()
        for one in entry.data["cells"]:
            if one["value"] in (None, ""):
                typed.pop(one["cell"], None)
            else:
                typed[one["cell"]] = {"value": one["value"], "reason": one["reason"], "by": entry.by.username}
        self.typed = json.dumps(typed, ensure_ascii=False, sort_keys=True)
        self.revision += 1
        entry.note(cells="、".join(entry.data["named"]))

    @step(source="received", target="submitted", label=_("提交"))
    def submit(self, entry: "Entry") -> None:
        """提交：填报人核对无误，交负责人确认。"""
        self.submitted_by = entry.by

    @step(source=("submitted", "confirmed"), target="received", label=_("退回"))
    def send_back(self: Any, entry: "Entry") -> None:
        """退回：写明原因，由填报人改正后重新提交。"""
        self._open_again()
        for paper in self.documents.exclude(state="void"):
            paper.state = "void"
            entry.save(paper)

    @step(source="submitted", target="confirmed", label=_("确认"))
    def confirm(self: Any, entry: "Entry") -> None:
        """确认：第二人核对；自此数据固定，生成报表文件。"""
        if entry.by.pk == self.submitted_by_id:
            raise Refused("same_person", _("填报人不能确认自己提交的报表，请由另一名工作人员确认。"))
        sheet = self.fresh(entry.today)
        self.content = sheet.as_json()
        self.digest, self.as_of, self.confirmed_by = sm3(self.content.encode()), entry.today, entry.by
        entry.note(sheet_digest=self.digest)
        entry.paper(printing.template_of(self.definition), **printing.paper_data(self, sheet, entry.on))
        entry.effect("make_return_sheet", kind=self.kind, proceeding=self.pk)

    @step(source="confirmed", target="sent", label=_("报送"), ready=lambda row: row.unprinted())
    def send(self: Any, entry: "Entry") -> None:
        """报送：登记报给谁、何日、以何方式；报出的文件原样保存，不再改动。"""
        self.receiver, self.way, self.sent_on = entry.data["receiver"], entry.data["way"], entry.on
        entry.fact("return_sent", value=self.code)
        entry.note(sent_digest=self.sheet.sm3)
        entry.finish_all()

    @act(open_in="sent", label=_("更正报送"), ready=lambda row: row.corrected_already())
    def correct(self: Any, entry: "Entry") -> None:
        """更正报送：记录后来有更正的，另建一份报表，重新确认、报送；原报表保持不变。"""
        number = self.correction + 1
        entry.open(
            self.kind, title=f"{self.definition.title} {self.of_period.label} {self.unit_name}{CORRECTION % {'n': number}}",
            code=self.code, period=self.period, unit=self.unit, correction=number, uid=(fresh := uuid4()),
            body=self.body, station=self.station, typed_sealed=self._sealed_for(fresh),
        )  # fmt: skip

    def _sealed_for(self: Any, uid: Any) -> str:
        """What was typed, sealed for the row of the correction."""
        other = type(self)(uid=uid)
        other.typed = self.typed
        return str(other.typed_sealed)

    # undoing -----------------------------------------------------------------------------------------------

    def undone(self, entry: "Entry", name: str) -> None:
        """What was sent stays sent; a confirmation taken back opens the numbers again."""
        if name == "send":
            raise DomainError("sent", _("已经报送的报表不能撤回，有误的请办理“更正报送”。"))
        if name in ("confirm", "submit"):
            self._open_again(keep=name == "confirm")
        if name == "void":
            self.stands = True

    def _open_again(self: Any, *, keep: bool = False) -> None:
        self.content, self.digest, self.as_of, self.sheet, self.confirmed_by = "", "", None, None, None
        if not keep:
            self.submitted_by = None


def once_per(name: str) -> models.UniqueConstraint:
    """A return is opened once per code, period and unit; each correction of it once."""
    return models.UniqueConstraint(
        fields=["code", "period", "unit", "correction"], condition=Q(stands=True), name=name
    )


@kind(
    "return", label=_("统计报表"), states=STATES, way=("received", "submitted", "confirmed", "sent"), ends={"sent"}, page=PAGE,
)  # fmt: skip
class Return(Reported, Proceeding):
    """Numbers: a station's month, the centre's assistance, the bureau's adjudications, the plan's indicators."""

    class Meta:
        verbose_name = verbose_name_plural = _("统计报表")
        constraints = [once_per("one_return_per_period")]

    def handling_body(self, today: date) -> Body | None:
        """A station's return goes to the centre."""
        wanted = Body.Kind.CENTRE if self.station_id else self.definition.unit
        return Body.objects.in_force(today).filter(kind=wanted).first()


@kind(
    "case_return", label=_("逐案台账报表"), states=STATES, way=("received", "submitted", "confirmed", "sent"), ends={"sent"},
    page=PAGE,
)  # fmt: skip
class CaseReturn(Reported, Proceeding):
    """A line per case: people's mediations, mediations of the court, guidance abroad."""

    class Meta:
        verbose_name = verbose_name_plural = _("逐案台账报表")
        constraints = [once_per("one_case_return_per_period")]


__all__ = ["CaseReturn", "Reported", "Return"]
