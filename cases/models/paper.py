"""Paper and files: documents made here, files handed in, and which file proves what."""

import secrets

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.codes import CROCKFORD
from stations.models import Body

from .visibility import AudienceQuerySet, DocumentQuerySet


def new_code() -> str:
    """A code of 65 random bits that is printed on a document and answers at /verify/."""
    return "".join(secrets.choice(CROCKFORD) for _ in range(13))


class StoredFile(models.Model):
    """One stored content, under its digest; the same bytes are stored once."""

    sm3 = models.CharField(max_length=64, unique=True)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField()
    type = models.CharField(max_length=80)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]


class Evidence(models.Model):
    """A file of a case: who handed it in, what it is, who may see it."""

    class Audience(models.TextChoices):
        CASE = "case", _("本案")
        PROCEEDING = "proceeding", _("本程序")
        SIDE = "side", _("一方")
        SEALED = "sealed", _("密封")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="files")
    proceeding = models.ForeignKey(
        "cases.Proceeding", models.PROTECT, null=True, blank=True, related_name="files"
    )
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(_("文件名"), max_length=200)
    title = models.CharField(_("名称"), max_length=200, blank=True)
    proves = models.CharField(_("证明事项"), max_length=300, blank=True)
    party = models.ForeignKey("cases.Party", models.PROTECT, null=True, blank=True, verbose_name=_("提交人"))
    audience = models.CharField(max_length=10, choices=Audience.choices, default=Audience.CASE)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = AudienceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]


class Document(models.Model):
    """A document the house makes: blocks frozen when issued, PDF and docx made from them."""

    class State(models.TextChoices):
        DRAFT = "draft", _("拟稿")
        ISSUED = "issued", _("已签发")
        SEALED = "sealed", _("已用印")
        SERVED = "served", _("已送达")
        ARCHIVED = "archived", _("已归档")
        VOID = "void", _("作废")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="documents")
    proceeding = models.ForeignKey("cases.Proceeding", models.PROTECT, null=True, related_name="documents")
    kind = models.CharField(_("文书"), max_length=40)
    title = models.CharField(_("标题"), max_length=120)
    number = models.CharField(_("文号"), max_length=60, blank=True)
    body = models.ForeignKey(Body, models.PROTECT, null=True, verbose_name=_("制发单位"))
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ISSUED)
    layout = models.CharField(max_length=20)
    blocks = models.TextField()
    digest = models.CharField(max_length=64)  # SM3 of the blocks: what the document says
    code = models.CharField(_("核验码"), max_length=13, unique=True, default=new_code)
    issued_on = models.DateField(_("日期"))
    volume = models.CharField(max_length=6, default="open")  # 正卷 open, 副卷 closed
    audience = models.CharField(max_length=10, choices=Evidence.Audience.choices, default="proceeding")
    pdf = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    docx = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    event = models.ForeignKey("cases.Event", models.PROTECT, null=True, related_name="documents")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name=_("拟稿人")
    )
    revision = models.PositiveIntegerField(default=0)  # of a draft that two people may edit
    sealed_on = models.DateField(_("用印日期"), null=True, blank=True)
    scan = models.ForeignKey(
        Evidence, models.PROTECT, null=True, blank=True, related_name="+"
    )  # sealed, signed
    made_at = models.DateTimeField(auto_now_add=True)

    objects = DocumentQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = verbose_name_plural = _("文书")

    def __str__(self) -> str:
        return self.title

    @property
    def is_draft(self) -> bool:
        """Its words may still change; nobody may rely on it."""
        return self.state == self.State.DRAFT
