"""The form of a return visit, shared by every kind that is followed up. What was said is never in `recorded`."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .forms import LongField, OfCase, StepForm
from .models import Party, Visit
from .models.visiting import Visited


class ReturnVisit(StepForm):
    step = Visited.return_visit
    recorded = ("party", "way", "reached", "satisfaction")
    party = OfCase(Party, label=_("回访对象"))
    way = forms.ChoiceField(label=_("方式"), choices=Visit.Way.choices)
    reached = forms.TypedChoiceField(
        label=_("是否联系上"), choices=[("yes", _("已联系上")), ("no", _("未联系上"))], initial="yes",
        coerce=lambda said: said == "yes",
    )  # fmt: skip
    satisfaction = forms.TypedChoiceField(
        label=_("满意度"), choices=[("", "—"), *Visit.Satisfaction.choices], coerce=int, empty_value=None,
        required=False, help_text=_("联系上的必填。"),
    )  # fmt: skip
    said = LongField(label=_("回访情况（密存）"), required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        reached = cleaned.get("reached")
        if reached is True and cleaned.get("satisfaction") is None and "satisfaction" not in self.errors:
            self.add_error("satisfaction", ValidationError(_("请填写满意度。"), code="required"))
        if reached is False and cleaned.get("satisfaction") is not None:
            text = _("没有联系上的，不填写满意度。")
            self.add_error("satisfaction", ValidationError(text, code="not_reached"))
        closed, on = self.proceeding.closed_on, cleaned.get("on")
        if closed and on and on < closed:
            text = _("回访日期不能早于结案日期 %(day)s。") % {"day": closed}
            self.add_error("on", ValidationError(text, code="date_order"))
        return cleaned
