"""Forms of the mediation room. What may repeat the talks is never in `recorded`."""

from datetime import date, time
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField, LongField, OfCase, StepForm, TableField, UserField
from cases.identifiers import check_court_number, name_key
from cases.models import Case, Party
from stations import policy
from stations.models import User

from .models import Consent, Contact, JudicialConfirmation, Mediation, Session, Term
from .models.mediation import FROM_COURT

TERMS = {
    "kind": forms.ChoiceField(label=_("类型"), choices=Term.Kind.choices),
    "what": forms.CharField(label=_("内容"), max_length=500),
    "who": forms.CharField(label=_("履行人"), max_length=120),
    "due_on": DayField(label=_("履行期限"), required=False),
    "amount": forms.DecimalField(label=_("金额（元）"), max_digits=16, decimal_places=2, required=False),
}
ATTENDANCE = {
    "party": forms.CharField(label=_("所代表的当事人"), max_length=120, required=False),
    "name": forms.CharField(label=_("到场人"), max_length=80),
    "capacity": forms.CharField(label=_("身份"), max_length=60, required=False),
}
GROUNDS_OF_FAILURE = {
    "no_agreement": _("经调解，双方未能达成调解协议"),
    "absent": _("当事人经通知未参加调解"),
    "expired": _("调解期限届满，双方未同意延长"),
    "repudiated": _("当事人在协议生效前反悔"),
}
GROUNDS_OF_TERMINATION = {
    "party_ends": _("当事人要求终止调解"),
    "no_chance": _("调解员认为没有达成协议的可能"),
    "prevented": _("因特定事由调解无法继续"),
    "lost_contact": _("当事人在调解期限内无法取得联系"),
    "sham": _("有虚假调解嫌疑"),
    "harm": _("当事人恶意串通，损害他人合法权益"),
    "elsewhere": _("当事人已就同一纠纷提起诉讼、申请仲裁或者行政处理"),
    "not_ours": _("依法不属于可以调解的纠纷"),
}
ROUTES = [("arbitration", _("仲裁")), ("administrative", _("行政")), ("judicial", _("司法"))]


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


class Accept(StepForm):
    """What a court's referral asks is asked only there (特邀调解规定第二十七条)."""

    step = Mediation.accept
    recorded = ("mediator", "procedure", "materials_on")
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

    def clean_mediator(self) -> User | None:
        user: User | None = self.cleaned_data["mediator"]
        if user is not None and self.proceeding.body_id not in policy.standing(user, self.today).bodies(
            "mediator"
        ):
            raise ValidationError(_("该人员不是本单位的调解员，请另选。"), code="not_of_body")
        return user

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        source, signed, on = self.case.source, cleaned.get("materials_on"), cleaned.get("on")
        if source not in FROM_COURT:
            for name in ("procedure", "materials_on"):
                if cleaned.get(name):
                    self.add_error(
                        name, ValidationError(_("本案不是法院委派、委托，请勿填写。"), code="no_court")
                    )
            return cleaned
        if not signed and "materials_on" not in self.errors:
            self.add_error("materials_on", ValidationError(_("请填写签收法院材料的日期。"), code="required"))
        if signed and on and signed > on:
            self.add_error(
                "materials_on", ValidationError(_("签收日期不能晚于受理日期。"), code="date_order")
            )
        if source == Case.Source.COURT_ENTRUSTED and not cleaned.get("procedure"):
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


