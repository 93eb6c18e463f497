"""People the district works with, what they are appointed to, and what they declare."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .places import Body
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
        LECTURER = "lecturer", _("政策宣讲官")
        COURT = "liaison_court", _("法院联络员")
        PROCURATORATE = "liaison_procuratorate", _("检察院联络员")
        CUSTOMS = "liaison_customs", _("海关联络员")
        POLICE = "liaison_police", _("公安联络员")

    class Vetting(models.TextChoices):
        PENDING = "pending", _("待审查")
        PASSED = "passed", _("审查合格")
        FAILED = "failed", _("审查不合格")

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("人员"))
    kind = models.CharField(_("类别"), max_length=30, choices=Kind.choices)
    field = models.CharField(
        _("领域"), max_length=60, blank=True, help_text=_("权利类型或者技术领域，以顿号分隔")
    )
    languages = models.CharField(_("语言"), max_length=60, blank=True)
    valid_from = models.DateField(_("聘任日期"))
    valid_to = models.DateField(_("届满日期"), null=True, blank=True)
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("聘任单位")
    )
    document = models.CharField(_("聘任文件"), max_length=120, blank=True)
    grade = models.CharField(_("等级或者职称"), max_length=40, blank=True)
    licence_no = models.CharField(_("执业证号或者资格证号"), max_length=40, blank=True)
    listed = models.BooleanField(_("本人同意公开名录"), default=False)
    vetting = models.CharField(_("资格审查"), max_length=8, choices=Vetting.choices, default=Vetting.PASSED)
    known_on = models.DateField(null=True, editable=False)  # the day of entry; NULL: with its first day

    objects = InForce.as_manager()

    class Meta:
        ordering = ["person", "kind"]
        verbose_name = verbose_name_plural = _("聘任")
        indexes = [models.Index(fields=["kind", "valid_to"])]

    def __str__(self) -> str:
        return f"{self.person} · {self.get_kind_display()}"


class Hours(models.Model):
    """Hours somebody was trained or served without pay: what a certificate adds up."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("培训")
        SERVICE = "service", _("志愿服务")
        EXCHANGE = "exchange", _("双向交流、挂职")

    person = models.ForeignKey(Person, models.PROTECT, related_name="hours", verbose_name=_("人员"))
    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    subject = models.CharField(_("内容"), max_length=120)
    on = models.DateField(_("日期"))
    hours = models.DecimalField(_("学时（小时）"), max_digits=5, decimal_places=1)
    organiser = models.CharField(_("组织单位"), max_length=80, blank=True)
    cancelled = models.BooleanField(_("作废"), default=False)

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = verbose_name_plural = _("培训和服务时长")


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
