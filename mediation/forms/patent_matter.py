"""Forms of what the bureau does in a mediation on a patent."""

from django.utils.translation import gettext_lazy as _

from cases.forms import OfCase, StepForm
from cases.models import Party
from mediation.models import Mediation


class NotifyRespondent(StepForm):
    step = Mediation.notify_respondent
    recorded = ("party",)
    party = OfCase(Party, label=_("被通知的当事人"))
