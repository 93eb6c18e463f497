"""Rights assistance (维权援助): how an application is examined, taken on or refused, and how it ends.

What is done for the applicant in between stands in assisting.py.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.calendar import office_calendar
from cases.documents.template import chinese_date
from cases.errors import DomainError
from cases.kinds import kind
from cases.stepping import act, step
from stations.models import Body

from .assisting import HELP, TARGETS, Helping, letter
from .proceeding import BASE_STATES, Proceeding
from .visiting import Visit, Visited

if TYPE_CHECKING:
    from cases.entry import Entry

    from .record import Event

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

# Why an application is not taken on (law.md W-10); more may be said in words.
GROUNDS = {
    "not_ip": _("申请事项不属于知识产权事项"),
    "outside": _("辖区不符：申请人的户籍地、住所、经常居住地或者营业地和侵权行为发生地均不在本区"),
    "concluded": _("人民法院、仲裁机构或者行政机关已经作出处理"),
    "no_proof": _("未提交证明权利和基本事实的材料"),
    "repeated": _("没有新的事实和理由，重复提出申请"),
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
class Assistance(Helping, Visited, Proceeding):
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

    class Competence(models.TextChoices):
        """Why this district may help (W-01): either is enough."""

        APPLICANT = "applicant", _("申请人的户籍地、住所、经常居住地或者营业地在本区")
        ACT = "act", _("侵权行为发生地在本区")

    class Review(models.TextChoices):
        """What the administration found of a refusal (W-05)."""

        UPHELD = "upheld", _("维持")
        ANNULLED = "annulled", _("撤销")

    help_kind = models.CharField(_("援助事项"), max_length=25, choices=HELP, blank=True)
    opinion = models.TextField(_("援助意见"), blank=True)
    applicant_type = models.CharField(
        _("申请人类型"), max_length=20, choices=ApplicantType.choices, blank=True
    )
    channel = models.CharField(_("来源渠道"), max_length=10, choices=Channel.choices, blank=True)
    competence = models.CharField(_("管辖依据"), max_length=10, choices=Competence.choices, blank=True)
    review = models.CharField(_("异议处理"), max_length=10, choices=Review.choices, blank=True)

    body_kind = Body.Kind.CENTRE

    class Meta:
        verbose_name = verbose_name_plural = _("维权援助")

    def begin(self, entry: "Entry") -> None:
        entry.fact("applied", value="assistance")
        entry.start("W-03")

    # examination -------------------------------------------------------------------------------------------

    @act(open_in=("received", "accepted"), label=_("填写申请表"), undoable=True)
    def record_application(self, entry: "Entry") -> None:
        """申请表：登记申请人类型、来源和请求的援助，生成维权援助申请表，由申请人核对签名。"""
        data = entry.data
        self.applicant_type, self.channel = data["applicant_type"], data["channel"]
        if self.state == "received":
            self.help_kind = data["help_kind"]
        entry.paper(
            "assistance_application",
            applicant_type=self.get_applicant_type_display(),
            channel=self.get_channel_display(),
            help_kind=dict(HELP)[data["help_kind"]],
            place=str(self.case.act_place or self.case.act_place_text or self.case.act_platform),
            reasons=data["reasons"] or self.case.summary,
            materials=data["materials"],
            elsewhere={True: _("是"), False: _("否")}.get(self.case.handled_elsewhere, ""),
            rights=[
                {"kind": str(r.get_kind_display()), "number": r.number, "title": r.title, "holder": r.holder}
                for r in self.case.rights.all()
            ],
            applicants=self._people("applicant"),
            others=self._people("respondent", "third_party"),
        )

    @act(open_in="received", label=_("通知补正"), undoable=True, ready=lambda row: row.corrected_once())
    def ask_correction(self, entry: "Entry") -> None:
        """补正：一次告知全部补正内容，只能告知一次；逾期未补正的，视为撤回申请。"""
        due = deadlines.due("W-04", entry.on, filed=self.received_on, calendar=office_calendar()).due
        entry.finish("W-03")  # answered; the examination begins anew with the complete papers
        entry.start("W-04")
        entry.paper(
            "correction_notice",
            defects=[row["text"] for row in entry.data["defects"]],
            due_on=due,
            basis=str(_("《知识产权维权援助工作指引》")),
            consequence=str(_("逾期未补正的，视为撤回申请")),
        )

    @act(open_in="received", label=_("收到补正材料"), undoable=True, ready=lambda row: row.nothing_asked())
    def receive_correction(self, entry: "Entry") -> None:
        """收到补正材料：自收到齐全材料之日起重新计算审查期限。"""
        late = self.correction_lapsed(entry.on)
        if late is not None and not entry.data["excuse"]:
            raise DomainError(
                "correction_late",
                _(
                    "补正期限已于 %(day)s 届满，逾期未补正的视为撤回：请办理“撤回 / 按撤回处理”；有正当理由仍接收的，请填写理由。"
                )
                % {"day": late},
            )
        entry.finish("W-04")
        entry.start("W-03")

    @step(source="received", target="accepted", label=_("受理"))
    def accept(self, entry: "Entry") -> None:
        """受理: the centre takes the application on, with a number and a notice."""
        self._take_on(entry)

    @step(source="received", target="refused", label=_("不予受理"), grave=True)
    def refuse(self, entry: "Entry") -> None:
        """不予受理, with the reasons and where to object; no number is given."""
        self.review = ""
        self._end(entry, "refused", fact="refused")
        bureau = Body.objects.in_force(entry.today).filter(kind=Body.Kind.BUREAU).first()
        reasons = [str(GROUNDS[code]) for code in entry.data["grounds"]]
        entry.paper(
            "assistance_refusal",
            reasons=[*reasons, *filter(None, [entry.data["reason"]])],
            objection_to=bureau.name if bureau else "",
        )

    @act(open_in="refused", label=_("登记异议处理结果"), undoable=True, ready=lambda row: row.reviewed())
    def record_review(self, entry: "Entry") -> None:
        """异议：申请人对不予受理有异议的，登记知识产权局的处理结果；撤销的，再办理“恢复受理”。"""
        self.review = entry.data["result"]

    @step(source="refused", target="accepted", label=_("恢复受理"), ready=lambda row: row.not_annulled())
    def reinstate(self, entry: "Entry") -> None:
        """恢复受理：不予受理被撤销后予以受理，编号并计入受理一次；原不予受理不再计。"""
        self.closed_on = self.outcome = None
        self._take_on(entry)
        entry.withdraw_facts("refused", "closed")

    def _take_on(self, entry: "Entry") -> None:
        """The application becomes a matter of the centre: number, handler, target, notice."""
        data = entry.data
        require_complete(self)
        self.accepted_on, self.help_kind = entry.on, data["help_kind"]
        self.competence = data["competence"]
        self.applicant_type = data["applicant_type"] or self.applicant_type
        self.channel = data["channel"] or self.channel
        if self.handler_id is None:
            self.handler = data.get("handler") or entry.by
            entry.join(self.handler, self.handler_capacity)
        entry.number("assistance")
        entry.fact("accepted", value="assistance")
        entry.finish("W-03")
        entry.finish("W-04")
        target = TARGETS[self.help_kind]
        entry.start(target)
        expected = deadlines.due(
            target, entry.on, calendar=office_calendar(), internal=not deadlines.has_limit(target, entry.on)
        )
        entry.paper("assistance_acceptance", matter=dict(HELP)[self.help_kind], expected_on=expected.due)

    # ends --------------------------------------------------------------------------------------------------

    @step(source=["received", "accepted"], target="withdrawn", label=_("撤回 / 按撤回处理"), grave=True)
    def withdraw(self, entry: "Entry") -> None:
        """The applicant withdraws, or has not corrected in time."""
        if entry.data["outcome"] == "deemed_withdrawn" and self.correction_lapsed(entry.on) is None:
            due = self.deadlines.filter(rule="W-04", met_on__isnull=True, cancelled=False).first()
            raise DomainError(
                "not_lapsed",
                _("补正期限 %(day)s 尚未届满，不能按撤回处理。") % {"day": due.due_on}
                if due
                else _(
                    "没有发出补正通知，或者已经收到补正材料，不能按撤回处理；申请人撤回的，请选“申请人撤回”。"
                ),
            )
        self._end(entry, entry.data["outcome"])

    @step(source="accepted", target="completed", label=_("办结"), ready=lambda row: row.help_missing())
    def complete(self, entry: "Entry") -> None:
        """办结: what the kind of help needs has been done; the closing report tells the whole."""
        data = entry.data
        self.opinion = data["opinion"]
        self.applicant_type = data["applicant_type"] or self.applicant_type
        given = [f"{chinese_date(d.issued_on)}，{d.title}" for d in self.opinions().order_by("pk")]
        if self.help_kind == "advice" and not given:
            entry.paper(
                "assistance_advice", facts=self.case.summary or self.case.cause, conclusion=self.opinion
            )
            given = [f"{chinese_date(entry.on)}，{_('知识产权维权援助咨询指导意见')}"]
        self._end(entry, "completed")
        self._report(entry, given)

    def _report(self, entry: "Entry", given: list[str]) -> None:
        """结案报告: the file's last paper (W-08)."""
        abroad = self.abroad() if self.help_kind == "overseas" else None
        sent = [
            f"{chinese_date(f.sent_on)}，{_('函送')}{f.to}" for f in self.forwardings.filter(cancelled=False)
        ]
        entry.paper(
            "assistance_closing_report",
            help_kind=dict(HELP)[self.help_kind],
            applicant_type=self.get_applicant_type_display(),
            channel=self.get_channel_display(),
            rights=[str(r) for r in self.case.rights.all()],
            days=str((entry.on - self.accepted_on).days) if self.accepted_on else "",
            given=[*given, *sent],
            result=self.opinion,
            loss_avoided=abroad.loss_avoided if abroad else None,
        )

    @step(source="accepted", target="converted", label=_("转调解"))
    def convert(self, entry: "Entry") -> None:
        """转调解: mediation is the only help asked; the mediation counts once it is accepted."""
        entry.open("mediation")
        self._end(entry, "converted")

    @step(source=["received", "accepted"], target="transferred", label=_("移送其他机关"), grave=True)
    def transfer(self, entry: "Entry") -> None:
        """Not ours: handed to the authority that is competent, with a letter and its slip."""
        data = entry.data
        self._end(entry, "transferred")
        letter(
            entry,
            to=data["to"],
            matter=data["reason"],
            attachments=data["attachments"],
            number=data["letter_no"],
        )

    def _end(self, entry: "Entry", outcome: str, fact: str = "closed") -> None:
        self.closed_on, self.outcome = entry.on, outcome
        entry.fact(fact, value=outcome)
        if fact != "closed":
            entry.fact("closed", value=outcome)
        entry.finish_all()
        self.start_archiving(entry)

    def visited(self, entry: "Entry", visit: Visit) -> None:
        """回访表: what the statistics know; what was said stays sealed."""
        entry.paper(
            "return_visit_sheet",
            matter=str(dict(HELP).get(self.help_kind, "")),
            visited=visit.party.name if visit.party else "",
            visited_on=visit.on,
            way=visit.get_way_display(),
            reached=bool(visit.reached),
            satisfaction=visit.get_satisfaction_display() if visit.satisfaction else "",
            visitor=entry.by.display_name,
        )

    # what stands in the way ----------------------------------------------------------------------------------

    def corrected_once(self) -> Any:
        """补正 is told once and in full (W-04): why it cannot be told again."""
        if self.deadlines.filter(rule="W-04", cancelled=False).exists():
            return DomainError(
                "correction_once", _("补正只能一次性告知，本件已经通知过补正；内容有误的，请先撤回原通知。")
            )
        return None

    def nothing_asked(self) -> Any:
        """Why no correction can come in."""
        if self.deadlines.filter(rule="W-04", cancelled=False, met_on__isnull=True).exists():
            return None
        return DomainError("nothing_asked", _("没有等待补正的通知。"))

    def correction_lapsed(self, on: date) -> date | None:
        """The day on which the time for correction ran out without an answer, if it has by this day."""
        asked = self.deadlines.filter(
            rule="W-04", cancelled=False, met_on__isnull=True, due_on__lt=on
        ).first()
        return asked.due_on if asked else None

    def reviewed(self) -> Any:
        """Why no result of an objection can be recorded."""
        return DomainError("reviewed", _("异议处理结果已经登记；有误的，请先撤回。")) if self.review else None

    def not_annulled(self) -> Any:
        """Why the refusal still stands."""
        if self.review == self.Review.ANNULLED:
            return None
        return DomainError("not_annulled", _("不予受理没有被撤销；撤销的，请先办理“登记异议处理结果”。"))

    def undone(self, entry: "Entry", name: str) -> None:
        """A refusal taken back takes the result of its review with it."""
        if name == "refuse":
            self.review = ""

    def act_undone(self, entry: "Entry", event: "Event") -> None:
        """The result of an objection cannot go once the application was taken on because of it."""
        if event.name == "record_review" and self.state != "refused":
            raise DomainError("built_upon", _("之后已经恢复受理，请先撤回恢复受理。"))
        super().act_undone(entry, event)

    def _people(self, *roles: str) -> list[dict[str, str]]:
        """Parties as the application form lists them."""
        return [
            {
                "role": str(p.get_role_display()), "name": p.name, "kind": str(p.get_kind_display()),
                "id_number": p.id_number or "", "address": p.address or p.service_address or "", "phone": p.phone or "",
                "representative": p.legal_representative, "agent": "，".join(filter(None, [p.agent_name, p.agent_firm])),
            }
            for p in self.case.parties.all()
            if p.role in roles
        ]  # fmt: skip


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
