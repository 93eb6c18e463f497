"""The calendar the office overrules, and what the law leaves to it to choose."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _


class Holiday(models.Model):
    """A day on which the printed calendar is overruled: a day off, or a working weekend."""

    day = models.DateField(_("日期"), unique=True)
    is_workday = models.BooleanField(_("上班"), default=False)
    name = models.CharField(_("说明"), max_length=60, blank=True)

    class Meta:
        ordering = ["day"]
        verbose_name = verbose_name_plural = _("节假日")


class Setting(models.Model):
    """A choice the law leaves to the office, from a day on, with the paper that made it. Never changed, only followed."""

    class Key(models.TextChoices):
        ANNOUNCED_DAYS = "announced_days", _("公告送达的天数")
        COURT_OF_REVIEW = "court_of_review", _("不服行政裁决的管辖法院")
        LEGAL_REVIEW = "legal_review", _("签发行政裁决书前的法制审核（是、否）")
        PUBLIC_TIPS = "public_tips", _("网上举报页面对外开放（是、否）")
        REWARD_BUDGET = "reward_budget", _("当年举报奖励预算（元，起用日期填当年）")
        REWARD_SCHEME = "reward_scheme", _("举报奖励标准（national、four_tiers 或者本区标准的代码）")
        REDACTION_PROFILE = "redaction_profile", _("公开文本的处理规则（district_default、court_2016）")

    key = models.CharField(_("事项"), max_length=40, choices=Key.choices)
    value = models.CharField(_("内容"), max_length=120)
    valid_from = models.DateField(_("起用日期"))
    document = models.CharField(_("文号或者依据"), max_length=120)

    class Meta:
        ordering = ["key", "-valid_from"]
        verbose_name = verbose_name_plural = _("单位选择事项")
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="one_choice_a_day")]

    def __str__(self) -> str:
        return f"{self.get_key_display()}：{self.value}（{self.valid_from}）"

    @classmethod
    def on(cls, key: "Setting.Key", day: date) -> str | None:
        """What was chosen by that day; None if nothing was, and the default of the house holds."""
        found = cls.chosen(key, day)
        return found.value if found else None

    @classmethod
    def chosen(cls, key: "Setting.Key", day: date) -> "Setting | None":
        """The choice that holds on that day, with the paper that made it."""
        return cls.objects.filter(key=key, valid_from__lte=day).order_by("-valid_from").first()
