"""The time a mediation may take: the court's period or the month of people's mediation, extended only by both parties."""

from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.stepping import act

if TYPE_CHECKING:
    from cases.entry import Entry

LIMITS = ("M-20", "C-06", "C-07a", "C-07b")  # the periods of mediation itself


class Timing:
    """Mixin of `Mediation`; `self` is the locked row."""

    @act(open_in=("in_mediation", "agreed"), label=_("延长调解期限"))
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
