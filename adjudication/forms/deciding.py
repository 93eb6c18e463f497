"""Forms of the panel's decision: deliberation."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Outcome
from cases.forms import LongField, StepForm, TableField, UserField
from stations.models import User

from .filing import own_column

VOTES = [*Outcome.choices, ("dismiss", _("撤销案件"))]


class RecordDeliberation(StepForm):
    step = Adjudication.record_deliberation
    votes = TableField(
        label=_("各成员意见"),
        columns={
            "member": UserField(label=_("成员")),
            "vote": forms.ChoiceField(label=_("意见"), choices=VOTES),
            "words": forms.CharField(label=_("理由"), max_length=2000, required=False),
        },
        extra=3,
    )
    minutes = LongField(label=_("合议笔录"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        member = UserField(label=_("成员"))
        member.queryset = User.objects.filter(pk__in=[part.user_id for part in self.proceeding.panel()])
        own_column(self, "votes", "member", member)
