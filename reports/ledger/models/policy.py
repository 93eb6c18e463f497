"""市级支持政策: one item of the city's list of support, followed and proved like a task."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.kinds import kind
from cases.models import Proceeding
from cases.models.proceeding import BASE_STATES
from cases.stepping import step
from reports.ledger import presets

from .evidence import Evidenced

if TYPE_CHECKING:
    from cases.entry import Entry


@kind(
    "support_policy",
    label=_("市级支持政策"),
    states={**BASE_STATES, "received": _("未落实"), "working": _("落实中"), "done": _("已落实")},
    way=("received", "working", "done"),
    ends={"done"},
    page="matter",
)
class SupportPolicy(Evidenced, Proceeding):
    """One supporting measure of the city."""

    department = models.CharField(_("落实单位"), max_length=80, blank=True)
    leader_text = models.CharField(_("负责人（方案原文）"), max_length=60, blank=True)

    listed: ClassVar[dict[str, Any]] = {
        "item": _("序号"),
        "department": _("落实单位"),
        "proved_on": _("最近佐证"),
    }

    class Meta:
        verbose_name = verbose_name_plural = _("市级支持政策")
        constraints = [models.UniqueConstraint(fields=["plan", "item"], name="one_policy_per_number")]

    def __str__(self) -> str:
        return f"{self.item}. {self.text[:40]}"

    def matter_title(self) -> str:
        return f"{self.item}. {self.text}"

    def preset_ties(self) -> tuple[str, ...]:
        return presets.policy(self.item).evidence

    @step(source="received", target="working", label=_("开始落实"))
    def start(self, entry: "Entry") -> None:
        """开始落实."""

    @step(source=("received", "working"), target="done", label=_("确认落实"))
    def complete(self, entry: "Entry") -> None:
        """确认落实: the leader agrees."""
        self.outcome, self.closed_on = "done", entry.on

    @step(source="done", target="working", label=_("重新落实"), daily=False, grave=True)
    def reopen(self, entry: "Entry") -> None:
        """重新落实."""
        self.outcome = self.closed_on = None
