"""Forms of who sits: recusal asked and decided."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Recusal
from cases.forms import DayField, LongField, OfCase, StepForm, UserField
from cases.models import Party

from .filing import SITS
from .parties import OfPartyForm

RECUSAL_GROUNDS = [
    ("relative", _("是当事人，或者当事人、代理人的近亲属")), ("interest", _("与专利申请或者专利权有利害关系")),
    ("agent_or_examiner", _("曾任该专利的代理师或者审查员")), ("other", _("有其他可能影响公正的关系")),
    ("improper", _("接受礼物、宴请或者违规会见")),
]  # fmt: skip


class AskRecusal(OfPartyForm):
    step = Adjudication.ask_recusal
    recorded = ("officer", "ground", "stage", "known_on")
    party = OfCase(Party, label=_("申请人"), required=False, help_text=_("本人自行回避的不填。"))
    officer = UserField(label=_("被申请回避的人员"))
    ground = forms.ChoiceField(label=_("事由"), choices=RECUSAL_GROUNDS)
    known_on = DayField(label=_("知道办案人员的日期"))
    stage = forms.ChoiceField(
        label=_("提出的时间"),
        choices=[
            ("in_time", _("知道办案人员后")), ("at_hearing", _("口头审理开始时")),
            ("later_known", _("口头审理开始后知道，终结前提出")),
        ],
    )  # fmt: skip


class DecideRecusal(StepForm):
    step = Adjudication.decide_recusal
    recorded = ("granted", "replacement", "reason")
    recusal = OfCase(Recusal, label=_("回避申请"))
    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("no", _("驳回申请")), ("yes", _("准予回避"))],
        coerce=lambda value: value == "yes",
    )
    replacement = UserField(label=_("接替人员"), required=False, roles=SITS)
    reason = LongField(label=_("理由"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["recusal"]
        field.queryset = field.queryset.filter(proceeding=self.proceeding)  # type: ignore[attr-defined]
