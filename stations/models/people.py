"""People the district works with: what they are appointed to, learn and give, where they serve, what they declare.

No number of an identity card and no private telephone is kept: a unit and a licence tell people apart.
"""

from datetime import date, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from .places import Area, Body, Station
from .terms import InForce, Term
from .users import User


class Person(models.Model):
    """Somebody the district works with; what for, and how long, stands in appointments."""

    name = models.CharField(_("姓名"), max_length=40)
    unit = models.CharField(_("单位"), max_length=80, blank=True)
    title = models.CharField(_("职务或者职称"), max_length=60, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("所在区域"))
    revision = models.PositiveIntegerField(default=0, editable=False)
    user = models.OneToOneField(User, models.PROTECT, null=True, blank=True, verbose_name=_("用户"))

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("人员")

    def __str__(self) -> str:
        return self.name


class Appointments(InForce):
    """Terms that are in force, or about to end."""

    DAYS = 60  # before the end a term asks to be renewed

    def ending(self, today: date) -> "Appointments":
        return self.filter(valid_from__lte=today, valid_to__range=(today, today + timedelta(days=self.DAYS)))


class Appointment(models.Model):
    """One function of one person for a term."""

    class Kind(models.TextChoices):
        MEDIATOR = "mediator", _("调解员")
        TECHNICAL_INVESTIGATOR = "technical_investigator", _("技术调查官")
        COMMISSIONER = "commissioner", _("保护专员")
        VOLUNTEER = "volunteer", _("志愿者")
        EXPERT = "expert", _("专家")
        LECTURER = "lecturer", _("政策宣讲官")
        COURT = "court", _("法院联络员")
        PROCURATORATE = "procuratorate", _("检察院联络员")
        CUSTOMS = "customs", _("海关联络员")
        POLICE = "police", _("公安联络员")

    class Vetting(models.TextChoices):
        NONE = "", _("不需审查")
        PENDING = "pending", _("审查中")
        PASSED = "passed", _("审查通过")
        REFUSED = "refused", _("审查未通过")

    person = models.ForeignKey(Person, models.PROTECT, related_name="appointments", verbose_name=_("人员"))
    kind = models.CharField(_("类别"), max_length=30, choices=Kind.choices)
    field = models.CharField(
        _("领域"), max_length=60, blank=True, help_text=_("权利类型或者技术领域，以顿号分隔")
    )
    languages = models.CharField(_("语言"), max_length=60, blank=True)
    grade = models.CharField(_("等级"), max_length=30, blank=True)
    licence = models.CharField(_("执业证号"), max_length=40, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, verbose_name=_("聘任单位"))
    document = models.CharField(_("聘任文件"), max_length=120, blank=True)
    listed = models.BooleanField(_("同意对外公布"), default=False)
    vetting = models.CharField(_("资格审查"), max_length=8, choices=Vetting.choices, blank=True, default="")
    vetted_on = models.DateField(_("审查日期"), null=True, blank=True)
    valid_from = models.DateField(_("聘任日期"))
    valid_to = models.DateField(_("届满日期"), null=True, blank=True)

    objects = Appointments.as_manager()

    class Meta:
        ordering = ["person", "kind"]
        verbose_name = verbose_name_plural = _("聘任")
        indexes = [models.Index(fields=["kind", "valid_to"])]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.person}"

    @property
    def may_serve(self) -> bool:
        """Nobody is suggested whose vetting is open or was refused."""
        return self.vetting not in (self.Vetting.PENDING, self.Vetting.REFUSED)


class Training(models.Model):
    """What somebody learned."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="trainings", verbose_name=_("人员"))
    on = models.DateField(_("日期"))
    subject = models.CharField(_("内容"), max_length=120)
    hours = models.DecimalField(_("学时"), max_digits=5, decimal_places=1)

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = verbose_name_plural = _("培训")


class ServiceHours(models.Model):
    """What somebody gave: hours of service, as the certificate of a volunteer adds them up."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="services", verbose_name=_("人员"))
    on = models.DateField(_("日期"))
    what = models.CharField(_("服务内容"), max_length=120)
    hours = models.DecimalField(_("时长（小时）"), max_digits=5, decimal_places=1)
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("工作站")
    )

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = verbose_name_plural = _("服务时长")


class Staff(Term):
    """Somebody's term at a station."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="staff", verbose_name=_("工作站"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="posts", verbose_name=_("人员"))
    duty = models.CharField(_("岗位"), max_length=40)

    class Meta:
        ordering = ["station", "valid_from", "id"]
        verbose_name = verbose_name_plural = _("工作站人员")


class Duty(models.Model):
    """One line of a station's roster."""

    class Shift(models.TextChoices):
        DAY = "day", _("全天")
        MORNING = "morning", _("上午")
        AFTERNOON = "afternoon", _("下午")

    station = models.ForeignKey(Station, models.CASCADE, related_name="roster", verbose_name=_("工作站"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("值班人员"))
    on = models.DateField(_("日期"))
    shift = models.CharField(_("班次"), max_length=10, choices=Shift.choices, default=Shift.DAY)

    class Meta:
        ordering = ["on", "-shift", "id"]
        verbose_name = verbose_name_plural = _("值班")
        constraints = [
            models.UniqueConstraint(fields=["station", "on", "shift", "person"], name="one_duty_once")
        ]


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
