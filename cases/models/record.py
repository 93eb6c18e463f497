"""The record: append-only events, the chains that link them, the seals over chains, the access log.

Nothing here is ever updated or deleted; the database refuses it (cases/guards.py).
"""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .visibility import EventQuerySet


class Chain(models.Model):
    """Length and head of one chain; locked before a link is added."""

    class Kind(models.TextChoices):
        CASE = "case"
        REGISTER = "register"
        FIGURE = "figure"
        SAMPLE = "sample"  # the monthly draws of verified success

    kind = models.CharField(max_length=10, choices=Kind.choices)
    key = models.CharField(max_length=60)
    length = models.PositiveBigIntegerField(default=0)
    head = models.CharField(max_length=64, blank=True)
    grown_on = models.DateField(null=True, blank=True, db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "key"], name="one_chain_per_subject")]


class Event(models.Model):
    """One step or act. The columns repeat what `body` says; the hash covers exactly the bytes of `body`."""

    class Kind(models.TextChoices):
        STEP = "step", _("步骤")
        ACT = "act", _("行为")

    class Origin(models.TextChoices):
        ENTERED = "entered", _("登记")
        LATE = "late", _("补录")
        IMPORTED = "imported", _("导入")
        GENERATED = "generated", _("模拟")

    class Audience(models.TextChoices):
        CASE = "case", _("本案")
        PROCEEDING = "proceeding", _("本程序")
        SIDE = "side", _("一方")
        SEALED = "sealed", _("密封")

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="events")
    seq = models.PositiveIntegerField()
    proceeding = models.ForeignKey("cases.Proceeding", models.PROTECT, null=True, related_name="events")
    kind = models.CharField(max_length=4, choices=Kind.choices)
    name = models.CharField(max_length=40)
    version = models.PositiveIntegerField(null=True)
    from_state = models.CharField(max_length=50, null=True)
    to_state = models.CharField(max_length=50, null=True)
    fact = models.CharField(max_length=40, null=True)
    value = models.CharField(max_length=60, null=True)
    subject = models.CharField(max_length=60, null=True)
    occurred_on = models.DateField(null=True)
    known_on = models.DateField(null=True)
    corrects = models.ForeignKey("self", models.PROTECT, null=True, related_name="corrections")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    approved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    origin = models.CharField(max_length=9, choices=Origin.choices)
    audience = models.CharField(max_length=10, choices=Audience.choices)
    body = models.TextField()
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["case", "seq"]
        constraints = [
            models.UniqueConstraint(fields=["case", "seq"], name="one_event_per_seq"),
            models.UniqueConstraint(
                fields=["proceeding", "version"],
                condition=models.Q(version__isnull=False),
                name="one_step_per_version",
            ),
        ]
        indexes = [
            # figures read facts from these three alone: by fact and day, by proceeding, by the row a fact is about
            models.Index(
                fields=["fact", "occurred_on", "known_on", "proceeding", "case", "value"],
                condition=models.Q(fact__isnull=False),
                name="event_fact",
            ),
            models.Index(
                fields=["proceeding", "fact", "known_on", "occurred_on", "value"],
                condition=models.Q(fact__isnull=False),
                name="event_own_fact",
            ),
            models.Index(
                fields=["subject", "fact", "known_on", "occurred_on"],
                condition=models.Q(subject__isnull=False),
                name="event_subject",
            ),
            models.Index(
                fields=["corrects"], condition=models.Q(corrects__isnull=False), name="event_corrects"
            ),
            models.Index(fields=["proceeding", "seq"], name="event_proceeding"),
        ]


class Seal(models.Model):
    """A day's seal over all chains that grew since the last one: a cut tail contradicts it."""

    day = models.DateField()
    body = models.TextField()
    prev = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]


class AccessLog(models.Model):
    """Who read protected data, exported, signed in, or was refused. Written before the data is shown."""

    at = models.DateTimeField(db_index=True)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    act = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    reason = models.CharField(max_length=200, blank=True)
    outcome = models.CharField(max_length=40)
    address = models.CharField(max_length=45, blank=True)

    class Meta:
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject", "at"]), models.Index(fields=["user", "at"])]


class Stamp(models.Model):
    """A counter per source of figures, raised last in a transaction that states a fact."""

    source = models.CharField(max_length=40, unique=True)
    value = models.PositiveBigIntegerField(default=0)
