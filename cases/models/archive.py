"""The file of a proceeding once it is closed: bound as one paginated PDF, archived, read by a party."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .paper import StoredFile


class Volume(models.Model):
    """One bound volume of a proceeding: 正卷, which parties may read, or 副卷, which never leaves.

    `contents` is JSON, the catalogue: [{title, number, on, first, last}] with page numbers as printed.
    """

    class Kind(models.TextChoices):
        OPEN = "open", _("正卷")
        CLOSED = "closed", _("副卷")

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    proceeding = models.ForeignKey("cases.Proceeding", models.PROTECT, related_name="volumes")
    kind = models.CharField(_("卷别"), max_length=6, choices=Kind.choices)
    contents = models.TextField(default="[]")
    pages = models.PositiveIntegerField(_("页数"), null=True, blank=True)
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    bound_on = models.DateField(_("装订日期"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled = models.BooleanField(default=False)  # bound again: the earlier binding no longer holds

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("案卷")


class Reading(models.Model):
    """A party, an agent or a court read or copied the open volume: who, when, what (阅卷登记)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    proceeding = models.ForeignKey("cases.Proceeding", models.PROTECT, related_name="readings")
    party = models.ForeignKey(
        "cases.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("当事人")
    )
    reader = models.CharField(_("查阅人"), max_length=80)
    capacity = models.CharField(_("身份"), max_length=60, blank=True)
    what = models.CharField(_("查阅内容"), max_length=300)
    copied = models.BooleanField(_("复制"), default=False)
    on = models.DateField(_("日期"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("阅卷登记")
