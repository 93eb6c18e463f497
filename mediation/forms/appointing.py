"""Forms of who mediates."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import StepForm, UserField
from mediation.models import Mediation
from stations import policy
from stations.models import User


class AssignMediator(StepForm):
    step = Mediation.assign_mediator
    recorded = ("user", "chosen_by", "replaces", "ground")
    user = UserField(label=_("调解员"), roles=("mediator",))
    chosen_by = forms.ChoiceField(
        label=_("产生方式"),
        choices=[("appointed", _("指定")), ("parties", _("双方当事人选择")), ("self", _("调解员领办"))],
    )
    replaces = UserField(label=_("替换"), required=False)
    ground = forms.ChoiceField(
        label=_("替换原因"), required=False,
        choices=[("", "—"), ("recusal", _("回避")), ("party_asks", _("当事人要求更换")), ("work", _("工作安排"))],
    )  # fmt: skip

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        if self.proceeding.body_id not in policy.standing(user, self.today).bodies("mediator"):
            raise ValidationError(_("该人员不是本单位的调解员，请另选。"), code="not_of_body")
        if taking_part(self.proceeding, user):
            raise ValidationError(_("该人员已是本案调解员。"), code="already_mediator")
        return user

    def clean_replaces(self) -> User | None:
        user: User | None = self.cleaned_data["replaces"]
        if user is not None and not taking_part(self.proceeding, user):
            raise ValidationError(_("被替换的人员不是本案调解员。"), code="not_mediator")
        return user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("replaces") and not cleaned.get("ground"):
            self.add_error("ground", ValidationError(_("请选择替换原因。"), code="required"))
        return cleaned


def taking_part(proceeding: Mediation, user: User) -> bool:
    """Does this person mediate here now?"""
    parts = proceeding.participations.filter(user=user, capacity=proceeding.handler_capacity)
    return parts.filter(to_on__isnull=True, cancelled=False).exists()
