"""Forms of who mediates: appointing with the conflicts found, handing over, recusal."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.conflicts import Hit, hits
from cases.forms import DayField, LongField, OfCase, StepForm, UserField
from cases.models import Party
from cases.repair_forms import HandOver
from mediation.models import Mediation, Recusal
from mediation.suggesting import candidates
from stations import policy
from stations.models import User


class ConflictFields(StepForm):
    """What is asked when a conflict is found: a tick for what must be weighed, both sides' consent for what bars.

    `cleared`, in the cleaned data, names by key what was accepted; the record keeps it, so that nobody is asked twice.
    """

    acknowledged = forms.BooleanField(
        label=_("已核对检索到的关联情况，认为不影响公正调解"), required=False,
        help_text=_("提交时自动检索；检索到关联情况的，逐条列出后请勾选。"),
    )  # fmt: skip
    applicant_consents_on = DayField(
        label=_("申请人书面同意其调解的日期"), required=False,
        help_text=_("仅在该人员应当回避时填写：双方均书面同意的，可以担任调解员（特邀调解规定第十五条）。"),
    )  # fmt: skip
    respondent_consents_on = DayField(label=_("被申请人书面同意其调解的日期"), required=False)

    def only_where_needed(self, found: list[Hit]) -> None:
        """A form first shown asks no more than what was found asks for."""
        if not any(hit.hard for hit in found):
            del self.fields["applicant_consents_on"], self.fields["respondent_consents_on"]
        if all(hit.hard for hit in found):
            del self.fields["acknowledged"]

    def weigh(self, cleaned: dict[str, Any], found: list[Hit], field: str | None) -> None:
        """Refuse, or note what was accepted; the hits are listed in full, as far as whoever asks may see them."""
        bars = [hit for hit in found if hit.hard and hit.liftable]  # the door itself refuses who judges here
        others = [hit for hit in found if not hit.hard]
        consents = [cleaned.get("applicant_consents_on"), cleaned.get("respondent_consents_on")]
        for name in ("applicant_consents_on", "respondent_consents_on"):
            day, on = cleaned.get(name), cleaned.get("on")
            if day and on and day > on:
                self.add_error(name, ValidationError(_("同意日期不能晚于办理日期。"), code="date_order"))
        if bars and not all(consents):
            text = _("该人员应当回避，请另选；双方当事人均书面同意由其调解的，填写双方同意的日期")
            self.add_error(field, refused(bars, text))
        if others and not cleaned.get("acknowledged"):
            self.add_error("acknowledged", refused(others, _("检索到以下关联情况，核对后请勾选")))
        cleaned["cleared"] = [hit.key for hit in found]


def conflicts(form: StepForm, user: User) -> list[Hit]:
    """What stands between this person and the case of the form, as far as who fills it in may see."""
    return hits(form.case, [user], form.today, viewer=form.by)[user.pk]


def refused(found: list[Hit], text: Any) -> ValidationError:
    """The sentence, then each hit on a line of its own."""
    lines = [ValidationError(hit.text, code=hit.kind) for hit in found]
    return ValidationError([ValidationError(text, code="conflict"), *lines])


def offer(form: ConflictFields, name: str) -> None:
    """Whom the body has, best first, with the reasons beside each; whoever else is named is judged by the form."""
    field = form.fields[name]
    if form.proceeding is None:
        return
    listed = candidates(form.proceeding, form.today, viewer=form.by)
    empty = [("", field.empty_label)]  # type: ignore[attr-defined]
    field.choices = [  # type: ignore[attr-defined]
        *empty, *((one.user.username, f"{one.user.display_name}（{one.reasons}）") for one in listed)
    ]  # fmt: skip
    if not listed:
        field.help_text = _("本单位没有其他可以指定的调解员，请先由安全管理员授予调解员角色。")
    if not form.is_bound:
        form.only_where_needed([hit for one in listed for hit in one.hits])


def of_body(form: StepForm, user: User) -> None:
    """Raise unless this person mediates for the handling body and does not yet mediate here."""
    if form.proceeding.body_id not in policy.standing(user, form.today).bodies("mediator"):
        raise ValidationError(_("该人员不是本单位的调解员，请另选。"), code="not_of_body")
    if form.proceeding.mediates(user):
        raise ValidationError(_("该人员已是本案调解员。"), code="already_mediator")


class AssignMediator(ConflictFields):
    step = Mediation.assign_mediator
    recorded = (
        "user", "chosen_by", "replaces", "ground", "acknowledged", "applicant_consents_on", "respondent_consents_on",
    )  # fmt: skip
    user = UserField(
        label=_("调解员"), roles=("mediator",),
        help_text=_("依次按有无利益冲突、领域是否相符、在办件数排列，供参考。"),
    )  # fmt: skip
    chosen_by = forms.ChoiceField(
        label=_("产生方式"),
        choices=[("appointed", _("指定")), ("parties", _("双方当事人选择")), ("self", _("调解员领办"))],
    )
    applicant_chose = forms.BooleanField(label=_("申请人选定该调解员"), required=False)
    respondent_chose = forms.BooleanField(label=_("被申请人选定该调解员"), required=False)
    replaces = UserField(label=_("替换"), required=False)
    ground = forms.ChoiceField(
        label=_("替换原因"), required=False,
        choices=[("", "—"), ("recusal", _("回避")), ("party_asks", _("当事人要求更换")), ("work", _("工作安排"))],
    )  # fmt: skip
    field_order = ("user", "chosen_by", "applicant_chose", "respondent_chose", "replaces", "ground")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        offer(self, "user")
        if self.proceeding is not None:
            mediating = [one.pk for one in self.proceeding.mediators()]
            field = self.fields["replaces"]
            field.queryset = User.objects.filter(pk__in=mediating)  # type: ignore[attr-defined]
            field.error_messages["invalid_choice"] = _("被替换的人员不是本案调解员。")
            if not mediating and not self.is_bound:
                del self.fields["replaces"], self.fields["ground"]  # nobody to replace
                self._taking_it_on()

    def _taking_it_on(self) -> None:
        """A mediator who opens an unassigned case most often takes it himself."""
        offered = [key for key, _label in self.fields["user"].choices]  # type: ignore[attr-defined]
        if self.by is not None and self.by.username in offered:
            self.initial = {"user": self.by, "chosen_by": "self", **self.initial}

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        of_body(self, user)
        return user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("replaces") and not cleaned.get("ground"):
            self.add_error("ground", ValidationError(_("请选择替换原因。"), code="required"))
        chosen = cleaned.get("chosen_by")
        if chosen == "parties" and not (cleaned["applicant_chose"] and cleaned["respondent_chose"]):
            text = _(
                "双方选择须是同一名调解员：请分别勾选申请人、被申请人已选定；未能共同选定的，由调解组织指定。"
            )
            self.add_error("chosen_by", ValidationError(text, code="not_both"))
        if cleaned.get("user"):
            self.weigh(cleaned, conflicts(self, cleaned["user"]), "user")
        return cleaned


class HandOverMediation(HandOver):
    step = Mediation.hand_over

    def clean_user(self) -> User:
        user: User = self.cleaned_data["user"]
        if bars := [hit for hit in conflicts(self, user) if hit.hard]:
            raise refused(bars, _("该人员应当回避，不能移交；双方书面同意的，请办理“指定调解员”"))
        return user


class AskRecusal(StepForm):
    step = Mediation.ask_recusal
    recorded = ("user", "party", "ground")
    user = UserField(label=_("被申请回避的调解员"))
    party = OfCase(
        Party, label=_("提出的当事人"), required=False, help_text=_("调解员自行回避的不填，由本人办理。")
    )
    ground = forms.ChoiceField(label=_("事由"), choices=Recusal.Ground.choices)
    reason = LongField(label=_("具体情况（密存，由决定人员查阅）"), required=False, max_length=1000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            mediating = [one.pk for one in self.proceeding.mediators()]
            field = self.fields["user"]
            field.queryset = User.objects.filter(pk__in=mediating)  # type: ignore[attr-defined]
            field.error_messages["invalid_choice"] = _("该人员不是本案调解员，请在列表中选择。")
            if len(mediating) == 1:
                field.initial = field.queryset.get()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("ground") == Recusal.Ground.UNABLE:
            if cleaned.get("party") is not None:
                self.add_error("ground", ValidationError(_("不能承办由调解员本人提出。"), code="own_words"))
            if not cleaned.get("reason"):
                self.add_error("reason", ValidationError(_("请写明不能承办的原因。"), code="required"))
        return cleaned


class RecusalField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A recusal that waits for its decision."""

    def label_from_instance(self, row: Any) -> str:
        by = row.party.name if row.party else _("本人")
        return f"{row.asked_on} {row.user}：{row.get_ground_display()}（{by}）"


