"""The enterprises the stations serve, and what the district does with each for a term."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.industries import Industry

from .people import Appointment
from .places import Area
from .terms import InForce


class Enterprise(models.Model):
    """An enterprise the stations serve."""

    name = models.CharField(_("名称"), max_length=120)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("所在区域"))
    industry = models.CharField(_("行业门类"), max_length=1, choices=Industry.choices, blank=True)
    is_private = models.BooleanField(_("民营企业"), null=True, blank=True)
    is_key = models.BooleanField(_("重点联系企业"), default=False)
    exports_to = models.CharField(_("主要出口国家和地区"), max_length=120, blank=True)
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    contact_phone = models.CharField(_("联系人办公电话"), max_length=40, blank=True)
    ended_on = models.DateField(_("不再服务的日期"), null=True, blank=True)

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("企业")

    def __str__(self) -> str:
        return self.name


class Registered(models.Model):
    """A row of a register about an enterprise for a term. `known_on` is the day of entry: figures of an earlier day
    leave it out. A term ends by its date; a mistake is cancelled; nothing is deleted.
    """

    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, related_name="%(class)ss", verbose_name=_("企业")
    )
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)
    known_on = models.DateField(null=True, editable=False)
    cancelled = models.BooleanField(_("作废"), default=False)

    objects = InForce.as_manager()

    class Meta:
        abstract = True
        ordering = ["-valid_from", "-id"]


class Pairing(Registered):
    """双百双促: an enterprise and its protection commissioner."""

    commissioner = models.ForeignKey(
        Appointment, models.PROTECT, related_name="pairings", verbose_name=_("保护专员"),
        limit_choices_to={"kind": Appointment.Kind.COMMISSIONER},
    )  # fmt: skip

    class Meta(Registered.Meta):
        verbose_name = verbose_name_plural = _("结对")


class Pilot(Registered):
    """海外专利保护试点: a leading enterprise in the pilot, with what the last yearly review said."""

    document = models.CharField(_("认定文件"), max_length=120, blank=True)
    reviewed_on = models.DateField(_("年度评估日期"), null=True, blank=True)
    review = models.CharField(_("年度评估结论"), max_length=200, blank=True)

    class Meta(Registered.Meta):
        verbose_name = verbose_name_plural = _("海外专利保护试点")


class Insurance(Registered):
    """An insurance of intellectual property: 海外侵权责任险, 专利执行险, 专利被侵权损失险."""

    class Product(models.TextChoices):
        OVERSEAS = "overseas", _("海外侵权责任险")
        ENFORCEMENT = "enforcement", _("专利执行险")
        LOSS = "loss", _("专利被侵权损失险")
        OTHER = "other", _("其他知识产权保险")

    product = models.CharField(_("险种"), max_length=12, choices=Product.choices)
    insurer = models.CharField(_("保险机构"), max_length=80)
    policy_no = models.CharField(_("保单号"), max_length=60, blank=True)
    insured = models.DecimalField(_("保险金额（元）"), max_digits=14, decimal_places=2, null=True, blank=True)
    claims = models.PositiveSmallIntegerField(_("理赔次数"), default=0)
    paid = models.DecimalField(_("赔付金额（元）"), max_digits=14, decimal_places=2, null=True, blank=True)

    class Meta(Registered.Meta):
        verbose_name = verbose_name_plural = _("知识产权保险")
