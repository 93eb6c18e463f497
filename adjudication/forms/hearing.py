"""Forms of the oral hearing: planned, answered, held, written down. Who comes and what was said are never in `recorded`."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Hearing, ReplySlip
from adjudication.models.hearing import CLOSED, attendance_of
from cases.forms import DayField, LongField, OfCase, StepForm, TableField
from cases.models import Evidence, Party, Proceeding

from .filing import own_column
from .parties import OfPartyForm

SIDES = (Party.Role.APPLICANT, Party.Role.RESPONDENT)
ATTENDED = [("attended", _("到场")), ("absent", _("未到场")), ("left", _("未经允许中途退出"))]


class PlanHearing(StepForm):
    step = Adjudication.plan_hearing
    recorded = ("day", "mode", "is_public", "closed_ground", "shared")
    shown_if = {"closed_asked_by": "closed_ground=trade_secret"}
    day = DayField(label=_("日期"))
    time = forms.TimeField(label=_("时间"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    mode = forms.ChoiceField(label=_("方式"), choices=Hearing.Mode.choices, initial=Hearing.Mode.ROOM)
    place = forms.CharField(
        label=_("地点或者平台"), max_length=120,
        help_text=_("在线进行的，填写平台名称；会议号、链接另行告知，不印在通知书上。"),
    )  # fmt: skip
    is_public = forms.BooleanField(label=_("公开进行"), required=False, initial=True)
    closed_ground = forms.ChoiceField(label=_("不公开的事由"), choices=[("", "—"), *CLOSED], required=False)
    closed_asked_by = OfCase(
        Party, label=_("申请不公开的当事人"), required=False, help_text=_("涉及商业秘密的必填。")
    )
    shared = forms.BooleanField(
        label=_("与合并审理的案件一并进行"), required=False,
        help_text=_("勾选后，各合并审理的案件同时安排，分别制发通知书。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None and not self.is_bound:
            if not self.proceeding.members():
                del self.fields["shared"]
            else:
                self.fields["shared"].initial = True

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        ground, asked_by = cleaned.get("closed_ground"), cleaned.get("closed_asked_by")
        if cleaned.get("is_public") and ground:
            text = _("公开进行的，请清空不公开的事由；不公开的，请取消勾选“公开进行”。")
            self.add_error("closed_ground", ValidationError(text, code="not_asked"))
        elif not cleaned.get("is_public") and not ground and "closed_ground" not in self.errors:
            text = _("口头审理应当公开进行（%(source)s）；不公开的，请选择事由。") % {
                "source": self.proceeding.cite("hearing")
            }
            self.add_error("closed_ground", ValidationError(text, code="required"))
        if ground == "trade_secret" and asked_by is None and "closed_asked_by" not in self.errors:
            text = _("涉及商业秘密的，依当事人申请不公开，请选择申请的当事人。")
            self.add_error("closed_asked_by", ValidationError(text, code="required"))
        elif asked_by is not None and ground != "trade_secret":
            text = _("仅涉及商业秘密的填写申请的当事人，请清空该栏。")
            self.add_error("closed_asked_by", ValidationError(text, code="not_asked"))
        return cleaned

    def recorded_data(self) -> dict[str, Any]:
        """The record names the row, not the person."""
        asked_by = self.cleaned_data.get("closed_asked_by")
        said = {**super().recorded_data(), "closed_asked_by": f"party:{asked_by.pk}" if asked_by else None}
        return {name: value for name, value in said.items() if value is not False or name != "shared"}


class RecordReply(OfPartyForm):
    step = Adjudication.record_reply
    recorded = ("attends", "asks_later")
    shown_if = {"people": "attends=yes"}
    roles = (*SIDES, Party.Role.THIRD)
    attends = forms.TypedChoiceField(
        label=_("参加口头审理"), choices=[("yes", _("参加")), ("no", _("不参加"))], coerce=lambda value: value == "yes"
    )  # fmt: skip
    people = TableField(
        label=_("参加人员（密存）"), required=False,
        columns={
            "name": forms.CharField(label=_("姓名"), max_length=40),
            "unit": forms.CharField(label=_("单位"), max_length=100, required=False),
            "post": forms.CharField(label=_("职务或者身份"), max_length=60, required=False),
            "phone": forms.CharField(label=_("联系电话"), max_length=40, required=False),
        },
    )  # fmt: skip
    asks_later = forms.BooleanField(label=_("申请延期"), required=False)
    reason = LongField(label=_("不参加或者申请延期的理由"), max_length=300, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("asks_later") and not cleaned.get("reason"):
            text = _("申请延期应当提出合理的事由，请填写理由。")
            self.add_error("reason", ValidationError(text, code="required"))
        if cleaned.get("attends") is False and cleaned.get("people"):
            text = _("不参加的，请清空参加人员。")
            self.add_error("people", ValidationError(text, code="not_asked"))
        return cleaned


class ReplyField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A side's request for another day."""

    def label_from_instance(self, row: Any) -> str:
        return f"{row.party.name}（{row.received_on}）：{row.reason}"


