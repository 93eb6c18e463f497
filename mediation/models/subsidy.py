"""以案定补: what a committee pays for a case well done, by grades that are data (mediation/subsidy.toml).

Which mediation may be graded and what a grade pays stands in mediation/paying.py.
"""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.models.papers import later
from cases.stepping import act
from mediation import paying

from .seen import Row

if TYPE_CHECKING:
    from cases.entry import Entry
    from cases.models import Event


class Subsidy(Row):
    """The grade the committee gave a closed mediation, and the month in which it is paid."""

    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="subsidies")
    mediator = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("调解员")
    )
    grade = models.CharField(_("等级"), max_length=20)
    amount = models.DecimalField(_("金额（元）"), max_digits=10, decimal_places=2)
    rules = models.CharField(_("标准版本"), max_length=40)
    graded_on = models.DateField(_("评定日期"))
    month = models.CharField(_("发放月份"), max_length=7, blank=True)  # "2026-11", empty = not yet
    paid_on = models.DateField(_("发放日期"), null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("以案定补")
        constraints = [
            models.UniqueConstraint(
                fields=["mediation"], condition=models.Q(cancelled=False), name="one_grade_per_mediation"
            )
        ]

    @property
    def grade_label(self) -> str:
        """The grade as the standard calls it."""
        return paying.grade_label(self.grade)


def not_to_be_graded(row: Any) -> DomainError | None:
    """Why this mediation cannot be graded as it stands."""
    if row.is_open:
        return later(_("调解尚未结束，结束后才能评定补贴。"))
    found = row.subsidy
    if found is not None and found.paid_on is not None:
        return later(_("本案补贴已于 %(day)s 发放，不能重新评定。") % {"day": found.paid_on})
    against = paying.against(row)
    return not_eligible(against) if against else None


def not_eligible(against: list[str]) -> DomainError:
    """The refusal with everything that stands against paying."""
    return DomainError("not_eligible", _("本案不能评定补贴：%(why)s。") % {"why": "；".join(against)})


def nothing_to_pay(row: Any) -> DomainError | None:
    """Why there is nothing to pay for this mediation."""
    found = row.subsidy
    if found is None or not found.amount:
        return later(_("本案没有评定补贴。"))
    if found.paid_on is not None:
        return later(_("本案补贴已于 %(day)s 发放。") % {"day": found.paid_on})
    return None


class Subsidised:
    """Mixin of `Mediation`; `self` is the locked row."""

    @property
    def subsidy(self: Any) -> Subsidy | None:
        """The grade that holds, or None."""
        return self.subsidies.filter(cancelled=False).first()

    @act(
        open_in=("settled", "failed", "terminated"),
        label=_("评定补贴等级"),
        rare=True,
        undoable=True,
        ready=not_to_be_graded,
    )
    def grade_subsidy(self: Any, entry: "Entry") -> None:
        """评定补贴等级：由调委会按公布的标准逐案评定，每案一个等级；发放前可以重新评定，以最后一次为准。"""
        before = self.subsidy
        if before is not None:
            before.cancelled = True
            entry.save(before)
        if against := paying.against(self, entry.on):
            raise not_eligible(against)
        standard = paying.standard(entry.on)
        grade = standard.grade(entry.data["grade"])
        row = Subsidy(
            mediation=self, mediator=self.handler, grade=grade.code, amount=grade.amount, rules=standard.version,
            graded_on=entry.on,
        )  # fmt: skip
        entry.save(row)
        entry.note(amount=grade.amount, rules=standard.version)

    @act(
        open_in=("settled", "failed", "terminated"),
        label=_("发放补贴"),
        rare=True,
        undoable=True,
        ready=nothing_to_pay,
    )
    def pay_subsidy(self: Any, entry: "Entry") -> None:
        """发放补贴：列入某月的发放表；逐案登记，一并发放。"""
        row = self.subsidy
        row.month, row.paid_on = entry.data["month"], entry.on
        entry.save(row)

    def act_undone(self: Any, entry: "Entry", event: "Event") -> None:
        """A payment taken back leaves the grade; a grade that was paid stays."""
        if event.name == "pay_subsidy":
            row = self.subsidy
            row.month, row.paid_on = "", None
            entry.save(row)
            return
        if event.name == "grade_subsidy" and any(
            row.paid_on for row in entry.rows_of(event) if isinstance(row, Subsidy)
        ):
            raise DomainError("built_upon", _("补贴已经发放，请先撤回发放，再撤回等级。"))
        super().act_undone(entry, event)  # type: ignore[misc]
