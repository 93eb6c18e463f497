"""Rows of a lawsuit: hearings with the head who appears or the reason why not, what was held of each claim."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Party

from .litigation import Judgment, Litigation


class CourtHearing(models.Model):
    """开庭: when and where the court sits; who of the bureau appears (行政诉讼法第三条第三款, T-32)."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    litigation = models.ForeignKey(Litigation, models.PROTECT, related_name="hearings")
    day = models.DateField(_("开庭日期"))
    time = models.TimeField(_("开庭时间"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    held = models.BooleanField(_("已开庭"), default=False)
    dropped = models.BooleanField(_("已改期"), default=False)
    head = models.CharField(_("出庭负责人"), max_length=60, blank=True)
    reason = models.CharField(_("负责人不能出庭的理由"), max_length=300, blank=True)
    staff = models.CharField(_("出庭工作人员"), max_length=200, blank=True)

    class Meta:
        ordering = ["day", "id"]


class JudgmentItem(models.Model):
    """What a court held of one claim or one order of the ruling; several that differ make the result mixed."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    litigation = models.ForeignKey(Litigation, models.PROTECT, related_name="items")
    instance = models.PositiveSmallIntegerField(_("审级"))  # 1 first, 2 second
    respondent = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    claim = models.CharField(_("权利要求或者裁决项"), max_length=60, blank=True)
    outcome = models.CharField(_("结果"), max_length=20, choices=Judgment.choices)

    class Meta:
        ordering = ["id"]
