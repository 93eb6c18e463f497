"""天津港白名单: an enterprise applies, is reviewed and listed for a term; its cases come first while it is listed.

How long listed and other parties wait is measured from the record: cases/matters/white_list/waiting.py.
"""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.kinds import kind
from cases.stepping import step
from stations.models import Body, Enterprise

from .case import Party
from .matter import PAGE, Matter
from .papers import later
from .proceeding import BASE_STATES, Proceeding

if TYPE_CHECKING:
    from cases.entry import Entry

REVIEW, TERM = "WL-01", "WL-02"


def still_listed(row: Any) -> DomainError | None:
    """Why a term has not run out. Asked with the day of entry in the step itself."""
    return None if row.until is not None else later(_("尚未列入。"))


@kind(
    "white_list",
    label=_("天津港白名单"),
    states={
        **BASE_STATES, "received": _("已申请"), "reviewed": _("已评审"), "listed": _("已列入"), "suspended": _("暂停"),
        "expired": _("已到期"), "removed": _("已移出"), "refused": _("不予列入"),
    },
    way=("received", "reviewed", "listed"),
    ends={"expired", "removed", "refused"},
    outcomes={"expired": _("到期"), "removed": _("移出"), "refused": _("不予列入")},
    outcomes_of={"expired": ("expired",), "removed": ("removed",), "refused": ("refused",)},
    accepting="grant",
    body=Body.Kind.CENTRE,
    page=PAGE,
)  # fmt: skip
class WhiteList(Matter, Proceeding):
    """One listing of one enterprise, from application to its end."""

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="listings", verbose_name=_("企业")
    )
    title = models.CharField(_("企业"), max_length=120)
    credit_index = models.CharField(
        max_length=64, db_index=True, editable=False
    )  # as parties' numbers are found by
    reason = models.TextField(_("申请理由"), blank=True)
    until = models.DateField(_("有效期至"), null=True, blank=True)

    listed = {"accepted_on": _("列入日期"), "until": _("有效期至"), "outcome": _("结果")}
    body_kind = Body.Kind.CENTRE

    class Meta:
        verbose_name = verbose_name_plural = _("天津港白名单")

    def cells(self) -> dict[str, Any]:
        return {**super().cells(), "outcome": str(self.outcome_label)}

    @classmethod
    def in_force(cls, today: date) -> "models.QuerySet[WhiteList]":
        """Listings whose enterprises come first today."""
        return cls._default_manager.filter(Q(until__isnull=True) | Q(until__gte=today), state="listed")

    def begin(self, entry: "Entry") -> None:
        """The house reviews within its own time."""
        self.credit_index = Party.id_number.index_of(self.enterprise.credit_code)
        entry.start(REVIEW)
        entry.fact("white_list_applied")

    def due_now(self, today: date) -> tuple[str, ...]:
        if self.state == "listed":
            return ("expire",) if self.until and self.until < today else ()
        return {"received": ("review",), "reviewed": ("grant",)}.get(self.state, ())

    @step(source="received", target="reviewed", label=_("登记评审意见"))
    def review(self, entry: "Entry") -> None:
        """评审：按条件逐项评审，提出是否列入的意见。"""
        self.handler = entry.by
        entry.join(entry.by, self.handler_capacity)

    @step(source="reviewed", target="listed", label=_("列入白名单"))
    def grant(self, entry: "Entry") -> None:
        """列入：经批准编号列入，有效期内其案件优先办理；不免除任何法定程序。"""
        others = WhiteList.objects.filter(enterprise=self.enterprise_id, state__in=("listed", "suspended"))
        if others.exclude(pk=self.pk).exists():
            raise DomainError("listed_already", _("该企业已在白名单中，请在原事项中办理。"))
        if entry.data["until"] <= entry.on:
            raise DomainError("date_order", _("有效期应当晚于列入日期。"))
        self.accepted_on, self.until = entry.on, entry.data["until"]
        entry.number("white_list")
        entry.fact("accepted")
        entry.finish(REVIEW)
        entry.start(TERM, due=self.until)

    @step(source=("received", "reviewed"), target="refused", label=_("不予列入"), grave=True)
    def refuse(self, entry: "Entry") -> None:
        """不予列入：写明不符合的条件。"""
        self._end(entry, "refused")

    @step(source="listed", target="suspended", label=_("暂停"))
    def suspend(self, entry: "Entry") -> None:
        """暂停：涉嫌违法或者不再符合条件的，核实期间暂停优先。"""

    @step(source="suspended", target="listed", label=_("恢复"))
    def restore(self, entry: "Entry") -> None:
        """恢复：经核实仍符合条件的，恢复优先；有效期不延长。"""

    @step(source=("listed", "suspended"), target="expired", label=_("到期"), ready=still_listed)
    def expire(self, entry: "Entry") -> None:
        """到期：有效期届满，不再优先；可以重新申请。"""
        if self.until is not None and entry.on <= self.until:
            raise DomainError("not_over", _("有效期至 %(day)s，尚未届满。") % {"day": self.until})
        self._end(entry, "expired")

    @step(source=("listed", "suspended"), target="removed", label=_("移出"), grave=True)
    def remove(self, entry: "Entry") -> None:
        """移出：经核实不再符合条件的，移出白名单。"""
        self._end(entry, "removed")

    def _end(self, entry: "Entry", outcome: str) -> None:
        self.outcome, self.closed_on = outcome, entry.on
        entry.fact("closed", value=outcome)
        entry.finish_all()
