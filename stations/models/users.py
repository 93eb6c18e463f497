"""Who signs in, what each may do for how long, who stands in for whom, and keys for the API."""

import hashlib
import secrets
import unicodedata
from datetime import datetime

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from .places import Body, Station
from .terms import InForce


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
