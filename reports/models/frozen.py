"""Figures as they were reported: a round of them frozen on a day, never changed, chained to the round before it.

Written by reports/freezing.py alone. What changed since is asked of facts again, see reports/differences.py.
"""

import json
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases import guards
from reports import periods
from reports.periods import Period


class Frozen(models.Model):
    """One round: the figures of a period as known on a day. `hash` covers exactly the bytes of `body`.

    `body` is canonical JSON: the columns again, and code -> figure with the digest of its rows (`FrozenRows`).
    """

    seq = models.PositiveBigIntegerField(unique=True)
    period = models.CharField(_("期间"), max_length=30, db_index=True)
    as_of = models.DateField(_("截至日期"))
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("冻结人")
    )
    at = models.DateTimeField(_("冻结时间"))
    why = models.CharField(_("用途"), max_length=200)
    body = models.TextField()
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["-seq"]
        verbose_name = verbose_name_plural = _("冻结数据")

    def __str__(self) -> str:
        return f"{self.seq} {self.period}"

    @property
    def of_period(self) -> Period:
        return periods.parse(self.period)

    @cached_property
    def figures(self) -> Mapping[str, dict[str, Any]]:
        """Code -> the figure as frozen, in the order of the registry of that day."""
        said = json.loads(self.body)
        return {code: said["figures"][code] for code in said["codes"]}

    def figure(self, code: str) -> dict[str, Any]:
        """One figure as frozen: the keys of interfaces.md, and `text`, `parts`, `is_reference`. KeyError: not in it."""
        return self.figures[code]


class FrozenRows(models.Model):
    """The ids of the rows behind one frozen figure, by bucket; `body` is canonical JSON, its digest in the round."""

    frozen = models.ForeignKey(Frozen, models.PROTECT, related_name="rows")
    code = models.CharField(max_length=40)
    body = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["frozen", "code"], name="one_list_per_frozen_figure")]

    def __str__(self) -> str:
        return f"{self.frozen_id} {self.code}"

    def ids(self) -> dict[str, list[int]]:
        """Bucket -> ids of facts, or of rows of the register the figure counts."""
        return dict(json.loads(self.body))


for table in (Frozen, FrozenRows):
    guards.protect(table._meta.db_table)
