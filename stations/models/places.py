"""Where: the areas of the district, the bodies that act, the stations that receive."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from .terms import InForce


class Area(models.Model):
    """A statistical unit of the district: subdistrict, town or development zone."""

    class Kind(models.TextChoices):
        SUBDISTRICT = "subdistrict", _("街道")
        TOWN = "town", _("镇")
        ZONE = "zone", _("开发区")

    code = models.CharField(_("代码"), max_length=12, unique=True)
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = _("统计区域")

    def __str__(self) -> str:
        return self.name


class Body(models.Model):
    """A body that acts and issues documents: bureau, centre or mediation committee."""

    class Kind(models.TextChoices):
        BUREAU = "bureau", _("知识产权局")
        CENTRE = "centre", _("知识产权保护中心")
        COMMITTEE = "committee", _("知识产权纠纷人民调解委员会")
        COMMERCIAL = "commercial", _("商事调解组织")

    code = models.SlugField(_("代码"), unique=True)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    name = models.CharField(_("全称"), max_length=80)
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    postcode = models.CharField(_("邮政编码"), max_length=6, blank=True)
    valid_from = models.DateField(_("设立日期"), default=date(2000, 1, 1))
    valid_to = models.DateField(_("终止日期"), null=True, blank=True)
    successor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("承继单位"))

    objects = InForce.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = _("办案单位")

    def __str__(self) -> str:
        return self.name


class Station(models.Model):
    """A protection station: registers matters, hands nothing down. Closed, never deleted."""

    class Kind(models.TextChoices):
        STREET = "street", _("街镇工作站")
        PARK = "park", _("园区工作站")
        CENTRE = "centre", _("维权援助中心")
        PORT = "port", _("港口工作站")
        OVERSEAS = "overseas", _("海外维权工作室")

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, default=Kind.STREET)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("所在区域"))
    address = models.CharField(_("地址"), max_length=200, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    opened_on = models.DateField(_("启用日期"))
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = _("保护工作站")

    def __str__(self) -> str:
        return self.name
