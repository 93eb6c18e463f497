"""Forms about one party of the case."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from cases.forms import OfCase, StepForm
from cases.models import Party


class OfPartyForm(StepForm):
    """An act about one party of the case; `roles` narrows the choice."""

    roles: tuple[str, ...] = tuple(Party.Role.values)
    party = OfCase(Party, label=_("当事人"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["party"]
        field.queryset = field.queryset.filter(role__in=self.roles)  # type: ignore[attr-defined]

    def recorded_data(self) -> dict[str, Any]:
        """The record names the row, not the person."""
        party = self.cleaned_data.get("party")
        return {**super().recorded_data(), "party": f"party:{party.pk}" if party else None}


class RespondentForm(OfPartyForm):
    roles = (Party.Role.RESPONDENT,)
