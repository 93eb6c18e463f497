"""The file of a proceeding once it is closed: bound as one paginated PDF, archived, read by a party."""

from datetime import date
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from stations import policy

from .paper import StoredFile


class VolumeQuerySet(models.QuerySet):
    """Bound volumes that still hold."""

    def visible_to(self, user: Any, today: date) -> "VolumeQuerySet":
        """正卷 for whoever sees the proceeding; 副卷 only for those who take part in it, as sealed papers are."""
        held = policy.standing(user, today)
        seen = apps.get_model("cases", "Proceeding").objects.visible_to(user, today)
        parts = apps.get_model("cases", "Participation").objects.filter(
            proceeding=OuterRef("proceeding"), user__in=held.users, cancelled=False, to_on__isnull=True
        )
        mine = self.filter(Exists(seen.filter(pk=OuterRef("proceeding"))), cancelled=False)
        return mine.filter(Q(kind="open") | Exists(parts))


class Volume(models.Model):
    """One bound volume of a proceeding: 正卷, which parties may read, or 副卷, which never leaves.

    `contents` is JSON, the catalogue: [{ref, title, number, on, first, last}] with page numbers as printed; an entry
    without `first` is not made yet. `pages` counts the numbered pages, not cover, catalogue and 备考表.
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

    objects = VolumeQuerySet.as_manager()

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
