"""Forms of who sits: the panel changed, recusal asked and decided."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication.models import Adjudication, Assistant, Recusal
from adjudication.models.panel import RECUSAL_GROUNDS
from cases.forms import DayField, LongField, OfCase, UserField
from cases.models import Participation, Party

from .conflicts import ConflictFields
from .filing import SITS, PanelForm
from .parties import OfPartyForm


class ChangePanel(PanelForm):
    step = Adjudication.change_panel
    recorded = ("reason",)
    reason = LongField(label=_("变更原因"), max_length=300)

    def weigh(self, cleaned: dict[str, Any], people: Any, field: str) -> None:
        """Who sits already was looked up when he was named."""
        sitting = {part.user_id for part in self.proceeding.team()}
        super().weigh(cleaned, [user for user in people if user.pk not in sitting], field)


class AskRecusal(OfPartyForm):
    step = Adjudication.ask_recusal
    recorded = ("officer", "assistant", "ground", "stage", "known_on")
    party = OfCase(Party, label=_("申请人"), required=False, help_text=_("本人自行回避的不填，由本人办理。"))
    officer = UserField(label=_("被申请回避的办案人员"), required=False)
    assistant = OfCase(Assistant, label=_("被申请回避的辅助人员"), required=False)
    ground = forms.ChoiceField(label=_("事由"), choices=RECUSAL_GROUNDS)
    known_on = DayField(label=_("知道办案人员的日期"))
    stage = forms.ChoiceField(
        label=_("提出的时间"),
        choices=[
            ("in_time", _("知道办案人员后")), ("at_hearing", _("口头审理开始时")),
            ("later_known", _("口头审理开始后知道，终结前提出")),
        ],
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is None:
            return
        self.fields["assistant"].queryset = self.proceeding.assisting()  # type: ignore[attr-defined]
        investigator = Participation.Capacity.TECHNICAL_INVESTIGATOR  # named among the assistants
        parts = self.proceeding.participants()
        taking_part = [part.user_id for part in parts if part.capacity != investigator]
        field = self.fields["officer"]
        field.queryset = field.queryset.filter(pk__in=taking_part)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not {"officer", "assistant"} & self.errors.keys() and (
            bool(cleaned.get("officer")) == bool(cleaned.get("assistant"))
        ):
            text = _("请选择一名被申请回避的人员：办案人员或者辅助人员，选其一。")
            self.add_error("officer", ValidationError(text, code="whom"))
        return cleaned


class DecideRecusal(ConflictFields):
    step = Adjudication.decide_recusal
    recorded = ("granted", "replacement", "reason")
    shown_if = {"replacement": "granted=yes"}
    recusal = OfCase(Recusal, label=_("回避申请"))
    granted = forms.TypedChoiceField(
        label=_("决定"),
        choices=[("no", _("驳回申请")), ("yes", _("准予回避"))],
        coerce=lambda value: value == "yes",
    )
    replacement = UserField(
        label=_("接替人员"), required=False, roles=SITS,
        help_text=_("辅助人员回避的不填，另行办理“指派辅助人员”。"),
    )  # fmt: skip
    reason = LongField(label=_("理由"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        field = self.fields["recusal"]
        field.queryset = field.queryset.filter(  # type: ignore[attr-defined]
            proceeding=self.proceeding
        ).select_related("officer", "assistant")
        waiting = field.queryset.filter(decided_on__isnull=True)  # type: ignore[attr-defined]
        if not self.is_bound:
            field.queryset = waiting  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        replacement, recusal = cleaned.get("replacement"), cleaned.get("recusal")
        if replacement is None:
            return cleaned
        if cleaned.get("granted") is False:
            text = _("驳回申请的不更换人员，请清空该栏。")
            self.add_error("replacement", ValidationError(text, code="not_asked"))
        elif recusal is not None and recusal.assistant_id:
            text = _("辅助人员回避的，请清空该栏，另行办理“指派辅助人员”。")
            self.add_error("replacement", ValidationError(text, code="not_asked"))
        else:
            self.weigh(cleaned, [replacement], "replacement")
        return cleaned
