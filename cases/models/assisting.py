"""What is done for an applicant once rights assistance is accepted (维权援助), each kind of help with its paper.

Opinions signed by the centre, experts behind them, reports passed on and receipted, guidance abroad. How an application
is examined and ends stands in assistance.py.
"""

from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.protection import Sealed
from cases.stepping import act
from stations.models import Person

from .paper import Document, Evidence

if TYPE_CHECKING:
    from cases.entry import Entry

    from .record import Event

HELP = [
    ("advice", _("咨询指导意见")), ("infringement_opinion", _("侵权判定参考意见")), ("public_solution", _("重大公共纠纷解决方案")),
    ("analysis", _("分析预警、培训、驻场服务")), ("mediation", _("纠纷调解")), ("referral_report", _("举报投诉转送")),
    ("overseas", _("海外维权指导")), ("referral_court", _("司法、仲裁途径指引")),
]  # fmt: skip
# kind of help -> the paper by which the centre gives it (law.md W-06)
OPINIONS = {
    "advice": "assistance_advice", "infringement_opinion": "assistance_infringement",
    "public_solution": "assistance_solution", "analysis": "assistance_warning", "overseas": "assistance_overseas",
    "referral_court": "assistance_guide",
}  # fmt: skip
# The house's own targets from acceptance to completion (W-07; national law is silent).
TARGETS = {
    "advice": "W-07a", "referral_report": "W-07a", "referral_court": "W-07a", "mediation": "W-07a",
    "infringement_opinion": "W-07b", "analysis": "W-07b", "overseas": "W-07b", "public_solution": "W-07c",
}  # fmt: skip
FOREIGN_LIMIT = "OG-01"


class Helping:
    """Mixin of `Assistance`; `self` is the locked row."""

    @act(open_in="accepted", label=_("出具援助意见"), undoable=True)
    def issue_opinion(self: Any, entry: "Entry") -> None:
        """出具意见：由中心署名，每页注明仅供参考；专家姓名只存卷，不上文书。"""
        data = entry.data
        entry.paper(
            OPINIONS[data["kind"]],
            facts=data["facts"],
            comparison=data["comparison"],
            reasons=data["reasons"],
            conclusion=data["conclusion"],
            measures=data["measures"],
            abroad=_abroad(self.abroad()) if data["kind"] == "overseas" else [],
        )

    @act(open_in="accepted", label=_("登记专家意见"), undoable=True, rare=True)
    def consult_expert(self: Any, entry: "Entry") -> None:
        """专家咨询：登记请哪位专家、什么意见；内容密存，对外文书不署专家姓名。"""
        row = Expert(assistance=self, person=entry.data["expert"], on=entry.on)
        row.remark = entry.data["remark"]
        entry.save(row)

    @act(open_in="accepted", label=_("登记海外维权信息"), undoable=True)
    def record_overseas(self: Any, entry: "Entry") -> None:
        """海外维权指导：登记国家、受理机构、境外期限和建议；再次登记的，以最近一次为准。"""
        data = entry.data
        columns = ("country", "forum", "procedure", "foreign_due_on", "advice", "loss_avoided")
        entry.save(Overseas(assistance=self, on=entry.on, **{name: data[name] for name in columns}))
        entry.finish(FOREIGN_LIMIT)
        if data["foreign_due_on"] and data["foreign_due_on"] >= entry.on:
            entry.start(FOREIGN_LIMIT, due=data["foreign_due_on"])

    @act(open_in="accepted", label=_("转送举报投诉"), undoable=True)
    def pass_on(self: Any, entry: "Entry") -> None:
        """转送：把举报投诉线索函送有权处理的机关，函内附回执。"""
        data = entry.data
        entry.save(Forwarding(assistance=self, to=data["to"], matter=data["matter"], sent_on=entry.on))
        letter(
            entry,
            to=data["to"],
            matter=data["matter"],
            attachments=data["attachments"],
            number=data["letter_no"],
        )

    @act(open_in=("accepted", "completed", "transferred"), label=_("登记转送回执"), undoable=True,
         ready=lambda row: row.nothing_to_receipt())  # fmt: skip
    def record_receipt(self: Any, entry: "Entry") -> None:
        """回执：收到材料的机关退回回执，登记日期和文号。"""
        row = entry.data["forwarding"]
        if row.receipt_on is not None:
            raise DomainError("already_receipted", _("该次转送的回执已经登记，请刷新后核对。"))
        if entry.on < row.sent_on:
            raise DomainError("date_order", _("回执日期不能早于转送日期 %(day)s。") % {"day": row.sent_on})
        row.receipt_on, row.receipt_no = entry.on, entry.data["receipt_no"]
        row.receipt = entry.data["file"]
        entry.save(row)

    def nothing_to_receipt(self: Any) -> Any:
        """Why no receipt can be recorded now."""
        if self.forwardings.filter(cancelled=False, receipt_on__isnull=True).exists():
            return None
        return DomainError("nothing_sent", _("没有等待回执的转送。"))

    def act_undone(self: Any, entry: "Entry", event: "Event") -> None:
        """A receipt taken back leaves the letter it answered."""
        if event.name != "record_receipt":
            super().act_undone(entry, event)  # type: ignore[misc]
            return
        for row in entry.rows_of(event):
            row.receipt_on, row.receipt_no, row.receipt = None, "", None  # type: ignore[attr-defined]
            entry.save(row)

    def paper_data(self: Any, kind: str) -> dict[str, Any]:
        """An opinion drafted in Word begins with what the case knows; the rest is named where it is missing."""
        data: dict[str, Any] = super().paper_data(kind)  # type: ignore[misc]
        if kind in OPINIONS.values():
            data["facts"] = self.case.summary or self.case.cause
        if kind == OPINIONS["overseas"]:
            data["abroad"] = _abroad(self.abroad())
        return data

    def abroad(self: Any) -> "Overseas | None":
        """What is known of the matter abroad today: the latest record that stands."""
        return self.overseas.filter(cancelled=False).order_by("pk").last()  # type: ignore[no-any-return]

    def opinions(self: Any) -> models.QuerySet[Document]:
        """The opinions the centre has issued here."""
        return Document.objects.filter(proceeding=self.pk, kind__in=OPINIONS.values()).exclude(
            state__in=(Document.State.VOID, Document.State.DRAFT)
        )

    def help_due(self: Any) -> dict[str, Any]:
        """What this kind of help still needs before 办结: name of the step or act, and the words for it.

        A consultation's opinion comes with completion.
        """
        match self.help_kind:
            case "mediation":
                return {"convert": _("援助事项为纠纷调解：请办理“转调解”")}
            case "referral_report":
                if not (sent := self.forwardings.filter(cancelled=False)).exists():
                    return {"pass_on": _("转送举报投诉的函（请办理“转送举报投诉”）")}
                if sent.filter(receipt_on__isnull=False).exists():
                    return {}
                return {"record_receipt": _("转送的回执（请办理“登记转送回执”）")}
            case "advice" | "":
                return {}
        due: dict[str, Any] = {}
        if self.help_kind == "overseas" and self.abroad() is None:
            due["record_overseas"] = _("海外维权信息（请办理“登记海外维权信息”）")
        if not self.opinions().filter(kind=OPINIONS[self.help_kind]).exists():
            due["issue_opinion"] = _("%(name)s（请办理“出具援助意见”）") % {
                "name": dict(HELP)[self.help_kind]
            }
        return due

    def help_missing(self: Any) -> DomainError | None:
        """Why 办结 must wait."""
        due = self.help_due()
        names = "；".join(str(words) for words in due.values())
        return DomainError("help_missing", _("办结前还需要：%(names)s。") % {"names": names}) if due else None

    def due_now(self: Any, today: date) -> tuple[str, ...]:
        """What the help asked for waits for."""
        return tuple(self.help_due()) if self.state == "accepted" else ()


