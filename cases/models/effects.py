"""What has to happen after a commit, what was already answered, and what an import did."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Outbox(models.Model):
    """One side effect, written in the transaction that wants it; the worker does it at least once."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        DEAD = "dead"

    name = models.CharField(max_length=40)
    payload = models.TextField()  # JSON: ids only, never personal data
    key = models.CharField(max_length=120, unique=True)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    leased_until = models.DateTimeField(null=True, blank=True)
    error = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["not_before", "id"], condition=models.Q(state="waiting"), name="outbox_waiting"
            )
        ]


class Idempotency(models.Model):
    """A committed effect under a caller's key, kept 24 hours; the answer is rebuilt from the event."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key = models.CharField(max_length=255)
    route = models.CharField(max_length=120)
    digest = models.CharField(max_length=64)
    event = models.ForeignKey("cases.Event", models.PROTECT, null=True, related_name="+")
    approval = models.ForeignKey("cases.Approval", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="one_effect_per_key")]


class Run(models.Model):
    """Something the worker does line by line, in turns: how far it is, what it added, which lines came back."""

    class State(models.TextChoices):
        WAITING = "waiting", _("等待")
        RUNNING = "running", _("进行中")
        DONE = "done", _("完成")
        FAILED = "failed", _("未完成")

    effect: ClassVar[str]  # what the outbox calls it
    mark: ClassVar[str]  # how its keys there begin

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    rows = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    failed = models.TextField(default="[]")
    message = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class ImportRun(Run):
    """One import of a sheet of past cases."""

    effect, mark = "run_import", "import"

    name = models.CharField(_("文件"), max_length=200)
    file = models.ForeignKey("cases.StoredFile", models.PROTECT, null=True, related_name="+")
    mapping = models.TextField(blank=True)
    dry_run = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]
