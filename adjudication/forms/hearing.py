"""Forms of the oral hearing."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Hearing
from cases.forms import DayField, OfCase, StepForm, TableField
from cases.models import Party

from .filing import own_column


class PlanHearing(StepForm):
    step = Adjudication.plan_hearing
    recorded = ("day", "mode", "is_public", "closed_reason")
    day = DayField(label=_("日期"))
    time = forms.TimeField(label=_("时间"), widget=forms.TimeInput(attrs={"type": "time"}))
    place = forms.CharField(label=_("地点"), max_length=120, help_text=_("在线进行的，填写平台和接入方式。"))
    mode = forms.ChoiceField(label=_("方式"), choices=Hearing.Mode.choices)
    is_public = forms.BooleanField(label=_("公开进行"), required=False, initial=True)
    closed_reason = forms.CharField(label=_("不公开的理由"), max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("is_public") and not cleaned.get("closed_reason"):
            text = _("口头审理应当公开进行；不公开的，请填写理由（国家秘密、个人隐私、商业秘密等）。")
            self.add_error("closed_reason", ValidationError(text, code="required"))
        return cleaned


class RecordHearing(StepForm):
    step = Adjudication.record_hearing
    attendance = TableField(
        label=_("到场情况"),
        columns={
            "party": OfCase(Party, label=_("当事人")),
            "attended": forms.ChoiceField(
                label=_("到场"),
                choices=[("attended", _("到场")), ("absent", _("未到场")), ("left", _("未经允许中途退出"))],
            ),
            "people": forms.CharField(label=_("参加人员"), max_length=200, required=False),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        party = OfCase(Party, label=_("当事人"))
        party.queryset = Party.objects.filter(case=self.case)
        own_column(self, "attendance", "party", party)

    def clean_attendance(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["attendance"]
        sides = {Party.Role.APPLICANT.value, Party.Role.RESPONDENT.value}
        told = {row["party"].pk for row in rows}
        if len(told) != len(rows):
            raise ValidationError(_("同一当事人只登记一行。"), code="twice")
        missing = [p.name for p in self.case.parties.filter(role__in=sides) if p.pk not in told]
        if missing:
            raise ValidationError(
                _("请登记全部当事人的到场情况，缺：%s。") % "、".join(missing), code="missing"
            )
        return rows
