"""The adjudication: from request to its closing form (办法第三十条). Its acts stand in the modules beside this one."""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.kinds import kind
from cases.models import Proceeding
from cases.models.proceeding import BASE_STATES
from stations.models import Body

if TYPE_CHECKING:
    from cases.entry import Entry

OUTCOMES = {
    "ruled_established": _("裁决侵权成立"), "ruled_partly": _("裁决部分成立"), "ruled_not_established": _("裁决侵权不成立"),
    "mediated": _("调解结案"), "dismissed": _("撤销案件"), "refused": _("不予立案"), "withdrawn": _("立案前撤回"),
    "transferred": _("移送管辖"),
}  # fmt: skip


@kind(
    "adjudication",
    label=_("行政裁决"),
    states={
        **BASE_STATES, "received": _("立案审查"), "filed": _("审理中"), "deliberating": _("合议待裁决"),
        "ruled": _("已裁决"), "settled": _("调解结案"), "dismissed": _("已撤销案件"), "refused": _("不予立案"),
        "withdrawn_before": _("立案前撤回"), "transferred": _("已移送"),
    },  # fmt: skip
    way=("received", "filed", "deliberating", "ruled"),
    ends={"ruled", "settled", "dismissed", "refused", "withdrawn_before", "transferred"},
    accepting="file",
    judging=True,
    opens_from_case=True,
    outcomes=OUTCOMES,
    history={
        "裁决侵权成立": ("ruled", "ruled_established"), "裁决部分成立": ("ruled", "ruled_partly"),
        "裁决侵权不成立": ("ruled", "ruled_not_established"), "调解结案": ("settled", "mediated"),
        "撤销案件": ("dismissed", "dismissed"), "不予立案": ("refused", "refused"),
        "撤回": ("withdrawn_before", "withdrawn"), "移送": ("transferred", "transferred"),
    },  # fmt: skip
    body=Body.Kind.BUREAU,
)
class Adjudication(Proceeding):
    """A request that the bureau decide whether a patent is infringed (专利法第六十五条)."""

    claim_count = models.PositiveSmallIntegerField(_("权利要求项数"), null=True, blank=True)
    claims_relied = models.CharField(_("作为依据的权利要求"), max_length=200, blank=True)

    body_kind = Body.Kind.BUREAU
    handler_capacity = "case_officer"

    class Meta:
        verbose_name = verbose_name_plural = _("行政裁决")

    def begin(self, entry: "Entry") -> None:
        entry.fact("applied", value="adjudication")
        entry.start("T-02")
