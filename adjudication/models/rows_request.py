"""Rows of the request before and at filing: what was examined, who may act for a party, reports up. No behaviour."""

from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Evidence, Party
from cases.protection import Sealed

from .rows import OfAdjudication


class Examination(OfAdjudication):
    """立案审查: what was found on the request, as it stood when it was filed or refused (办法第十二条至第十九条)."""

    class Standing(models.TextChoices):
        PATENTEE = "patentee", _("专利权人")
        HEIR = "heir", _("专利权的合法继承人")
        EXCLUSIVE = "exclusive", _("独占实施许可的被许可人")
        SOLE = "sole", _("排他实施许可的被许可人")
        ORDINARY = "ordinary", _("普通实施许可的被许可人")

    class Licence(models.TextChoices):
        NOT_FILING = "not_filing", _("专利权人不请求处理")
        CONTRACT = "contract", _("许可合同约定可以单独请求")
        AUTHORISED = "authorised", _("专利权人另行授权")

    class Competence(models.TextChoices):
        ACT = "act", _("侵权行为实施地在本区")
        RESULT = "result", _("侵权结果发生地在本区")
        DOMICILE = "domicile", _("被请求人住所地在本区")

    on = models.DateField(_("审查日期"))
    standing = models.CharField(
        _("请求人资格"), max_length=12, choices=Standing.choices, default=Standing.PATENTEE
    )
    licence_ground = models.CharField(_("单独请求的依据"), max_length=12, choices=Licence.choices, blank=True)
    competence = models.CharField(_("管辖依据"), max_length=10, choices=Competence.choices, blank=True)
    knew_on = models.DateField(_("知道侵权行为和侵权人的日期"), null=True, blank=True)
    continuing = models.BooleanField(_("侵权行为仍在持续"), default=False)
    earlier_body = models.CharField(_("先受理的部门"), max_length=100, blank=True)
    earlier_on = models.DateField(_("该部门受理日期"), null=True, blank=True)
    attachments = models.TextField(_("附件"), blank=True)  # JSON: codes of what was handed in
    copies = models.PositiveSmallIntegerField(_("副本份数"), null=True, blank=True)


class EvaluationReport(OfAdjudication):
    """专利权评价报告: may be asked of a utility model or design (办法第十四条); what it found weighs on a stay (第二十九条)."""

    class Result(models.TextChoices):
        CLEAR = "clear", _("未发现不符合授予专利权条件的缺陷")
        DEFECTS = "defects", _("发现不符合授予专利权条件的缺陷")
        NOT_GIVEN = "not_given", _("无正当理由未提交")
        EXCUSED = "excused", _("有正当理由未提交")

    asked_on = models.DateField(_("通知日期"))
    due_on = models.DateField(_("提交期限"))
    received_on = models.DateField(_("收到日期"), null=True, blank=True)
    result = models.CharField(_("结论"), max_length=10, choices=Result.choices, blank=True)


class Mandate(OfAdjudication):
    """授权委托: who acts for a party, with which powers; two at a time at most (办法第十七条)."""

    uid = models.UUIDField(default=uuid4, unique=True, editable=False)
    party = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("委托人"))
    name = models.CharField(_("委托代理人"), max_length=40)
    firm = models.CharField(_("单位"), max_length=100, blank=True)
    licence_no = models.CharField(_("执业证号"), max_length=40, blank=True)
    phone_sealed = models.TextField(blank=True, default="", editable=False)
    powers = models.CharField(
        _("权限"), max_length=120
    )  # codes, comma between; special ones need express words
    from_on = models.DateField(_("起"))
    to_on = models.DateField(_("止"), null=True, blank=True)
    proof = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")

    phone = Sealed("phone")

    def __str__(self) -> str:
        return f"{self.name}（{self.party}）"


class MajorReport(OfAdjudication):
    """重大案件上报: to whom, when, and what became of it; the case goes on here until it is taken over (law.md 1.9)."""

    class Answer(models.TextChoices):
        TAKEN = "taken", _("上级部门受理")
        RETURNED = "returned", _("由本部门继续办理")

    to = models.CharField(_("上报机关"), max_length=100)
    letter_no = models.CharField(_("发文字号"), max_length=60)
    ground = models.CharField(_("事由"), max_length=300)
    reported_on = models.DateField(_("上报日期"))
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    answer = models.CharField(_("答复"), max_length=10, choices=Answer.choices, blank=True)
    answer_no = models.CharField(_("答复文号"), max_length=60, blank=True)
