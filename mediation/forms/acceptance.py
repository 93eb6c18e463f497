"""Forms of accepting and declining."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.conflicts import Hit
from cases.forms import DayField, LongField, StepForm, UserField
from cases.models import Case
from mediation.models import Mediation, PatentMatter
from stations import policy
from stations.models import User

from .appointing import ConflictFields, conflicts


class Accept(ConflictFields):
    """What a court's referral asks is asked only there (特邀调解规定第二十七条); a conflict only where one is found."""

    step = Mediation.accept
    recorded = (
        "mediator", "procedure", "materials_on", "acknowledged", "applicant_consents_on", "respondent_consents_on",
        "patent_matter", "infringement_decision",
    )  # fmt: skip
    mediator = UserField(
        label=_("调解员"), roles=("mediator",), required=False, help_text=_("不填为拟办人。")
    )
    requests = LongField(label=_("调解请求"), required=False, max_length=2000)
    procedure = forms.ChoiceField(
        label=_("法院程序"), choices=[("", "—"), *Mediation.Procedure.choices], required=False,
        help_text=_("法院委托调解的必填：普通程序十五日，简易程序七日。"),
    )  # fmt: skip
    materials_on = DayField(
        label=_("签收法院材料日期"), required=False,
        help_text=_("法院委派、委托的必填，调解期限自该日起算（在线调解为平台确认接受之日）。"),
    )  # fmt: skip

    patent_matter = forms.ChoiceField(
        label=_("专利纠纷事项"), choices=[("", "—"), *PatentMatter.choices], required=False,
        help_text=_("本局调解专利纠纷的填写；不填为其他专利纠纷。"),
    )  # fmt: skip
    infringement_decision = forms.CharField(
        label=_("认定侵权的决定文号"), max_length=120, required=False,
        help_text=_("仅就赔偿数额请求调解的必填，决定附在材料中。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None and not self.is_bound:
            if not self.proceeding.governed_by_measures():
                for name in ("patent_matter", "infringement_decision"):
                    del self.fields[name]
            self.only_where_needed(self._conflicts(None))
            if not self.case.from_court or self.proceeding.materials_on is not None:
                for name in ("procedure", "materials_on"):
                    del self.fields[name]

    def _conflicts(self, chosen: User | None) -> list[Hit]:
        """Of everybody who will mediate, what was not accepted when they were appointed.

        To have mediated for the same party before is what mediators do: the list of candidates shows it, acceptance
        does not ask about it again.
        """
        row = self.proceeding
        users = row.mediators() or [chosen or self.by]
        return [
            hit
            for user in users
            for hit in conflicts(self, user)
            if hit.kind != "mediated" and hit.key not in row.cleared(user)
        ]

    def clean_mediator(self) -> User | None:
        user: User | None = self.cleaned_data["mediator"]
        if user is not None and self.proceeding.body_id not in policy.standing(user, self.today).bodies(
            "mediator"
        ):
            raise ValidationError(_("该人员不是本单位的调解员，请另选。"), code="not_of_body")
        return user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        self.weigh(cleaned, self._conflicts(cleaned.get("mediator")), None)
        signed, on = cleaned.get("materials_on"), cleaned.get("on")
        if not self.case.from_court:
            for name in ("procedure", "materials_on"):
                if cleaned.get(name):
                    self.add_error(
                        name, ValidationError(_("本案不是法院委派、委托，请勿填写。"), code="no_court")
                    )
            return cleaned
        if self.proceeding.materials_on is not None:  # the referral has said it
            return cleaned
        if not signed and "materials_on" not in self.errors:
            self.add_error("materials_on", ValidationError(_("请填写签收法院材料的日期。"), code="required"))
        if signed and on and signed > on:
            self.add_error(
                "materials_on", ValidationError(_("签收日期不能晚于受理日期。"), code="date_order")
            )
        if self.case.source == Case.Source.COURT_ENTRUSTED and not cleaned.get("procedure"):
            self.add_error("procedure", ValidationError(_("请选择法院程序。"), code="required"))
        return cleaned


class Decline(StepForm):
    step = Mediation.decline
    recorded = ("outcome",)
    outcome = forms.ChoiceField(
        label=_("情形"),
        choices=[
            ("no_consent", _("一方不同意调解")), ("no_answer", _("对方逾期未答复")), ("unreachable", _("无法联系")),
            ("refused", _("不属于受理范围，不予受理")),
        ],
    )  # fmt: skip
    reason = LongField(label=_("理由（告知申请人）"), max_length=1000)
