"""举报投诉: what somebody tells about a breach, who told it kept sealed, until it is verified, answered and rewarded.

A report (举报) runs under the fifteen working days of 处罚程序规定第十八条 and the five of 投诉举报暂行办法第三十一条, a
consumer's complaint (投诉) under the seven of its 第十四条. Rewards stand in rewarding.py; who asks by code: cases/matters/tips.
"""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import codes
from cases.errors import DomainError
from cases.kinds import kind
from cases.protection import Sealed
from cases.stepping import act, step
from stations.models import Area, Body

from .matter import PAGE, Matter
from .papers import later
from .proceeding import BASE_STATES, Proceeding
from .rewarding import Rewarding

if TYPE_CHECKING:
    from datetime import date

    from cases.entry import Entry

DECIDE, COUNTERFEIT, TELL = "R-10", "R-15b", "R-09"
ACCEPT, MEDIATE, TELL_END = "R-03", "R-05", "R-07"
CODE = "tip_code"
NOT_COUNTED = [("appraisal", _("检验、检测、鉴定")), ("identification", _("权利人辨认、鉴别"))]


def not_taken(row: Any) -> DomainError | None:
    """Why nothing is done yet: nobody has taken it on, so nobody may read what is sealed."""
    return None if row.handler_id else later(_("请先“领办”，领办人才能查阅密存的举报内容。"))


def taken(row: Any) -> DomainError | None:
    """Why nobody takes it on again."""
    return later(_("已有承办人；需要换人的，请办理“移交”。")) if row.handler_id else None


def child_open(row: Any) -> DomainError | None:
    """Why what was passed on cannot be decided here: its receiver has not answered."""
    if row.state != "transferred" or not row.children.filter(kind="transfer", is_open=True).exists():
        return None
    return DomainError("not_answered", _("移送尚无结果，请先在移送事项中登记处理结果或者退回。"))


def not_returned(row: Any) -> DomainError | None:
    """Why it does not come back: it was not returned."""
    last = row.children.filter(kind="transfer").order_by("pk").last()
    return None if last is not None and last.state in ("returned", "void") else later(_("移送没有被退回。"))


def nothing_to_tell(row: Any) -> DomainError | None:
    """Why nobody is told: an anonymous report has no address, and a second letter is none of the law's."""
    if row.deadlines.filter(rule__in=(TELL, TELL_END), cancelled=False, met_on__isnull=True).exists():
        return None
    return later(_("没有等待告知的事项；匿名举报凭查询码查询进度。"))


def not_ended(row: Any) -> DomainError | None:
    """Why it cannot be closed: somebody is still to be told, or paid."""
    if nothing_to_tell(row) is None:
        return DomainError("not_told", _("尚未告知实名举报人（投诉人），请先办理“告知”。"))
    if row.reward_open() is not None:
        return DomainError("reward_open", _("奖励尚未领取，请先办理“发放奖励”或者“登记逾期未领”。"))
    return None


