"""Forms of who helps the panel: appointed, released, heard; tests and appraisals. An opinion is never in `recorded`."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Assistant
from adjudication.suggesting import APPOINTED_AS, candidates, met_by
from cases.forms import DayField, LongField, OfCase, StepForm
from stations.models import Appointment, Person

from .conflicts import ConflictFields
from .filing import lines


class AppointAssistant(ConflictFields):
    step = Adjudication.appoint_assistant
    recorded = ("capacity", "person", "field")
    capacity = forms.ChoiceField(label=_("身份"), choices=Assistant.Capacity.choices)
    person = forms.ModelChoiceField(
        Person.objects.all(), label=_("人员"), required=False, empty_label="—",
        help_text=_("技术调查官从聘任名录中选择；名录以外的翻译人员、专家等，填写下面的姓名和单位。"),
    )  # fmt: skip
    name = forms.CharField(label=_("姓名（名录以外的人员）"), max_length=40, required=False)
    unit = forms.CharField(label=_("单位"), max_length=100, required=False)
    field = forms.CharField(label=_("专业领域或者语种"), max_length=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is None:
            return
        listed = candidates(self.proceeding, self.today)
        self.fields["person"].choices = [  # type: ignore[attr-defined]
            ("", "—"), *((one.person.pk, f"{one.person}（{one.reasons}）") for one in listed)
        ]  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        capacity, person, name = cleaned.get("capacity"), cleaned.get("person"), cleaned.get("name")
        if bool(person) == bool(name) and "person" not in self.errors:
            text = _("请从名录中选择人员，或者填写姓名，二者选其一。")
            self.add_error("person", ValidationError(text, code="whom"))
        elif capacity == Assistant.Capacity.INVESTIGATOR and person is None and "person" not in self.errors:
            text = _("技术调查官应当从聘任名录中选择；名录中没有的，请先登记聘任。")
            self.add_error("person", ValidationError(text, code="not_appointed"))
        elif person is not None and capacity in APPOINTED_AS and not self._term(person, capacity):
            text = _("%(name)s 没有该身份的有效聘任，请核对聘任期限。") % {"name": person}
            self.add_error("person", ValidationError(text, code="not_appointed"))
        if self.errors:
            return cleaned
        if person is not None and not cleaned.get("field"):
            term = self._term(person, capacity)
            cleaned["field"] = term.field if term else ""
        who, unit = (person.name, person.unit) if person else (name, "")
        unit = cleaned.get("unit") or unit
        field = "person" if person else "name"
        self.accept(cleaned, [(str(who), hit) for hit in met_by(self.proceeding, str(who), unit)], field)
        if person is not None and person.user is not None:
            self.weigh(cleaned, [person.user], field)
        return cleaned

    def _term(self, person: Person, capacity: Any) -> Appointment | None:
        """The term in force that this capacity asks for."""
        kind = APPOINTED_AS.get(str(capacity))
        terms = Appointment.objects.in_force(self.cleaned_data.get("on") or self.today).filter(person=person)
        return (terms.filter(kind=kind) if kind else terms).first()


class OfAssistant(StepForm):
    """An act about somebody who helps the panel."""

    recorded = ("assistant",)
    assistant = OfCase(Assistant, label=_("辅助人员"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            self.fields["assistant"].queryset = self.choices()  # type: ignore[attr-defined]

    def choices(self) -> Any:
        return self.proceeding.assisting()


class ReleaseAssistant(OfAssistant):
    step = Adjudication.release_assistant
    recorded = ("assistant", "reason")
    reason = LongField(label=_("退出原因"), max_length=300)

    def choices(self) -> Any:
        return self.proceeding.assistants.all()  # who has left already is told so by the act


class RecordOpinion(OfAssistant):
    step = Adjudication.record_opinion
    issues = LongField(label=_("技术问题（密存）"), max_length=5000)
    opinion = LongField(
        label=_("技术调查意见（密存，仅合议组可见）"), max_length=20000, widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("供合议组参考，不对外公开，不装入正卷；技术调查官不参加表决。"),
    )  # fmt: skip

    def choices(self) -> Any:
        return self.proceeding.advisers()


class StartAppraisal(StepForm):
    step = Adjudication.start_appraisal
    recorded = ("institution", "matter", "due_on")
    institution = forms.CharField(label=_("检验、鉴定机构"), max_length=100)
    matter = LongField(label=_("委托事项"), max_length=300)
    samples = lines(_("移交的检材、样品和资料"), max_length=200, required=False)
    due_on = DayField(label=_("要求提交报告的日期"), required=False)

    def clean_due_on(self) -> Any:
        due = self.cleaned_data["due_on"]
        if due and due <= self.today:
            raise ValidationError(_("要求提交报告的日期应当晚于今天。"), code="due_past")
        return due


class EndAppraisal(StepForm):
    step = Adjudication.end_appraisal
    recorded = ("result",)
    result = LongField(
        label=_("结论"), max_length=300, help_text=_("摘要填写；没有作出结论的，填写原因。报告作为案件材料上传。")
    )  # fmt: skip
