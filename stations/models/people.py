"""People the district works with, what they are appointed to, and what they declare."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .terms import InForce
from .users import User


class Person(models.Model):
    """Somebody the district works with; what for, and how long, stands in appointments."""

    name = models.CharField(_("姓名"), max_length=40)
    unit = models.CharField(_("单位"), max_length=80, blank=True)
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, verbose_name=_("用户"))

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("人员")

    def __str__(self) -> str:
        return self.name


class Appointment(models.Model):
    """One function of one person for a term."""

    class Kind(models.TextChoices):
        MEDIATOR = "mediator", _("调解员")
        TECHNICAL_INVESTIGATOR = "technical_investigator", _("技术调查官")
        COMMISSIONER = "commissioner", _("保护专员")
        VOLUNTEER = "volunteer", _("志愿者")
        EXPERT = "expert", _("专家")

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("人员"))
    kind = models.CharField(_("类别"), max_length=30, choices=Kind.choices)
    field = models.CharField(
        _("领域"), max_length=60, blank=True, help_text=_("权利类型或者技术领域，以顿号分隔")
    )
    languages = models.CharField(_("语言"), max_length=60, blank=True)
    valid_from = models.DateField(_("聘任日期"))
    valid_to = models.DateField(_("届满日期"), null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["person", "kind"]
        verbose_name = verbose_name_plural = _("聘任")


class Interest(models.Model):
    """What somebody of the house declares so that conflicts are found: relatives, employers, holdings."""

    class Relation(models.TextChoices):
        RELATIVE = "relative", _("近亲属")
        EMPLOYER = "employer", _("任职或者曾任职单位")
        HOLDING = "holding", _("投资或者其他利益关系")
        CLIENT = "client", _("曾代理或者提供服务")

    user = models.ForeignKey(User, models.PROTECT, related_name="interests", verbose_name=_("人员"))
    relation = models.CharField(_("关系"), max_length=10, choices=Relation.choices)
    name = models.CharField(_("姓名或者名称"), max_length=120)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["user", "id"]
        verbose_name = verbose_name_plural = _("利害关系申报")