@kind(
    "tip",
    label=_("举报投诉"),
    states={
        **BASE_STATES, "received": _("待办理"), "checking": _("核查中"), "transferred": _("已转有权机关"),
        "verified": _("已核实"), "closed": _("已办结"), "refused": _("不予处理"),
    },
    way=("received", "checking", "verified", "closed"),
    ends={"closed", "refused"},
    outcomes={
        "true": _("属实"), "partly": _("部分属实"), "untrue": _("不属实"), "settled": _("达成调解协议"),
        "failed": _("终止调解"), "refused": _("不予处理"),
    },
    outcomes_of={
        "verified": ("true", "partly", "untrue", "settled", "failed"),
        "closed": ("true", "partly", "untrue", "settled", "failed"), "refused": ("refused",),
    },
    body=Body.Kind.BUREAU,
    page=PAGE,
)  # fmt: skip
class Tip(Rewarding, Matter, Proceeding):
    """One report or complaint. Who told it, whom it is about and what it says stand sealed; the list tells its class only."""

    class Nature(models.TextChoices):
        REPORT = "report", _("举报")
        COMPLAINT = "complaint", _("投诉（消费者）")

    class Channel(models.TextChoices):
        H12315 = "12315", _("12315")
        H12345 = "12345", _("12345")
        WINDOW = "window", _("窗口")
        LETTER = "letter", _("来信")
        WEB = "web", _("网上")
        PATROL = "patrol", _("网格巡查")
        OTHER = "other", _("其他")

    class Violation(models.TextChoices):
        PATENT = "counterfeit_patent", _("假冒专利")
        TRADEMARK = "trademark", _("商标侵权")
        MARK_USE = "mark_use", _("商标违法使用")
        GEOGRAPHICAL = "geographical", _("地理标志")
        AGENCY = "agency", _("代理违法")
        SECRET = "trade_secret", _("商业秘密")
        OTHER = "other", _("其他")

    file_audience = "sealed"  # what proves it may name who told it

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(_("名称"), max_length=120)
    nature = models.CharField(_("类别"), max_length=10, choices=Nature.choices, default=Nature.REPORT)
    channel = models.CharField(_("来源"), max_length=10, choices=Channel.choices)
    violation = models.CharField(_("涉嫌违法类型"), max_length=20, choices=Violation.choices)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("发生区域"))
    real_name = models.BooleanField(_("实名"), default=False)
    code_digest = models.CharField(max_length=64, unique=True, editable=False)
    tipster_sealed = models.TextField(blank=True, default="", editable=False)
    contact_sealed = models.TextField(blank=True, default="", editable=False)
    id_number_sealed = models.TextField(blank=True, default="", editable=False)
    accused_sealed = models.TextField(blank=True, default="", editable=False)
    story_sealed = models.TextField(blank=True, default="", editable=False)
    order_no_sealed = models.TextField(blank=True, default="", editable=False)
    finding_sealed = models.TextField(blank=True, default="", editable=False)
    right_holder_sealed = models.TextField(blank=True, default="", editable=False)
    filed = models.BooleanField(_("立案"), null=True, blank=True)
    known_before = models.BooleanField(_("举报前已经发现"), null=True, blank=True)
    penalty = models.DecimalField(_("罚没款（元）"), max_digits=14, decimal_places=2, null=True, blank=True)

    tipster, contact, id_number = Sealed("tipster"), Sealed("contact"), Sealed("id_number")
    accused, story, order_no = Sealed("accused"), Sealed("story"), Sealed("order_no")
    finding, right_holder = Sealed("finding"), Sealed("right_holder")

    listed = {"nature": _("类别"), "channel": _("来源"), "violation": _("涉嫌违法类型"), "area": _("区域")}
    related = ("area",)
    body_kind = Body.Kind.BUREAU

    class Meta:
        verbose_name = verbose_name_plural = _("举报投诉")

    @property
    def code(self) -> str:
        """The code as it is being given out; afterwards nobody knows it."""
        return getattr(self, "_code", "")

    @code.setter
    def code(self, value: str) -> None:
        self._code = value
        self.code_digest = codes.digest(value, CODE)

    def fits(self, code: str) -> bool:
        """Is this the code given out with the tip?"""
        return self.code_digest == codes.digest(code, CODE)

    @property
    def is_report(self) -> bool:
        return self.nature == self.Nature.REPORT

    def begin(self, entry: "Entry") -> None:
        """Receipt: the law's clock runs, and the code goes out on the receipt alone."""
        if self.is_report:
            entry.start(DECIDE)
            if self.violation == self.Violation.PATENT:
                entry.start(COUNTERFEIT)
        else:
            entry.start(ACCEPT)
        entry.fact("tip_received", value=self.nature)
        if self.channel != self.Channel.PATROL:  # there nobody outside waits
            entry.paper("tip_receipt", code=codes.grouped(self.code), nature=str(self.get_nature_display()))

    def due_now(self, today: "date") -> tuple[str, ...]:
        """What the tip waits for."""
        if self.state == "received":
            return ("begin_check",) if self.handler_id else ("take",)
        return ("inform",) if self.state == "verified" and nothing_to_tell(self) is None else ()

    # acts --------------------------------------------------------------------------------------------------

    @act(open_in=("received", "checking"), label=_("领办"), ready=taken)
    def take(self, entry: "Entry") -> None:
        """领办：由本人核查；自此只有承办人可以查阅举报人和举报内容。"""
        self.handler = entry.by
        entry.join(entry.by, self.handler_capacity)

    @act(open_in="checking", label=_("延长核查期限"), ready=lambda row: row.not_extendable())
    def extend(self, entry: "Entry") -> None:
        """延长：十五个工作日内不能决定是否立案的，经负责人批准可以延长十五个工作日。"""
        entry.extend(DECIDE, entry.data["days"])

    def not_extendable(self) -> DomainError | None:
        """Why there is nothing to extend."""
        running = self.deadlines.filter(rule=DECIDE, cancelled=False, met_on__isnull=True)
        return None if running.filter(extended="").exists() else later(_("没有可以延长的核查期限。"))

    @act(open_in="checking", label=_("扣除检验、辨认时间"), rare=True)
    def pause(self, entry: "Entry") -> None:
        """扣除时间：检验、检测、鉴定和权利人辨认的时间不计入核查期限。"""
        entry.pause(entry.data["kind"], entry.data["ground"])

    @act(open_in="checking", label=_("恢复计算期限"), rare=True, ready=lambda row: row.not_paused())
    def resume(self, entry: "Entry") -> None:
        """恢复计算：检验、辨认结束，自当日起继续计算。"""
        for interval in self.intervals.filter(to_on__isnull=True, cancelled=False):
            entry.resume(interval.kind)

    def not_paused(self) -> DomainError | None:
        """Why there is nothing to resume."""
        open_ones = self.intervals.filter(to_on__isnull=True, cancelled=False)
        return None if open_ones.exists() else later(_("没有正在扣除的时间。"))

    @act(open_in=("checking", "transferred", "verified"), label=_("补登举报人身份"), rare=True,
         ready=lambda row: row.known())  # fmt: skip
    def identify(self, entry: "Entry") -> None:
        """补登身份：匿名举报人凭查询码说明身份（领取奖励时）；只存密文，记录中不出现。"""
        if not self.fits(entry.data["code"]):
            raise DomainError("wrong_code", _("查询码不是本件的查询码，不能认定为举报人。"))
        for name in ("tipster", "contact", "id_number"):
            setattr(self, name, entry.data[name])

    def known(self) -> DomainError | None:
        """Why nobody is identified again."""
        return later(_("举报人身份已经登记。")) if self.tipster_sealed else None

    @act(open_in="verified", label=_("告知"), ready=nothing_to_tell)
    def inform(self, entry: "Entry") -> None:
        """告知：决定是否立案后五个工作日内告知实名举报人；投诉终止调解的，七个工作日内告知。"""
        for rule in (TELL, TELL_END):
            entry.finish(rule)
        if entry.data["way"] == "letter":
            entry.paper("tip_reply", decision=self.told(), reason=entry.data["words"])

    def told(self) -> str:
        """The decision as a letter says it."""
        if not self.is_report:
            return str(_("调解结果：%(result)s") % {"result": self.outcome_label})
        return str(_("决定立案") if self.filed else _("决定不予立案"))

    # steps -------------------------------------------------------------------------------------------------

    @step(source="received", target="checking", label=_("受理核查"), ready=not_taken)
    def begin_check(self, entry: "Entry") -> None:
        """受理核查：举报进入核查；投诉自受理之日起四十五个工作日内调解。"""
        self.accepted_on = entry.on
        entry.fact("accepted", value=self.nature)
        if not self.is_report:
            entry.finish(ACCEPT)
            entry.start(MEDIATE)

    @step(source=("received", "checking"), target="refused", label=_("不予处理"), grave=True, ready=not_taken)
    def refuse(self, entry: "Entry") -> None:
        """不予处理：没有具体线索、重复举报、不属于知识产权违法行为的，写明理由并告知实名人。"""
        self._end(entry, "refused")

    @step(source="checking", target="transferred", label=_("转有权机关"))
    def transfer(self, entry: "Entry") -> None:
        """转办：不属于本机关管辖的，移送有权处理的机关；举报人身份不随函移送。"""
        for rule in (DECIDE, COUNTERFEIT):
            entry.finish(rule)
        data = entry.data
        entry.open(
            "transfer", station=None, handler=self.handler, target=data["target"], recipient=data["recipient"],
            content=data["content"], enclosures=data["enclosures"], shut=True,
            title=str(_("移送%(to)s：%(what)s线索") % {"to": data["recipient"], "what": self.get_violation_display()}),
        )  # fmt: skip
        entry.fact("tip_transferred", value=data["target"])

    @step(source="transferred", target="checking", label=_("退回后继续核查"), ready=not_returned)
    def take_back(self, entry: "Entry") -> None:
        """退回：接收机关退回的，由本机关继续核查。"""
        entry.start(DECIDE)

    @step(source=("checking", "transferred"), target="verified", label=_("登记核查结果"), ready=child_open)
    def verify(self, entry: "Entry") -> None:
        """核查结果：是否属实、是否立案；实名的五个工作日内告知。"""
        data = entry.data
        self.outcome, self.filed = data["outcome"], data["filed"]
        self.known_before, self.penalty = data["known_before"], data["penalty"]
        self.finding, self.right_holder = data["finding"], data["right_holder"]
        for rule in (DECIDE, COUNTERFEIT, MEDIATE):
            entry.finish(rule)
        if self.is_report and self.real_name:
            entry.start(TELL)
        elif self.outcome == "failed":
            entry.start(TELL_END)
        entry.fact("tip_verified", value=self.outcome)

    @step(source="verified", target="closed", label=_("办结"), ready=not_ended)
    def close(self, entry: "Entry") -> None:
        """办结：结果已告知，奖励已发放或者不予奖励。"""
        self._end(entry, str(self.outcome))

    def _end(self, entry: "Entry", outcome: str) -> None:
        self.outcome, self.closed_on = outcome, entry.on
        entry.fact("closed", value=outcome)
        entry.finish_all()
        self.start_archiving(entry)
