"""What an evaluation is handed: the dossier and samples, each a file made by the worker and kept with its digest."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import StoredFile
from cases.models.effects import Run


class Dossier(Run):
    """验收卷: every task with what proves it, as one indexed PDF and as a ZIP with the files."""

    effect: ClassVar[str] = "make_dossier"
    mark: ClassVar[str] = "dossier"

    as_of = models.DateField(_("截至"))
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    zip = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    gaps = models.PositiveIntegerField(_("缺口"), default=0)

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = _("验收卷")


class Sample(Run):
    """抽样: n rows of the list behind a figure, drawn by a seed; the same seed on the same list draws the same."""

    effect: ClassVar[str] = "draw_sample"
    mark: ClassVar[str] = "sample"

    code = models.CharField(_("指标"), max_length=40)
    period = models.CharField(_("期间"), max_length=40)
    as_of = models.DateField(_("截至"))
    seed = models.CharField(_("种子"), max_length=40)
    size = models.PositiveSmallIntegerField(_("件数"))
    zip = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = _("抽样")
