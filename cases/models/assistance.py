"""Rights assistance (维权援助), consultations, and references that enter no figure."""

from typing import TYPE_CHECKING
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.calendar import office_calendar
from cases.errors import DomainError
from cases.kinds import kind
from cases.protection import Sealed
from cases.stepping import act, step
from stations.models import Body, Person, Station

from .proceeding import BASE_STATES, Proceeding

if TYPE_CHECKING:
    from cases.entry import Entry

HELP = [
    ("advice", _("咨询指导意见")), ("infringement_opinion", _("侵权判定参考意见")), ("public_solution", _("重大公共纠纷解决方案")),
    ("analysis", _("分析预警、培训、驻场服务")), ("mediation", _("纠纷调解")), ("referral_report", _("举报投诉转送")),
    ("overseas", _("海外维权指导")), ("referral_court", _("司法、仲裁途径指引")),
]  # fmt: skip

OUTCOMES = {
    "completed": _("已办结"), "converted": _("转调解"), "refused": _("不予受理"), "withdrawn": _("撤回"),
    "deemed_withdrawn": _("按撤回处理"), "transferred": _("移送"),
}  # fmt: skip


STATES = {
    **BASE_STATES, "received": _("受理审查"), "accepted": _("办理中"), "completed": _("已办结"),
    "converted": _("转调解"), "refused": _("不予受理"), "withdrawn": _("已撤回"), "transferred": _("已移送"),
}  # fmt: skip

HISTORY = {
    "已办结": ("completed", "completed"), "转调解": ("converted", "converted"), "不予受理": ("refused", "refused"),
    "撤回": ("withdrawn", "withdrawn"), "按撤回处理": ("withdrawn", "deemed_withdrawn"),
    "移送": ("transferred", "transferred"),
}  # fmt: skip


@kind(
    "assistance",
    label=_("维权援助"),
    states=STATES,
    way=("received", "accepted", "completed"),
    ends={"completed", "converted", "refused", "withdrawn", "transferred"},
    accepting="accept",
    opens_from_case=True,
    outcomes=OUTCOMES,
    outcomes_of={
        "completed": ("completed",),
        "converted": ("converted",),
        "refused": ("refused",),
        "withdrawn": ("withdrawn", "deemed_withdrawn"),
        "transferred": ("transferred",),
    },
    history=HISTORY,
)
class Assistance(Proceeding):
    """An application for help. A centre accepts it; it ends with what was done."""

    class ApplicantType(models.TextChoices):
        """Statistics field of W-09."""

        PERSON = "person", _("自然人")
        SMALL = "small", _("小微企业")
        MEDIUM = "medium", _("中型企业")
        LARGE = "large", _("大型企业")
        UNIVERSITY = "university", _("高校院所")
        OTHER = "other", _("其他")

    class Channel(models.TextChoices):
        """How the application came in, for statistics (W-09)."""

        COUNTER = "counter", _("窗口")
        HOTLINE = "hotline", _("12330")
        ONLINE = "online", _("网络")
        TRANSFER = "transfer", _("移送")

    help_kind = models.CharField(_("援助事项"), max_length=25, choices=HELP, blank=True)
    opinion = models.TextField(_("援助意见"), blank=True)
    applicant_type = models.CharField(
        _("申请人类型"), max_length=20, choices=ApplicantType.choices, blank=True
    )
    channel = models.CharField(_("来源渠道"), max_length=10, choices=Channel.choices, blank=True)

    body_kind = Body.Kind.CENTRE

    class Meta:
        verbose_name = verbose_name_plural = _("维权援助")

    def begin(self, entry: "Entry") -> None:
        entry.fact("applied", value="assistance")
        entry.start("W-03")

    @act(open_in="received", label=_("通知补正"))
    def ask_correction(self, entry: "Entry") -> None:
        """补正: told once and in full what is missing; not answered in time, the application counts as withdrawn."""
        entry.start("W-04")
        entry.paper(
            "correction_notice",
            defects=[row["text"] for row in entry.data["defects"]],
            due_on=deadlines.due("W-04", entry.on, filed=self.received_on, calendar=office_calendar()).due,
            basis=str(_("《知识产权维权援助工作指引》")),
            consequence=str(_("逾期未补正的，视为撤回申请")),
        )

    @act(open_in="received", label=_("收到补正材料"))
    def receive_correction(self, entry: "Entry") -> None:
        """The complete set is in: the examination runs from this day (W-03)."""
        entry.finish("W-04")
        entry.finish("W-03")
        entry.start("W-03")

    @step(source="received", target="accepted", label=_("受理"))
    def accept(self, entry: "Entry") -> None:
        """受理: the centre takes the application on, with a number and a notice."""
        require_complete(self)
        self.accepted_on, self.help_kind = entry.on, entry.data["help_kind"]
        if self.handler_id is None:
            self.handler = entry.data.get("handler") or entry.by
            entry.join(self.handler, self.handler_capacity)
        entry.number("assistance")
        entry.fact("accepted", value="assistance")
        entry.finish("W-03")
        entry.finish("W-04")
        entry.paper("assistance_acceptance", matter=dict(HELP)[self.help_kind])

    @step(source="received", target="refused", label=_("不予受理"), grave=True)
    def refuse(self, entry: "Entry") -> None:
        """不予受理, with the reason; no number is given."""
        self._end(entry, "refused", fact="refused")
        entry.paper("assistance_refusal", reasons=entry.data["reason"])

    @step(source=["received", "accepted"], target="withdrawn", label=_("撤回 / 按撤回处理"), grave=True)
    def withdraw(self, entry: "Entry") -> None:
        """The applicant withdraws, or has not corrected in time."""
        self._end(entry, entry.data["outcome"])

    @step(source="accepted", target="completed", label=_("办结"))
    def complete(self, entry: "Entry") -> None:
        """办结: what was done is told; an opinion is signed by the centre."""
        self.opinion = entry.data["opinion"]
        self._end(entry, "completed")

    @step(source="accepted", target="converted", label=_("转调解"))
    def convert(self, entry: "Entry") -> None:
        """转调解: mediation is the only help asked; the mediation counts once it is accepted."""
        entry.open("mediation")
        self._end(entry, "converted")

    @step(source=["received", "accepted"], target="transferred", label=_("移送其他机关"), grave=True)
    def transfer(self, entry: "Entry") -> None:
        """Not ours: handed to the authority that is competent."""
        self._end(entry, "transferred")

    def _end(self, entry: "Entry", outcome: str, fact: str = "closed") -> None:
        self.closed_on, self.outcome = entry.on, outcome
        entry.fact(fact, value=outcome)
        if fact != "closed":
            entry.fact("closed", value=outcome)
        entry.finish_all()


