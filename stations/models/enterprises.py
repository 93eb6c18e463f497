"""The enterprises the stations serve."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.industries import Industry

from .people import Appointment
from .places import Area


class Enterprise(models.Model):
    """An enterprise the stations serve, with its paired protection commissioner."""

    name = models.CharField(_("名称"), max_length=120)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("所在区域"))
    industry = models.CharField(_("行业门类"), max_length=1, choices=Industry.choices, blank=True)
    commissioner = models.ForeignKey(
        Appointment, models.PROTECT, null=True, blank=True, verbose_name=_("保护专员")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("企业")

    def __str__(self) -> str:
        return self.name
