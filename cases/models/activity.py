"""活动: what was held or done beside the cases: training, publicity, joint enforcement, meetings, visits.

One small model with kinds. It has no steps; a wrong entry is corrected with its revision, a void one keeps its row.
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from stations.models import Body, Enterprise, Person, Station

from .paper import StoredFile


class ActivityQuerySet(models.QuerySet["Activity"]):
    def standing(self) -> "ActivityQuerySet":
        """Not taken back."""
        return self.filter(cancelled_on__isnull=True)


class Activity(models.Model):
    """One activity: when, where, who took part, what came of it."""

    class Kind(models.TextChoices):
        TRAINING = "training", _("培训")
        PUBLICITY = "publicity", _("宣传活动")
        PRESS = "press", _("新闻发布会")
        LECTURE = "lecture", _("政策宣讲")
        JOINT_ENFORCEMENT = "joint_enforcement", _("联合执法行动")
        JOINT_MEETING = "joint_meeting", _("联席会议")
        BRIEFING = "briefing", _("专题汇报")
        PUSH_MEETING = "push_meeting", _("重点任务推动会")
        VISIT = "visit", _("走访企业")
        EXHIBITION = "exhibition", _("展会服务")
        EXCHANGE = "exchange", _("交流挂职")
        ALLIANCE = "alliance", _("跨区域联盟活动")
        OTHER = "other", _("其他活动")

    kind = models.CharField(_("类别"), max_length=20, choices=Kind.choices)
    title = models.CharField(_("名称"), max_length=120)
    begins = models.DateField(_("开始日期"))
    ends = models.DateField(_("结束日期"), null=True, blank=True)
    place = models.CharField(_("地点"), max_length=120, blank=True)
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("工作站")
    )
    body = models.ForeignKey(
        Body, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("主办单位")
    )
    organiser = models.CharField(_("其他主办、承办单位"), max_length=160, blank=True)
    regions = models.CharField(_("参与地区"), max_length=160, blank=True)
    departments = models.CharField(_("参与部门"), max_length=200, blank=True)
    people_count = models.PositiveIntegerField(_("参加人数"), null=True, blank=True)
    people = models.ManyToManyField(Person, blank=True, related_name="activities", verbose_name=_("参加人员"))
    enterprises = models.ManyToManyField(
        Enterprise, blank=True, related_name="activities", verbose_name=_("参加（走访）企业")
    )  # fmt: skip
    campaign = models.CharField(_("专项行动"), max_length=60, blank=True)
    needs = models.TextField(_("企业需求、问题"), blank=True)
    outputs = models.TextField(_("内容和成果"), blank=True)
    decisions = models.TextField(_("议定事项、答复"), blank=True)
    numbers = models.CharField(_("关联案号"), max_length=200, blank=True)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    known_on = models.DateField(_("登记日期"))
    revision = models.PositiveIntegerField(default=1)
    cancelled_on = models.DateField(null=True)
    cancelled_for = models.CharField(_("作废原因"), max_length=120, blank=True)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        ordering = ["-begins", "-id"]
        verbose_name = verbose_name_plural = _("活动")
        indexes = [models.Index(fields=["kind", "begins"])]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ends__isnull=True) | models.Q(ends__gte=models.F("begins")),
                name="activity_ends_after_it_begins",
            )
        ]

    def __str__(self) -> str:
        return self.title


class Photo(models.Model):
    """A photograph of an activity, made smaller and without its place."""

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="photos")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
