"""任务: one item of the plan's list, a matter from being entered to being done; who answers for it, and since when.

The plan's words, leaders and time limit are its text and stay as written. Late, at risk and without evidence are
derived (ledger/standing.py), never a state.
"""

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.kinds import kind
from cases.models import Proceeding
from cases.models.proceeding import BASE_STATES
from cases.stepping import act, step
from reports.ledger import presets
from stations.models import UnitName

from .evidence import Evidenced

if TYPE_CHECKING:
    from cases.entry import Entry

SPECIAL, BASE = "special", "base"  # values of the facts `task_set` and `task_done`


class TaskUnit(models.Model):
    """One unit that answers for a task, by the name a paper used; handed on, it ends and another begins."""

    task = models.ForeignKey("reports.LedgerTask", models.PROTECT, related_name="task_units")
    name = models.ForeignKey(UnitName, models.PROTECT, related_name="+", verbose_name=_("责任单位"))
    valid_from = models.DateField(_("起"), null=True, blank=True)  # NULL: since the plan was issued
    valid_to = models.DateField(_("止"), null=True, blank=True)
    document = models.CharField(_("依据"), max_length=120, blank=True)
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("任务责任单位")


def settled(row: "LedgerTask") -> DomainError | None:
    """What is refused while nobody has said what the time limit means."""
    if row.deadline_doubtful:
        return DomainError("unclear_deadline", _("完成时限尚待核实，请先办理“明确任务”。"))
    return None


