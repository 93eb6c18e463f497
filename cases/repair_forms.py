"""Forms of putting mistakes right, which every kind of proceeding has: correcting, undoing, voiding, handing over, history."""

from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from . import undoing
from .forms import DayField, LongField, OfCase, StepForm, UserField
from .models import Case, Event, Proceeding
from .models.repair import first_done
from .permissions import receivers
from .stepping import steps_of


class CorrectRecord(StepForm):
    step = Proceeding.correct_record
    dated = False
    recorded = ("reason",)

    column = forms.ChoiceField(
        label=_("更正栏目"),
        choices=[
            ("received_on", _("收到日期")), ("accepted_on", _("受理（立案）日期")), ("closed_on", _("结案日期")),
            ("outcome", _("结果")),
        ],
    )  # fmt: skip
    value = forms.CharField(
        label=_("日期更正为"), max_length=40, required=False, help_text=_("按 2026-01-31 的格式填写。")
    )
    outcome = forms.ChoiceField(
        label=_("结果更正为"), required=False, help_text=_("更正结果时选择；只列本环节可能的结果。")
    )
    reason = LongField(label=_("更正原因"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        row = self.proceeding
        fitting = row.facts.outcomes_in(row.state) if row is not None and row.outcome else {}
        self.fields["outcome"].choices = [("", "—"), *fitting.items()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("column") == "outcome":
            self._outcome(cleaned)
            return cleaned
        column, value = cleaned.get("column"), cleaned.get("value")
        if cleaned.get("outcome"):
            text = _("更正日期时不选择结果；要更正结果，请把更正栏目改为“结果”。")
            self.add_error("outcome", forms.ValidationError(text, code="not_asked"))
        if column and not value:
            self.add_error("value", forms.ValidationError(_("请填写更正后的日期。"), code="required"))
        if column and value:
            try:
                cleaned["value"] = date.fromisoformat(value)
            except ValueError:
                self.add_error(
                    "value", forms.ValidationError(_("请按 2026-01-31 的格式填写日期。"), code="date")
                )
                return cleaned
            self._order(column, cleaned["value"])
        return cleaned

    def _outcome(self, cleaned: dict[str, Any]) -> None:
        """The outcome chosen, or said as `value`, if the state may end with it."""
        row, said = self.proceeding, cleaned.get("outcome") or cleaned.get("value")
        fitting = row.facts.outcomes_in(row.state) if row.outcome else row.facts.outcomes
        if cleaned.get("outcome") and cleaned.get("value") not in (None, "", cleaned["outcome"]):
            text = _("更正结果时不填写日期，请清空该栏。")
            self.add_error("value", forms.ValidationError(text, code="not_asked"))
        elif not said:
            self.add_error("outcome", forms.ValidationError(_("请选择更正后的结果。"), code="required"))
        elif said not in fitting:
            names = "、".join(f"{v}（{k}）" for k, v in fitting.items())
            text = (
                _("“%(state)s”的结果只能是：%(names)s。") % {"state": row.state_label, "names": names}
                if names
                else _("“%(state)s”没有可以更正的结果。") % {"state": row.state_label}
            )
            self.add_error("value", forms.ValidationError(text, code="choice"))
        else:
            cleaned["value"] = said

    def _order(self, column: str, value: date) -> None:
        row = self.proceeding
        days = {"received_on": row.received_on, "accepted_on": row.accepted_on, "closed_on": row.closed_on}
        days[column] = value
        known = [d for d in days.values() if d is not None]
        if known != sorted(known):
            text = _("收到、受理（立案）、结案日期应依次不早于前一个日期。")
            self.add_error("value", forms.ValidationError(text, code="date_order"))
        elif column == "received_on" and (earlier := first_done(row)) and earlier[0] < value:
            text = _("%(day)s 已办理“%(name)s”，收到日期不能更正到该日之后。") % {
                "day": earlier[0], "name": steps_of(type(row))[earlier[1]].label
            }  # fmt: skip
            self.add_error("value", forms.ValidationError(text, code="date_order"))
        if value > self.today:
            self.add_error("value", forms.ValidationError(_("日期不能晚于今天。"), code="in_future"))


class UndoLast(StepForm):
    step = Proceeding.undo_last
    dated = False
    recorded = ("reason",)
    reason = LongField(label=_("撤回原因"), max_length=500)


class UndoAct(StepForm):
    step = Proceeding.undo_act
    dated = False
    recorded = ("reason",)

    act = OfCase(Event, label=_("要撤回的事项"))
    reason = LongField(label=_("撤回原因"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["act"]
        field.label_from_instance = self._label  # type: ignore[attr-defined]
        field.error_messages["invalid_choice"] = _("该事项已经撤回或者不能撤回，请在列表中选择。")
        if self.proceeding is not None:
            field.queryset = undoing.recent_acts(self.proceeding, self.by, self.today)  # type: ignore[attr-defined]

    def _label(self, event: Event) -> str:
        meta = steps_of(type(self.proceeding)).get(event.name)
        return f"{event.occurred_on or event.known_on} {meta.label if meta else event.name}（{event.by}）"


class Void(StepForm):
    step = Proceeding.void
    dated = False
    recorded = ("ground", "reason")

    ground = forms.ChoiceField(
        label=_("事由"),
        choices=[("entered_twice", _("重复登记")), ("mistake", _("登记有误")), ("merged", _("并入其他案件"))],
    )
    into = forms.CharField(label=_("并入案件的登记号"), required=False, max_length=20)
    reason = LongField(label=_("说明"), max_length=500)

    def clean_into(self) -> Case | None:
        number = self.cleaned_data.get("into")
        if not number:
            return None
        found = Case.objects.visible_to(self.by, self.today).filter(registration_no=number).first()
        if found is None:
            raise forms.ValidationError(_("没有找到该登记号的案件，请核对。"), code="not_found")
        return found


class HandOver(StepForm):
    step = Proceeding.hand_over
    recorded = ("reason",)
    user = UserField(label=_("移交给"), help_text=_("只列能在本单位、本工作站承办该类案件的人员。"))
    reason = LongField(label=_("移交原因"), max_length=300)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["user"]
        field.error_messages["invalid_choice"] = _(
            "该人员不能承办本案：没有在本单位或本工作站办理该类案件的角色，或者应当回避。请另选人员。"
        )
        if self.proceeding is not None:
            field.queryset = receivers(self.proceeding, self.today)  # type: ignore[attr-defined]


class RecordHistory(StepForm):
    """Filled by the import, never by a page: what a sheet says of a past proceeding."""

    step = Proceeding.record_history
    dated = False
    received_on = DayField(required=False)
    accepted_on = DayField(required=False)
    closed_on = DayField(required=False)
    state = forms.CharField(required=False, max_length=50)
    outcome = forms.CharField(required=False, max_length=40)
    detail = forms.CharField(required=False, max_length=60)
    judicial_confirmation = forms.NullBooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        days = [cleaned.get(n) for n in ("received_on", "accepted_on", "closed_on")]
        known = [d for d in days if d is not None]
        if known != sorted(known):
            raise forms.ValidationError(_("登记、受理、结案日期前后颠倒，请核对。"), code="date_order")
        if cleaned.get("state") and cleaned["state"] not in self.proceeding.facts.ends - {"void"}:
            self.add_error("state", forms.ValidationError(_("历史案件应登录为已结束的环节。"), code="choice"))
        return cleaned
