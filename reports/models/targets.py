"""What a document demands of an indicator. Figures are asked of facts and never stored here."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Target(models.Model):
    """What a document demands of an indicator, in the indicator's unit, for a period of validity (both ends in)."""

    code = models.CharField(_("指标代码"), max_length=40, db_index=True)
    value = models.DecimalField(_("目标值"), max_digits=14, decimal_places=2)
    unit = models.CharField(_("单位"), max_length=12)
    document = models.CharField(_("依据文件"), max_length=120)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    class Meta:
        ordering = ["code", "valid_from"]
        verbose_name = verbose_name_plural = _("指标目标值")
        constraints = [
            models.UniqueConstraint(fields=["code", "valid_from"], name="one_target_per_code_and_day"),
            models.CheckConstraint(
                condition=models.Q(valid_to__isnull=True) | models.Q(valid_to__gte=models.F("valid_from")),
                name="target_ends_after_it_begins",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.value}"
