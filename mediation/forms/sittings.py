"""Forms of sittings, planned and held. Minutes, notes and the way into a video room are never in `recorded`."""

from datetime import date, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.forms import DayField, LongField, OfCase, StepForm, TableField
from cases.identifiers import name_key
from cases.models import Evidence, Party
from mediation.models import Mediation, Session

FARTHEST = timedelta(days=366)
IN_A_ROOM = (Session.Mode.IN_PERSON, Session.Mode.SEPARATE)


class PartyChoice(forms.ChoiceField):
    """A party of the case, by id or by name; blank for mediators, witnesses and others who come for themselves."""

    def to_python(self, value: Any) -> str:
        text = str(super().to_python(value))
        keys = {name_key(str(label)): str(key) for key, label in list(self.choices) if key}  # type: ignore[arg-type]
        return text if text in keys.values() else keys.get(name_key(text), text) if text else ""


class PlannedSession(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A sitting that was planned and has not been held."""

    def label_from_instance(self, row: Any) -> str:
        return f"{row.on} {row.starts:%H:%M} {row.get_mode_display()} {row.place}".strip()


ATTENDANCE = {
    "party": forms.CharField(label=_("所代表的当事人"), max_length=120, required=False),
    "name": forms.CharField(label=_("到场人"), max_length=80),
    "capacity": forms.CharField(label=_("身份"), max_length=60, required=False),
}


def in_order(form: StepForm, cleaned: dict[str, Any]) -> None:
    """The end comes after the beginning."""
    starts, ends = cleaned.get("starts"), cleaned.get("ends")
    if isinstance(starts, time) and isinstance(ends, time) and ends < starts:
        form.add_error("ends", ValidationError(_("结束时间不能早于开始时间。"), code="date_order"))


class SessionPlan(StepForm):
    """When, how and where a sitting is to take place."""

    recorded = ("day", "starts", "mode")
    day = DayField(label=_("调解日期"))
    starts = forms.TimeField(
        label=_("开始时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("预计结束时间"),
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
    )
    mode = forms.ChoiceField(label=_("方式"), choices=Session.Mode.choices, initial=Session.Mode.IN_PERSON)
    place = forms.CharField(
        label=_("地点"), max_length=120, required=False, help_text=_("现场、背对背调解的必填。")
    )
    link = forms.CharField(
        label=_("视频会议链接或者会议号（密存）"), max_length=300, required=False,
        help_text=_("视频调解的必填；不印在通知书上，由调解员另行告知。"),
    )  # fmt: skip
    field_order = ("session", "day", "starts", "ends", "mode", "place", "link", "invited")
    keeps_link = False

    def taken(self, day: date, starts: time) -> bool:
        """Is another sitting of this mediation planned for that hour?"""
        others = self.proceeding.planned_sessions().filter(on=day, starts=starts)
        moved = self.cleaned_data.get("session")
        return bool(others.exclude(pk=moved.pk if moved is not None else None).exists())

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        in_order(self, cleaned)
        day, mode = cleaned.get("day"), cleaned.get("mode")
        if isinstance(day, date) and not self.today <= day <= self.today + FARTHEST:
            text = _("调解日期应在今天至一年之内；已经召开的，请办理“登记调解会议”。")
            self.add_error("day", ValidationError(text, code="date_order"))
        if day and (starts := cleaned.get("starts")) and self.taken(day, starts):
            text = _("该时间已安排本案调解会议，无需重复安排；需要变更的，请办理“调解会议改期”。")
            self.add_error("starts", ValidationError(text, code="already_planned"))
        if mode in IN_A_ROOM and not cleaned.get("place"):
            self.add_error("place", ValidationError(_("请填写地点。"), code="required"))
        if mode == Session.Mode.VIDEO and not cleaned.get("link") and not self.keeps_link:
            self.add_error("link", ValidationError(_("请填写视频会议的链接或者会议号。"), code="required"))
        if mode and mode != Session.Mode.VIDEO and cleaned.get("link"):
            text = _("不是视频调解的，请清空该栏，或者把方式改为“视频”。")
            self.add_error("link", ValidationError(text, code="not_asked"))
        return cleaned


class PlanSession(SessionPlan):
    step = Mediation.plan_session
    invited = forms.ModelMultipleChoiceField(
        Party.objects.none(), label=_("通知的当事人"), widget=forms.CheckboxSelectMultiple,
        help_text=_("调解通知书按所选当事人制发。"), error_messages={"required": _("请至少选择一方当事人。")},
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.case is not None:
            field = self.fields["invited"]
            field.queryset = self.case.parties.all()  # type: ignore[attr-defined]
            field.label_from_instance = lambda one: f"{one.get_role_display()} {one.name}"  # type: ignore[attr-defined]
            if not self.is_bound:
                field.initial = list(field.queryset)  # type: ignore[attr-defined]

    def clean_invited(self) -> list[Party]:
        return list(self.cleaned_data["invited"])


class OfPlanned(StepForm):
    """An act on a planned sitting."""

    session = PlannedSession(Session.objects.none(), label=_("调解会议"), empty_label=_("请选择"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            self.fields["session"].queryset = self.proceeding.planned_sessions()  # type: ignore[attr-defined]

    def _first(self) -> Session | None:
        """The sitting a form first shown is about: the next one."""
        if self.proceeding is None or self.is_bound:
            return None
        found: Session | None = self.proceeding.planned_sessions().first()
        return found


class MoveSession(OfPlanned, SessionPlan):
    step = Mediation.move_session
    recorded = ("day", "starts", "mode")

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["link"].help_text = _("不填的，沿用原来的链接。")
        if (row := self._first()) is not None:
            said = {
                "session": row,
                "starts": row.starts,
                "ends": row.ends,
                "mode": row.mode,
                "place": row.place,
            }
            self.initial = {**said, **self.initial}

    @property
    def keeps_link(self) -> bool:  # type: ignore[override]
        row = self.cleaned_data.get("session")
        return row is not None and bool(row.link_sealed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        row = cleaned.get("session")
        names = ("starts", "ends", "mode", "place")
        if row is not None and cleaned.get("day") == row.on and not self.errors and not cleaned.get("link"):
            if all((cleaned.get(name) or None) == (getattr(row, name) or None) for name in names):
                text = _("时间、方式、地点都没有变化，无需改期。")
                self.add_error("day", ValidationError(text, code="nothing_changes"))
        return cleaned


class CallOffSession(OfPlanned):
    step = Mediation.call_off_session

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if (row := self._first()) is not None:
            self.initial = {"session": row, **self.initial}


class HoldSession(StepForm):
    step = Mediation.session
    planned = PlannedSession(
        Session.objects.none(), label=_("已安排的调解会议"), required=False, empty_label=_("—（未事先安排）")
    )
    mode = forms.ChoiceField(label=_("方式"), choices=Session.Mode.choices, initial=Session.Mode.IN_PERSON)
    starts = forms.TimeField(label=_("开始时间"), required=False)
    ends = forms.TimeField(label=_("结束时间"), required=False)
    place = forms.CharField(label=_("地点"), max_length=120, required=False)
    attendance = TableField(label=_("到场人员"), columns=ATTENDANCE)
    result = forms.ChoiceField(label=_("结果"), choices=Session.Result.choices)
    minutes = LongField(
        label=_("笔录（密存，仅调解人员可见）"), required=False,
        widget=forms.Textarea(attrs={"rows": 10}),
        help_text=_("记明双方陈述、争议事项、调解经过。手写笔录可以不录入文字，上传扫描件即可。"),
    )  # fmt: skip
    scan = OfCase(Evidence, label=_("签名笔录扫描件（密封，仅调解人员可见）"), required=False)
    upload_audience = Evidence.Audience.SEALED  # before and after: it may hold what was said

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.case is not None:
            choices = [("", "—"), *((one.pk, one.name) for one in self.case.parties.all())]
            field = self.fields["attendance"]
            party = PartyChoice(label=_("所代表的当事人"), choices=choices, required=False)
            field.columns = {**field.columns, "party": party}  # type: ignore[attr-defined]
            field.widget.columns = field.columns  # type: ignore[attr-defined]
        if self.proceeding is not None:
            planned = self.proceeding.planned_sessions()
            self.fields["planned"].queryset = planned  # type: ignore[attr-defined]
            row = planned.filter(on__lte=self.today).last() if not self.is_bound else None
            if row is not None:
                said = {
                    "planned": row,
                    "mode": row.mode,
                    "starts": row.starts,
                    "ends": row.ends,
                    "place": row.place,
                }
                self.initial = {**said, **self.initial}

    def clean_attendance(self) -> list[dict[str, Any]]:
        """Who came, with the name of the party as it was that day."""
        names = {str(one.pk): one.name for one in self.case.parties.all()}
        return [
            {
                **line,
                "party": names.get(line["party"], ""),
                "party_id": int(line["party"]) if line["party"] else None,
            }
            for line in self.cleaned_data["attendance"]
        ]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        in_order(self, cleaned)
        if not cleaned.get("minutes") and not cleaned.get("scan") and "scan" not in self.errors:
            text = _("请填写笔录，或者上传签名笔录的扫描件。")
            self.add_error("minutes", ValidationError(text, code="required"))
        return cleaned


class NoteSide(StepForm):
    step = Mediation.note_side
    side = forms.ChoiceField(label=_("一方"), choices=[("", _("请选择")), *Party.Role.choices])
    text = LongField(
        label=_("谈话内容（密存，仅调解员本人和共同调解员可见）"), max_length=10000,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("不装入案卷，不向另一方、裁决人员、领导披露；办案记录只显示当日有过单方沟通。"),
    )  # fmt: skip
