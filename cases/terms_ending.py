"""Appointments about to end, on the desk of whoever keeps the roster of people."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from stations import policy
from stations.models import Appointment

from .noticing import Line, notices


@notices
def terms_ending(user: Any, today: date) -> Iterable[Line]:
    """One line for all of them; the list behind it names each."""
    if not policy.route_answer("person_new", "GET", policy.standing(user, today)):
        return
    if number := Appointment.objects.ending(today).count():
        text = _("60 日内届满的聘任 %(n)d 项，请办理续聘或者到期手续") % {"n": number}
        yield Line("warn", _("聘任"), text, today, f"{reverse('people')}?ending=1")
