"""Activities: what the house and its stations do beside cases, with who took part and what came of it.

No step and no clock: one form enters it, later ones correct it, a cancelled one stays with its reason.
"""

from datetime import date

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from stations.models import Body, Enterprise, Person, Station

from .paper import StoredFile


class ActivityQuerySet(models.QuerySet["Activity"]):
    def known(self, as_of: date) -> "ActivityQuerySet":
        return self.filter(Activity.known_by(as_of))


class Activity(models.Model):
    """One activity; counts of registers and figures read these rows."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("培训")
        PUBLICITY = "publicity", _("宣传宣讲")
        PRESS = "press", _("新闻发布会")
        ENFORCEMENT = "enforcement", _("联合执法")
        JOINT_MEETING = "joint_meeting", _("联席会议")
        BRIEFING = "briefing", _("专题汇报")
        PUSH_MEETING = "push_meeting", _("重点任务推动会")
        VISIT = "visit", _("走访企业")
        EXHIBITION = "exhibition", _("展会服务")
        EXCHANGE = "exchange", _("交流挂职")
        ALLIANCE = "alliance", _("联盟活动")
        OTHER = "other", _("其他活动")

    kind = models.CharField(_("类别"), max_length=14, choices=Kind.choices)
    title = models.CharField(_("名称"), max_length=120)
    begins_on = models.DateField(_("开始日期"))
    ends_on = models.DateField(_("结束日期"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    station = models.ForeignKey(
        Station,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="activities",
        verbose_name=_("主办工作站"),
    )
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主办单位")
    )
    organiser = models.CharField(_("其他主办方"), max_length=120, blank=True)
    regions = models.CharField(_("参加地区"), max_length=200, blank=True)
    departments = models.CharField(_("参加部门"), max_length=300, blank=True)
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="visits", verbose_name=_("走访企业")
    )
    need = models.TextField(_("企业需求"), max_length=1000, blank=True)
    answer = models.TextField(_("答复情况"), max_length=1000, blank=True)
    attendance = models.PositiveIntegerField(_("参加人数"), default=0)
    outputs = models.TextField(_("成果材料"), max_length=2000, blank=True)
    decisions = models.TextField(_("议定事项"), max_length=2000, blank=True)
    result = models.TextField(_("结果"), max_length=2000, blank=True)
    case_numbers = models.CharField(_("关联案号"), max_length=300, blank=True)
    campaign = models.CharField(_("专项行动"), max_length=60, blank=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("登记人")
    )
    known_on = models.DateField(_("登记日期"), default=timezone.localdate, editable=False)
    revision = models.PositiveIntegerField(default=0, editable=False)
    cancelled_on = models.DateField(_("作废日期"), null=True, editable=False)
    cancelled_because = models.CharField(_("作废原因"), max_length=200, blank=True, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-begins_on", "-id"]
        verbose_name = verbose_name_plural = _("活动")
        indexes = [models.Index(fields=["kind", "begins_on"])]

    def __str__(self) -> str:
        return self.title

    @staticmethod
    def known_by(as_of: date) -> Q:
        """Entered by that day, and not cancelled by it."""
        return Q(known_on__lte=as_of) & (Q(cancelled_on__isnull=True) | Q(cancelled_on__gt=as_of))

    @property
    def host(self) -> str:
        """Who organised it, as one line."""
        return "、".join(str(one) for one in (self.station, self.body, self.organiser) if one)


class Participant(models.Model):
    """Who took part: a person of the register, an enterprise, or a unit in words."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="participants")
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("人员")
    )
    enterprise = models.ForeignKey(
        Enterprise, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("企业")
    )
    unit = models.CharField(_("其他单位"), max_length=120, blank=True)

    class Meta:
        ordering = ["id"]


class ActivityPhoto(models.Model):
    """A picture of an activity, made smaller and stripped of where it was taken unless that was wanted."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    caption = models.CharField(_("说明"), max_length=120, blank=True)
    keeps_place = models.BooleanField(_("保留拍摄地点"), default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
