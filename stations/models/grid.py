"""The grid: cells of an area, each with whoever answers for it, for a time. A cell is ended, never deleted."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .people import Person
from .places import Area
from .terms import InForce


class GridCell(models.Model):
    """One cell of the district's grid."""

    code = models.CharField(_("网格编号"), max_length=30)
    name = models.CharField(_("名称"), max_length=80)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("所在区域"))
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, verbose_name=_("责任人"))
    valid_from = models.DateField(_("起用日期"))
    valid_to = models.DateField(_("停用日期"), null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["code", "valid_from"]
        verbose_name = verbose_name_plural = _("网格")
        constraints = [models.UniqueConstraint(fields=["code", "valid_from"], name="one_cell_a_term")]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"
