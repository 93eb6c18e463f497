"""移送: what another authority may act on goes to it by letter, and its receipt and result come back.

And the other way: 案源通报, a lead that a partner region tells us of. No national time is known to the house; TR-01 to
TR-04 are targets of its own.
"""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.kinds import kind
from cases.protection import Sealed
from cases.stepping import act, step
from stations.models import Body

from .case import Case
from .matter import PAGE, Matter
from .paper import Evidence
from .proceeding import BASE_STATES, Proceeding

if TYPE_CHECKING:
    from datetime import date

    from cases.entry import Entry

RECEIPT, RESULT, TOLD, OUTCOME = "TR-01", "TR-02", "TR-03", "TR-04"


@kind(
    "transfer",
    label=_("移送"),
    states={
        **BASE_STATES, "received": _("待发函"), "sent": _("已发函"), "receipted": _("对方已接收"),
        "closed": _("已有结果"), "returned": _("已退回"),
    },
    way=("received", "sent", "receipted", "closed"),
    ends={"closed", "returned"},
    outcomes={
        "filed": _("已立案"), "punished": _("已处罚或者已移诉"), "not_filed": _("不予立案"), "settled": _("以其他方式处理"),
        "returned": _("退回"),
    },
    outcomes_of={"closed": ("filed", "punished", "not_filed", "settled"), "returned": ("returned",)},
    body=Body.Kind.BUREAU,
    page=PAGE,
)  # fmt: skip
class Transfer(Matter, Proceeding):
    """One transfer: a matter of its own, or what a tip or a finding opened. What it says of people stands sealed."""

    class Target(models.TextChoices):
        ENFORCEMENT = "enforcement", _("综合执法队伍")
        POLICE = "police", _("公安机关")
        CUSTOMS = "customs", _("海关")
        PROCURATORATE = "procuratorate", _("检察机关")
        REGION = "region", _("其他地区")
        PLATFORM = "platform", _("网络平台")
        OTHER = "other", _("其他机关")

    class Recognition(models.TextChoices):
        FULL = "full", _("予以认可")
        PART = "part", _("部分认可")
        NONE = "none", _("不予认可")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    title = models.CharField(_("名称"), max_length=120)
    target = models.CharField(_("移送对象"), max_length=15, choices=Target.choices)
    recipient = models.CharField(_("接收机关"), max_length=80)
    content_sealed = models.TextField(blank=True, default="", editable=False)
    enclosures = models.TextField(_("附件清单"), blank=True, help_text=_("每行一项，写明页数。"))
    shut = models.BooleanField(_("仅承办人可阅"), default=False)
    of_case = models.ForeignKey(
        Case, models.PROTECT, null=True, blank=True, related_name="transfers", verbose_name=_("原案件")
    )
    letter_no = models.CharField(_("发文字号"), max_length=60, blank=True)
    receipt_no = models.CharField(_("回执文号"), max_length=60, blank=True)
    receipt_on = models.DateField(_("回执日期"), null=True, blank=True)
    result_no = models.CharField(_("结果文号"), max_length=60, blank=True)
    recognition = models.CharField(_("证据互认"), max_length=5, choices=Recognition.choices, blank=True)

    content = Sealed("content")
    listed = {
        "target": _("移送对象"), "recipient": _("接收机关"), "letter_no": _("发文字号"), "receipt_on": _("回执日期"),
        "outcome": _("处理结果"),
    }  # fmt: skip
    body_kind = Body.Kind.BUREAU

    class Meta:
        verbose_name = verbose_name_plural = _("移送")

    def cells(self) -> dict[str, Any]:
        return {**super().cells(), "outcome": str(self.outcome_label)}

    def begin(self, entry: "Entry") -> None:
        """Whoever opens it writes the letter."""
        self.handler = self.handler or entry.by
        entry.join(self.handler, self.handler_capacity)

    def due_now(self, today: "date") -> tuple[str, ...]:
        return {"received": ("send",), "sent": ("record_receipt",), "receipted": ("record_result",)}.get(
            self.state, ()
        )

    def listed_enclosures(self) -> list[str]:
        """The list of enclosures, line by line."""
        return [line.strip() for line in self.enclosures.splitlines() if line.strip()]

    @act(open_in="received", label=_("修改移送内容"))
    def rewrite(self, entry: "Entry") -> None:
        """修改：发函前可以修改移送的内容和附件清单。"""
        self.content, self.enclosures = entry.data["content"], entry.data["enclosures"]

    @step(source="received", target="sent", label=_("签发移送函"))
    def send(self, entry: "Entry") -> None:
        """移送函：经负责人签发，附材料清单和回执；举报人身份不写入函件。"""
        self.letter_no = entry.data["letter_no"]
        audience = Evidence.Audience.SEALED if self.shut else Evidence.Audience.PROCEEDING
        said = {"addressee": self.recipient, "letter_no": self.letter_no, "audience": str(audience)}
        entry.paper(
            "lead_transfer_letter", matter=self.content, attachments=self.listed_enclosures(),
            office=f"{self.body.name}办公室" if self.body else "", **said,
        )  # fmt: skip
        entry.paper("lead_transfer_slip", enclosures="；".join(self.listed_enclosures()), **said)
        entry.start(RECEIPT)
        entry.start(RESULT)
        entry.fact("transfer_sent", value=self.target)

    @step(source="sent", target="receipted", label=_("登记回执"))
    def record_receipt(self, entry: "Entry") -> None:
        """回执：对方已接收材料，登记回执日期、文号。"""
        self.receipt_on, self.receipt_no = entry.on, entry.data["receipt_no"]
        entry.finish(RECEIPT)
        entry.fact("transfer_receipted", value=self.target)

    @step(source=("sent", "receipted"), target="closed", label=_("登记处理结果"))
    def record_result(self, entry: "Entry") -> None:
        """结果：对方立案、处罚、不予立案或者以其他方式处理。"""
        self.result_no = entry.data["result_no"]
        self._end(entry, entry.data["outcome"])

    @step(source=("sent", "receipted"), target="returned", label=_("登记退回"), grave=True)
    def record_return(self, entry: "Entry") -> None:
        """退回：对方认为不属于其职责或者材料不足，退回移送。"""
        self._end(entry, "returned")

    def _end(self, entry: "Entry", outcome: str) -> None:
        self.outcome, self.closed_on = outcome, entry.on
        entry.fact("closed", value=outcome)
        entry.finish_all()

    @act(open_in=("sent", "receipted"), label=_("登记催办"), rare=True)
    def remind(self, entry: "Entry") -> None:
        """催办：何时以何种方式催问了接收机关。"""

    @act(open_in=("sent", "receipted", "closed"), label=_("登记证据互认答复"), rare=True)
    def record_recognition(self, entry: "Entry") -> None:
        """证据互认：对方按清单核对证据包后的答复。"""
        self.recognition = entry.data["recognition"]


