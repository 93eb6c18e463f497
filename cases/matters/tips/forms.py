"""Forms of 举报投诉. What names a person or tells the tip is sealed by the model and never in `recorded`."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases import codes, kinds, rewards
from cases.errors import DomainError
from cases.forms import Evidence, LongField, OfCase, StepForm
from cases.matters import FilesField, OpeningForm, opens
from cases.matters.places import OwnStation
from cases.models import Tip, Transfer
from cases.models.tip import NOT_COUNTED
from stations.models import Area

LONG = 4000
SEALED = Evidence.Audience.SEALED


class Told(OpeningForm):
    """What anybody tells: the class of it in the open, the rest sealed."""

    file_audience = SEALED
    violation = forms.ChoiceField(label=_("涉嫌违法类型"), choices=Tip.Violation.choices)
    area = forms.ModelChoiceField(
        Area.objects.all(), label=_("发生区域"), to_field_name="code", required=False, empty_label="—"
    )
    accused = forms.CharField(label=_("被举报（投诉）人和地址"), max_length=200)
    story = LongField(
        label=_("事实和线索"), max_length=LONG, help_text=_("时间、地点、商品、行为，以及线索来源。")
    )
    tipster = forms.CharField(
        label=_("举报（投诉）人姓名"), max_length=60, required=False, help_text=_("匿名的不填。")
    )
    contact = forms.CharField(label=_("联系方式"), max_length=120, required=False)
    files = FilesField(label=_("证据材料"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("tipster") and not cleaned.get("contact"):
            self.add_error(
                "contact", ValidationError(_("实名的，请留下联系方式，以便告知。"), code="required")
            )
        return cleaned

    def title(self) -> str:
        """The class of the tip: nothing of whoever tells or is told about."""
        data = self.cleaned_data
        said = dict(Tip.Violation.choices)[data["violation"]]
        nature = dict(Tip.Nature.choices)[data.get("nature") or Tip.Nature.REPORT]
        return (
            f"{said}{str(nature)[:2]}（{dict(Tip.Channel.choices)[data.get('channel') or Tip.Channel.WEB]}）"
        )

    def columns(self) -> dict[str, Any]:
        columns = super().columns()
        code = columns.pop("code", "") or codes.new_code()
        return columns | {"title": self.title(), "code": code, "real_name": bool(columns["tipster"])}


@opens("tip")
class OpenTip(Told):
    nature = forms.ChoiceField(
        label=_("类别"), choices=Tip.Nature.choices,
        help_text=_("权利人反映自己的权利被侵犯的是举报；投诉只限生活消费争议。同时提出的，分别登记。"),
    )  # fmt: skip
    channel = forms.ChoiceField(label=_("来源"), choices=Tip.Channel.choices)
    order_no = forms.CharField(label=_("来件编号"), max_length=60, required=False)
    received_on = forms.DateField(
        label=_("收到日期"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("不填为今天。"),
    )
    station = OwnStation()

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["station"].narrow(self.by, self.today)  # type: ignore[attr-defined]
        self.order_fields(["nature", "channel", "order_no", "received_on", "station"])

    def clean_received_on(self) -> date | None:
        day: date | None = self.cleaned_data["received_on"]
        if day is not None and (day > self.today or (self.today - day).days > 366):
            raise ValidationError(_("请核对收到日期：不能晚于今天，也不能早于一年前。"), code="in_future")
        return day


@opens("tip", told=True)
class PublicTip(Told):
    """What the public page takes. `code` was made by the page, which alone shows it."""

    code = forms.CharField(max_length=codes.LENGTH, min_length=codes.LENGTH, widget=forms.HiddenInput)
    files = FilesField(label=_("证据材料"), required=False, most=3)
    field_order = ("violation", "area", "accused", "story", "files", "tipster", "contact")

    def columns(self) -> dict[str, Any]:
        return super().columns() | {"nature": Tip.Nature.REPORT, "channel": Tip.Channel.WEB}


class Take(StepForm):
    step = Tip.take


class Check(StepForm):
    step = Tip.begin_check


class Refuse(StepForm):
    step = Tip.refuse
    recorded = ("ground", "told")
    ground = forms.ChoiceField(
        label=_("理由"),
        choices=[
            ("no_clue", _("没有具体的违法线索")), ("repeated", _("重复举报，没有新的线索")),
            ("not_ip", _("不属于知识产权违法行为")), ("not_consumer", _("不属于生活消费争议")),
            ("elsewhere", _("法院、仲裁或者其他机关已经处理")), ("too_late", _("自知道权益受损之日起超过三年")),
        ],
    )  # fmt: skip
    told = forms.BooleanField(label=_("已告知实名举报人（投诉人）"), required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.proceeding is not None and self.proceeding.real_name and not cleaned.get("told"):
            self.add_error(
                "told", ValidationError(_("实名的，须先告知不予处理的决定和理由。"), code="required")
            )
        return cleaned


class Extend(StepForm):
    step = Tip.extend
    dated = False
    recorded = ("days", "reason")
    days = forms.IntegerField(label=_("延长（工作日）"), min_value=1, max_value=15, initial=15)
    reason = LongField(label=_("延长的理由"), max_length=500)


class Pause(StepForm):
    step = Tip.pause
    recorded = ("kind", "ground")
    kind = forms.ChoiceField(label=_("事由"), choices=NOT_COUNTED)
    ground = forms.CharField(label=_("说明"), max_length=120, help_text=_("委托的机构、样品；不写举报人。"))


class Resume(StepForm):
    step = Tip.resume


class Identify(StepForm):
    step = Tip.identify
    dated = False
    code = forms.CharField(label=_("查询码"), max_length=40, help_text=_("由举报人提供，核对后不保存。"))
    tipster = forms.CharField(label=_("姓名"), max_length=60)
    contact = forms.CharField(label=_("联系方式"), max_length=120)
    id_number = forms.CharField(label=_("身份证件号码"), max_length=30)


class ToAuthority(StepForm):
    """Where something is passed on, and what the letter says."""

    target = forms.ChoiceField(label=_("移送对象"), choices=Transfer.Target.choices)
    recipient = forms.CharField(label=_("接收机关"), max_length=80)
    content = LongField(
        label=_("移送内容"), max_length=LONG, help_text=_("写入移送函。不写举报人的任何信息。")
    )
    enclosures = LongField(
        label=_("附件清单"), max_length=1000, required=False, help_text=_("每行一项，写明页数。")
    )


class PassOn(ToAuthority):
    step = Tip.transfer
    recorded = ("target",)

    def clean_content(self) -> str:
        """The letter names the accused, never whoever told of him."""
        text: str = self.cleaned_data["content"]
        row = self.proceeding
        for value in (row.tipster, row.contact, row.id_number) if row is not None else ():
            if value and value in text:
                raise ValidationError(_("移送内容中有举报人的信息，请删去后再提交。"), code="identity")
        return text


class TakeBack(StepForm):
    step = Tip.take_back


class Verify(StepForm):
    step = Tip.verify
    recorded = ("outcome", "filed", "known_before")
    shown_if = {"filed": "outcome=true|partly|untrue", "penalty": "outcome=true|partly"}
    outcome = forms.ChoiceField(label=_("核查结果"), choices=list(kinds.get("tip").outcomes.items()))
    filed = forms.TypedChoiceField(
        label=_("是否立案"), required=False, choices=[("", "—"), ("yes", _("立案")), ("no", _("不予立案"))],
        coerce=lambda value: value == "yes", empty_value=None,
    )  # fmt: skip
    known_before = forms.BooleanField(
        label=_("收到举报前，有关机关已经发现该线索"), required=False, help_text=_("已经发现的，不予奖励。")
    )
    right_holder = forms.CharField(
        label=_("被侵权的权利人"),
        max_length=120,
        required=False,
        help_text=_("密存；权利人举报侵犯自己权利的，不予奖励。"),
    )
    penalty = forms.DecimalField(
        label=_("罚没款（元）"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    finding = LongField(label=_("核查情况（密存）"), max_length=LONG)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        row = self.proceeding
        if row is not None:
            offered = ("true", "partly", "untrue") if row.is_report else ("settled", "failed")
            choices = [("", _("请选择")), *((code, row.facts.outcomes[code]) for code in offered)]
            self.fields["outcome"].choices = choices  # type: ignore[attr-defined]
            self.initial.setdefault("known_before", row.known_before)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if self.proceeding is not None and self.proceeding.is_report and cleaned.get("filed") is None:
            self.add_error("filed", ValidationError(_("举报须决定是否立案。"), code="required"))
        return cleaned


class Inform(StepForm):
    step = Tip.inform
    recorded = ("way",)
    way = forms.ChoiceField(
        label=_("告知方式"),
        choices=[("letter", _("书面")), ("phone", _("电话")), ("message", _("短信")), ("face", _("当面"))],
    )
    words = LongField(
        label=_("告知的内容"), max_length=1000, required=False, help_text=_("书面告知的，写入告知书。")
    )


class Close(StepForm):
    step = Tip.close


def _tiers(*schemes: rewards.Scheme) -> list[tuple[str, str]]:
    """The tiers of these schemes, each code once."""
    return list({tier.code: tier.label for scheme in schemes for tier in scheme.tiers}.items())


class GrantReward(StepForm):
    step = Tip.grant_reward
    recorded = ("tier", "finance_no")
    tier = forms.ChoiceField(label=_("奖励等级"), choices=_tiers(*rewards.schemes().values()))
    excluded = forms.MultipleChoiceField(
        label=_("排除情形（有的选择，没有的不选）"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=list(rewards.EXCLUSIONS.items()),
    )  # fmt: skip
    namesake = forms.CharField(
        label=_("与工作人员或者其近亲属同名的核实情况"),
        max_length=200,
        required=False,
        help_text=_("没有同名的不填。"),
    )
    finance_no = forms.CharField(label=_("财政部门同意的文号"), max_length=60, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        try:
            offered = _tiers(rewards.scheme_on(self.today))
        except DomainError as error:
            self.fields["tier"].help_text = error.message
        else:
            self.fields["tier"].choices = [("", _("请选择")), *offered]  # type: ignore[attr-defined]


class NotifyReward(StepForm):
    step = Tip.notify_reward
    recorded = ("way",)
    way = forms.ChoiceField(
        label=_("通知方式"), choices=[("phone", _("电话")), ("message", _("短信")), ("code", _("查询码页面"))]
    )


class PayReward(StepForm):
    step = Tip.pay_reward
    upload_audience = SEALED
    receipt = OfCase(Evidence, label=_("领款凭证（密封）"))


class LapseReward(StepForm):
    step = Tip.lapse_reward
    recorded = ("reason",)
    reason = LongField(label=_("情况说明"), max_length=300)
