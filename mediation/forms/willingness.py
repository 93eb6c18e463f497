"""Forms of reaching the parties and asking whether they want mediation."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField, LongField, OfCase, StepForm
from cases.models import Party
from mediation.messages import mobile_of
from mediation.models import Consent, Contact, Invitation, Mediation
from mediation.models.inviting import default_expiry

LONGEST_INVITATION = 60  # days
REASONED = (Consent.Answer.REFUSE, Consent.Answer.PROPOSE)  # answers that say why, or what


class Contacted(StepForm):
    step = Mediation.contact
    recorded = ("party", "way", "result")
    party = OfCase(Party, label=_("当事人"))
    way = forms.ChoiceField(label=_("方式"), choices=Contact.Way.choices)
    result = forms.ChoiceField(label=_("结果"), choices=Contact.Result.choices)
    remark = LongField(label=_("备注（密存）"), required=False, max_length=2000)


class RecordConsent(StepForm):
    step = Mediation.record_consent
    recorded = ("party", "answer", "way")
    party = OfCase(Party, label=_("当事人"))
    answer = forms.ChoiceField(label=_("意见"), choices=Consent.Answer.choices)
    way = forms.ChoiceField(label=_("方式"), choices=Consent.Way.choices, initial=Consent.Way.SIGNED)
    remark = LongField(label=_("理由或者备注（密存）"), required=False, max_length=2000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        party, answer, way = cleaned.get("party"), cleaned.get("answer"), cleaned.get("way")
        if answer == Consent.Answer.LEFT_OUT and party and party.role == Party.Role.APPLICANT:
            self.add_error(
                "answer", ValidationError(_("申请人不参加的，请办理撤回。"), code="applicant_left_out")
            )
        if answer == Consent.Answer.AGREE and way == Consent.Way.NONE:
            self.add_error("way", ValidationError(_("请填写同意的方式。"), code="required"))
        return cleaned


class Invite(StepForm):
    """Released today: the code is made now, so an invitation is never entered late."""

    step = Mediation.invite
    recorded = ("party", "expires_on")
    dated = False
    party = OfCase(Party, label=_("邀请谁"))
    expires_on = DayField(
        label=_("答复截止日期"), required=False, help_text=_("不填为发出之日起第 15 日；最长 60 日。")
    )

    def clean_expires_on(self) -> date:
        day: date = self.cleaned_data["expires_on"] or default_expiry(self.today)
        if not self.today < day <= self.today + timedelta(LONGEST_INVITATION):
            text = _("答复截止日期应在今天之后、%(last)s（含当日）之前，请改正。")
            raise ValidationError(
                text % {"last": self.today + timedelta(LONGEST_INVITATION)}, code="date_order"
            )
        return day


class WithdrawInvitation(StepForm):
    step = Mediation.withdraw_invitation
    recorded = ("party",)
    dated = False
    party = OfCase(Party, label=_("当事人"), help_text=_("只列邀请尚待答复的当事人。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            waiting = self.proceeding.invitations.filter(cancelled=False, answered_at__isnull=True)
            field: Any = self.fields["party"]
            field.queryset = field.queryset.filter(pk__in=waiting.values("party"))


class AnswerInvitation(StepForm):
    """Filled by the answer page alone, which has found the invitation by its code."""

    step = Mediation.answer_invitation
    recorded = ("party", "answer")
    dated = False
    invitation = forms.ModelChoiceField(Invitation.objects.none(), label=_("邀请"))
    party = OfCase(Party, label=_("当事人"))
    answer = forms.ChoiceField(
        label=_("意见"),
        choices=[(a.value, a.label) for a in Consent.Answer if a in (Consent.Answer.AGREE, *REASONED)],
    )
    remark = LongField(label=_("理由或者方案（密存）"), required=False, max_length=2000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            self.fields["invitation"].queryset = Invitation.objects.filter(mediation=self.proceeding.pk)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        invitation, party = cleaned.get("invitation"), cleaned.get("party")
        if invitation is not None and party is not None and invitation.party_id != party.pk:
            self.add_error("party", ValidationError(_("该邀请不是发给这一方的。"), code="other_party"))
        if cleaned.get("answer") in REASONED and not cleaned.get("remark"):
            self.add_error("remark", ValidationError(_("请填写理由或者方案。"), code="required"))
        return cleaned


class SendMessage(StepForm):
    step = Mediation.send_message
    recorded = ("party",)
    dated = False
    party = OfCase(Party, label=_("发送给"), help_text=_("发送到该当事人登记的手机号，内容固定，不能改。"))

    def clean_party(self) -> Party:
        party: Party = self.cleaned_data["party"]
        if not mobile_of(party):
            raise ValidationError(
                _("该当事人没有登记手机号，请先在“当事人”栏更正电话，或者改用其他方式。"), code="no_mobile"
            )
        return party
