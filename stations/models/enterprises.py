"""The enterprises the stations serve, who is paired with them, and what they take part in; and partners elsewhere.

Their cases are no business of this room; the page that shows both stands in cases/views/enterprises.py.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.industries import Industry

from .people import Appointment
from .places import Area
from .terms import Term


class Enterprise(models.Model):
    """An enterprise the stations serve."""

    name = models.CharField(_("名称"), max_length=120)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("所在区域"))
    industry = models.CharField(_("行业门类"), max_length=1, choices=Industry.choices, blank=True)
    is_private = models.BooleanField(_("民营企业"), default=False)
    is_key = models.BooleanField(_("重点联系企业"), default=False)
    exports_to = models.CharField(
        _("出口国家或者地区"), max_length=120, blank=True, help_text=_("以顿号分隔")
    )
    revision = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("企业")

    def __str__(self) -> str:
        return self.name


class EnterpriseContact(models.Model):
    """Whom the station calls: a name, a post and the telephone of the office, no private one."""

    enterprise = models.ForeignKey(
        Enterprise, models.CASCADE, related_name="contacts", verbose_name=_("企业")
    )
    name = models.CharField(_("联系人"), max_length=40)
    post = models.CharField(_("岗位"), max_length=40, blank=True)
    office_phone = models.CharField(_("办公电话"), max_length=40, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("企业联系人")


class Pairing(Term):
    """双百双促: an enterprise and its protection commissioner, for a term."""

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="pairings", verbose_name=_("企业")
    )
    commissioner = models.ForeignKey(
        Appointment,
        models.PROTECT,
        related_name="pairings",
        verbose_name=_("保护专员"),
        limit_choices_to={"kind": Appointment.Kind.COMMISSIONER},
    )

    class Meta:
        ordering = ["enterprise", "-valid_from"]
        verbose_name = verbose_name_plural = _("专员结对")


class Pilot(Term):
    """海外专利保护试点: an enterprise in the pilot, for a term."""

    enterprise = models.ForeignKey(Enterprise, models.PROTECT, related_name="pilots", verbose_name=_("企业"))
    countries = models.CharField(_("布局国家或者地区"), max_length=120, blank=True)
    document = models.CharField(_("确定文件"), max_length=120, blank=True)

    class Meta:
        ordering = ["enterprise", "-valid_from"]
        verbose_name = verbose_name_plural = _("海外专利保护试点")


class PilotReview(models.Model):
    """How a pilot did in a year."""

    pilot = models.ForeignKey(Pilot, models.PROTECT, related_name="reviews", verbose_name=_("试点"))
    year = models.PositiveSmallIntegerField(_("年度"))
    on = models.DateField(_("评估日期"))
    result = models.CharField(_("评估结论"), max_length=300)

    class Meta:
        ordering = ["pilot", "-year"]
        verbose_name = verbose_name_plural = _("试点年度评估")
        constraints = [models.UniqueConstraint(fields=["pilot", "year"], name="one_review_a_year")]


class InsurancePolicy(Term):
    """Insurance of rights that an enterprise holds, and what was claimed under it."""

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="policies", verbose_name=_("企业")
    )
    product = models.CharField(_("险种"), max_length=80)
    insurer = models.CharField(_("保险公司"), max_length=80)
    insured = models.DecimalField(_("保险金额（元）"), max_digits=14, decimal_places=2)
    claims = models.PositiveSmallIntegerField(_("理赔次数"), default=0)
    paid = models.DecimalField(_("赔付金额（元）"), max_digits=14, decimal_places=2, default=0)

    class Meta:
        ordering = ["enterprise", "-valid_from"]
        verbose_name = verbose_name_plural = _("知识产权保险")


class Partner(Term):
    """A partner elsewhere: a protection centre we work with under an agreement, or a member of the alliance."""

    class Kind(models.TextChoices):
        CENTRE = "centre", _("协作保护中心")
        ALLIANCE = "alliance", _("跨区域联盟成员")

    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=120)
    region = models.CharField(_("所在地区"), max_length=60)
    office_phone = models.CharField(_("办公电话"), max_length=40, blank=True)
    agreement = models.CharField(_("协议"), max_length=120)

    class Meta:
        ordering = ["kind", "name"]
        verbose_name = verbose_name_plural = _("协作单位")

    def __str__(self) -> str:
        return self.name
