"""What a court sends along with a dispute, and what goes back to it (特邀调解规定第十一条、第二十六条).

Who else sent the dispute (12345, another authority) is told the result in the same way. Of the talks nothing is said.
"""

import json
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import deadlines
from cases.errors import DomainError
from cases.models import Case
from cases.protection import Sealed
from cases.stepping import act

from .seen import RowsOfMediation

if TYPE_CHECKING:
    from cases.entry import Entry

SENT_HERE = (
    Case.Source.HOTLINE_12345, Case.Source.PROCURATORATE, Case.Source.POLICE, Case.Source.MARKET, Case.Source.CUSTOMS,
    Case.Source.SUPERIOR, Case.Source.OTHER_REGION, Case.Source.TIP,
)  # fmt: skip
HAND_BACK = "HB-01"
ENDS = ("settled", "failed", "terminated", "withdrawn", "not_accepted", "transferred")


class Referral(models.Model):
    """A court's 委派 (before filing) or 委托 (after filing); which of the two, and its number, stand on the case."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mediation = models.OneToOneField("mediation.Mediation", models.PROTECT, related_name="referral")
    court = models.CharField(_("法院"), max_length=80)
    judge = models.CharField(_("承办法官"), max_length=40, blank=True)
    judge_phone = models.CharField(_("法官电话"), max_length=40, blank=True)
    online = models.BooleanField(_("通过在线平台"), default=False)
    pushed_on = models.DateField(_("法院推送（移送）日期"))
    materials_sealed = models.TextField(blank=True, default="", editable=False)
    returned_on = models.DateField(_("材料退回日期"), null=True, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    materials = Sealed("materials")  # JSON list of {name, pages}
    objects = RowsOfMediation.as_manager()

    class Meta:
        verbose_name = verbose_name_plural = _("法院委派委托")


def from_court(row: Any) -> DomainError | None:
    """Only a dispute a court sent has a referral."""
    if row.case.from_court:
        return None
    return DomainError("no_court", _("本案不是法院委派、委托的案件。"))


def referral_of(row: Any) -> Referral | None:
    """The court's referral, or None."""
    found: Referral | None = getattr(row, "referral", None)
    return found


def not_referred_yet(row: Any) -> DomainError | None:
    return from_court(row) or (
        DomainError("referred", _("已登记法院委派、委托。")) if referral_of(row) is not None else None
    )


def unconfirmed_online(row: Any) -> DomainError | None:
    """An online referral waits for the body's word (在线调解规则第十条)."""
    found = referral_of(row)
    if found is None or not found.online:
        return DomainError("not_online", _("本案不是通过在线平台委派、委托的。"))
    if row.materials_on is not None:
        return DomainError("confirmed", _("平台接受已经登记。"))
    return None


def not_handed_back(row: Any) -> DomainError | None:
    found = referral_of(row)
    if found is None:
        return DomainError("no_referral", _("没有登记法院委派、委托，请先登记。"))
    if found.returned_on is not None:
        return DomainError("handed_back", _("调解情况已于 %(day)s 复函法院。") % {"day": found.returned_on})
    return None


def sent_here(row: Any) -> DomainError | None:
    if row.case.source in SENT_HERE:
        return None
    return DomainError("nobody_sent_it", _("本案不是由其他机关转办、移送的。"))


class Referred:
    """Mixin of `Mediation`; `self` is the locked row."""

    @act(
        open_in=("received", "in_mediation"),
        label=_("登记法院委派委托"),
        ready=not_referred_yet,
        undoable=True,
    )
    def record_referral(self: Any, entry: "Entry") -> None:
        """委派 before filing, 委托 after it: the court's papers are here, and its period runs from their receipt (C-08).

        Online the body first confirms on the platform within three working days (在线调解规则第十条).
        """
        data = entry.data
        row = Referral(
            mediation=self, court=data["court"], judge=data["judge"], judge_phone=data["judge_phone"],
            online=data["online"], pushed_on=data["pushed_on"], by=entry.by,
        )  # fmt: skip
        row.materials = json.dumps(data["materials"], ensure_ascii=False) if data["materials"] else ""
        entry.save(row)
        self.procedure = data["procedure"] or self.procedure
        if data["online"] and data["materials_on"] is None:
            entry.start("C-09a", on=data["pushed_on"])
            return
        self._begin_court_period(entry, data["materials_on"])

    @act(open_in=("received", "in_mediation"), label=_("平台确认接受"), ready=unconfirmed_online)
    def confirm_platform(self: Any, entry: "Entry") -> None:
        """Accepted on the platform: the period begins (第二十四条), the other side is contacted within three days (第十五条)."""
        entry.finish("C-09a")
        entry.start("C-09d")
        self._begin_court_period(entry, entry.on)

    def _begin_court_period(self: Any, entry: "Entry", on: Any) -> None:
        self.materials_on = on
        rule = self.court_rule()
        if deadlines.has_limit(rule, on):
            entry.start(rule, on=on)

    def court_rule(self: Any) -> str:
        """The period of this referral: thirty days, fifteen, or seven (特邀调解规定第二十七条)."""
        if self.case.source == Case.Source.COURT_ASSIGNED:
            return "C-06"
        return "C-07b" if self.procedure == self.Procedure.SIMPLE else "C-07a"

    def start_archiving(self: Any, entry: "Entry") -> None:
        """At the end a court's dispute goes back to it, too."""
        super().start_archiving(entry)  # type: ignore[misc]
        if referral_of(self) is not None:
            entry.start(HAND_BACK)

    @act(open_in=ENDS, label=_("复函法院并退回材料"), ready=not_handed_back)
    def hand_back(self: Any, entry: "Entry") -> None:
        """The written result and the papers go back to the court (第二十六条). An agreement goes along, the talks never (C-15)."""
        row = referral_of(self)
        assert row is not None
        row.returned_on = entry.on
        entry.save(row)
        entry.finish(HAND_BACK)
        kept = json.loads(row.materials or "[]")
        entry.paper(
            "court_result_letter", letter_no=entry.data["letter_no"], addressee=row.court, judge=row.judge,
            court_case_no=self.case.court_case_no, way=self.case.get_source_display(),
            result=str(entry.data["result_words"]), ended_on=self.closed_on,
            agreement=str(_("调解协议随函附送。")) if entry.data["with_agreement"] else "",
            suspicion=str(_("调解中发现有虚假调解嫌疑，已依法中止调解，现予报告。")) if entry.data["sham"] else "",
            returned=[_paper_words(paper) for paper in kept] or [str(_("无"))],
        )  # fmt: skip

    @act(open_in=ENDS, label=_("回复转办机关"), ready=sent_here, rare=True)
    def reply_sender(self: Any, entry: "Entry") -> None:
        """Whoever sent the dispute here (12345, an authority) is told how it ended, by its own number."""
        entry.paper(
            "referral_reply", letter_no=entry.data["letter_no"], addressee=entry.data["addressee"],
            external_no=self.case.external_no, way=self.case.get_source_display(),
            result=str(self.outcome_label), ended_on=self.closed_on, remark=entry.data["remark"],
        )  # fmt: skip


def _paper_words(paper: dict[str, Any]) -> str:
    pages = paper.get("pages")
    return f"{paper['name']}（{pages}页）" if pages else str(paper["name"])
