"""What is asked when somebody who is to judge or to help meets the people of the case elsewhere (办法第五条)."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cases.conflicts import Hit, Named, hits, meeting
from cases.forms import LongField, StepForm
from stations.models import User

# judging here is what they are named for; having judged the same patent or party before is no ground of 办法第五条
NO_GROUND = ("judges", "judged")
ANSWERS = ("acknowledged", "cleared_reason")  # to what must be weighed, to what bars
BARRED = _("检索到应当回避的情形，请另选人员；经核对不成立的，填写理由")


class ConflictFields(StepForm):
    """A tick for what must be weighed; for what bars, the reason why it does not stand (a namesake, say).

    `cleared`, in the cleaned data, names by key what was accepted; the record keeps it.
    """

    acknowledged = forms.BooleanField(
        label=_("已核对检索到的关联情况，认为不影响公正办案"), required=False,
        help_text=_("提交时自动检索；检索到关联情况的，逐条列出后请勾选。"),
    )  # fmt: skip
    cleared_reason = LongField(
        label=_("应当回避的情形不成立的理由"), required=False, max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("检索到同名、申报的近亲属或者利益关系时填写，如“系同名的另一人，已核对证件”；成立的请另选人员。"),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.asked: set[str] = set()
        if not self.is_bound:  # asked once something has been found
            del self.fields["acknowledged"], self.fields["cleared_reason"]
        self.order_fields([name for name in self.fields if name not in ANSWERS])

    def full_clean(self) -> None:
        """What is not asked stays out of sight; what was answered is shown again."""
        super().full_clean()
        for name in ANSWERS:
            if name not in self.asked and name in self.fields and not self[name].data:
                self.fields[name].widget = forms.HiddenInput()

    def weigh(self, cleaned: dict[str, Any], people: Iterable[User], field: str) -> None:
        """Look these people up, and refuse or note what was accepted."""
        listed = list(dict.fromkeys(people))
        found = hits(self.case, listed, self.today, viewer=self.by)
        names = {user.pk: user.display_name for user in listed}
        self.accept(
            cleaned,
            [(names[pk], hit) for pk, some in found.items() for hit in some if hit.kind not in NO_GROUND],
            field,
        )

    def weigh_new(self, cleaned: dict[str, Any], names: list[Named], field: str) -> None:
        """Hold names that are new in the case against everybody who judges or records it by now."""
        sitting = {part.user_id: part.user for part in self.proceeding.team()}
        found = meeting(names, sitting.values(), self.today)
        hit = [(sitting[pk].display_name, one) for pk, some in found.items() for one in some]
        self.accept(
            cleaned,
            hit,
            field,
            _("检索到办案人员应当回避的情形，请先办理回避或者变更合议组；经核对不成立的，填写理由"),
        )

    def accept(
        self, cleaned: dict[str, Any], found: list[tuple[str, Hit]], field: str, barred: Any = BARRED
    ) -> None:
        """Refuse unless each hit was weighed: what bars by a reason, the rest by the tick."""
        bars = [(name, hit) for name, hit in found if hit.hard]
        others = [(name, hit) for name, hit in found if not hit.hard]
        self.asked |= {name for name, some in zip(ANSWERS, (others, bars), strict=True) if some}
        if bars and not cleaned.get("cleared_reason"):
            self.add_error(field, refused(bars, barred))
        if others and not cleaned.get("acknowledged"):
            self.add_error("acknowledged", refused(others, _("检索到以下关联情况，核对后请勾选")))
        cleaned["cleared"] = [*cleaned.get("cleared", ()), *(hit.key for _name, hit in found)]

    def recorded_data(self) -> dict[str, Any]:
        """The keys of what was accepted, and why what bars does not stand."""
        said = {name: self.cleaned_data.get(name) for name in ("cleared", "cleared_reason")}
        return {**super().recorded_data(), **{name: value for name, value in said.items() if value}}


def refused(found: list[tuple[str, Hit]], text: Any) -> ValidationError:
    """The sentence, then each hit on a line of its own."""
    lines = [ValidationError(f"{name}：{hit.text}", code=hit.kind) for name, hit in found]
    return ValidationError([ValidationError(text, code="conflict"), *lines])
