"""Forms of the stay: on which ground, refused, its cause gone, resumed."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from adjudication import regime
from adjudication.grounds import grounds, refusals
from adjudication.models import Adjudication
from cases.forms import DayField, LongField, OfCase, StepForm
from cases.models import Party

from .parties import OfPartyForm

GROUNDS = [(one.code, one.words) for one in grounds().values()]
REFUSALS = [(one.code, one.words) for one in refusals().values()]
NUMBERED = [one.code for one in grounds().values() if "invalidation_no" in one.needs]
ENDS = {code: words for one in grounds().values() for code, words in one.ends.items()}


def known_words(row: Any) -> Any:
    """What the record already shows of article 29, for the help text of a form."""
    if not regime.is_new(row.filed):
        return ""
    known = "；".join(refusals()[code].words for code in row.refusals_known())
    return (
        _("案件记录显示：%(known)s（%(source)s）。") % {"known": known, "source": row.cite("stay_refusal")}
        if known
        else ""
    )


class Stay(OfPartyForm):
    step = Adjudication.stay
    recorded = ("ground", "invalidation_no", "invalidation_on", "weighed", "weighed_reason")
    shown_if = {
        **dict.fromkeys(("invalidation_no", "invalidation_on"), f"ground={'|'.join(NUMBERED)}"),
        "weighed_reason": f"weighed={'|'.join(refusals())}",
    }
    ground = forms.ChoiceField(label=_("中止事由"), choices=GROUNDS)
    party = OfCase(Party, label=_("请求中止的当事人"), required=False, help_text=_("依职权中止的不填。"))
    invalidation_no = forms.CharField(
        label=_("无效宣告请求案件编号"),
        max_length=40,
        required=False,
        help_text=_("专利权被请求宣告无效的必填。"),
    )
    invalidation_on = DayField(label=_("无效宣告请求受理日期"), required=False)
    weighed = forms.ChoiceField(
        label=_("可以不中止的情形（已权衡）"), choices=[("", _("无")), *REFUSALS], required=False
    )
    weighed_reason = LongField(label=_("仍予中止的理由"), max_length=500, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            self.fields["weighed"].help_text = known_words(self.proceeding)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("weighed") and not cleaned.get("weighed_reason"):
            text = _("存在可以不中止的情形（办法第二十九条），请填写仍予中止的理由。")
            self.add_error("weighed_reason", ValidationError(text, code="required"))
        ground = grounds().get(cleaned.get("ground", ""))
        for name in ground.needs if ground is not None else ():
            if not cleaned.get(name) and name not in self.errors:
                text = _("中止事由为“%(words)s”的，请填写本项。") % {"words": ground.words if ground else ""}
                self.add_error(name, ValidationError(text, code="required"))
        accepted, on = cleaned.get("invalidation_on"), cleaned.get("on")
        if accepted and on and accepted > on:
            text = _("受理日期不能晚于中止日期，请核对。")
            self.add_error("invalidation_on", ValidationError(text, code="date_order"))
        return cleaned


class RefuseStay(OfPartyForm):
    step = Adjudication.refuse_stay
    recorded = ("reason",)
    item = forms.ChoiceField(label=_("不予中止的情形"), choices=REFUSALS)
    reason = LongField(label=_("理由"), max_length=500)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is None:
            return
        known = self.proceeding.refusals_known()
        self.fields["item"].help_text = known_words(self.proceeding)
        if known:
            self.fields["item"].initial = known[0]


class OfStay(StepForm):
    """Base of the acts that end a stay: how its cause went is asked where the ground says so."""

    recorded = ("cause", "reason")
    cause = forms.ChoiceField(label=_("中止原因如何消除"), choices=[*ENDS.items()], required=False)
    reason = LongField(label=_("具体情况"), max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        open_stay = self.proceeding.open_interval("stay") if self.proceeding is not None else None
        ground = grounds().get(open_stay.ground.partition(" ")[0]) if open_stay is not None else None
        self.ends = ground.ends if ground is not None else {}
        self.fields["cause"].choices = [("", "—"), *self.ends.items()]  # type: ignore[attr-defined]
        if not self.ends and self.proceeding is not None:
            self.fields["cause"].widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if not cleaned.get("cause") and not cleaned.get("reason"):
            name = "cause" if self.ends else "reason"
            self.add_error(name, ValidationError(_("请写明中止原因如何消除。"), code="required"))
        return cleaned


class EndStayCause(OfStay):
    step = Adjudication.end_stay_cause


class Resume(OfStay):
    step = Adjudication.resume

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        gone = self.proceeding.stay_cause_gone() if self.proceeding is not None else None
        if gone is not None:
            self.fields["cause"].initial, self.fields["reason"].initial = gone["cause"], gone["reason"]
            days = (self.today - gone["on"]).days
            self.fields["on"].help_text = _("中止原因于 %(day)s 消除，已 %(n)d 日，应当及时恢复（%(source)s）。") % {
                "day": gone["on"], "n": days, "source": self.proceeding.cite("resumption"),
            }  # fmt: skip