class HoldSession(StepForm):
    step = Mediation.session
    mode = forms.ChoiceField(label=_("方式"), choices=Session.Mode.choices)
    starts = forms.TimeField(label=_("开始时间"), required=False)
    ends = forms.TimeField(label=_("结束时间"), required=False)
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    attendance = TableField(label=_("到场人员"), columns=ATTENDANCE)
    result = forms.ChoiceField(label=_("结果"), choices=Session.Result.choices)
    minutes = LongField(label=_("笔录（密存，仅调解人员可见）"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        starts, ends = cleaned.get("starts"), cleaned.get("ends")
        if isinstance(starts, time) and isinstance(ends, time) and ends < starts:
            self.add_error("ends", ValidationError(_("结束时间不能早于开始时间。"), code="date_order"))
        return cleaned


class Extend(StepForm):
    step = Mediation.extend
    recorded = ("days", "applicant_signed_on", "respondent_signed_on")
    days = forms.IntegerField(label=_("延长日数"), min_value=1, max_value=180)
    applicant_signed_on = DayField(label=_("申请人签署延长同意书日期"))
    respondent_signed_on = DayField(label=_("被申请人签署延长同意书日期"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        not_after(self, cleaned, ("applicant_signed_on", "respondent_signed_on"))
        return cleaned


def not_after(form: StepForm, cleaned: dict[str, Any], names: tuple[str, ...]) -> None:
    """Each day lies between receipt and the day of the act."""
    on, received = cleaned.get("on"), form.proceeding.received_on
    for name in names:
        day = cleaned.get(name)
        if isinstance(day, date) and ((on and day > on) or (received and day < received)):
            text = _("日期应在收到申请之后、办理日期（含当日）之前，请核对。")
            form.add_error(name, ValidationError(text, code="date_order"))


class AgreementFields(StepForm):
    """What a written and an oral agreement both state (人民调解法第二十八条、第二十九条)."""

    facts = LongField(label=_("纠纷主要事实、争议事项以及各方责任"), max_length=5000)
    terms = TableField(
        label=_("协议内容"), columns=TERMS, help_text=_("履行人请填写当事人名称；每期付款填一行。")
    )
    performance = LongField(label=_("履行方式、地点和期限"), max_length=2000)

    def clean_terms(self) -> list[dict[str, Any]]:
        parties = {name_key(p.name): p for p in self.case.parties.all()}
        problems = []
        for number, row in enumerate(self.cleaned_data["terms"], start=1):
            who = parties.get(name_key(row["who"]))
            if who is None:
                names = "、".join(p.name for p in parties.values())
                problems.append(
                    _("第 %(n)s 行：履行人应为本案当事人（%(names)s）。") % {"n": number, "names": names}
                )
            if row["amount"] is not None and row["amount"] <= 0:
                problems.append(_("第 %(n)s 行：金额应大于零。") % {"n": number})
            if row["kind"] == Term.Kind.PAY and (row["amount"] is None or row["due_on"] is None):
                problems.append(_("第 %(n)s 行：付款请填写金额和履行期限。") % {"n": number})
            row["who"] = who
        if problems:
            raise ValidationError(problems, code="terms")
        return list(self.cleaned_data["terms"])


class SignAgreement(AgreementFields):
    step = Mediation.sign_agreement
    recorded = ("parties_signed_on", "mediator_signed_on")
    parties_signed_on = DayField(label=_("各方当事人签署日期"))
    mediator_signed_on = DayField(label=_("调解员签名日期"))
    copies = forms.CharField(label=_("份数"), max_length=10, required=False, help_text=_("不填为三份。"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        not_after(self, cleaned, ("parties_signed_on", "mediator_signed_on"))
        return cleaned


class SealAgreement(StepForm):
    step = Mediation.seal_agreement


class RecordOral(AgreementFields):
    step = Mediation.record_oral


class Withdraw(StepForm):
    step = Mediation.withdraw
    recorded = ("outcome",)
    outcome = forms.ChoiceField(
        label=_("方式"),
        choices=[
            ("withdrawn", _("申请人撤回")), ("withdrawn_settled", _("双方自行和解后撤回")),
            ("deemed_withdrawn", _("申请人无故不参加，按撤回处理")),
        ],
    )  # fmt: skip
    settlement = LongField(label=_("和解内容（密存）"), required=False, max_length=5000)
    reason = LongField(label=_("原因（密存）"), max_length=1000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        settled = cleaned.get("outcome") == "withdrawn_settled"
        if settled and not cleaned.get("settlement"):
            text = _("和解后撤回须登记和解内容；没有和解内容的，请选“申请人撤回”。")
            self.add_error("settlement", ValidationError(text, code="required"))
        if cleaned.get("settlement") and not settled:
            text = _("填写了和解内容，请选“双方自行和解后撤回”。")
            self.add_error("outcome", ValidationError(text, code="settled"))
        return cleaned


class Fail(StepForm):
    step = Mediation.fail
    recorded = ("ground", "routes_told")
    ground = forms.ChoiceField(label=_("原因"), choices=list(GROUNDS_OF_FAILURE.items()))
    routes_told = forms.MultipleChoiceField(label=_("已告知的其他途径"), choices=ROUTES)
    reason = LongField(label=_("说明（密存）"), max_length=1000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["ground_label"] = str(GROUNDS_OF_FAILURE.get(cleaned.get("ground", ""), ""))
        return cleaned


class Terminate(StepForm):
    step = Mediation.terminate
    recorded = ("ground",)
    ground = forms.ChoiceField(label=_("终止原因"), choices=list(GROUNDS_OF_TERMINATION.items()))
    reason = LongField(label=_("说明（密存）"), max_length=1000)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        cleaned["ground_label"] = str(GROUNDS_OF_TERMINATION.get(cleaned.get("ground", ""), ""))
        return cleaned


class Transfer(StepForm):
    step = Mediation.transfer
    recorded = ("to",)
    to = forms.CharField(label=_("移送机关"), max_length=100)
    reason = LongField(label=_("原因"), max_length=1000)


class OpenConfirmation(StepForm):
    step = Mediation.open_confirmation


# judicial confirmation --------------------------------------------------------------------------------------


def clean_court_number(form: forms.Form) -> str:
    """A court's number in its one form; blank stays blank."""
    value: str = form.cleaned_data.get("court_case_no") or ""
    answer = check_court_number(value) if value else None
    if answer is not None and answer.level == "error":
        raise ValidationError(answer.message, code="identifier")
    return answer.normalised if answer else ""


class Apply(StepForm):
    step = JudicialConfirmation.apply
    recorded = ("court", "applicant_signed_on", "respondent_signed_on")
    court = forms.CharField(label=_("法院"), max_length=80)
    applicant_signed_on = DayField(label=_("申请人签署日期"), help_text=_("司法确认须由双方共同申请。"))
    respondent_signed_on = DayField(label=_("被申请人签署日期"))
    no_ownership = forms.BooleanField(
        label=_("协议不涉及知识产权权属、效力的确认（民诉法解释第三百五十五条）"), required=True
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        for name in ("applicant_signed_on", "respondent_signed_on"):
            day, on = cleaned.get(name), cleaned.get("on")
            if day and ((on and day > on) or day < self.proceeding.effective_on):
                text = _("签署日期应在协议生效之后、申请日期（含当日）之前，请核对。")
                self.add_error(name, ValidationError(text, code="date_order"))
        return cleaned


class Admit(StepForm):
    step = JudicialConfirmation.admit
    recorded = ("court_case_no",)
    court_case_no = forms.CharField(label=_("法院案号"), max_length=60, required=False)
    clean_court_case_no = clean_court_number


class Confirm(StepForm):
    step = JudicialConfirmation.confirm
    recorded = ("court_case_no",)
    court_case_no = forms.CharField(label=_("裁定书案号"), max_length=60, required=False)
    clean_court_case_no = clean_court_number


class RefuseConfirmation(StepForm):
    step = JudicialConfirmation.refuse
    recorded = ("ground",)
    ground = forms.ChoiceField(
        label=_("理由"),
        choices=[
            ("jurisdiction", _("不属于法院主管或者本院管辖")), ("identity", _("涉及身份关系")),
            ("ownership", _("涉及知识产权确权")), ("illegal", _("违反法律强制性规定")),
            ("harm", _("损害国家、社会公共利益或者他人合法权益")), ("morals", _("违背公序良俗")),
            ("unwilling", _("违反自愿原则")), ("unclear", _("内容不明确")), ("other", _("其他")),
        ],
    )  # fmt: skip


class WithdrawConfirmation(StepForm):
    step = JudicialConfirmation.withdraw
    recorded = ("reason",)
    reason = forms.ChoiceField(
        label=_("原因"),
        choices=[
            ("performed", _("已经履行，无需确认")), ("one_side", _("一方不愿申请")), ("too_late", _("已逾三十日")),
            ("other", _("其他")),
        ],
    )  # fmt: skip
