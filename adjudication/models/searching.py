"""The words of public texts, made to be searched; rows exist for texts that are public now and for no others.

Written by adjudication/searching/keeping.py only. The index over them differs by database: searching/index.py.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .public import PublishedRuling


class SearchPart(models.Model):
    """A part of a public text in normal form. Its id tells its place: the newest ruling has the highest."""

    class Part(models.TextChoices):
        PARTY = "party", _("当事人")
        CAUSE = "cause", _("案由")
        PANEL = "panel", _("合议组")
        ORDERS = "orders", _("主文")
        TEXT = "text", _("全文")

    id = models.BigIntegerField(primary_key=True)
    published = models.ForeignKey(PublishedRuling, models.CASCADE, related_name="search_parts")
    part = models.CharField(max_length=6, choices=Part.choices)
    body = models.TextField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.published_id} {self.part}"