class DecidePostponement(StepForm):
    step = Adjudication.decide_postponement
    recorded = ("granted", "reason")
    reply = ReplyField(ReplySlip.objects.none(), label=_("延期申请"), empty_label=_("请选择"))
    granted = forms.TypedChoiceField(
        label=_("决定"), choices=[("yes", _("准许延期")), ("no", _("不准许延期"))],
        coerce=lambda value: value == "yes",
    )  # fmt: skip
    reason = LongField(label=_("理由"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is None:
            return
        asked = self.proceeding.replyslips.filter(asks_later=True).select_related("party", "hearing")
        waiting = list(asked.filter(granted__isnull=True)[:2])
        if not self.is_bound:
            asked = asked.filter(granted__isnull=True)
            self.fields["reply"].initial = waiting[0] if len(waiting) == 1 else None
        self.fields["reply"].queryset = asked  # type: ignore[attr-defined]


class RecordHearing(StepForm):
    step = Adjudication.record_hearing
    attendance = TableField(
        label=_("到场情况"),
        columns={
            "party": OfCase(Party, label=_("当事人")),
            "attended": forms.ChoiceField(label=_("到场"), choices=ATTENDED),
            "people": forms.CharField(label=_("参加人员"), max_length=200, required=False),
        },
    )

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        party = OfCase(Party, label=_("当事人"))
        party.queryset = Party.objects.filter(case=self.case)
        own_column(self, "attendance", "party", party)
        if self.proceeding is not None and not self.is_bound:
            self.initial = {"attendance": self._expected(), **self.initial}

    def _expected(self) -> list[dict[str, Any]]:
        """A line for each side: who came to the hearing shared with the case that leads, else nothing said yet."""
        came = self._came_there()
        sides = [party for party in self.case.parties.all() if party.role in SIDES]
        return [{"party": party.pk, **came.get(party.name_key, {})} for party in sides]

    def _came_there(self) -> dict[str, dict[str, Any]]:
        """By name, whoever came to the same hearing in the case that leads, as far as this person sees that case."""
        joined, own = self.proceeding.joined_to(), self.proceeding.planned_hearing()
        if joined is None or own is None or not own.shared_with:
            return {}
        if not Proceeding.objects.visible_to(self.by, self.today).filter(pk=joined.other_id).exists():
            return {}
        held = joined.other.hearings.filter(day=own.day, held_on__isnull=False).last()
        if held is None:
            return {}
        names = {party.pk: party.name_key for party in joined.other.case.parties.all()}
        lines = [line for role in SIDES for line in attendance_of(joined.other, held, role)]
        return {
            names[line["party"]]: {"attended": line["attended"], "people": line.get("people", "")}
            for line in lines
        }

    def clean_attendance(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["attendance"]
        told = {row["party"].pk for row in rows}
        if len(told) != len(rows):
            raise ValidationError(_("同一当事人只登记一行。"), code="twice")
        missing = [p.name for p in self.case.parties.filter(role__in=SIDES) if p.pk not in told]
        if missing:
            raise ValidationError(
                _("请登记全部当事人的到场情况，缺：%s。") % "、".join(missing), code="missing"
            )
        return rows


class HeldHearing(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A hearing that was held."""

    def label_from_instance(self, row: Any) -> str:
        return f"{row.day} {row.time:%H:%M} {row.place}"


class OfHeld(StepForm):
    """An act on a hearing that was held; the last one first."""

    hearing = HeldHearing(Hearing.objects.none(), label=_("口头审理"), empty_label=_("请选择"))

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is None:
            return
        held = self.proceeding.hearings.filter(held_on__isnull=False).order_by("-held_on", "-pk")
        self.fields["hearing"].queryset = held  # type: ignore[attr-defined]
        if not self.is_bound:
            self.initial = {"hearing": held.first(), **self.initial}


class WriteMinutes(OfHeld):
    step = Adjudication.write_minutes
    text = LongField(
        label=_("审理记录（密存）"), widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_("当事人、合议组组成人员和到场情况自动印入笔录，这里记录审理的经过。再次记录的，以最后一次为准。"),
    )  # fmt: skip


class FileSignedMinutes(OfHeld):
    step = Adjudication.file_signed_minutes
    recorded = ("scan",)
    scan = OfCase(Evidence, label=_("签名笔录扫描件"))
