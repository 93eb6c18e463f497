"""Rows of the exchange: evidence and what the other side says of it, inspections, parties added. No behaviour here."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Evidence, Party

from .rows import OfAdjudication


class EvidenceItem(OfAdjudication):
    """One line of a party's 证据材料清单; the file itself is among the materials of the case."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("提交人"))
    number = models.PositiveSmallIntegerField(_("序号"))
    title = models.CharField(_("证据名称"), max_length=200)
    proves = models.CharField(_("证明的事实"), max_length=500)
    pages = models.PositiveSmallIntegerField(_("页数"), null=True, blank=True)
    original = models.BooleanField(_("原件（原物）"), default=False)
    submitted_on = models.DateField(_("提交日期"))
    late = models.BooleanField(_("逾期提交"), default=False)
    file = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField(_("备注"), max_length=200, blank=True)

    def __str__(self) -> str:
        return f"{self.party} {self.number}. {self.title}"


class CrossExamination(OfAdjudication):
    """质证: what one side says of a piece of evidence of the other."""

    class Stand(models.TextChoices):
        ACCEPTED = "accepted", _("认可")
        DENIED = "denied", _("不认可")
        SILENT = "silent", _("未发表意见")

    item = models.ForeignKey(EvidenceItem, models.PROTECT, related_name="examined", verbose_name=_("证据"))
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("质证方"))
    on = models.DateField(_("质证日期"))
    authenticity = models.CharField(_("真实性"), max_length=10, choices=Stand.choices)
    legality = models.CharField(_("合法性"), max_length=10, choices=Stand.choices)
    relevance = models.CharField(_("关联性"), max_length=10, choices=Stand.choices)
    words = models.TextField(_("质证意见"), blank=True)


class Inspection(OfAdjudication):
    """调查取证: inquiry, on-site inspection, sampling, registration and preservation, by two officers or more."""

    class Kind(models.TextChoices):
        INQUIRY = "inquiry", _("调查笔录")
        ON_SITE = "on_site", _("现场检查")
        SAMPLING = "sampling", _("抽样取证")
        PRESERVATION = "preservation", _("证据登记保存")

    class Decision(models.TextChoices):
        RELEASED = "released", _("解除登记保存")
        KEPT = "kept", _("作为证据留存")
        HANDED_OVER = "handed_over", _("移送有关部门")

    kind = models.CharField(_("种类"), max_length=15, choices=Kind.choices)
    on = models.DateField(_("日期"))
    starts = models.TimeField(_("开始时间"))
    ends = models.TimeField(_("结束时间"))
    place = models.CharField(_("地点"), max_length=200)
    officers = models.TextField(_("执法人员"))  # JSON: ids of users
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    present = models.CharField(_("到场人"), max_length=200, blank=True)
    items = models.TextField(_("物品"), blank=True)  # JSON: [{name, spec, quantity, price, place}]
    findings = models.TextField(_("情况"), blank=True)
    decided_on = models.DateField(_("处理日期"), null=True, blank=True)
    decision = models.CharField(_("处理"), max_length=12, choices=Decision.choices, blank=True)


class Addition(OfAdjudication):
    """追加被请求人、第三人: asked before the hearing, decided by the panel (办法第二十四条, T-17)."""

    role = models.CharField(_("地位"), max_length=12, choices=Party.Role.choices)
    name = models.CharField(_("名称"), max_length=120)
    party = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    asked_by = models.ForeignKey(Party, models.PROTECT, null=True, blank=True, related_name="+")
    asked_on = models.DateField(_("提出日期"))
    reason = models.CharField(_("理由"), max_length=500)
    decided_on = models.DateField(_("决定日期"), null=True, blank=True)
    granted = models.BooleanField(_("准许"), null=True, blank=True)


class JoinedCase(OfAdjudication):
    """合并审理: another adjudication heard with this one from a day on; each keeps its number and its ruling (办法第二十一条)."""

    other = models.ForeignKey("adjudication.Adjudication", models.PROTECT, related_name="+")
    leads = models.BooleanField(_("本案为主案"), default=False)
    from_on = models.DateField(_("合并日期"))
    to_on = models.DateField(_("分案日期"), null=True, blank=True)
    ground = models.CharField(_("理由"), max_length=300)
