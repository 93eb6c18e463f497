"""What the public reads: finished bytes by address, and the row by which a public text is found.

Made by publication/ from redacted text only; nothing here links to a person. Which one is current: the door.
"""

import json
import re
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cases import chain
from cases.models import Right
from cases.protection import sm3

from .ruling import Outcome, Ruling

OWN_NUMBER = re.compile(r"〔(\d{4})〕(\d+)号")


class LegalStatus(models.TextChoices):
    """Where the ruling stands in law; neutral words, no verdict about anybody."""

    UNSERVED = "unserved", _("送达中")
    SUABLE = "suable", _("起诉期限内")
    SUED = "sued", _("行政诉讼中")
    EFFECTIVE = "effective", _("已发生法律效力")
    CHANGED = "changed", _("已变更")
    ANNULLED = "annulled", _("已撤销")


def place(number: str) -> tuple[int, int]:
    """(year, serial) of a case number: its place in the register and its address."""
    found = OWN_NUMBER.search(number)
    if found is None:
        raise ValueError("not a number of ours")
    return int(found[1]), int(found[2])


def numbers_of(ruling: Ruling) -> list[str]:
    """The case numbers a ruling ends, the lowest first: that one is its address."""
    given = ruling.adjudications.filter(number__isnull=False).values_list("number", flat=True)
    return sorted((str(number) for number in given), key=place)


class PublishedRulingQuerySet(models.QuerySet["PublishedRuling"]):
    def live(self) -> "PublishedRulingQuerySet":
        """What the public may find."""
        return self.filter(state=PublishedRuling.State.LIVE)

    def behind(self, day: date) -> "PublishedRulingQuerySet":
        """Public rulings whose last suing period is over on a day and whose rows do not say so yet."""
        return self.live().filter(status=LegalStatus.SUABLE, effective_on__lte=day)


class PublishedRuling(models.Model):
    """One rendering of a ruling's public text: a candidate, the current one, or a past one."""

    class State(models.TextChoices):
        CANDIDATE = "candidate", _("待公开")
        LIVE = "live", _("公开中")
        REPLACED = "replaced", _("已替换")
        WITHDRAWN = "withdrawn", _("已撤下")

    SHOWN = (State.LIVE, State.WITHDRAWN)  # states that answer at the address

    ruling = models.ForeignKey(Ruling, models.PROTECT, related_name="published")
    disclosure = models.ForeignKey("adjudication.Disclosure", models.PROTECT, related_name="texts")
    revision = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.CANDIDATE)
    basis = models.CharField(max_length=64)
    passed = models.BooleanField()
    findings = models.TextField(default="[]")  # JSON: [form, category or name]; never a protected value
    kept = models.TextField(
        default="[]"
    )  # JSON: passages kept on purpose although they hold a protected word
    number = models.CharField(max_length=60)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    title = models.CharField(max_length=120)
    cause = models.CharField(max_length=120, blank=True)
    right_kind = models.CharField(max_length=25, choices=Right.Kind.choices, blank=True)
    outcome = models.CharField(max_length=20, choices=Outcome.choices)
    status = models.CharField(max_length=10, choices=LegalStatus.choices)
    made_on = models.DateField()
    summary = models.CharField(max_length=200, blank=True)
    summary_english = models.TextField(blank=True, default="")
    profile = models.CharField(
        max_length=20, blank=True, default=""
    )  # of redaction, and the paper that adopted it
    profile_document = models.CharField(max_length=120, blank=True, default="")
    log = models.TextField(
        default="[]"
    )  # JSON: [rule, form of the text, offset, length, keyed digest of the original]
    sections = models.TextField()  # the redacted copy of the ruling's sections
    text = models.TextField()
    unindexed = models.BooleanField()  # a natural person or sole trader is party: search engines stay out
    digest = models.CharField(
        max_length=64
    )  # SM3 of the PDF, as the register names it; no status stands in it
    history = models.TextField(default="[]")  # JSON: lines of what came later, as page and list tell it
    effective_on = models.DateField(null=True)  # first day on which the calendar alone makes it effective
    valid_from = models.DateField(null=True)
    published_on = models.DateField(null=True)  # the first day this ruling was public
    replaced_by = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    gone_on = models.DateField(null=True)
    gone_ground = models.CharField(max_length=120, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)

    objects = PublishedRulingQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-serial", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["ruling"],
                condition=Q(state__in=["live", "withdrawn"]),
                name="one_public_text_per_ruling",
            ),
        ]
        indexes = [
            models.Index(
                fields=["effective_on"], condition=Q(state="live", status="suable"), name="published_turning"
            ),
            models.Index(fields=["state", "-year", "-serial"], name="published_list"),
            models.Index(
                fields=["state", "year", "right_kind", "outcome", "status"], name="published_facets"
            ),
        ]

    def __str__(self) -> str:
        return self.number

    def data(self) -> dict[str, Any]:
        """The redacted sections as the document template takes them."""
        return Ruling(sections=self.sections).data()

    @property
    def undecided(self) -> int:
        """How many doubts nobody has decided; the check counts each as a finding."""
        return sum(what == "undecided" for _form, what, *_place in json.loads(self.findings))

    @property
    def seal(self) -> str:
        """One digest over all a second person signs: the marked text, what the check rests on, every page's bytes."""
        made = sorted(
            [path, str(day), digest]
            for path, day, digest in self.pages.values_list("path", "valid_from", "digest")
        )
        signed = {"revision": self.revision, "basis": self.basis, "profile": self.profile, "pages": made}
        return sm3(chain.canonical(signed).encode())

    @property
    def later(self) -> list[str]:
        """What came after the ruling, in words."""
        return json.loads(self.history)  # type: ignore[no-any-return]

    @property
    def path(self) -> str:
        return f"/rulings/{self.year}/{self.serial}/"


class PublicPage(models.Model):
    """Finished bytes at an address, from a day on. With `moved_to` it only points on: a joined number's address."""

    published = models.ForeignKey(PublishedRuling, models.CASCADE, related_name="pages")
    path = models.CharField(max_length=80, db_index=True)
    content_type = models.CharField(max_length=40)
    content = models.BinaryField()
    digest = models.CharField(max_length=64)
    moved_to = models.CharField(max_length=80, blank=True)
    valid_from = models.DateField()  # a status that the calendar changes is rendered ahead

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["published", "path", "valid_from"], name="one_page_per_path_and_day"
            ),
        ]

    @classmethod
    def at(cls, path: str, today: date) -> "PublicPage | None":
        """What answers at a path on a day: current bytes, or those that were taken down. One query."""
        shown = cls.objects.filter(
            path=path, valid_from__lte=today, published__state__in=PublishedRuling.SHOWN
        )
        told = ("state", "gone_on", "gone_ground", "unindexed", "published_on")
        return (
            shown.select_related("published")
            .only(*(f.name for f in cls._meta.concrete_fields), *(f"published__{name}" for name in told))
            .order_by("-valid_from").first()
        )  # fmt: skip
