"""Form of leaving out a point of the checklist."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adjudication.checklist import points
from adjudication.models import Adjudication
from cases.forms import LongField, StepForm


class SkipPoint(StepForm):
    step = Adjudication.skip_point
    recorded = ("item", "reason")
    item = forms.ChoiceField(label=_("事项"), choices=[(one.code, one.words) for one in points().values()])
    reason = LongField(label=_("理由"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            found = self.proceeding.skippable_points()
            self.fields["item"].choices = [  # type: ignore[attr-defined]
                (one.point.code, f"{one.point.words}（{one.point.source(self.proceeding.filed)}）")
                for one in found
            ]
