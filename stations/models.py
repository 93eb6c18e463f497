"""Who and where: bodies, areas, stations, users, grants, people, enterprises, holidays.

No step and no case stands here; what has steps is a proceeding of `cases`.
"""

import hashlib
import secrets
import unicodedata
from datetime import date, datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .industries import Industry


class InForce(models.QuerySet):
    """Rows with a period of validity; both ends belong to it, an open end is NULL."""

    def in_force(self, on: date) -> "InForce":
        return self.filter(valid_from__lte=on).filter(Q(valid_to__isnull=True) | Q(valid_to__gte=on))


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


def normal_username(name: str) -> str:
    """The one form of a user name: NFKC, lower case, no blanks at the ends."""
    return unicodedata.normalize("NFKC", name or "").strip().casefold()


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(username=normal_username(username), **fields)
        user.set_password(password)
        user.save()
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=normal_username(username or ""))


class User(AbstractBaseUser):
    """A person who signs in. What one may do comes from grants alone; there is no superuser."""

    username = models.CharField(_("用户名"), max_length=60, unique=True)
    display_name = models.CharField(_("姓名"), max_length=40)
    title = models.CharField(_("职务"), max_length=40, blank=True)
    phone = models.CharField(_("办公电话"), max_length=40, blank=True)
    is_active = models.BooleanField(_("启用"), default=True)
    is_demo = models.BooleanField(_("演示账号"), default=False)
    password_changed_at = models.DateTimeField(_("口令修改时间"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        ordering = ["username"]
        verbose_name = verbose_name_plural = _("用户")

    def __str__(self) -> str:
        return self.display_name or self.username

    def clean(self) -> None:
        self.username = normal_username(self.username)

    @property
    def is_staff(self) -> bool:
        """May use the admin site at all: the policy's row for it decides, this only opens the door to it."""
        return self.is_active

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        """Within the admin site, which takes reference data only and which the policy has already opened."""
        return self.has_module_perms(perm.partition(".")[0])

    def has_module_perms(self, app_label: str) -> bool:
        return self.is_active and app_label in settings.ROOMS


class Role(models.TextChoices):
    """The roles a grant may give; what each may do stands in policy.toml alone."""

    CLERK = "clerk", _("工作站受理员")
    STATION_HEAD = "station_head", _("工作站负责人")
    MEDIATOR = "mediator", _("调解员")
    COMMITTEE = "committee", _("调委会负责人")
    ADJUDICATOR = "adjudicator", _("裁决员")
    RECORDER = "recorder", _("书记员")
    HEAD = "head", _("部门负责人")
    OFFICE = "office", _("内勤")
    LEGAL = "legal", _("法制审核")
    REVIEWER = "reviewer", _("公开审核")
    LEADER = "leader", _("领导")
    DISTRICT = "district", _("区级管理")
    SECURITY = "security", _("安全管理员")
    AUDITOR = "auditor", _("审计管理员")
    SYSADMIN = "sysadmin", _("系统管理员")


SEPARATED_ROLES = frozenset({Role.SYSADMIN, Role.SECURITY, Role.AUDITOR})


class Grant(models.Model):
    """A role given to a user for a body or a station and a period."""

    user = models.ForeignKey(User, models.PROTECT, related_name="grants", verbose_name=_("用户"))
    role = models.CharField(_("角色"), max_length=20, choices=Role.choices)
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, verbose_name=_("单位"))
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True, verbose_name=_("工作站"))
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"), null=True, blank=True)
    granted_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("授权人")
    )
    granted_at = models.DateTimeField(auto_now_add=True)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["user", "role"]
        verbose_name = verbose_name_plural = _("授权")
        indexes = [models.Index(fields=["user", "valid_from"])]

    def __str__(self) -> str:
        return f"{self.user} · {self.get_role_display()}"


class StandIn(models.Model):
    """For a stated period one user acts for an absent one; the record names both."""

    absent = models.ForeignKey(User, models.PROTECT, related_name="stand_ins", verbose_name=_("被代理人"))
    substitute = models.ForeignKey(User, models.PROTECT, related_name="standing_in", verbose_name=_("代理人"))
    valid_from = models.DateField(_("起始日期"))
    valid_to = models.DateField(_("截止日期"))
    reason = models.CharField(_("事由"), max_length=200)
    set_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("设置人"))
    set_at = models.DateTimeField(auto_now_add=True)

    objects = InForce.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = verbose_name_plural = _("代理期间")


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


class Enterprise(models.Model):
    """An enterprise the stations serve, with its paired protection commissioner."""

    name = models.CharField(_("名称"), max_length=120)
    credit_code = models.CharField(_("统一社会信用代码"), max_length=18, unique=True)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("所在区域"))
    industry = models.CharField(_("行业门类"), max_length=1, choices=Industry.choices, blank=True)
    commissioner = models.ForeignKey(
        Appointment, models.PROTECT, null=True, blank=True, verbose_name=_("保护专员")
    )

    class Meta:
        ordering = ["name"]
        verbose_name = verbose_name_plural = _("企业")

    def __str__(self) -> str:
        return self.name


class Holiday(models.Model):
    """A day on which the printed calendar is overruled: a day off, or a working weekend."""

    day = models.DateField(_("日期"), unique=True)
    is_workday = models.BooleanField(_("上班"), default=False)
    name = models.CharField(_("说明"), max_length=60, blank=True)

    class Meta:
        ordering = ["day"]
        verbose_name = verbose_name_plural = _("节假日")


class Setting(models.Model):
    """A choice the law leaves to the office, from a day on, with the paper that made it. Never changed, only followed."""

    class Key(models.TextChoices):
        ANNOUNCED_DAYS = "announced_days", _("公告送达的天数")
        COURT_OF_REVIEW = "court_of_review", _("不服行政裁决的管辖法院")
        LEGAL_REVIEW = "legal_review", _("签发行政裁决书前的法制审核（是、否）")
        REDACTION_PROFILE = "redaction_profile", _("公开文本的处理规则（district_default、court_2016）")

    key = models.CharField(_("事项"), max_length=40, choices=Key.choices)
    value = models.CharField(_("内容"), max_length=120)
    valid_from = models.DateField(_("起用日期"))
    document = models.CharField(_("文号或者依据"), max_length=120)

    class Meta:
        ordering = ["key", "-valid_from"]
        verbose_name = verbose_name_plural = _("单位选择事项")
        constraints = [models.UniqueConstraint(fields=["key", "valid_from"], name="one_choice_a_day")]

    def __str__(self) -> str:
        return f"{self.get_key_display()}：{self.value}（{self.valid_from}）"

    @classmethod
    def on(cls, key: "Setting.Key", day: date) -> str | None:
        """What was chosen by that day; None if nothing was, and the default of the house holds."""
        found = cls.chosen(key, day)
        return found.value if found else None

    @classmethod
    def chosen(cls, key: "Setting.Key", day: date) -> "Setting | None":
        """The choice that holds on that day, with the paper that made it."""
        return cls.objects.filter(key=key, valid_from__lte=day).order_by("-valid_from").first()


class Token(models.Model):
    """A key for the API: only its digest is kept, it expires and can be withdrawn."""

    user = models.ForeignKey(User, models.CASCADE, related_name="tokens")
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)

    @staticmethod
    def digest_of(text: str) -> str:
        return hashlib.sha256(text.encode()).hexdigest()

    @classmethod
    def issue(cls, user: User, expires_at: datetime) -> str:
        """Make a token and return its text, which is not stored anywhere."""
        text = secrets.token_urlsafe(32)
        cls.objects.create(user=user, digest=cls.digest_of(text), expires_at=expires_at)
        return text
