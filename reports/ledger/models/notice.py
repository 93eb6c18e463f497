"""通报、约谈: drafted from a rule or by hand, nothing until signed; served, answered, closed."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.errors import Conflict, DomainError, VersionMissing
from cases.kinds import kind
from cases.models import Proceeding
from cases.models.matter import Matter
from cases.models.proceeding import BASE_STATES
from cases.stepping import act, step
from stations.models import Body, Unit

if TYPE_CHECKING:
    from cases.entry import Entry

WORDED = ("problems", "demand", "reply_by")


def no_talk(row: "LedgerNotice") -> DomainError | None:
    """A 通报 is answered in writing; only whom one talks with has a talk."""
    if row.form != LedgerNotice.Form.TALK:
        return DomainError("no_talk", _("通报没有约谈，无需登记。"))
    return None


def talk_missing(row: "LedgerNotice") -> DomainError | None:
    """约谈 closes only after the talk."""
    if row.form == LedgerNotice.Form.TALK and row.talked_on is None:
        return DomainError("talk_missing", _("约谈尚未登记，请先办理“登记约谈”。"))
    return None


@kind(
    "ledger_notice",
    label=_("通报与约谈"),
    states={
        **BASE_STATES, "received": _("拟稿"), "signed": _("已签发"), "served": _("已送达"), "replied": _("已回复"),
        "closed": _("已办结"),
    },
    way=("received", "signed", "served", "replied", "closed"),
    ends={"closed"},
    body=Body.Kind.BUREAU,
    page="matter",
)  # fmt: skip
class LedgerNotice(Matter, Proceeding):
    """A notice to one unit about tasks it answers for."""

    class Form(models.TextChoices):
        CIRCULAR = "circular", _("通报")
        TALK = "talk", _("约谈")

    title = models.CharField(_("标题"), max_length=120)
    form = models.CharField(_("形式"), max_length=8, choices=Form.choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    items = models.CharField(_("所涉任务序号"), max_length=300)  # "5、9": numbers of the plan in force
    problems = models.TextField(_("存在问题"))
    demand = models.TextField(_("工作要求"))
    reply_by = models.DateField(_("回复期限"))
    letter_no = models.CharField(_("发文字号"), max_length=60, blank=True)
    served_on = models.DateField(_("送达日期"), null=True, blank=True)
    talked_on = models.DateField(_("约谈日期"), null=True, blank=True)
    talk = models.TextField(_("约谈记录"), blank=True)
    reply = models.TextField(_("回复内容"), blank=True)
    revision = models.PositiveIntegerField(default=0)

    body_kind = Body.Kind.BUREAU
    listed: ClassVar[dict[str, Any]] = {
        "form": _("形式"), "unit_name": _("责任单位"), "items": _("任务"), "reply_by": _("回复期限"), "served_on": _("送达"),
    }  # fmt: skip
    related: ClassVar[tuple[str, ...]] = ("unit",)

    class Meta:
        verbose_name = verbose_name_plural = _("通报与约谈")

    def __str__(self) -> str:
        return self.title

    @property
    def unit_name(self) -> str:
        return self.unit.name

    @act(open_in="received", label=_("修改文稿"))
    def edit_draft(self, entry: "Entry") -> None:
        """The draft is worded otherwise. Nobody has been told anything yet."""
        if entry.data["revision"] is None:
            raise VersionMissing("revision_missing", _("请求缺少修订号（revision），请先读取最新内容。"))
        if entry.data["revision"] != self.revision:
            raise Conflict(
                "stale_revision", _("文稿刚刚被其他人修改，请刷新后再办理；您填写的内容没有丢失。"),
                revision=self.revision,
            )  # fmt: skip
        for name in WORDED:
            setattr(self, name, entry.data[name])
        self.revision += 1

    @step(source="received", target="signed", label=_("签发"))
    def sign(self, entry: "Entry") -> None:
        """签发: the words are fixed and leave as a paper; until now there was nothing."""
        self.letter_no = entry.data["letter_no"]
        entry.paper(
            "ledger_notice", letter_no=self.letter_no, subject=self.title, addressee=self.unit.name,
            problems=self.problems, demand=self.demand, reply_by=self.reply_by,
            means=str(_("请你单位主要负责人按通知的时间、地点接受约谈，并")) if self.form == self.Form.TALK else str(_("请你单位")),
            office=self.body.name if self.body is not None else "",
        )  # fmt: skip
        entry.fact("notice_signed", value=self.form)

    @step(source="signed", target="served", label=_("送达"))
    def serve(self, entry: "Entry") -> None:
        """送达: how and to whom it went."""
        self.served_on = entry.on

    @step(source="served", target="replied", label=_("登记回复"))
    def record_reply(self, entry: "Entry") -> None:
        """回复: what the unit answers; its paper is added to the file."""
        self.reply = entry.data["reply"]

    @act(open_in=("served", "replied"), label=_("登记约谈"), ready=no_talk)
    def record_talk(self, entry: "Entry") -> None:
        """约谈: when, with whom, what was said and promised."""
        self.talked_on, self.talk = entry.on, entry.data["talk"]
        entry.note(attended=entry.data["attended"])

    @step(source="replied", target="closed", label=_("办结"), ready=talk_missing)
    def close(self, entry: "Entry") -> None:
        """办结: what was demanded is done, or is followed elsewhere."""
        self.closed_on, self.outcome = entry.on, "closed"
