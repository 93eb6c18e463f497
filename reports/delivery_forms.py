"""Input of what others own: a court's sheet, or numbers typed from a stamped paper."""

import json
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .models import Delivery
from .periods import PeriodError, parse

STAMPED = _("加盖公章的扫描件，PDF 或者图片。")


class SheetForm(forms.Form):
    """A sheet of the court: its cases, or totals with their scan."""

    sheet = forms.FileField(label=_("法院表格"), help_text=_("CSV 或 XLSX：案件清单，或者汇总数据。"))
    scan = forms.FileField(label=_("盖章扫描件"), required=False, help_text=_("汇总数据必须提供。"))
    replace = forms.BooleanField(label=_("期间重叠时替换原汇总数据"), required=False)


class TypedForm(forms.Form):
    """Numbers typed from a paper; which are asked depends on what they are about."""

    COURT = ("closed", "mean_days", "first_instance_civil_closed", "appealed", "excluded_rule")
    PREEXAM = ("submitted", "passed", "granted")
    NEEDED: ClassVar = {
        Delivery.Kind.COURT_TOTALS: ("closed", "mean_days"), Delivery.Kind.PREEXAM: ("submitted",),
    }  # fmt: skip
    PERIODS = (Delivery.Kind.COURT_TOTALS, Delivery.Kind.PREEXAM)  # of a period, not on a day

    kind = forms.ChoiceField(
        label=_("内容"),
        choices=[(k, Delivery.Kind(k).label) for k in (*PERIODS, *Delivery.STOCKS)],
    )
    period = forms.CharField(
        label=_("期间或者时点"), max_length=24,
        help_text=_("汇总、预审数据填期间：2026、2026Q3、2026-07；专利、人口填时点，例如 2026-06-30。"),
    )  # fmt: skip
    value = forms.IntegerField(
        label=_("数值（件、人）"), required=False, min_value=0, max_value=2_000_000_000
    )
    closed = forms.IntegerField(label=_("结案数"), required=False, min_value=1, max_value=10_000_000)
    mean_days = forms.DecimalField(
        label=_("平均审限（天）"), required=False, min_value=0, max_value=99999, decimal_places=4
    )
    first_instance_civil_closed = forms.IntegerField(
        label=_("一审民事结案数"), required=False, min_value=0, max_value=10_000_000
    )
    appealed = forms.IntegerField(label=_("其中上诉"), required=False, min_value=0, max_value=10_000_000)
    excluded_rule = forms.CharField(label=_("扣除天数的规则"), required=False, max_length=120)
    submitted = forms.IntegerField(
        label=_("预审受理（件）"), required=False, min_value=0, max_value=10_000_000
    )
    passed = forms.IntegerField(label=_("其中预审合格"), required=False, min_value=0, max_value=10_000_000)
    granted = forms.IntegerField(label=_("其中已授权"), required=False, min_value=0, max_value=10_000_000)
    source_ref = forms.CharField(label=_("文号或者文件名称"), max_length=120)
    contact = forms.CharField(label=_("提供单位联系人"), max_length=80, required=False)
    scan = forms.FileField(label=_("盖章扫描件"), help_text=STAMPED)
    replace = forms.BooleanField(label=_("替换期间重叠的原数据"), required=False)

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name in self.COURT:
            self.fields[name].shown_if = f"kind={Delivery.Kind.COURT_TOTALS}"  # type: ignore[attr-defined]
        for name in self.PREEXAM:
            self.fields[name].shown_if = f"kind={Delivery.Kind.PREEXAM}"  # type: ignore[attr-defined]
        self.fields["value"].shown_if = f"kind={'|'.join(Delivery.STOCKS)}"  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name in self.NEEDED.get(cleaned.get("kind", ""), ("value",)):
            if cleaned.get(name) is None and name not in self.errors:
                self.add_error(name, ValidationError(_("请按盖章文件填写。"), code="required"))
        if (cleaned.get("appealed") or 0) > (cleaned.get("first_instance_civil_closed") or 0):
            self.add_error(
                "appealed", ValidationError(_("上诉数不能超过一审民事结案数，请核对。"), code="too_many")
            )
        counts = [cleaned.get(name) for name in self.PREEXAM if cleaned.get(name) is not None]
        if cleaned.get("kind") == Delivery.Kind.PREEXAM and counts != sorted(counts, reverse=True):
            words = _("预审合格、授权的件数不能超过预审受理的件数，请核对。")
            self.add_error("passed", ValidationError(words, code="too_many"))
        self._dates(cleaned, cleaned.get("kind") in self.PERIODS)
        return cleaned

    def _dates(self, cleaned: dict[str, Any], of_period: bool) -> None:
        text = (cleaned.get("period") or "").strip()
        try:
            found = parse(text if of_period else f"{text}..{text}")
        except PeriodError:
            found = None
        if found is not None and (of_period or found.start == found.end):
            cleaned |= {"start": found.start, "end": found.end}
        else:
            said = _("请填写期间，例如 2026Q3。") if of_period else _("请填写时点，例如 2026-06-30。")
            self.add_error("period", ValidationError(said, code="period"))

    def delivery(self) -> Delivery:
        """The row, without its paper and without who entered it."""
        said = self.cleaned_data
        asked = {Delivery.Kind.COURT_TOTALS: self.COURT, Delivery.Kind.PREEXAM: self.PREEXAM}
        numbers = {name: said[name] for name in asked.get(said["kind"], ("value",))}
        if "mean_days" in numbers:
            numbers["mean_days"] = str(said["mean_days"])
        return Delivery(
            kind=said["kind"], start=said["start"], end=said["end"], source_ref=said["source_ref"],
            contact=said["contact"], numbers=json.dumps(numbers, ensure_ascii=False, sort_keys=True),
        )  # fmt: skip
