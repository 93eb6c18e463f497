"""What others own and deliver: court cases row by row or as stamped totals, patents, population, customs, special areas.

Each number names its paper. A delivery is never changed: a later one replaces it, and both stay.
"""

import json
from datetime import date
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.models import StoredFile


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def holding(self, day: date) -> "DeliveryQuerySet":
        """What was in force on the evening of a day: confirmed by then, not replaced by then."""
        stands = Q(replaced_on__isnull=True) | Q(replaced_on__gt=day)
        return self.filter(stands, confirmed_on__lte=day)


class Delivery(models.Model):
    """One paper or sheet with figures of an owner, and who entered and who confirmed it.

    Rows of a sheet need no second person; totals typed by hand count from the day a second person has compared them
    with the scan. `numbers` is JSON: decimals as text.
    """

    class Kind(models.TextChoices):
        COURT_ROWS = "court_rows", _("法院案件清单")
        COURT_TOTALS = "court_totals", _("法院盖章汇总数据")
        PATENTS = "patents", _("高价值发明专利")
        POPULATION = "population", _("常住人口")
        CUSTOMS = "customs", _("海关查获数据")
        PREEXAM = "preexam", _("专利预审数据")

    STOCKS = (Kind.PATENTS, Kind.POPULATION)  # a number on a day, not of a period

    kind = models.CharField(_("内容"), max_length=15, choices=Kind.choices)
    scope = models.CharField(_("范围"), max_length=80, blank=True)
    start = models.DateField(_("期间起"))
    end = models.DateField(_("期间止（时点）"))
    numbers = models.TextField(default="{}")
    source_ref = models.CharField(_("文号或者来源"), max_length=120, blank=True)
    contact = models.CharField(_("提供单位联系人"), max_length=80, blank=True)
    paper = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, related_name="+", verbose_name=_("盖章扫描件或者原表")
    )
    paper_name = models.CharField(max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    entered_on = models.DateField()
    confirmed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    confirmed_on = models.DateField(null=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="replaces")
    replaced_on = models.DateField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-end", "-id"]
        verbose_name = verbose_name_plural = _("外部数据")
        constraints = [
            models.CheckConstraint(condition=Q(end__gte=models.F("start")), name="delivery_ends_after_it_begins")
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.start}..{self.end}"

    def told(self) -> dict[str, Any]:
        """The numbers as they stand on the paper."""
        return dict(json.loads(self.numbers))


class CourtCase(models.Model):
    """One case of the court's list. It counts by the day it was closed."""

    class Instance(models.TextChoices):
        FIRST = "first", _("一审")
        SECOND = "second", _("二审")
        RETRIAL = "retrial", _("再审")

    class Kind(models.TextChoices):
        CIVIL = "civil", _("民事")
        CRIMINAL = "criminal", _("刑事")
        ADMINISTRATIVE = "administrative", _("行政")

    class Result(models.TextChoices):
        JUDGMENT = "judgment", _("判决")
        RULING = "ruling", _("裁定")
        MEDIATION = "mediation", _("调解")
        WITHDRAWN = "withdrawn", _("撤诉")

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="cases")
    case_no = models.CharField(_("案号"), max_length=80, unique=True)
    filed = models.DateField(_("立案日期"))
    closed = models.DateField(_("结案日期"), db_index=True)
    instance = models.CharField(_("审级"), max_length=10, choices=Instance.choices, blank=True)
    kind = models.CharField(_("类别"), max_length=15, choices=Kind.choices, blank=True)
    excluded_days = models.PositiveIntegerField(_("扣除天数"), default=0)
    appealed = models.BooleanField(_("上诉"), null=True)  # NULL: the list does not say
    result = models.CharField(_("结案方式"), max_length=10, choices=Result.choices, blank=True)

    class Meta:
        ordering = ["-closed", "-id"]
        verbose_name = verbose_name_plural = _("法院案件")
        constraints = [
            models.CheckConstraint(condition=Q(closed__gte=models.F("filed")), name="court_case_closed_after_filed")
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.case_no

    @property
    def days(self) -> int:
        """Days from filing to the end, without those excluded."""
        return (self.closed - self.filed).days - self.excluded_days


class CustomsLine(models.Model):
    """One line of what customs seized in the period of its delivery."""

    class Way(models.TextChoices):
        EXPORT = "export", _("出口")
        IMPORT = "import", _("进口")

    delivery = models.ForeignKey(Delivery, models.PROTECT, related_name="customs")
    way = models.CharField(_("进出口"), max_length=6, choices=Way.choices, blank=True)
    goods = models.CharField(_("货物"), max_length=80)
    brand = models.CharField(_("品牌（权利）"), max_length=80, blank=True)
    route = models.CharField(_("运输方式（路线）"), max_length=80, blank=True)
    country = models.CharField(_("国家（地区）"), max_length=80, blank=True)
    seizures = models.PositiveIntegerField(_("查获批次"))
    items = models.PositiveBigIntegerField(_("件数"), null=True)  # NULL: the sheet does not say
    value = models.DecimalField(_("案值（元）"), max_digits=16, decimal_places=2, null=True)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("海关查获")

    def __str__(self) -> str:
        return f"{self.goods} {self.seizures}"


class SpecialArea(models.Model):
    """知识产权特色区域: recognised by a paper, for a time (plan, indicator 7)."""

    name = models.CharField(_("名称"), max_length=80)
    feature = models.CharField(_("特色产业"), max_length=80, blank=True)
    document = models.CharField(_("认定文件"), max_length=120)
    valid_from = models.DateField(_("认定日期"))
    valid_to = models.DateField(_("有效期止"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("知识产权特色区域")

    def __str__(self) -> str:
        return self.name
