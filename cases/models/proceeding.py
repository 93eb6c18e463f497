"""The proceeding: state, version, number, dates. Kinds extend it; only the door moves it."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django_fsm import FSMField

from cases import kinds
from cases.errors import DomainError
from stations.models import Body, Station

from .filing import Filing
from .materials import ApprovalForms, Materials
from .papers import Papers
from .repair import Repairs
from .visibility import ProceedingQuerySet

if TYPE_CHECKING:
    from cases.entry import Entry

    from .case import Party
    from .paper import Document
    from .record import Event

NEVER = date(9999, 12, 31)


class Proceeding(Repairs, Materials, ApprovalForms, Papers, Filing, models.Model):
    """What of a dispute has steps and a clock. Concrete table; each kind adds its own by inheritance."""

    case = models.ForeignKey("cases.Case", models.PROTECT, related_name="proceedings")
    kind = models.CharField(_("办理方式"), max_length=30)
    state = FSMField(_("环节"), default="received", protected=True)
    version = models.PositiveIntegerField(default=0)
    number = models.CharField(_("案号"), max_length=60, unique=True, null=True, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    body = models.ForeignKey(Body, models.PROTECT, null=True, blank=True, verbose_name=_("办案单位"))
    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True, verbose_name=_("工作站"))
    handler = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("承办人"),
    )
    received_on = models.DateField(_("收到日期"), null=True, blank=True)
    accepted_on = models.DateField(_("受理（立案）日期"), null=True, blank=True)
    closed_on = models.DateField(_("结案日期"), null=True, blank=True)
    outcome = models.CharField(_("结果"), max_length=40, null=True, blank=True)
    due_on = models.DateField(_("最近期限"), default=NEVER)
    due_rule = models.CharField(max_length=20, blank=True)
    is_open = models.BooleanField(default=True)
    archived_on = models.DateField(_("归档日期"), null=True, blank=True)

    objects = ProceedingQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        verbose_name = verbose_name_plural = _("程序")
        indexes = [
            models.Index(
                fields=["handler", "due_on", "id"], condition=models.Q(is_open=True), name="queue_handler"
            ),
            models.Index(
                fields=["station", "due_on", "id"], condition=models.Q(is_open=True), name="queue_station"
            ),
            models.Index(
                fields=["body", "kind", "due_on", "id"], condition=models.Q(is_open=True), name="queue_body"
            ),
            models.Index(fields=["kind", "-id"], name="proceeding_kind"),
        ]

    def __str__(self) -> str:
        return self.number or f"{self.kind_label} #{self.pk}"

    @property
    def facts(self) -> kinds.Kind:
        """What the house knows of this kind."""
        return kinds.get(self.kind)

    @property
    def kind_label(self) -> Any:
        return self.facts.label

    @property
    def state_label(self) -> Any:
        return self.facts.states.get(self.state) or BASE_STATES.get(self.state, self.state)

    @property
    def outcome_label(self) -> Any:
        return self.facts.outcomes.get(self.outcome, self.outcome) if self.outcome else ""

    first_acts: ClassVar[tuple[str, ...]] = ()  # what the case page offers first, in this order
    body_kind = ""  # kind of the body that handles it, where the kind has one answer
    file_audience = ""  # who sees what is handed in where nothing is said ("" = whoever sees the proceeding)

    def begin(self, entry: "Entry") -> None:
        """What receiving a proceeding of this kind states and starts."""

    def due_now(self, today: date) -> tuple[str, ...]:
        """Names of the steps and acts this row waits for: the case page offers them before all others."""
        return ()

    def undone(self, entry: "Entry", name: str) -> None:
        """A kind takes back rows of its own when one of its steps is undone."""

    def act_undone(self, entry: "Entry", event: "Event") -> None:
        """A kind marks the rows that an undone act wrote. Here: each becomes `cancelled`; one that cannot is refused.

        Override where an act also touched other rows, or where something may build on it that the clock does not show.
        """
        for row in entry.rows_of(event):
            if not hasattr(row, "cancelled"):
                raise DomainError("row_stays", _("该事项登记的内容不能撤回，请办理更正。"))
            row.cancelled = True
            entry.save(row)

    def corrected(self, entry: "Entry", name: str) -> None:
        """A kind puts right what else it stated with a corrected column."""

    def voided(self, entry: "Entry") -> None:
        """A kind takes back rows of its own when it ends as 作废 or 并案."""

    def issued(self, entry: "Entry", document: "Document") -> None:
        """A kind ties a row of its own to a paper this call has just issued."""

    def agents_on(self, on: date) -> dict[int, str]:
        """Who acts for which party (its id) on a day: of a kind that keeps mandates and of what follows from it."""
        return self.parent.concrete().agents_on(on) if self.parent is not None else {}

    def agents_of(self, party: "Party", on: date) -> str:
        """Who acts for one party, by its mandates, before any is entered as registered."""
        return str(self.agents_on(on).get(party.pk) or party.agents)

    def known_to_forms(self, kind: str) -> dict[str, Any]:
        """What a form that a party signs takes from the proceeding beside what cases/blank_forms.py knows."""
        return {}

    def handling_body(self, today: date) -> Body | None:
        """The body in force that handles this kind."""
        if not self.body_kind:
            return self.parent.body if self.parent else None
        return Body.objects.in_force(today).filter(kind=self.body_kind).first()

    def concrete(self) -> "Proceeding":
        """The row as its own kind."""
        model = self.facts.model
        return self if type(self) is model else model._default_manager.get(pk=self.pk)

    def refresh_from_db(
        self, using: str | None = None, fields: Iterable[str] | None = None, **kw: Any
    ) -> None:
        """Refused: django-fsm would leave a protected state stale or unprotected. Fetch the row again."""
        raise TypeError("re-fetch a proceeding with objects.get(), never refresh_from_db()")


BASE_STATES = {"received": _("已收件"), "recorded": _("已登录"), "void": _("已作废")}


class Participation(models.Model):
    """Who takes part in a proceeding, in what capacity, from when to when."""

    class Capacity(models.TextChoices):
        HANDLER = "handler", _("承办人")
        MEDIATOR = "mediator", _("调解员")
        CASE_OFFICER = "case_officer", _("承办裁决员")
        PANEL_LEADER = "panel_leader", _("合议组组长")
        PANEL_MEMBER = "panel_member", _("合议组成员")
        RECORDER = "recorder", _("书记员")
        TECHNICAL_INVESTIGATOR = "technical_investigator", _("技术调查官")
        REVIEWER = "reviewer", _("公开审核人")

    JUDGING = (
        Capacity.CASE_OFFICER, Capacity.PANEL_LEADER, Capacity.PANEL_MEMBER, Capacity.RECORDER,
        Capacity.TECHNICAL_INVESTIGATOR,
    )  # fmt: skip

    proceeding = models.ForeignKey(Proceeding, models.PROTECT, related_name="participations")
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="participations")
    capacity = models.CharField(_("身份"), max_length=25, choices=Capacity.choices)
    from_on = models.DateField(_("起"))
    to_on = models.DateField(_("止"), null=True, blank=True)
    opened_by = models.ForeignKey("cases.Event", models.PROTECT, null=True, related_name="+")
    closed_by = models.ForeignKey("cases.Event", models.PROTECT, null=True, related_name="+")
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["user", "proceeding"])]