def letter(entry: "Entry", *, to: str, matter: str, attachments: list[Any], number: str) -> None:
    """The letter by which papers go to the competent authority, and the slip that comes back."""
    entry.paper(
        "assistance_letter", addressee=to, ground=matter, attachments=[row["name"] for row in attachments],
        letter_no=number,
    )  # fmt: skip
    entry.paper("assistance_letter_slip", addressee=to, ground=matter, letter_no=number)


def _abroad(row: "Overseas | None") -> list[dict[str, Any]]:
    """Lines of the paper: what is known abroad."""
    if row is None:
        raise DomainError(
            "overseas_first", _("请先办理“登记海外维权信息”，意见书要载明国家、受理机构和境外期限。")
        )
    day = row.foreign_due_on
    pairs = [
        (_("国家（地区）"), row.country), (_("受理机构"), row.forum), (_("程序"), row.procedure),
        (_("境外期限"), f"{day.year}年{day.month}月{day.day}日" if day else ""),
    ]  # fmt: skip
    return [{"label": str(label), "value": value} for label, value in pairs if value]


class Overseas(models.Model):
    """Overseas guidance (海外维权指导): where, before whom, by when, what was advised and what it saved.

    Rows are only added; the latest that is not cancelled counts. The limit is foreign law, typed and never computed.
    """

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    assistance = models.ForeignKey("cases.Assistance", models.PROTECT, related_name="overseas")
    on = models.DateField(_("登记日期"))
    country = models.CharField(_("国家（地区）"), max_length=60)
    forum = models.CharField(_("受理机构"), max_length=120, blank=True)
    procedure = models.CharField(_("程序"), max_length=120, blank=True)
    foreign_due_on = models.DateField(_("境外期限"), null=True, blank=True)
    advice = models.TextField(_("指导意见"), blank=True)
    loss_avoided = models.DecimalField(
        _("避免损失（元）"), max_digits=16, decimal_places=2, null=True, blank=True
    )
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("海外维权指导")


class Expert(models.Model):
    """Who advised on an opinion. The name stays in the file: the centre alone signs."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    assistance = models.ForeignKey("cases.Assistance", models.PROTECT, related_name="experts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("专家"))
    on = models.DateField(_("日期"))
    remark_sealed = models.TextField(blank=True, default="", editable=False)
    cancelled = models.BooleanField(default=False)

    remark = Sealed("remark")

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("援助专家")


class Forwarding(models.Model):
    """A report or complaint passed on to the authority that may act on it, and the receipt that came back."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    assistance = models.ForeignKey("cases.Assistance", models.PROTECT, related_name="forwardings")
    to = models.CharField(_("转送机关"), max_length=100)
    matter = models.TextField(_("转送事项"))
    sent_on = models.DateField(_("转送日期"))
    receipt_on = models.DateField(_("回执日期"), null=True, blank=True)
    receipt_no = models.CharField(_("回执文号"), max_length=60, blank=True)
    receipt = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("举报投诉转送")

    def __str__(self) -> str:
        return f"{self.sent_on:%Y-%m-%d} {self.to}"
