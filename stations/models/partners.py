"""Partners beyond the district: protection centres of the region, members of alliances, services abroad."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from .terms import InForce


class Partner(models.Model):
    """Somebody the district works with under an agreement for a term."""

    class Kind(models.TextChoices):
        CENTRE = "centre", _("知识产权保护中心")
        ALLIANCE = "alliance", _("跨区域保护联盟成员")
        ABROAD = "abroad", _("境外机构")
        UNIVERSITY = "university", _("高校、科研机构")
        OTHER = "other", _("其他协作单位")

    kind = models.CharField(_("类别"), max_length=10, choices=Kind.choices)
    name = models.CharField(_("名称"), max_length=120)
    region = models.CharField(_("地区"), max_length=40)
    agreement = models.CharField(_("协议名称或者文号"), max_length=160)
    contact = models.CharField(_("联系人"), max_length=40, blank=True)
    phone = models.CharField(_("办公电话"), max_length=40, blank=True)
    valid_from = models.DateField(_("起"))
    valid_to = models.DateField(_("止"), null=True, blank=True)
    known_on = models.DateField(null=True, editable=False)
    cancelled = models.BooleanField(_("作废"), default=False)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["kind", "name"]
        verbose_name = verbose_name_plural = _("协作单位")

    def __str__(self) -> str:
        return self.name