class Overseas(models.Model):
    """Overseas guidance (海外维权指导): where, before whom, by when, what was advised and what it saved."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    assistance = models.OneToOneField(Assistance, models.PROTECT, related_name="overseas")
    country = models.CharField(_("国家（地区）"), max_length=60)
    forum = models.CharField(_("受理机构"), max_length=120, blank=True)
    procedure = models.CharField(_("程序"), max_length=120, blank=True)
    foreign_due_on = models.DateField(_("境外期限"), null=True, blank=True)
    advice = models.TextField(_("指导意见"), blank=True)
    loss_avoided = models.DecimalField(
        _("避免损失（元）"), max_digits=16, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = verbose_name_plural = _("海外维权指导")


class Expert(models.Model):
    """Who advised on an opinion. The name stays in the file: the centre alone signs."""

    assistance = models.ForeignKey(Assistance, models.PROTECT, related_name="experts")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("专家"))
    on = models.DateField(_("日期"))
    remark_sealed = models.TextField(blank=True, default="", editable=False)
    cancelled = models.BooleanField(default=False)

    remark = Sealed("remark")

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("援助专家")


@kind(
    "reference",
    label=_("参考资料"),
    states={**BASE_STATES, "recorded": _("已登录")},
    way=("received", "recorded"),
    ends=set(),
)
class Reference(Proceeding):
    """A record of somewhere else, kept to be read. It enters no figure; its result stays text."""

    result_text = models.CharField(_("结果"), max_length=80, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("参考资料")


def require_complete(row: Proceeding) -> None:
    """What acceptance demands and registration may leave open (待补充): who applies, how to reach them, what of."""
    missing = []
    applicant = row.case.parties.filter(role="applicant").first()
    if applicant is None:
        missing.append(_("申请人"))
    else:
        if not applicant.id_number:
            missing.append(_("申请人证件号"))
        if not (applicant.phone or applicant.service_address or applicant.address):
            missing.append(_("申请人联系方式"))
    if not row.case.summary and not row.case.cause:
        missing.append(_("简要情况"))
    if missing:
        raise DomainError(
            "incomplete",
            _("受理前请补充：%(names)s（在“当事人”“概要”中更正）。")
            % {"names": "、".join(str(m) for m in missing)},
        )


class Consultation(models.Model):
    """咨询登记: a question answered in minutes. Never a case until somebody makes it one."""

    class Channel(models.TextChoices):
        COUNTER = "counter", _("窗口")
        PHONE = "phone", _("电话")
        ONLINE = "online", _("网络")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    station = models.ForeignKey(Station, models.PROTECT, null=True, verbose_name=_("工作站"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
    channel = models.CharField(_("方式"), max_length=8, choices=Channel.choices, default=Channel.COUNTER)
    name = models.CharField(_("咨询人"), max_length=80, blank=True)
    phone_sealed = models.TextField(blank=True, default="", editable=False)
    right_kind = models.CharField(_("权利类型"), max_length=25, blank=True)
    question = models.TextField(_("问题"))
    answer = models.TextField(_("答复"), blank=True)
    case = models.ForeignKey(
        "cases.Case", models.PROTECT, null=True, blank=True, related_name="consultations"
    )
    at = models.DateTimeField(auto_now_add=True)

    phone = Sealed("phone")

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = _("咨询")
