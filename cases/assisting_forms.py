"""Forms of what is done in rights assistance: opinions, experts, guidance abroad, reports passed on."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from stations.models import Appointment, Person

from .assistance_forms import ATTACHMENTS
from .forms import DayField, Evidence, LongField, OfCase, StepForm, TableField
from .models import Assistance
from .models.assisting import HELP, OPINIONS, Forwarding


class IssueOpinion(StepForm):
    step = Assistance.issue_opinion
    recorded = ("kind",)
    shown_if = {"comparison": "kind=infringement_opinion", "measures": "kind=public_solution"}
    kind = forms.ChoiceField(label=_("意见种类"), choices=[(k, v) for k, v in HELP if k in OPINIONS])
    facts = LongField(label=_("基本情况"), max_length=5000, help_text=_("咨询的问题、查明的事实或者背景。"))
    comparison = TableField(
        label=_("特征比对"),
        required=False,
        help_text=_(
            "侵权判定参考意见必填：逐项写权利要求的特征（商标写商标和商品）、被诉对象的对应内容和比对结果。"
        ),
        columns={
            "feature": forms.CharField(label=_("权利的技术特征（标识、作品）"), max_length=500),
            "accused": forms.CharField(label=_("被诉对象的对应内容"), max_length=500),
            "result": forms.CharField(label=_("比对结果"), max_length=100),
        },
    )
    reasons = LongField(label=_("分析和理由"), max_length=10000, required=False)
    measures = TableField(
        label=_("方案措施"),
        required=False,
        help_text=_("重大公共纠纷解决方案必填。"),
        columns={
            "what": forms.CharField(label=_("措施"), max_length=300),
            "who": forms.CharField(label=_("责任单位"), max_length=100),
            "until": forms.CharField(label=_("时间安排"), max_length=60, required=False),
        },
    )
    conclusion = LongField(label=_("结论或者建议"), max_length=5000)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        row = self.proceeding
        if row is not None:
            self.initial.setdefault("kind", row.help_kind)
            self.initial.setdefault("facts", row.case.summary)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        kind = cleaned.get("kind")
        needed = {
            "infringement_opinion": ("comparison", "reasons"), "public_solution": ("reasons", "measures"),
            "analysis": ("reasons",), "overseas": ("reasons",),
        }.get(kind or "", ())  # fmt: skip
        for name in needed:
            if not cleaned.get(name) and name not in self.errors:
                text = _("%(kind)s要写明“%(label)s”。") % {
                    "kind": dict(HELP)[kind], "label": self.fields[name].label,
                }  # fmt: skip
                self.add_error(name, ValidationError(text, code="required"))
        return cleaned


class ExpertField(forms.ModelChoiceField):
    """A person whose appointment as an expert is in force."""

    def __init__(self, **kwargs: Any):
        kwargs.setdefault("empty_label", _("请选择"))
        super().__init__(Person.objects.none(), **kwargs)

    def label_from_instance(self, person: Any) -> str:
        return f"{person.name}（{person.unit}）" if person.unit else str(person.name)


class ConsultExpert(StepForm):
    step = Assistance.consult_expert
    expert = ExpertField(label=_("专家"), help_text=_("只列聘期内的专家；姓名只存卷，不上文书。"))
    remark = LongField(label=_("专家意见"), max_length=5000, help_text=_("密存，只有本件承办人员可以查看。"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["expert"]
        field.error_messages["invalid_choice"] = _("该人员不在聘期内或者不是专家，请在列表中选择。")
        in_force = Appointment.objects.in_force(self.today).filter(kind=Appointment.Kind.EXPERT)
        field.queryset = Person.objects.filter(appointments__in=in_force).distinct()  # type: ignore[attr-defined]


class RecordOverseas(StepForm):
    step = Assistance.record_overseas
    recorded = ("country", "forum", "procedure", "foreign_due_on", "loss_avoided")
    country = forms.CharField(label=_("国家（地区）"), max_length=60)
    forum = forms.CharField(
        label=_("受理机构"), max_length=120, required=False, help_text=_("法院、海关、主管机关或者平台。")
    )
    procedure = forms.CharField(label=_("程序"), max_length=120, required=False)
    foreign_due_on = DayField(
        label=_("境外期限"), required=False,
        help_text=_("外国法的期限，系统不计算，只按所填日期提醒；请以当地律师核对的日期为准。"),
    )  # fmt: skip
    advice = LongField(label=_("指导意见"), max_length=5000)
    loss_avoided = forms.DecimalField(
        label=_("避免损失（元）"), max_digits=16, decimal_places=2, min_value=0, required=False
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        known = self.proceeding.abroad() if self.proceeding is not None else None
        for name in ("country", "forum", "procedure", "foreign_due_on", "advice", "loss_avoided"):
            if known is not None:
                self.initial.setdefault(name, getattr(known, name))


class PassOn(StepForm):
    step = Assistance.pass_on
    recorded = ("to", "letter_no")
    to = forms.CharField(label=_("转送机关"), max_length=100)
    letter_no = forms.CharField(label=_("发文字号"), max_length=60, required=False)
    matter = LongField(label=_("转送事项"), max_length=2000)
    attachments = TableField(label=_("随函材料"), columns=ATTACHMENTS, required=False)


class RecordReceipt(StepForm):
    step = Assistance.record_receipt
    recorded = ("receipt_no",)
    forwarding = forms.ModelChoiceField(Forwarding.objects.none(), label=_("转送"), empty_label=_("请选择"))
    receipt_no = forms.CharField(label=_("回执文号"), max_length=60, required=False)
    file = OfCase(Evidence, label=_("回执文件"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is None:
            return
        field = self.fields["forwarding"]
        waiting = self.proceeding.forwardings.filter(cancelled=False, receipt_on__isnull=True)
        field.queryset = waiting  # type: ignore[attr-defined]
        if waiting.count() == 1:
            self.initial.setdefault("forwarding", waiting[0].pk)
