"""Forms of returns: which one for which period and unit, what is typed, to whom it went."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.errors import Conflict
from cases.forms import LongField, StepForm, TableField
from cases.matters import OpeningForm, opens
from reports import periods
from reports.models.returns import Reported
from reports.periods import PeriodError

from . import opening
from .definitions import all_returns, of_kind

LONGEST = 2000
OPENED = _("该单位这个期间的此表已经建立，请在列表中打开。")


class OpenReport(OpeningForm):
    """Base: a return is opened for a period that is over, by who fills it or by the schedule for any unit."""

    kind: ClassVar[str] = ""
    scheduled: ClassVar[bool] = False
    report = forms.ChoiceField(label=_("报表"), choices=[])
    period = forms.CharField(
        label=_("期间"), max_length=10, help_text=_("月报写作 2026-10，季报写作 2026Q3，年报写作 2026。")
    )
    unit = forms.ChoiceField(label=_("填报单位"), choices=[])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        by, today = self.by, self.today
        listed = of_kind(self.kind)
        every = {unit.code: (unit, one) for one in listed for unit in opening.units(one, today)}
        mine = [
            (c, unit.name)
            for c, (unit, one) in every.items()
            if self.scheduled or opening.may_fill(unit, one, by, today)
        ]
        self.fields["report"].choices = [(one.code, one.title) for one in listed]  # type: ignore[attr-defined]
        self.fields["unit"].choices = mine  # type: ignore[attr-defined]

    def clean_period(self) -> periods.Period:
        try:
            found = periods.parse(self.cleaned_data["period"])
        except PeriodError as error:
            raise forms.ValidationError(str(error), code="period") from None
        if found.end >= self.today:
            raise forms.ValidationError(_("期间尚未结束，结束后才能填报。"), code="not_over")
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        code, period, unit = cleaned.get("report"), cleaned.get("period"), cleaned.get("unit")
        if not (code and period and unit):
            return cleaned
        definition = all_returns()[code]
        if not definition.holds(period):
            self.add_error("period", _("该报表不按这种期间填报，请核对。"))
            return cleaned
        found = opening.found_unit(definition, period, unit)
        if found is None:
            self.add_error("unit", _("该单位在这个期间不填报此表。"))
        elif unit in opening.standing_rows(definition, period):
            self.add_error("report", OPENED)
        else:
            cleaned |= {"columns": opening.columns(definition, period, found), "place": found}
        return cleaned

    def title(self) -> str:
        return str(self.cleaned_data["columns"]["title"])

    def columns(self) -> dict[str, Any]:
        """Inside the door: whoever opened the same a moment ago is found."""
        place, told = self.cleaned_data["place"], self.cleaned_data["columns"]
        opening.hold(place.station or place.body)
        if place.code in opening.standing_rows(all_returns()[told["code"]], self.cleaned_data["period"]):
            raise Conflict("opened_already", OPENED)
        return {**told, "scheduled": self.scheduled}


@opens("return")
class OpenReturn(OpenReport):
    kind = "return"


@opens("case_return")
class OpenCaseReturn(OpenReport):
    kind = "case_return"


@opens("return", told=True)
class ScheduledReturn(OpenReturn):
    scheduled = True


@opens("case_return", told=True)
class ScheduledCaseReturn(OpenCaseReturn):
    scheduled = True


def _cells(choices: list[tuple[str, Any]]) -> TableField:
    return TableField(
        label=_("填写内容"),
        columns={
            "cell": forms.ChoiceField(label=_("栏目"), choices=[("", _("请选择")), *choices]),
            "value": forms.CharField(
                label=_("填报数（留空恢复系统记录）"), max_length=LONGEST, required=False
            ),
            "reason": forms.CharField(label=_("原因"), max_length=200, required=False),
        },
    )


class TypeCells(StepForm):
    """Only what differs: which cell, what stands there, why."""

    step = Reported.type_cells
    dated = False
    revision = forms.IntegerField(label=_("修订号"), required=False, widget=forms.HiddenInput)
    cells = _cells([])

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.sheet = self.proceeding.fresh(self.today) if self.proceeding is not None else None
        if self.sheet is None:
            return
        self.fields["revision"].initial = self.proceeding.revision
        names: list[tuple[str, Any]] = []
        self.named: dict[str, str] = {}
        for line in self.sheet.lines:
            for column, cell in zip(self.sheet.columns, line.cells, strict=True):
                named = line.label or str(line.cells[0].value or "")
                said = f"（系统 {cell.computed}）" if cell.computed is not None else ""
                self.named[cell.key] = f"{named} · {column.label}"
                names.append((cell.key, f"{named} · {column.label}{said}"))
        self.fields["cells"] = _cells(names)

    def clean(self) -> dict[str, Any]:
        """`named`: what was filled in, in the words of the record."""
        cleaned = super().clean()
        return cleaned | {
            "named": [self.named.get(one["cell"], one["cell"]) for one in cleaned.get("cells", ())]
        }

    def clean_cells(self) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = self.cleaned_data["cells"]
        known = self.sheet.cells() if self.sheet is not None else {}
        for one in rows:
            computed = known[one["cell"]].computed if one["cell"] in known else None
            if one["value"] and not one["reason"] and computed is not None:
                raise forms.ValidationError(
                    _("与系统记录不一致的，请逐项写明原因。"), code="reason"
                )  # fmt: skip
        if len({one["cell"] for one in rows}) != len(rows):
            raise forms.ValidationError(_("同一栏目填写了两次，请保留一行。"), code="twice")
        return rows


class Submit(StepForm):
    step = Reported.submit
    dated = False


class Confirm(StepForm):
    step = Reported.confirm
    dated = False


class SendBack(StepForm):
    step = Reported.send_back
    dated = False
    recorded = ("reason",)
    reason = LongField(label=_("退回原因"), max_length=300)


class Send(StepForm):
    step = Reported.send
    recorded = ("receiver", "way")
    receiver = forms.CharField(label=_("报送单位"), max_length=120)
    way = forms.ChoiceField(label=_("报送方式"), choices=Reported.Way.choices)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        if self.proceeding is not None:
            self.fields["receiver"].initial = self.proceeding.definition.receiver


class Correct(StepForm):
    step = Reported.correct
    dated = False
    recorded = ("reason",)
    reason = LongField(label=_("更正原因"), max_length=300)
