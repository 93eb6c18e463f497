"""Rows of a lawsuit and of an enforcement: sittings of the court, what was held of each claim, demands. No behaviour."""

from collections.abc import Iterable
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Evidence, Party
from cases.protection import Sealed

from .rows import Service, StandingManager


class Judgment(models.TextChoices):
    """What a court's effective result does to the ruling (行政诉讼法第六十九条至第七十七条)."""

    UPHELD = "upheld", _("判决驳回诉讼请求")
    DISMISSED_SUIT = "dismissed_suit", _("裁定驳回起诉")
    ANNULLED = "annulled", _("判决撤销")
    PARTLY_ANNULLED = "partly_annulled", _("判决部分撤销")
    CHANGED = "changed", _("判决变更")
    UNLAWFUL = "unlawful", _("确认违法")
    VOID = "void", _("确认无效")
    WITHDRAWN = "withdrawn", _("撤诉（含按撤诉处理）")


# a ruling no longer stands as it was published: its change is published again (T-28)
CHANGING = frozenset({Judgment.ANNULLED, Judgment.PARTLY_ANNULLED, Judgment.CHANGED, Judgment.VOID})


def overall(outcomes: Iterable[str]) -> Judgment | None:
    """The result as a whole of what was held item by item; None of nothing.

    Different results are mixed, 部分撤销, as soon as one of them changes the ruling; else it stands, lawful or not.
    """
    found = {Judgment(one) for one in outcomes}
    if len(found) <= 1:
        return next(iter(found), None)
    if found & CHANGING:
        return Judgment.PARTLY_ANNULLED
    return Judgment.UNLAWFUL if Judgment.UNLAWFUL in found else Judgment.UPHELD


class CourtHearing(models.Model):
    """开庭: when and where the court sits; who of the bureau appears (行政诉讼法第三条第三款, T-32)."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    litigation = models.ForeignKey("adjudication.Litigation", models.PROTECT, related_name="hearings")
    day = models.DateField(_("开庭日期"))
    time = models.TimeField(_("开庭时间"))
    place = models.CharField(_("地点"), max_length=120, blank=True)
    held = models.BooleanField(_("已开庭"), default=False)
    dropped = models.BooleanField(_("已改期"), default=False)
    head = models.CharField(_("出庭负责人"), max_length=60, blank=True)
    reason = models.CharField(_("负责人不能出庭的理由"), max_length=300, blank=True)
    staff = models.CharField(_("出庭工作人员"), max_length=200, blank=True)
    cancelled = models.BooleanField(default=False)  # by 撤回误操作

    objects = StandingManager()

    class Meta:
        ordering = ["day", "id"]


class JudgmentItem(models.Model):
    """What a court held of one claim or one order of the ruling; several that differ make the result mixed."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    litigation = models.ForeignKey("adjudication.Litigation", models.PROTECT, related_name="items")
    instance = models.PositiveSmallIntegerField(_("审级"))  # 1 first, 2 second
    respondent = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    claim = models.CharField(_("权利要求或者裁决项"), max_length=60, blank=True)
    outcome = models.CharField(_("结果"), max_length=20, choices=Judgment.choices)
    cancelled = models.BooleanField(default=False)  # taken back, or the judgment was set aside (发回重审)

    objects = StandingManager()

    class Meta:
        ordering = ["id"]


class Demand(models.Model):
    """催告 of one debtor: how and when it reached him, what he said against it (行政强制法第三十六条、第五十四条)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="+")
    enforcement = models.ForeignKey("adjudication.Enforcement", models.PROTECT, related_name="demands")
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("被催告人"))
    method = models.CharField(_("送达方式"), max_length=15, choices=Service.Method.choices)
    served_on = models.DateField(_("送达日期"))
    proof = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    objected_on = models.DateField(_("陈述申辩日期"), null=True, blank=True)
    objection_sealed = models.TextField(blank=True, default="", editable=False)
    heeded = models.BooleanField(_("意见成立"), null=True, blank=True)
    cancelled = models.BooleanField(default=False)  # by 撤回误操作

    objection = Sealed("objection")
    objects = StandingManager()

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("催告")
