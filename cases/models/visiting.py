"""Return visits (回访): somebody asks afterwards whether the help was good, whether the agreement is kept."""

from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.protection import Sealed
from cases.stepping import act

if TYPE_CHECKING:
    from cases.entry import Entry


class Visit(models.Model):
    """One return visit after an end: to whom, how, how satisfied; what was said stays sealed."""

    class Way(models.TextChoices):
        PHONE = "phone", _("电话")
        VISIT = "visit", _("上门")
        COUNTER = "counter", _("当面")
        ONLINE = "online", _("网络")

    class Satisfaction(models.IntegerChoices):
        VERY_SATISFIED = 5, _("非常满意")
        SATISFIED = 4, _("满意")
        FAIR = 3, _("一般")
        DISSATISFIED = 2, _("不满意")
        VERY_DISSATISFIED = 1, _("非常不满意")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    proceeding = models.ForeignKey("cases.Proceeding", models.PROTECT, related_name="visits")
    party = models.ForeignKey(
        "cases.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("当事人")
    )
    on = models.DateField(_("日期"))
    way = models.CharField(_("方式"), max_length=8, choices=Way.choices)
    reached = models.BooleanField(_("联系上"), default=True)
    satisfaction = models.PositiveSmallIntegerField(
        _("满意度"), choices=Satisfaction.choices, null=True, blank=True
    )
    said_sealed = models.TextField(blank=True, default="", editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled = models.BooleanField(default=False)

    said = Sealed("said")

    class Meta:
        ordering = ["on", "id"]
        verbose_name = verbose_name_plural = _("回访")


class Visited:
    """Mixin of the kinds that are followed up after their end; `self` is the locked row."""

    VISITED_IN = (
        "settled",
        "failed",
        "terminated",
        "completed",
        "converted",
        "refused",
        "withdrawn",
        "transferred",
    )

    @act(open_in=VISITED_IN, label=_("登记回访"), undoable=True)
    def return_visit(self: Any, entry: "Entry") -> None:
        """登记回访：何时、以何种方式回访了谁，是否联系上、是否满意；谈话内容密存。"""
        data = entry.data
        visit = Visit(
            proceeding=self, party=data["party"], on=entry.on, way=data["way"], reached=data["reached"],
            satisfaction=data["satisfaction"], by=entry.by,
        )  # fmt: skip
        visit.said = data["said"]
        entry.save(visit)
        self.visited(entry, visit)

    def visited(self: Any, entry: "Entry", visit: Visit) -> None:
        """A kind issues its own sheet of the visit."""
