"""拟办意见: what was asked for, of whom, and how far it got. Deciding is in cases/approvals.py."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.protection import Sealed


class Approval(models.Model):
    """A step or act that waits for its approvers, one role after the other."""

    class State(models.TextChoices):
        OPEN = "open", _("待审批")
        GRANTED = "granted", _("已批准")
        RETURNED = "returned", _("已退回")
        REFUSED = "refused", _("不同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="approvals")
    proceeding = models.ForeignKey("cases.Proceeding", models.PROTECT, null=True, related_name="approvals")
    name = models.CharField(_("事项"), max_length=40)
    data_sealed = models.TextField(blank=True, default="", editable=False)
    proposer = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("拟办人")
    )
    roles = models.CharField(max_length=120)  # the ordered list, comma separated
    position = models.PositiveSmallIntegerField(default=0)
    waiting_role = models.CharField(_("待审批角色"), max_length=20, blank=True, db_index=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.OPEN)
    reason = models.CharField(_("意见"), max_length=500, blank=True)
    decided = models.TextField(blank=True, default="")  # JSON lines: who decided what, when
    asked_on = models.DateField(_("拟办日期"))
    ended_on = models.DateField(_("办结日期"), null=True, blank=True)
    event = models.ForeignKey("cases.Event", models.PROTECT, null=True, related_name="+")

    data = Sealed("data")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["proceeding"],
                condition=models.Q(state="open"),
                name="one_open_approval_per_proceeding",
            )
        ]
