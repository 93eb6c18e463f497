"""The time a mediation may take: the court's period or the month of people's mediation, extended only by both parties."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.readiness import paused, paused_not, runs
from cases.stepping import act

if TYPE_CHECKING:
    from cases.entry import Entry

COURT_LIMITS = ("C-06", "C-07a", "C-07b")
LIMITS = ("M-20", *COURT_LIMITS)  # the periods of mediation itself


class Timing:
    """Mixin of `Mediation`; `self` is the locked row."""

    @act(
        open_in=("received", "in_mediation", "agreed"),
        label=_("延长调解期限"),
        ready=runs(*LIMITS, code="nothing_to_extend", words=_("本案没有正在计算的调解期限，无需延长。")),
    )
    def extend(self: Any, entry: "Entry") -> None:
        """Longer only if both parties have signed for it (特邀调解规定第二十七条; M-20 likewise), before the time is up."""
        running = self.deadlines.filter(rule__in=LIMITS, met_on__isnull=True, cancelled=False).first()
        if running is None:
            raise DomainError("nothing_to_extend", _("本案没有正在计算的调解期限，无需延长。"))
        signed = max(entry.data["applicant_signed_on"], entry.data["respondent_signed_on"])
        if signed > running.due_on:
            raise DomainError(
                "signed_too_late",
                _("调解期限已于 %(day)s 届满，双方的延长同意应在届满前签署；请终止调解或核对日期。")
                % {"day": running.due_on},
            )
        entry.extend(running.rule, entry.data["days"])
        entry.note(rule=running.rule)

    @act(
        open_in=("received", "in_mediation"), label=_("开始鉴定"), rare=True,
        ready=paused_not("appraisal", code="already_paused", words=_("鉴定正在进行。")),
    )  # fmt: skip
    def start_appraisal(self: Any, entry: "Entry") -> None:
        """Expert appraisal does not count in the court's period (在线调解规则第二十六条, C-13)."""
        entry.pause("appraisal", ground=entry.data["institution"])

    @act(
        open_in=("received", "in_mediation"), label=_("鉴定结束"), rare=True,
        ready=paused("appraisal", code="not_paused", words=_("没有正在进行的鉴定。")),
    )  # fmt: skip
    def end_appraisal(self: Any, entry: "Entry") -> None:
        """The appraisal is in: the time counts again from this day."""
        entry.resume("appraisal")