@kind(
    "ledger_task",
    label=_("方案任务"),
    states={
        **BASE_STATES, "received": _("未启动"), "working": _("推进中"), "unclear": _("需要明确"),
        "continuing": _("长期坚持"), "done": _("已完成"),
    },
    way=("received", "working", "done"),
    ends={"done"},
    page="matter",
)  # fmt: skip
class LedgerTask(Evidenced, Proceeding):
    """One task of the plan."""

    class Project(models.TextChoices):
        """六大工程 of the plan's chapter 四."""

        REGION = "region", _("京津冀协同发展知识产权赋能工程")
        PORT = "port", _("智慧港口知识产权护航工程")
        BIOMEDICINE = "biomedicine", _("生物医药产业知识产权驱动工程")
        SECRETS = "secrets", _("商业秘密保护创新试点建设工程")
        ECOMMERCE = "ecommerce", _("电商平台知识产权保护筑堤工程")
        REFORM = "reform", _("知识产权保护体制改革引领工程")

    special = models.BooleanField(_("特色重点任务"), default=False)
    units_text = models.CharField(_("责任单位（方案原文）"), max_length=300)
    leaders_text = models.CharField(_("负责人（方案原文）"), max_length=200, blank=True)
    deadline_text = models.CharField(_("完成时限（方案原文）"), max_length=20)
    deadline_on = models.DateField(_("完成时限"), null=True, blank=True)
    deadline_always = models.BooleanField(default=False)
    deadline_doubtful = models.BooleanField(default=False)
    project = models.CharField(_("重点工程"), max_length=12, choices=Project.choices, blank=True)
    showcase = models.BooleanField(_("标志性成果"), default=False)

    listed: ClassVar[dict[str, Any]] = {
        "item": _("序号"), "special_words": _("类别"), "units_text": _("责任单位（方案）"), "deadline_text": _("时限（方案）"),
    }  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = _("方案任务")
        constraints = [models.UniqueConstraint(fields=["plan", "item"], name="one_task_per_number")]

    def __str__(self) -> str:
        return f"{self.item}. {self.text[:40]}"

    @property
    def special_words(self) -> str:
        return str(_("★ 特色重点")) if self.special else str(_("基础"))

    def matter_title(self) -> str:
        return f"{self.item}. {self.text}" + ("★" if self.special else "")

    def preset_ties(self) -> tuple[str, ...]:
        return presets.task(self.item).evidence

    def begin(self, entry: "Entry") -> None:
        """Entered: it counts among the plan's tasks from the day it is known; its units are those of the text."""
        super().begin(entry)
        entry.fact("task_set", value=SPECIAL if self.special else BASE)
        known = {one.text: one for one in UnitName.objects.filter(text__in=self.spellings())}
        for text in self.spellings():
            entry.save(TaskUnit(task=self, name=known[text]))

    def spellings(self) -> list[str]:
        """The units as the plan writes them."""
        return [text for text in self.units_text.split("、") if text]

    # steps -------------------------------------------------------------------------------------------------

    @step(source="received", target="working", label=_("启动"))
    def start(self, entry: "Entry") -> None:
        """启动: work on it has begun."""

    @step(source=("received", "working", "continuing"), target="unclear", label=_("提请明确"))
    def ask_meaning(self, entry: "Entry") -> None:
        """提请明确: what the plan's words mean (time limit, unit, measure) must be settled first."""

    @step(source=("received", "unclear"), target="working", label=_("明确任务"))
    def settle(self, entry: "Entry") -> None:
        """明确任务: what was asked has an answer, by a paper; the plan's text stays beside it."""
        if entry.data["deadline_on"]:
            self.deadline_on, self.deadline_always = entry.data["deadline_on"], False
        self.deadline_doubtful = False

    @step(source=("received", "working"), target="continuing", label=_("转为长期坚持"), ready=settled)
    def keep_on(self, entry: "Entry") -> None:
        """转为长期坚持: it has no end, its progress is told as long as the plan stands."""
        self.deadline_always = True

    @step(source=("received", "working", "continuing"), target="done", label=_("确认完成"), ready=settled)
    def complete(self, entry: "Entry") -> None:
        """确认完成: the leader agrees that what stands under evidence shows it done."""
        self.outcome, self.closed_on = "done", entry.on
        self.proved_on = max(self.proved_on or entry.on, entry.on)
        entry.fact("task_done", value=SPECIAL if self.special else BASE)

    @step(source="done", target="working", label=_("重新推进"), daily=False, grave=True)
    def reopen(self, entry: "Entry") -> None:
        """重新推进: what was told as done is not; the figure follows from today on."""
        self.outcome = self.closed_on = None
        entry.withdraw_facts("task_done")

    # acts --------------------------------------------------------------------------------------------------

    @act(label=_("变更责任单位"), rare=True)
    def hand_to_unit(self, entry: "Entry") -> None:
        """变更责任单位: from a day on another unit answers, by a paper; who answered before stays on the row."""
        old, unit, since = entry.data["task_unit"], entry.data["unit"], entry.data["since"]
        if old.valid_to is not None:
            raise DomainError("handed_on", _("该单位的责任已经变更，请刷新后再办理。"))
        if old.name.unit_id == unit.pk:
            raise DomainError("same_unit", _("该任务现在就由这个单位负责。"))
        old.valid_to = since - timedelta(days=1)
        entry.save(old)
        name = unit.names.filter(text=unit.name).first() or unit.names.first()
        entry.save(TaskUnit(task=self, name=name, valid_from=since, document=entry.data["document"]))
        entry.note(
            unit=unit.name, before=old.name.text, since=since.isoformat(), document=entry.data["document"]
        )

    @act(label=_("采用新版文字"), rare=True)
    def restate(self, entry: "Entry") -> None:
        """采用新版文字: another edition of the plan words the task otherwise; old and new stay in the record."""
        for name in (
            "text",
            "leaders_text",
            "deadline_text",
            "deadline_on",
            "deadline_always",
            "deadline_doubtful",
        ):
            setattr(self, name, entry.data[name])
        entry.note(document=entry.data["document"])

    @act(label=_("标注工程与成果"), rare=True)
    def mark(self, entry: "Entry") -> None:
        """The project it belongs to, and whether it is a result to be shown."""
        self.project, self.showcase = entry.data["project"], entry.data["showcase"]

    def units_on(self, day: Any) -> Any:
        """Who answers on a day."""
        rows = self.task_units.filter(cancelled=False).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day))
        return rows.filter(Q(valid_from__isnull=True) | Q(valid_from__lte=day)).select_related("name__unit")
