"""Forms of rights assistance."""

from django import forms
from django.utils.translation import gettext_lazy as _

from .forms import LongField, StepForm, TableField, UserField
from .models import Assistance
from .models.assistance import HELP


class AskCorrection(StepForm):
    step = Assistance.ask_correction
    defects = TableField(
        label=_("需要补正的内容"), columns={"text": forms.CharField(label=_("内容"), max_length=200)}
    )


class ReceiveCorrection(StepForm):
    step = Assistance.receive_correction


class Accept(StepForm):
    step = Assistance.accept
    recorded = ("help_kind", "handler")
    help_kind = forms.ChoiceField(label=_("援助事项"), choices=HELP)
    handler = UserField(label=_("承办人"), required=False)


class Refuse(StepForm):
    step = Assistance.refuse
    reason = LongField(label=_("不予受理的理由"), max_length=1000)
    recorded = ("reason",)


class Withdraw(StepForm):
    step = Assistance.withdraw
    recorded = ("outcome", "reason")
    outcome = forms.ChoiceField(
        label=_("方式"),
        choices=[("withdrawn", _("申请人撤回")), ("deemed_withdrawn", _("逾期未补正，按撤回处理"))],
    )
    reason = LongField(label=_("原因"), max_length=500)


class Complete(StepForm):
    step = Assistance.complete
    opinion = LongField(label=_("援助情况或意见"))


class Convert(StepForm):
    step = Assistance.convert


class Transfer(StepForm):
    step = Assistance.transfer
    recorded = ("to", "reason")
    to = forms.CharField(label=_("移送机关"), max_length=100)
    reason = LongField(label=_("原因"), max_length=500)
