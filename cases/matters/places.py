"""What several opening forms ask: what the matter is called, the station somebody registers for, one of his own."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from stations import policy
from stations.models import Station

from .opening import OpeningForm

OF_STATIONS = ("clerk", "station_head")


class OwnStation(forms.ModelChoiceField):
    """A station of whoever fills in the form; chosen for him where there is but one."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("label", _("工作站"))
        kwargs.setdefault("to_field_name", "code")
        super().__init__(Station.objects.none(), required=False, empty_label="—", **kwargs)

    def narrow(self, by: Any, today: date) -> None:
        """Offer his stations."""
        held = policy.standing(by, today)
        ids = [pk for role in OF_STATIONS if role in held.roles for pk in held.stations(role)]
        self.queryset = Station.objects.filter(pk__in=ids)
        if len(set(ids)) == 1:
            self.initial = self.queryset.get().code


class Named(OpeningForm):
    """The matter is called as whoever opens it types."""

    subject = forms.CharField(label=_("名称"), max_length=120)

    def title(self) -> str:
        return str(self.cleaned_data["subject"])

    def columns(self) -> dict[str, Any]:
        columns = super().columns()
        columns["title"] = columns.pop("subject")
        return columns
