"""Who mediates: chosen by the parties or appointed, checked for conflicts, recused and replaced (人民调解法第十九条)."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Party
from cases.protection import Sealed
from cases.stepping import act

from .seen import RowsOfMediation

if TYPE_CHECKING:
    from cases.entry import Entry


class Recusal(models.Model):
    """Somebody asks that a mediator withdraw; the committee or the court's body decides (特邀调解规定第十五条)."""

    class Ground(models.TextChoices):
        RELATIVE = "relative", _("是当事人或者其代理人的近亲属")
        INTEREST = "interest", _("与纠纷有利害关系")
        OTHER_RELATION = "other_relation", _("与当事人、代理人有其他关系，可能影响公正调解")
        PARTY_ASKS = "party_asks", _("当事人要求更换调解员")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    mediation = models.ForeignKey("mediation.Mediation", models.PROTECT, related_name="recusals")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("调解员")
    )
    party = models.ForeignKey(
        Party, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("申请人")
    )  # NULL: the mediator asks
    ground = models.CharField(_("事由"), max_length=15, choices=Ground.choices)
    reason_sealed = models.TextField(blank=True, default="", editable=False)
    asked_on = models.DateField(_("提出日期"))
    granted = models.BooleanField(_("是否回避"), null=True, blank=True)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    cancelled = models.BooleanField(default=False)

    reason = Sealed("reason")
    objects = RowsOfMediation.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("调解员回避")


class Appointing:
    """Mixin of `Mediation`; `self` is the locked row."""

    @act(open_in=("received", "in_mediation", "agreed"), label=_("指定调解员"))
    def assign_mediator(self: Any, entry: "Entry") -> None:
        """Chosen by the parties or appointed (人民调解法第十九条); who judges in this dispute is refused by the door."""
        user, replaced = entry.data["user"], entry.data["replaces"]
        entry.join(user, self.handler_capacity)
        if replaced is not None:
            entry.leave(replaced, self.handler_capacity)
        if self.handler is None or self.handler == replaced:
            self.handler = user

    def _mediators(self: Any) -> list[str]:
        parts = self.participations.filter(
            capacity=self.handler_capacity, to_on__isnull=True, cancelled=False
        )
        names = [part.user.display_name for part in parts.select_related("user")]
        return names or ([self.handler.display_name] if self.handler else [])