class DecideRecusal(ConflictFields):
    step = Mediation.decide_recusal
    recorded = (
        "granted", "replacement", "acknowledged", "applicant_consents_on", "respondent_consents_on", "reason",
    )  # fmt: skip
    recusal = RecusalField(Recusal.objects.none(), label=_("回避申请"), empty_label=_("请选择"))
    granted = forms.TypedChoiceField(
        label=_("决定"), choices=[("", _("请选择")), ("yes", _("准许回避")), ("no", _("驳回申请"))],
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    replacement = UserField(
        label=_("接替的调解员"), roles=("mediator",), required=False,
        help_text=_("不填的，由其余调解员继续；没有其余调解员的，本案回到待分配。"),
    )  # fmt: skip
    reason = LongField(
        label=_("理由"), max_length=500, help_text=_("写入送达当事人的决定，请勿涉及调解中的谈话内容。")
    )
    field_order = ("recusal", "granted", "replacement")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            waiting = Recusal.objects.filter(
                mediation=self.proceeding.pk, granted__isnull=True, cancelled=False
            )
            self.fields["recusal"].queryset = waiting.select_related("user", "party")  # type: ignore[attr-defined]
            if not self.is_bound and len(listed := list(waiting[:2])) == 1:
                self.fields["recusal"].initial = listed[0]
            offer(self, "replacement")

    def clean_replacement(self) -> User | None:
        user: User | None = self.cleaned_data["replacement"]
        if user is not None:
            of_body(self, user)
        return user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["cleared"] = []
        user = cleaned.get("replacement")
        if user is not None and cleaned.get("granted") is False:
            text = _("驳回申请的不更换调解员，请清空该栏。")
            self.add_error("replacement", ValidationError(text, code="not_asked"))
        elif user is not None:
            self.weigh(cleaned, conflicts(self, user), "replacement")
        return cleaned
