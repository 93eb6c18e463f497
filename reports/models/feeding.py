"""Who outside reads figures: a key for one receiver, for stated codes and splits, until a day, under a document."""

import hashlib
import json
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FeedToken(models.Model):
    """A key of a system outside the house: only its digest is kept, it expires and can be withdrawn.

    Each receiver holds one at a time and reads periods of one length: months subtracted from a year would tell what
    suppression hides.
    """

    class Grain(models.TextChoices):
        MONTH = "month", _("月度")
        QUARTER = "quarter", _("季度")
        YEAR = "year", _("年度")

    receiver = models.CharField(_("接收单位（系统）"), max_length=80)
    document = models.CharField(_("批准文件"), max_length=120)
    codes = models.TextField(_("可读指标"))  # JSON, never empty
    splits = models.TextField(_("可读分组"), default="[]")  # JSON
    grain = models.CharField(_("期间长度"), max_length=7, choices=Grain.choices)
    digest = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("有效期至"))
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = _("数据接口令牌")
        constraints = [
            models.UniqueConstraint(
                fields=["receiver"], condition=Q(revoked_at__isnull=True), name="one_feed_token_per_receiver"
            )
        ]

    def __str__(self) -> str:
        return self.receiver

    @staticmethod
    def digest_of(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def issue(cls, **columns: Any) -> tuple["FeedToken", str]:
        """Make a token; its text is returned and stored nowhere."""
        text = secrets.token_urlsafe(32)
        lists = {name: json.dumps(list(columns.pop(name))) for name in ("codes", "splits")}
        return cls.objects.create(digest=cls.digest_of(text), **lists, **columns), text

    def holds(self, now: datetime) -> bool:
        return self.revoked_at is None and now < self.expires_at

    def may_read(self) -> list[str]:
        """Codes of indicators."""
        return list(json.loads(self.codes))

    def may_split(self) -> list[str]:
        return list(json.loads(self.splits))
