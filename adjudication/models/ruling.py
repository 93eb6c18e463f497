"""The ruling: what was decided, as data, and the paper that was signed. No states: publishing is its disclosure's."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.documents.template import load
from cases.models import Document

NOT_PRINTED = frozenset({"id_number", "phone"})


class Outcome(models.TextChoices):
    """What a ruling holds."""

    ESTABLISHED = "established", _("侵权成立")
    PARTLY = "partly", _("部分成立")
    NOT_ESTABLISHED = "not_established", _("侵权不成立")


class Ruling(models.Model):
    """行政裁决书, made by the signing step only and never changed (办法第三十一条); what changes it is a row of its own.

    `sections` is the data of its document template; the public text is composed anew from its redacted copy.
    Undoing the signing voids the row; it is kept.
    """

    PAPER = "ruling"
    LATER_PAPERS: ClassVar[dict[str, str]] = {"change": "ruling_change", "annulment": "ruling_annulment"}

    class Kind(models.TextChoices):
        RULING = "ruling", _("行政裁决")
        DISMISSED_FIRST = "dismissed_first", _("先行驳回（专利权被宣告无效，可以另行请求）")
        DIRECT_ORDER = "direct_order", _("重复侵权直接责令停止")
        CHANGE = "change", _("变更原裁决")
        ANNULMENT = "annulment", _("撤销原裁决")

    adjudications = models.ManyToManyField("adjudication.Adjudication", related_name="rulings")
    number = models.CharField(_("裁决书文号"), max_length=60, db_index=True)
    made_on = models.DateField(_("作出日期"))
    outcome = models.CharField(_("裁决结果"), max_length=20, choices=Outcome.choices)
    sections = models.TextField(_("裁决书内容"))
    document = models.ForeignKey(
        Document, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("裁决书")
    )
    void = models.BooleanField(_("已撤回"), default=False)
    kind = models.CharField(_("种类"), max_length=15, choices=Kind.choices, default=Kind.RULING)
    changes = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="changed_by",
        verbose_name=_("所变更的裁决"),
    )  # 办法第三十三条

    class Meta:
        ordering = ["-made_on", "-id"]
        verbose_name = verbose_name_plural = _("行政裁决书")
        indexes = [models.Index(fields=["made_on"])]

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """How facts name this ruling."""
        return f"ruling:{self.pk}"

    def numbers(self) -> list[str]:
        """Numbers of the cases it ends, the lowest first."""
        rows = self.adjudications.order_by("accepted_on", "pk").values_list("number", flat=True)
        return [number for number in rows if number]

    @property
    def paper(self) -> str:
        """The document template of its paper."""
        return self.LATER_PAPERS.get(self.kind, self.PAPER)

    def data(self) -> dict[str, Any]:
        """The sections as the template takes them: dates are dates again."""
        fields = load(self.paper).fields
        return {name: _dated(value, fields[name].sample) for name, value in json.loads(self.sections).items()}

    @staticmethod
    def sections_of(data: Mapping[str, Any], paper: str = PAPER) -> str:
        """The text of `sections`: what the template prints of the data, and nothing else."""
        kept = {name: _printed(data[name]) for name in load(paper).fields if name in data}
        return json.dumps(kept, ensure_ascii=False, sort_keys=True, default=str)


def _dated(value: Any, sample: Any) -> Any:
    return (
        date.fromisoformat(value) if isinstance(sample, date) and isinstance(value, str) and value else value
    )


def _printed(value: Any) -> Any:
    """A party's numbers are nobody's business here: the paper does not print them."""
    if isinstance(value, list):
        return [_printed(one) for one in value]
    if isinstance(value, Mapping):
        return {key: one for key, one in value.items() if key not in NOT_PRINTED}
    return value
