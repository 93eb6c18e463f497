"""What proves a task or a policy: ties to live records, dated notes of progress. Mixin of both kinds of matter."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.errors import DomainError
from cases.models import Proceeding
from cases.models.matter import Matter
from cases.stepping import act

if TYPE_CHECKING:
    from cases.entry import Entry


class EvidenceTie(models.Model):
    """One record that proves the matter: a source of ledger/evidence.py by its code, with the row where one is meant."""

    matter = models.ForeignKey(Proceeding, models.PROTECT, related_name="ties")
    source = models.CharField(_("佐证"), max_length=60)
    ref = models.CharField(_("所指"), max_length=60, blank=True)
    said = models.CharField(_("说明"), max_length=200, blank=True)
    tied_on = models.DateField(_("关联日期"))
    preset = models.BooleanField(default=False)  # came with the plan's usual ties, nobody's work yet
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["id"]
        verbose_name = verbose_name_plural = _("佐证关联")


class Progress(models.Model):
    """进展: what was done by a day, in words."""

    matter = models.ForeignKey(Proceeding, models.PROTECT, related_name="progress")
    on = models.DateField(_("日期"))
    text = models.TextField(_("进展"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cancelled = models.BooleanField(default=False)

    class Meta:
        ordering = ["-on", "-id"]
        verbose_name = verbose_name_plural = _("进展")


class Evidenced(Matter, models.Model):
    """A matter that is carried out and must be proved. `preset_ties` come with its number in the plan."""

    plan = models.ForeignKey(
        "reports.Plan", models.PROTECT, related_name="%(class)ss", verbose_name=_("方案")
    )
    item = models.PositiveSmallIntegerField(_("序号"))
    text = models.TextField(_("内容"))
    proved_on = models.DateField(_("最近佐证日期"), null=True, blank=True)

    named: ClassVar[str] = "text"

    class Meta:
        abstract = True

    def preset_ties(self) -> tuple[str, ...]:
        """Codes of the evidence an item of this number usually has."""
        return ()

    def begin(self: Any, entry: "Entry") -> None:
        """What its number is usually proved by is tied at once."""
        for source in self.preset_ties():
            entry.save(EvidenceTie(matter=self, source=source, tied_on=entry.on, preset=True))

    @act(label=_("登记进展"), undoable=True)
    def note_progress(self: Any, entry: "Entry") -> None:
        """进展: dated, in words; a paper that shows it is added to the file."""
        entry.save(Progress(matter=self, on=entry.on, text=entry.data["text"], by=entry.by))
        self.proved_on = max(self.proved_on or entry.on, entry.on)

    @act(label=_("关联佐证"), undoable=True)
    def tie_evidence(self: Any, entry: "Entry") -> None:
        """佐证: a figure, a list or a matter of the house that shows what was done, as it stands whenever it is read."""
        source, ref = entry.data["source"], entry.data["ref"]
        if self.ties.filter(source=source, ref=ref, cancelled=False).exists():
            raise DomainError("already_tied", _("该佐证已经关联。"))
        entry.save(
            EvidenceTie(matter=self, source=source, ref=ref, said=entry.data["said"], tied_on=entry.on)
        )
        entry.note(source=source, ref=ref)
        self.proved_on = max(self.proved_on or entry.on, entry.on)

    @act(label=_("取消佐证"), rare=True)
    def untie_evidence(self: Any, entry: "Entry") -> None:
        """A tie that proves nothing is taken away; the record keeps it."""
        tie: EvidenceTie = entry.data["tie"]
        if tie.cancelled:
            raise DomainError("already_untied", _("该佐证已经取消。"))
        tie.cancelled = True
        entry.save(tie)
        entry.note(source=tie.source, ref=tie.ref, reason=entry.data["reason"])
