"""Forms of the office pages: giving and ending a grant, setting a stand-in."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from . import policy
from .models import SEPARATED_ROLES, Body, Grant, Role, StandIn, Station, User


def at_station() -> frozenset[str]:
    """Roles that are held at a station."""
    return frozenset(policy.policy().groups["station_staff"])


def at_body() -> frozenset[str]:
    """Roles that are held in a body."""
    return frozenset(policy.policy().groups["staff"]) - at_station()


def _day(label: Any, *, required: bool = True) -> forms.DateField:
    return forms.DateField(
        label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class PeopleField(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.display_name}（{obj.username}）"


class GrantForm(forms.Form):
    """A role for a user, at a station or body, for a period. Nobody grants to himself."""

    user = PeopleField(User.objects.filter(is_active=True), label=_("用户"))
    role = forms.ChoiceField(label=_("角色"), choices=Role.choices)
    station = forms.ModelChoiceField(
        Station.objects.filter(closed_on__isnull=True), label=_("工作站"), required=False,
        help_text=_("受理员、工作站负责人须选择工作站。"),
    )  # fmt: skip
    body = forms.ModelChoiceField(
        Body.objects.all(), label=_("单位"), required=False, help_text=_("办案角色须选择单位。")
    )
    valid_from = _day(_("起始日期"))
    valid_to = _day(_("截止日期"), required=False)

    def __init__(self, *args: Any, by: User, **kwargs: Any):
        self.by = by
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        user, role = data.get("user"), data.get("role")
        begin, end = data.get("valid_from"), data.get("valid_to")
        if user and user.pk == self.by.pk:
            self.add_error("user", ValidationError(_("不能给自己授权，请由其他安全管理员办理。"), code="own"))
        if begin and end and end < begin:
            self.add_error("valid_to", ValidationError(_("截止日期不能早于起始日期。"), code="date_order"))
        if role in at_station() and not data.get("station"):
            self.add_error("station", ValidationError(_("该角色须选择工作站。"), code="required"))
        if role in at_body() and not data.get("body"):
            self.add_error("body", ValidationError(_("该角色须选择单位。"), code="required"))
        if role not in at_station():
            data["station"] = None
        if role not in at_body():
            data["body"] = None
        if user and role and begin and not self.errors:
            self._refuse_separated(user, role, begin, end)
        return data

    def _refuse_separated(self, user: User, role: str, begin: date, end: date | None) -> None:
        overlapping = Grant.objects.filter(user=user).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=begin)
        )
        if end:
            overlapping = overlapping.filter(valid_from__lte=end)
        if role in SEPARATED_ROLES and overlapping.filter(role__in=SEPARATED_ROLES - {role}).exists():
            text = _("系统管理员、安全管理员、审计管理员须由不同的人担任，请先结束该用户的另一项授权。")
            self.add_error("role", ValidationError(text, code="separated"))
        same = overlapping.filter(
            role=role, station=self.cleaned_data["station"], body=self.cleaned_data["body"]
        )
        if same.exists():
            self.add_error("role", ValidationError(_("该用户在此期间已有相同的授权。"), code="twice"))


class StandInForm(forms.Form):
    """Who acts for an absent person, for a stated period."""

    absent = PeopleField(User.objects.filter(is_active=True), label=_("被代理人"))
    substitute = PeopleField(User.objects.filter(is_active=True), label=_("代理人"))
    valid_from = _day(_("起始日期"))
    valid_to = _day(_("截止日期"))
    reason = forms.CharField(label=_("事由"), max_length=200)

    def __init__(self, *args: Any, by: User, may_set_others: bool, today: date, **kwargs: Any):
        self.by, self.may_set_others, self.today = by, may_set_others, today
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        if not may_set_others:
            self.fields["absent"].queryset = User.objects.filter(pk=by.pk)  # type: ignore[attr-defined]
            self.fields["absent"].initial = by.pk

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        absent, substitute = data.get("absent"), data.get("substitute")
        begin, end = data.get("valid_from"), data.get("valid_to")
        if self.may_set_others and substitute and substitute.pk == self.by.pk:
            self.add_error("substitute", ValidationError(_("不能把自己设为他人的代理人。"), code="own"))
        if absent and absent == substitute:
            self.add_error("substitute", ValidationError(_("代理人不能是本人。"), code="own"))
        if begin and end and end < begin:
            self.add_error("valid_to", ValidationError(_("截止日期不能早于起始日期。"), code="date_order"))
        if end and end < self.today:
            self.add_error("valid_to", ValidationError(_("代理期间不能全部在过去。"), code="past"))
        if absent and substitute and begin and end and not self.errors:
            self._refuse_separated(absent, substitute, begin, end)
            both = StandIn.objects.filter(absent=absent, valid_from__lte=end, valid_to__gte=begin)
            if both.exists():
                self.add_error(
                    "valid_from", ValidationError(_("该期间已有代理人，请先结束原代理。"), code="twice")
                )
        return data

    def _refuse_separated(self, absent: User, substitute: User, begin: date, end: date) -> None:
        held = Grant.objects.filter(role__in=SEPARATED_ROLES, valid_from__lte=end).filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=begin)
        )
        theirs = set(held.filter(user=absent).values_list("role", flat=True))
        own = set(held.filter(user=substitute).values_list("role", flat=True))
        if theirs and own and len(theirs | own) > 1:
            text = _("系统管理员、安全管理员、审计管理员不得互相代理，请另选代理人。")
            self.add_error("substitute", ValidationError(text, code="separated"))
