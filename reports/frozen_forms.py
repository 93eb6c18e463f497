"""What is asked when figures are frozen: a whole period, the day of reading, and what for."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from reports import periods
from reports.periods import CYCLE, PeriodError


class FreezeForm(forms.Form):
    """A month, a quarter, a year or the whole cycle."""

    period = forms.CharField(
        label=_("期间"), max_length=30, help_text=_("写成 2026、2026Q3、2026-07；全周期写 2023..2025。")
    )
    as_of = forms.DateField(
        label=_("截至日期"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("按这一天所知的数冻结。"),
    )
    why = forms.CharField(label=_("用途"), max_length=200, help_text=_("例如“第三季度通报”。"))

    def clean_period(self) -> Any:
        try:
            found = periods.parse(self.cleaned_data["period"])
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from error
        if found.kind == "range" and (found.start, found.end) != (CYCLE.start, CYCLE.end):
            raise forms.ValidationError(_("只冻结月、季度、年和全周期，请改写期间。"))
        return found
