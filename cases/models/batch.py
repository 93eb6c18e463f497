"""批量登记: one right holder against many respondents, told once. The cases themselves know only their batch code."""

import json
from typing import Any
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.protection import Sealed

from .effects import Run


class BatchRun(Run):
    """One list of respondents with what all their cases share; the worker registers a case a line."""

    effect, mark = "register_batch", "batch"

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField(
        _("批号"), max_length=40, blank=True
    )  # the lead's registration number, once it has one
    digest = models.CharField(max_length=64)  # of all that was told: the same again is the same run
    shared_sealed = models.TextField(blank=True, default="", editable=False)
    lines_sealed = models.TextField(blank=True, default="", editable=False)

    shared = Sealed("shared")  # JSON: a registration without the respondent
    lines = Sealed("lines")  # JSON: [[number of the line, {heading: cell}], ...]

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = _("批量登记")
        constraints = [models.UniqueConstraint(fields=["by", "digest"], name="one_run_per_list")]

    def told(self) -> tuple[dict[str, Any], list[tuple[int, dict[str, str]]]]:
        """(what all share, lines)."""
        return json.loads(self.shared or "{}"), [(n, cells) for n, cells in json.loads(self.lines or "[]")]
