"""Where: the areas of the district, the bodies that act, the stations that receive."""

from datetime import date

from django.db import models
from django.db.models import Q
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
        PORT = "port", _("港口工作站（进出口前端）")
        OVERSEAS = "overseas", _("海外维权工作室")
        TISC = "tisc", _("技术与创新支持中心（TISC）")
        SUBCENTRE = "subcentre", _("服务分中心")
        BASE = "base", _("行业保护基地")

    code = models.SlugField(_("代码"), unique=True)
    name = models.CharField(_("名称"), max_length=60)
    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices, default=Kind.STREET)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("所在区域"))
    address = models.CharField(_("地址"), max_length=200, blank=True)
    postcode = models.CharField(_("邮政编码"), max_length=6, blank=True)
    phone = models.CharField(_("电话"), max_length=40, blank=True)
    contact = models.CharField(_("联系岗位"), max_length=60, blank=True, help_text=_("写岗位，不写个人姓名"))
    hours = models.CharField(_("服务时间"), max_length=120, blank=True)
    timezone = models.CharField(
        _("时区"), max_length=40, default="Asia/Shanghai", help_text=_("海外站点填当地时区，如 Europe/Berlin")
    )
    tag = models.CharField(
        _("园区或者行业"), max_length=60, blank=True, help_text=_("如中国信创谷、生物医药")
    )
    serves = models.ManyToManyField(
        Area, blank=True, related_name="served_by", verbose_name=_("另外服务的区域")
    )
    opened_on = models.DateField(_("启用日期"))
    closed_on = models.DateField(_("停用日期"), null=True, blank=True)

    class Meta:
        ordering = ["code"]
        verbose_name = verbose_name_plural = _("保护工作站")

    def __str__(self) -> str:
        return self.name

    @staticmethod
    def active(on: date) -> Q:
        """Opened, and not closed: the day of closing is not one of service."""
        return Q(opened_on__lte=on) & (Q(closed_on__isnull=True) | Q(closed_on__gt=on))

    def is_open(self, on: date) -> bool:
        return self.opened_on <= on and (self.closed_on is None or self.closed_on > on)

    def areas(self) -> list[Area]:
        """Where it stands, then what else it serves."""
        return [self.area, *(area for area in self.serves.all() if area.pk != self.area_id)]
