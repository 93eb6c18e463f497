"""Rows of what is decided: findings by claim and respondent, drafts of the ruling, what a stage left out. No behaviour."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cases.models import Evidence, Party

from .rows import Deliberation, OfAdjudication
from .ruling import Outcome, Ruling


class Finding(OfAdjudication):
    """What was found of one claim against one respondent; sealed while only deliberated, open once ruled."""

    respondent = models.ForeignKey(Party, models.PROTECT, related_name="+", verbose_name=_("被请求人"))
    claim = models.CharField(_("权利要求"), max_length=60, blank=True)  # blank: a design has none
    outcome = models.CharField(_("认定"), max_length=20, choices=Outcome.choices)
    acts = models.CharField(
        _("侵权行为"), max_length=120, blank=True
    )  # codes of the measures catalogue, comma between
    deliberation = models.ForeignKey(
        Deliberation, models.PROTECT, null=True, blank=True, related_name="findings"
    )
    ruling = models.ForeignKey(Ruling, models.PROTECT, null=True, blank=True, related_name="findings")


class RulingDraft(OfAdjudication):
    """行政裁决书稿: the sections as they stand, of the closed volume; from the form or back from the word processor."""

    revision = models.PositiveSmallIntegerField(_("稿次"))
    sections = models.TextField(_("内容"))  # JSON: data of the sign_ruling form
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
    file = models.ForeignKey(Evidence, models.PROTECT, null=True, blank=True, related_name="+")


class Omission(OfAdjudication):
    """A point of a stage's checklist that was left out, with the reason: nothing is skipped silently."""

    item = models.CharField(_("事项"), max_length=40)
    reason = models.CharField(_("理由"), max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    on = models.DateField(_("日期"))