@kind(
    "lead_notice",
    label=_("案源通报"),
    states={
        **BASE_STATES, "received": _("待接收"), "accepted": _("已接收"), "closed": _("已反馈"), "declined": _("已退回"),
    },
    way=("received", "accepted", "closed"),
    ends={"closed", "declined"},
    outcomes={
        "filed": _("已立案"), "punished": _("已处罚"), "assisted": _("转维权援助"), "unfounded": _("未发现违法行为"),
        "declined": _("不属于本区，退回"),
    },
    outcomes_of={"closed": ("filed", "punished", "assisted", "unfounded"), "declined": ("declined",)},
    body=Body.Kind.BUREAU,
    page=PAGE,
)  # fmt: skip
class LeadNotice(Matter, Proceeding):
    """A lead that a partner of Beijing, Hebei or elsewhere tells us of: accepted by a receipt, answered by its outcome."""

    class Partner(models.TextChoices):
        BEIJING = "beijing", _("北京")
        HEBEI = "hebei", _("河北")
        OTHER = "other", _("其他地区")

    title = models.CharField(_("名称"), max_length=120)
    partner = models.CharField(_("通报地区"), max_length=10, choices=Partner.choices)
    sender = models.CharField(_("通报单位"), max_length=80)
    their_no = models.CharField(_("对方文号"), max_length=60, blank=True)

    listed = {
        "partner": _("通报地区"), "sender": _("通报单位"), "their_no": _("对方文号"), "outcome": _("结果"),
    }  # fmt: skip
    body_kind = Body.Kind.BUREAU

    class Meta:
        verbose_name = verbose_name_plural = _("案源通报")

    def cells(self) -> dict[str, Any]:
        return {**super().cells(), "outcome": str(self.outcome_label)}

    def begin(self, entry: "Entry") -> None:
        """The house answers within its own time."""
        entry.start(TOLD)
        entry.fact("lead_received", value=self.partner)

    def due_now(self, today: "date") -> tuple[str, ...]:
        return {"received": ("accept",), "accepted": ("report",)}.get(self.state, ())

    def _said(self) -> dict[str, str]:
        return {"addressee": self.sender, "their_no": self.their_no, "matter": self.title}

    @step(source="received", target="accepted", label=_("接收并出具回执"))
    def accept(self, entry: "Entry") -> None:
        """接收：由本人办理，向通报单位出具回执。"""
        self.handler, self.accepted_on = entry.by, entry.on
        entry.join(entry.by, self.handler_capacity)
        entry.finish(TOLD)
        entry.start(OUTCOME)
        entry.fact("accepted", value=self.partner)
        entry.paper("lead_notice_receipt", **self._said())

    @step(source="accepted", target="closed", label=_("反馈结果"))
    def report(self, entry: "Entry") -> None:
        """反馈：核查结果函告通报单位。"""
        self._end(entry, entry.data["outcome"])
        entry.paper(
            "lead_notice_reply", result=str(self.outcome_label), reason=entry.data["words"],
            letter_no=entry.data["letter_no"], **self._said(),
        )  # fmt: skip

    @step(source="received", target="declined", label=_("退回通报"), grave=True)
    def decline(self, entry: "Entry") -> None:
        """退回：不属于本区的，说明理由退回。"""
        self._end(entry, "declined")

    def _end(self, entry: "Entry", outcome: str) -> None:
        self.outcome, self.closed_on = outcome, entry.on
        entry.fact("closed", value=outcome)
        entry.finish_all()
